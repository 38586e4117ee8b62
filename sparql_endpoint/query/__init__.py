"""Asking the graph: the competency questions, running a query, showing its result."""
