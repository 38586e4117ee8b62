"""Writing the graph out: every RDF format, byte for byte the same on every run."""
