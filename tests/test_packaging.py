"""The wheel holds everything (`assets`), and so does the one made from the source distribution."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.derive import ROOT

FOLDERS = ("ontology", "shapes", "queries", "data", "template")


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("dist")
    build(ROOT, place)
    return place


def build(source: Path, place: Path) -> None:
    """Build source distribution and wheel."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(place)],
        cwd=source,
        check=True,
        capture_output=True,
        timeout=300,
    )


def content(wheel: Path) -> dict[str, bytes]:
    """The files in a wheel, without what is about the wheel itself."""
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if ".dist-info/" not in name]
        return {name: archive.read(name) for name in names}


def test_the_wheel_holds_what_the_checkout_holds(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    found = content(wheel)
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and not path.name.startswith("."):
                name = f"emgraph/assets/{path.relative_to(ROOT).as_posix()}"
                assert found[name] == path.read_bytes()
    assert not [name for name in found if name.startswith("tests/")]


def test_the_source_distribution_makes_the_same_wheel(dist: Path, tmp_path: Path) -> None:
    (archive,) = dist.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path)  # our own archive; filter= is newer than Python 3.11.2
    (source,) = tmp_path.iterdir()
    build(source, tmp_path / "again")
    (wheel,), (again,) = dist.glob("*.whl"), (tmp_path / "again").glob("*.whl")
    assert content(again) == content(wheel)


def test_the_wheel_works_unpacked_elsewhere(dist: Path, tmp_path: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    code = (
        "import sys; sys.path[:] = [p for p in sys.path if p not in ('', sys.argv[1])]; "
        "sys.path.insert(0, sys.argv[2]); import emgraph, emgraph.assets; "
        "assert emgraph.__file__.startswith(sys.argv[2]), emgraph.__file__; "
        "from emgraph.cli.main import run; "
        "sys.exit(run(['query', 'signed-agreements']) or run(['validate']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(ROOT), str(tmp_path / "site")],
        cwd=tmp_path,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b"EMSOU" in done.stdout
