"""Checks of the data: syntax, shapes, evidence, house rules and links."""
