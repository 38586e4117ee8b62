"""Lines and columns of a query text."""

from sparql_endpoint.errors import Place

__all__ = ["place_at"]


def place_at(text: str, offset: int) -> Place:
    """Return the place of the character at ``offset``, which may be one behind the last.

    Lines end at a line feed; a carriage return before it belongs to no line.
    """
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    line = text[start : len(text) if end < 0 else end].rstrip("\r")
    return Place(text.count("\n", 0, offset) + 1, offset - start + 1, line)
