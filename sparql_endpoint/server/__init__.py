"""The HTTP server: a listener, a fork server and its workers (see sparql_endpoint/README.md)."""
