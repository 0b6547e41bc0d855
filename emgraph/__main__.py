"""`python -m emgraph` is `emgraph`."""

from emgraph.cli.main import main

if __name__ == "__main__":
    main()
