"""What stands above what."""

from sparql_endpoint.graph.hierarchy import closure


def test_all_that_stands_above_is_found_with_the_start() -> None:
    """Two ways up may meet, and one may lead back: each name is told once."""
    above = {"square": ["rectangle", "rhombus"], "rectangle": ["shape"], "rhombus": ["shape"]}
    assert closure("square", above) == {"square", "rectangle", "rhombus", "shape"}
    assert closure("shape", above) == {"shape"}
    assert closure("a", {"a": ["b"], "b": ["a"]}) == {"a", "b"}
