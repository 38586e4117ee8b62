"""Forum Graph: linked data on the diplomacy of forums, and a SPARQL endpoint to ask it."""

__version__ = "0.2.0"
