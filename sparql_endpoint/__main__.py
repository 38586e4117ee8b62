"""Lets ``python -m sparql_endpoint`` stand for the ``forumgraph`` command."""

from sparql_endpoint.cli import main

if __name__ == "__main__":
    main()
