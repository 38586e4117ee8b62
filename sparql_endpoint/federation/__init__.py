"""SERVICE: the endpoints that a query may ask, reached from outside the workers."""
