"""The site: what the graph knows, as pages for readers, over the same service as the endpoint."""
