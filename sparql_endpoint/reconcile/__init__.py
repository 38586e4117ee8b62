"""The reconciliation API, for OpenRefine and its like."""
