"""A second way to evaluate a query: DuckDB over dictionary ids, where the answer is the same."""
