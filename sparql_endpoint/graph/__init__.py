"""Reading RDF: files, named graphs, and the places and texts that statements come from."""
