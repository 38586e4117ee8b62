"""``forumgraph trust`` and ``query --trust``."""

from collections.abc import Callable
from typing import Any

Forumgraph = Callable[..., Any]


def test_the_policies_are_listed(forumgraph: Forumgraph) -> None:
    """Each with what it trusts, the default first."""
    listed = forumgraph("trust", "list")
    names = [line.split()[0] for line in listed.out.splitlines()]
    assert (listed.code, names[0]) == (0, "default")
    assert {"documents", "official", "no-party-media", "two-independent"} <= set(names)


def test_a_difference_lists_what_goes_and_appears(forumgraph: Forumgraph) -> None:
    """A fact a line, with its sign; the numbers stand on standard error."""
    found = forumgraph("trust", "diff", "default", "official")
    lines = found.out.splitlines()
    signs = [line.split()[0] for line in lines]
    assert found.code == 0
    assert f"{signs.count('+') + signs.count('~+')} appear" in found.err
    assert f"{signs.count('-') + signs.count('~-')} go" in found.err
    assert any(line.startswith("-  id:ccf-ministerial-2 dfo:heldOn") for line in lines)
    back = forumgraph("trust", "diff", "official", "default")
    assert len(back.out.splitlines()) == len(signs)


def test_a_query_is_asked_under_a_policy(forumgraph: Forumgraph) -> None:
    """The answer is that of the facts under it; a slip is named, and other files have none."""
    query = "SELECT ?day { id:ccf-ministerial-2 dfo:heldOn ?day }"
    assert forumgraph("query", query, "--trust", "official").out.split() == ["day"]
    slip = forumgraph("query", query, "--trust", "offical")
    assert (slip.code, "did you mean 'official'" in slip.err) == (2, True)
    other = forumgraph("query", query, "--trust", "official", "--data", "x.ttl")
    assert (other.code, "--data names other files" in other.err) == (2, True)
