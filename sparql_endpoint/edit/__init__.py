"""Writing sources, claims and the facts that they assert into the project's Turtle files."""
