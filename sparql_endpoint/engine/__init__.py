"""Running a query apart from the server, within limits."""
