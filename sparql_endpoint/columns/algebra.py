"""The algebra of a query, as far as columns evaluate it.

SPARQL 1.1, section 18.2: https://www.w3.org/TR/sparql11-query/#sparqlAlgebra.
"""

from dataclasses import dataclass, field

from sparql_endpoint.errors import ForumGraphError

__all__ = [
    "Aggregate",
    "Bgp",
    "Call",
    "Exists",
    "Expression",
    "Filter",
    "Graph",
    "Join",
    "LeftJoin",
    "Link",
    "Minus",
    "Node",
    "Path",
    "Pattern",
    "Select",
    "Steps",
    "Triple",
    "Union",
    "UntranslatableError",
    "Values",
    "Variable",
]


class UntranslatableError(ForumGraphError):
    """A query is none of those that columns answer."""


@dataclass(frozen=True)
class Variable:
    """A variable, by its name; that of a blank node starts with ``_:``."""

    name: str


Node = Variable | str
"""A variable, or a term in N-Triples as a store returns it."""


@dataclass(frozen=True)
class Link:
    """A path of one predicate."""

    predicate: str


@dataclass(frozen=True)
class Steps:
    """A path of other paths: ``sign`` is one of ``/ | ^ + * ?``."""

    sign: str
    parts: "tuple[Path, ...]"


Path = Link | Steps


@dataclass(frozen=True)
class Triple:
    """A triple pattern or, with a path between, a path pattern."""

    subject: Node
    predicate: Node | Path
    object: Node


@dataclass(frozen=True)
class Call:
    """An operator or function by its name in capitals, and what it is called with."""

    name: str
    arguments: "tuple[Expression, ...]"


@dataclass(frozen=True)
class Aggregate:
    """An aggregate of a variable, or of all of a solution (None)."""

    name: str
    distinct: bool
    variable: Variable | None


@dataclass(frozen=True)
class Exists:
    """Whether a pattern has a solution beside the one that is looked at."""

    pattern: "Pattern"


Expression = Variable | str | Call | Aggregate | Exists


@dataclass(frozen=True)
class Bgp:
    """Triple patterns that hold together."""

    triples: tuple[Triple, ...]


@dataclass(frozen=True)
class Join:
    """Solutions of two patterns that fit together."""

    left: "Pattern"
    right: "Pattern"


@dataclass(frozen=True)
class LeftJoin:
    """OPTIONAL, with the filters of its group."""

    left: "Pattern"
    right: "Pattern"
    filters: tuple[Expression, ...]


@dataclass(frozen=True)
class Minus:
    """MINUS."""

    left: "Pattern"
    right: "Pattern"


@dataclass(frozen=True)
class Union:
    """UNION."""

    left: "Pattern"
    right: "Pattern"


@dataclass(frozen=True)
class Filter:
    """Solutions for which all conditions are true."""

    conditions: tuple[Expression, ...]
    pattern: "Pattern"


@dataclass(frozen=True)
class Graph:
    """GRAPH."""

    name: Node
    pattern: "Pattern"


@dataclass(frozen=True)
class Values:
    """VALUES: rows of terms, None for UNDEF."""

    variables: tuple[Variable, ...]
    rows: tuple[tuple[str | None, ...], ...]


@dataclass(frozen=True)
class Select:
    """A SELECT, an ASK or the pattern of a CONSTRUCT, with what stands behind its pattern.

    ``columns`` has the names and what they stand for, None where the star has to be read.
    """

    pattern: "Pattern"
    columns: tuple[tuple[Variable, Expression], ...] | None = None
    distinct: bool = False
    group: tuple[Variable, ...] | None = None
    having: tuple[Expression, ...] = ()
    order: tuple[tuple[Expression, bool], ...] = ()
    """What is sorted by, and whether from the last."""
    limit: int | None = None
    offset: int = 0
    form: str = "SELECT"
    template: tuple[Triple, ...] = ()
    seen: tuple[str, ...] = field(default=(), compare=False)
    """The names of all variables in the order of the text."""


Pattern = Bgp | Join | LeftJoin | Minus | Union | Filter | Graph | Values | Select
