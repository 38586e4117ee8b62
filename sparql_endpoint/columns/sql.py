"""From the algebra of a query to SQL over ids.

Each pattern becomes a relation: a SELECT with a column for each variable. What the figures of the
data say of a variable goes along, the classes that its terms may have, since much has an exact
translation only where terms are of one class. SQL holds numbers that we made, never a text of the
query. Errors of expressions are NULL, by which SQL's logic is that of SPARQL 1.1, section 17.2
(https://www.w3.org/TR/sparql11-query/#evaluation).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, pairwise
from typing import Any

from sparql_endpoint.columns.algebra import (
    Aggregate,
    Bgp,
    Exists,
    Expression,
    Filter,
    Graph,
    Join,
    LeftJoin,
    Link,
    Minus,
    Node,
    Path,
    Pattern,
    Select,
    Steps,
    Triple,
    Union,
    UntranslatableError,
    Values,
    Variable,
)
from sparql_endpoint.columns.classes import BLANK, IRI
from sparql_endpoint.columns.dictionary import Dictionary
from sparql_endpoint.columns.expressions import Conditions

__all__ = ["Column", "Figures", "Relation", "Translation"]

Classes = frozenset[int]
_LOOKUP, _SHARE = 2.0, 0.1
"""Steps of the engine to look a solution up; what a filter lets pass. Both are guesses."""


@dataclass(frozen=True)
class Figures:
    """Figures of a predicate's triples, and the classes of its objects."""

    triples: int
    subjects: int
    objects: int
    classes: Classes


@dataclass(frozen=True)
class Column:
    """What is known of a variable: its classes, and whether it may be unbound.

    One that is ``counted`` holds integers and not ids, if ``scaled`` 10 to the 18th times a value.
    """

    name: str
    classes: Classes = frozenset()
    nullable: bool = False
    counted: bool = False
    scaled: bool = False


@dataclass(frozen=True)
class Relation:
    """A pattern in SQL, what is known of its variables, and two guesses.

    ``rows`` is how many solutions it has, ``steps`` how many triples the engine would look at.
    """

    sql: str
    columns: Mapping[str, Column] = field(default_factory=dict)
    rows: float = 1.0
    steps: float = 0.0


_NOWHERE = Column("NULL::INTEGER", nullable=True)
_UNIT = Relation("SELECT 1 AS one")


@dataclass(frozen=True)
class _Scope:
    """Which quads are looked at: those for which ``condition`` holds of their graph's id.

    ``several`` tells that a triple may be in more than one; ``variable`` is that of GRAPH.
    """

    condition: str
    several: bool = False
    variable: Variable | None = None


@dataclass
class Translation:
    """The translation of one query.

    ``dataset`` has the default graphs and the named ones, as IRIs in N-Triples; None leaves those
    of the data.
    """

    dictionary: Dictionary
    figures: Mapping[int, Figures]
    quads: int
    dataset: tuple[Sequence[str], Sequence[str]] | None = None
    unknown: list[str] = field(default_factory=list)
    """Terms of the query that the data have not: their ids go from -1 downwards."""
    _names: dict[str, str] = field(default_factory=dict)
    _aliases: Any = field(default_factory=count)
    _outside: frozenset[str] = frozenset()
    """Variables around the EXISTS that is translated."""

    def __post_init__(self) -> None:
        self._ids: dict[str, int] = {}
        self._resources = self._numbers(BLANK, IRI)
        self._iris = self._numbers(IRI)

    def identifier(self, text: str) -> int:
        """Return the id of a term, a negative one for a term that the data have not."""
        if text not in self._ids:
            found = self.dictionary.identifier(text)
            if found is None:
                self.unknown.append(text)
                found = -len(self.unknown)
            self._ids[text] = found
        return self._ids[text]

    def column(self, name: str) -> str:
        """Return the name in SQL of a variable."""
        return self._names.setdefault(name, f"c{len(self._names)}")

    def alias(self) -> str:
        """Return a name in SQL that is not used yet."""
        return f"t{next(self._aliases)}"

    def select(self, select: Select) -> Relation:
        """Return the relation of a query whose order and slice are of no matter."""
        return self._select(select, self.default())

    def sorted(self, select: Select) -> tuple[Relation, str]:
        """Return the relation of a query without its order, and what to sort it by.

        It is sorted by all columns at last, so that parts of it fit together.
        """
        relation = self._select(replace(select, order=()), self.default())
        keys = []
        for expression, down in select.order:
            named = expression
            if isinstance(expression, Aggregate):  # one that is a column as well
                named = next((v for v, given in select.columns or () if given == expression), named)
            column = relation.columns.get(named.name) if isinstance(named, Variable) else None
            if column is None:
                raise UntranslatableError("sorted by what is no column")
            if not column.counted and not self._sortable(column.classes):
                raise UntranslatableError("sorted by terms of several classes")
            keys.append(f"{column.name} {'DESC NULLS LAST' if down else 'ASC NULLS FIRST'}")
        keys += [f"{column.name} NULLS FIRST" for column in relation.columns.values()]
        return relation, f" ORDER BY {', '.join(keys)}" if keys else ""

    def _numbers(self, *keys: str) -> Classes:
        numbers = (self.dictionary.class_number(key) for key in keys)
        return frozenset(number for number in numbers if number is not None)

    def _sortable(self, classes: Classes) -> bool:
        literals = classes - self._resources
        return len(literals) <= 1 and not any(
            self.dictionary.classes[number].key[0] == "~" for number in literals
        )

    # Graphs

    def default(self) -> _Scope:
        """Return the scope of patterns outside GRAPH."""
        if self.dataset is None:
            return _Scope("= 0")
        graphs = list(dict.fromkeys(self.dataset[0]))
        if not graphs:
            return _Scope("= -1")
        return _Scope(self._among(graphs), several=len(graphs) > 1)

    def _among(self, graphs: Iterable[str]) -> str:
        ids = [str(self.identifier(graph)) for graph in graphs]
        return f"= {ids[0]}" if len(ids) == 1 else f"IN ({', '.join(ids or ['-1'])})"

    def _graph(self, graph: Graph) -> Relation:
        if isinstance(graph.name, Variable):
            named = "<> 0" if self.dataset is None else self._among(self.dataset[1])
            _check_plain(graph.pattern)
            scope = _Scope(named, variable=graph.name)
        elif self.dataset is not None and graph.name not in self.dataset[1]:
            scope = _Scope("= -1")
        else:
            scope = _Scope(self._among([graph.name]))
        return self.pattern(graph.pattern, scope)

    # Patterns

    def pattern(  # noqa: C901, PLR0911  # a case each
        self, pattern: Pattern, scope: _Scope
    ) -> Relation:
        """Return the relation of a pattern.

        Raises:
            UntranslatableError: it has none that is exact.
        """
        match pattern:
            case Bgp():
                return self._bgp(pattern, scope)
            case Join():
                return self._join(self.pattern(pattern.left, scope), pattern.right, scope)
            case LeftJoin():
                return self._left_join(pattern, scope)
            case Minus():
                return self._minus(pattern, scope)
            case Union():
                left, right = self.pattern(pattern.left, scope), self.pattern(pattern.right, scope)
                return self._union(left, right)
            case Filter():
                return self._filter(pattern, scope)
            case Graph():
                return self._graph(pattern)
            case Values():
                return self._values(pattern)
            case Select():
                if pattern.order or pattern.limit is not None or pattern.offset:
                    raise UntranslatableError("a slice of a subquery")
                return self._select(pattern, scope)

    def _bgp(self, bgp: Bgp, scope: _Scope) -> Relation:  # noqa: C901  # a case each
        if not bgp.triples:
            if scope.variable is not None:
                raise UntranslatableError("GRAPH without triples")
            return _UNIT
        sources, conditions = list[str](), list[str]()
        places: dict[str, list[str]] = {}
        classes: dict[str, Classes] = {}

        def put(node: Node, place: str, possible: Classes) -> None:
            if isinstance(node, Variable):
                places.setdefault(node.name, []).append(place)
                classes[node.name] = classes.get(node.name, possible) & possible
            else:
                conditions.append(f"{place} = {self.identifier(node)}")

        for triple in bgp.triples:
            alias = self.alias()
            if isinstance(triple.predicate, Link | Steps):
                if scope.variable is not None:
                    raise UntranslatableError("a path in GRAPH with a variable")
                sql = self._path(triple.predicate, triple.subject, triple.object, scope)
                sources.append(f"({sql}) {alias}")
                first, last = self._ends(triple.predicate)
                put(triple.subject, f"{alias}.s", first)
                put(triple.object, f"{alias}.o", last)
                continue
            put(triple.predicate, f"{alias}.p", self._iris)
            put(triple.subject, f"{alias}.s", self._resources)
            put(triple.object, f"{alias}.o", self._figures(triple).classes)
            if scope.several:
                each = f"SELECT DISTINCT p, s, o FROM quads WHERE g {scope.condition}"
                sources.append(f"({each}) {alias}")
            else:
                sources.append(f"quads {alias}")
                conditions.append(f"{alias}.g {scope.condition}")
            if scope.variable is not None:
                put(scope.variable, f"{alias}.g", self._resources)
        for found in places.values():
            conditions += [f"{found[0]} = {place}" for place in found[1:]]
        columns = {name: Column(self.column(name), classes[name]) for name in places}
        chosen = [f"{places[name][0]} AS {column.name}" for name, column in columns.items()]
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        sql = f"SELECT {', '.join(chosen) or '1 AS one'} FROM {', '.join(sources)}{where}"
        return Relation(sql, columns, *self._guess(bgp.triples))

    def _figures(self, triple: Triple) -> Figures:
        if isinstance(triple.predicate, str):
            return self.figures.get(self.identifier(triple.predicate), _NONE)
        if isinstance(triple.predicate, Variable):
            return Figures(self.quads, self.quads // 4, self.quads // 4, self.dictionary.every)
        each = [self.figures.get(self.identifier(link), _NONE) for link in _links(triple.predicate)]
        most = max(each, key=lambda figures: figures.triples)
        return replace(most, classes=self.dictionary.every)

    def _guess(self, triples: Sequence[Triple]) -> tuple[float, float]:
        """Return how many solutions triple patterns have, and how many the engine looks at."""
        left, bound, rows, steps = list(triples), set[Node](), 1.0, 0.0
        while left:
            best = min(left, key=lambda triple: self._fan_out(triple, bound))
            rows *= self._fan_out(best, bound)
            steps += rows
            left.remove(best)
            bound |= {best.subject, best.object}
        return rows, steps

    def _fan_out(self, triple: Triple, bound: set[Node]) -> float:
        """Return how many triples a solution finds whose variables in ``bound`` have values."""
        figures, size = self._figures(triple), 0.0
        size = float(figures.triples)
        if not isinstance(triple.subject, Variable) or triple.subject in bound:
            size /= max(figures.subjects, 1)
        if not isinstance(triple.object, Variable) or triple.object in bound:
            size /= max(figures.objects, 1)
        return size

    def _joining(
        self, left: Relation, right: Relation, one: str, other: str
    ) -> tuple[list[str], list[str]]:
        """Return the conditions under which solutions fit together, and what to select of both."""
        shared = [name for name in left.columns if name in right.columns]
        for name in shared:
            for column in (left.columns[name], right.columns[name]):
                if column.nullable or column.counted:
                    raise UntranslatableError("a join by what may be unbound or is computed")
        conditions = [
            f"{one}.{left.columns[n].name} = {other}.{left.columns[n].name}" for n in shared
        ]
        chosen = [f"{one}.{column.name}" for column in left.columns.values()]
        more = [column for name, column in right.columns.items() if name not in left.columns]
        return conditions, chosen + [f"{other}.{column.name}" for column in more]

    def _join(self, left: Relation, pattern: Pattern, scope: _Scope) -> Relation:
        right = self.pattern(pattern, scope)
        if left is _UNIT or right is _UNIT:
            return left if right is _UNIT else right
        one, other = self.alias(), self.alias()
        conditions, chosen = self._joining(left, right, one, other)
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        columns = {**right.columns, **left.columns}
        for name in left.columns:
            if name in right.columns:
                narrowed = left.columns[name].classes & right.columns[name].classes
                columns[name] = replace(left.columns[name], classes=narrowed)
        columns = {name: columns[name] for name in (*left.columns, *right.columns)}
        rows = max(left.rows, right.rows) if conditions else left.rows * right.rows
        steps = left.steps + min(right.steps, left.rows * _LOOKUP)
        sql = f"SELECT {_list(chosen)} FROM ({left.sql}) {one}, ({right.sql}) {other}{where}"
        return Relation(sql, columns, rows, steps)

    def _left_join(self, pattern: LeftJoin, scope: _Scope) -> Relation:
        left, right = self.pattern(pattern.left, scope), self.pattern(pattern.right, scope)
        one, other = self.alias(), self.alias()
        conditions, chosen = self._joining(left, right, one, other)
        columns = dict(left.columns)
        for name, column in right.columns.items():
            if name not in columns:
                columns[name] = replace(column, nullable=True)
        both = {**right.columns, **left.columns}
        inner = self._conditions(
            both, lambda name: f"{one if name in left.columns else other}.{self.column(name)}", None
        )
        conditions += [inner.truth(expression) for expression in pattern.filters]
        sql = (
            f"SELECT {_list(chosen)} FROM ({left.sql}) {one}"
            f" LEFT JOIN ({right.sql}) {other} ON {' AND '.join(conditions) or 'TRUE'}"
        )
        rows = left.rows if conditions else left.rows * max(right.rows, 1)
        return Relation(sql, columns, rows, left.steps + min(right.steps, left.rows * _LOOKUP))

    def _minus(self, pattern: Minus, scope: _Scope) -> Relation:
        left, right = self.pattern(pattern.left, scope), self.pattern(pattern.right, scope)
        one, other = self.alias(), self.alias()
        conditions, _ = self._joining(left, right, one, other)
        if not conditions:
            return left
        sql = (
            f"SELECT {_list(column.name for column in left.columns.values())} FROM ({left.sql})"
            f" {one} WHERE NOT EXISTS (SELECT 1 FROM ({right.sql}) {other}"
            f" WHERE {' AND '.join(conditions)})"
        )
        return Relation(sql, left.columns, left.rows, left.steps + right.steps)

    def _union(self, left: Relation, right: Relation) -> Relation:
        columns: dict[str, Column] = {}
        for name in (*left.columns, *right.columns):
            one, other = left.columns.get(name), right.columns.get(name)
            if one is None or other is None:
                only = one or other
                assert only is not None  # noqa: S101  # the name is of one of both
                columns[name] = replace(only, nullable=True)
            elif (one.counted, one.scaled) != (other.counted, other.scaled):
                raise UntranslatableError("a union of terms and numbers")
            else:
                nullable = one.nullable or other.nullable
                columns[name] = replace(one, classes=one.classes | other.classes, nullable=nullable)

        def side(relation: Relation) -> str:
            chosen = [
                column.name if name in relation.columns else f"NULL::INTEGER AS {column.name}"
                for name, column in columns.items()
            ]
            return f"SELECT {_list(chosen)} FROM ({relation.sql}) {self.alias()}"

        sql = f"{side(left)} UNION ALL {side(right)}"
        return Relation(sql, columns, left.rows + right.rows, left.steps + right.steps)

    def _values(self, values: Values) -> Relation:
        names = [variable.name for variable in values.variables]
        if not names or not values.rows or len(set(names)) < len(names):
            raise UntranslatableError("VALUES without values")
        rows = []
        columns: dict[str, Column] = {}
        for at, name in enumerate(names):
            cells = [row[at] for row in values.rows]
            ids = [self.identifier(cell) for cell in cells if cell is not None]
            if any(identifier < 0 for identifier in ids):
                raise UntranslatableError("a value that the data have not")
            found = frozenset(
                self.dictionary.classes.index(self.dictionary.class_of(one)) for one in ids
            )
            columns[name] = Column(self.column(name), found, nullable=None in cells)
        for row in values.rows:
            cells_ = ["NULL" if cell is None else str(self.identifier(cell)) for cell in row]
            rows.append(f"({', '.join(cells_)})")
        chosen = [
            f"CAST(v{at} AS INTEGER) AS {column.name}" for at, column in enumerate(columns.values())
        ]
        alias = self.alias()
        heads = ", ".join(f"v{at}" for at in range(len(names)))
        sql = f"SELECT {', '.join(chosen)} FROM (VALUES {', '.join(rows)}) {alias}({heads})"
        return Relation(sql, columns, len(rows), len(rows))

    def _filter(self, pattern: Filter, scope: _Scope) -> Relation:
        if scope.variable is not None:
            raise UntranslatableError("a filter in GRAPH with a variable")
        inner = self.pattern(pattern.pattern, scope)
        return self._where(inner, pattern.conditions, scope)

    def _where(
        self,
        inner: Relation,
        expressions: Sequence[Expression],
        scope: _Scope | None,
        visible: Mapping[str, Column] | None = None,
    ) -> Relation:
        alias = self.alias()
        conditions = self._conditions(
            inner.columns if visible is None else visible,
            lambda name: f"{alias}.{self.column(name)}",
            scope,
        )
        found = [conditions.truth(expression) for expression in expressions]
        chosen = _list(column.name for column in inner.columns.values())
        sql = f"SELECT {chosen} FROM ({inner.sql}) {alias} WHERE {' AND '.join(found)}"
        steps = inner.steps + sum(self.exists_steps(e, inner) for e in expressions)
        return Relation(sql, inner.columns, inner.rows * _SHARE, steps)

    def exists_steps(self, expression: Expression, inner: Relation) -> float:
        """Return how many triples the engine looks at for an EXISTS."""
        return inner.rows * _LOOKUP if "Exists" in repr(expression) else 0.0

    def _conditions(
        self,
        columns: Mapping[str, Column],
        place: Callable[[str], str],
        scope: _Scope | None,
    ) -> Conditions:
        def exists(expression: Exists) -> str:
            if scope is None:
                raise UntranslatableError("EXISTS where two patterns meet")
            return self._exists(expression, columns, place, scope)

        def safe_place(name: str) -> str:
            if name in columns:
                return place(name)
            if name in self._outside:
                raise UntranslatableError("a filter in EXISTS that reads what is outside")
            return _NOWHERE.name

        return Conditions(self.dictionary, self.identifier, columns, safe_place, exists, _NOWHERE)

    def _exists(
        self,
        exists: Exists,
        columns: Mapping[str, Column],
        place: Callable[[str], str],
        scope: _Scope,
    ) -> str:
        """Return the condition that a pattern has a solution that fits.

        Its variables are replaced by their values outside (SPARQL 1.1, section 18.6), which is a
        join where they are bound for sure on both sides.
        """
        _check_plain(exists.pattern)
        around, self._outside = self._outside, self._outside | columns.keys()
        inner = self.pattern(exists.pattern, scope)
        self._outside = around
        if any(name in around and name not in columns for name in inner.columns):
            raise UntranslatableError("EXISTS with a variable of what is around another")
        shared = [name for name in inner.columns if name in columns]
        if any(
            column.nullable or column.counted
            for name in shared
            for column in (columns[name], inner.columns[name])
        ):
            raise UntranslatableError("EXISTS with what may be unbound")
        alias = self.alias()
        fits = [f"{alias}.{self.column(name)} = {place(name)}" for name in shared]
        if not fits:
            return f"(SELECT count(*) > 0 FROM (SELECT 1 FROM ({inner.sql}) {alias} LIMIT 1))"
        return f"EXISTS (SELECT 1 FROM ({inner.sql}) {alias} WHERE {' AND '.join(fits)})"

    # Solution modifiers

    def _select(self, select: Select, scope: _Scope) -> Relation:
        inner = self.pattern(select.pattern, scope)
        columns = select.columns
        if columns is None:
            names = [name for name in select.seen if name in inner.columns]
            columns = tuple((Variable(name), Variable(name)) for name in names)
        computes = select.group is not None or any(
            isinstance(expression, Aggregate) for _, expression in columns
        )
        if scope.variable is not None:
            raise UntranslatableError("a subquery in GRAPH with a variable")
        if computes:
            inner, columns = self._grouped(select, columns, inner)
        elif select.having:
            raise UntranslatableError("HAVING without a group")
        inner = self._with_unbound(inner, (variable.name for variable, _ in columns))
        found: dict[str, Column] = {}
        for variable, expression in columns:
            if expression != variable or variable.name in found:
                raise UntranslatableError("a computed column")
            found[variable.name] = inner.columns[variable.name]
        chosen = [column.name for column in found.values()]
        if select.distinct and not chosen:
            raise UntranslatableError("DISTINCT of nothing")
        kind = "DISTINCT " if select.distinct else ""
        sql = f"SELECT {kind}{_list(chosen)} FROM ({inner.sql}) {self.alias()}"
        rows = inner.rows * (_SHARE if select.distinct else 1)
        return Relation(sql, found, rows, inner.steps)

    def _grouped(
        self,
        select: Select,
        columns: tuple[tuple[Variable, Expression], ...],
        inner: Relation,
    ) -> tuple[Relation, tuple[tuple[Variable, Expression], ...]]:
        keys = list(dict.fromkeys(variable.name for variable in select.group or ()))
        inner = self._with_unbound(inner, keys)
        found: dict[str, Column] = {}
        chosen = list[str]()
        for name in keys:
            found[name] = inner.columns[name]
            chosen.append(found[name].name)
        alias, joins = self.alias(), list[str]()
        given = list[tuple[Variable, Expression]]()
        for variable, expression in columns:
            given.append((variable, variable))
            if isinstance(expression, Variable) and expression == variable:
                if variable.name not in keys:
                    raise UntranslatableError("a column that is not grouped by")
                continue
            if not isinstance(expression, Aggregate) or variable.name in inner.columns:
                raise UntranslatableError("an expression of aggregates")
            sql, column = self._aggregate(expression, variable, inner, alias, joins)
            found[variable.name] = column
            chosen.append(f"{sql} AS {column.name}")
        having, computed = list[Expression](), set(found) - set(keys)
        for expression in select.having:
            having.append(self._named(expression, inner, alias, joins, found, chosen))
        grouped = f" GROUP BY {_list(found[name].name for name in keys)}" if keys else ""
        sql = f"SELECT {_list(chosen)} FROM ({inner.sql}) {alias}{''.join(joins)}{grouped}"
        if select.group is not None and not keys:
            raise UntranslatableError("a group by nothing")
        relation = Relation(sql, found, inner.rows * _SHARE if keys else 1.0, inner.steps)
        if having:  # the names of computed columns are not known yet: section 18.2.4
            visible = {name: column for name, column in found.items() if name not in computed}
            relation = self._where(relation, having, None, visible)
        return relation, tuple(given)

    def _with_unbound(self, inner: Relation, names: Iterable[str]) -> Relation:
        """Return a relation that has a column for each name, NULL for those that it had not."""
        new = [name for name in names if name not in inner.columns]
        if not new:
            return inner
        added = {name: Column(self.column(name), nullable=True) for name in new}
        chosen = [column.name for column in inner.columns.values()]
        chosen += [f"NULL::INTEGER AS {column.name}" for column in added.values()]
        sql = f"SELECT {_list(chosen)} FROM ({inner.sql}) {self.alias()}"
        return replace(inner, sql=sql, columns={**inner.columns, **added})

    def _named(  # noqa: PLR0913, PLR0917  # the parts of a SELECT
        self,
        expression: Expression,
        inner: Relation,
        alias: str,
        joins: list[str],
        found: dict[str, Column],
        chosen: list[str],
    ) -> Expression:
        """Return an expression with a hidden column for each aggregate in it."""
        if isinstance(expression, Aggregate):
            name = f"_:aggregate {len(found)}"
            sql, found[name] = self._aggregate(expression, Variable(name), inner, alias, joins)
            chosen.append(f"{sql} AS {found[name].name}")
            return Variable(name)
        arguments = getattr(expression, "arguments", None)
        if arguments is None:
            return expression
        named = [self._named(one, inner, alias, joins, found, chosen) for one in arguments]
        return replace(expression, arguments=tuple(named))  # type: ignore[type-var]  # it is a call

    def _aggregate(  # noqa: C901  # a case each
        self,
        aggregate: Aggregate,
        target: Variable,
        inner: Relation,
        alias: str,
        joins: list[str],
    ) -> tuple[str, Column]:
        kind = "DISTINCT " if aggregate.distinct else ""
        name = self.column(target.name)
        if aggregate.variable is None:
            if aggregate.name != "COUNT" or (aggregate.distinct and not inner.columns):
                raise UntranslatableError("an aggregate of all")
            if not aggregate.distinct:
                return "count(*)", Column(name, counted=True)
            visible = [c.name for n, c in inner.columns.items() if n[:2] != "_:"]
            if not visible:
                raise UntranslatableError("DISTINCT of nothing")
            row = ", ".join(f"{alias}.{one}" for one in visible)
            return f"count(DISTINCT ({row}, 0))", Column(name, counted=True)
        column = inner.columns.get(aggregate.variable.name)
        if column is None:
            if aggregate.name != "COUNT":
                raise UntranslatableError("an aggregate of what is never bound")
            return "count(NULL)", Column(name, counted=True)
        value = f"{alias}.{column.name}"
        if aggregate.name == "COUNT":
            return f"count({kind}{value})", Column(name, counted=True)
        if column.nullable or column.counted:
            raise UntranslatableError("a sum or a least of what may be unbound or is computed")
        keys = {self.dictionary.classes[number].key for number in column.classes}
        if aggregate.name in {"SUM", "AVG"}:
            if not keys or not all(key.endswith("#integer") and key[0] == "^" for key in keys):
                raise UntranslatableError("a sum of other than integers")
            numbers = self.alias()
            joins.append(f" LEFT JOIN numbers {numbers} ON {numbers}.id = {value}")
            total = f"coalesce(sum({kind}{numbers}.value), 0)"
            fits = f"{total} BETWEEN {-(1 << 63)} AND {(1 << 63) - 1}"
            result, is_average = total, aggregate.name == "AVG"
            if is_average:  # Oxigraph has 18 digits behind the point, and drops what is below
                number = f"count({kind}{value})"
                fits += f" AND {number} > 0"
                result = f"{total}::HUGEINT * 1000000000000000000 // {number}"
            whole = f"CASE WHEN {fits} THEN {result} ELSE error('no exact sum') END"
            return whole, Column(name, counted=True, scaled=is_average)
        if len(keys) != 1 or next(iter(keys))[0] == "~":
            raise UntranslatableError("a least of terms of several classes")
        least = "min" if aggregate.name == "MIN" else "max"
        return f"{least}({value})", Column(name, column.classes, nullable=True)

    # Paths

    def _path(self, path: Path, subject: Node, value: Node, scope: _Scope) -> str:
        """Return the pairs s, o of a path; of a closure from or to one end where it is known."""
        if isinstance(path, Steps) and path.sign in {"+", "*", "?"}:
            start = None if isinstance(subject, Variable) else self.identifier(subject)
            end = None if isinstance(value, Variable) else self.identifier(value)
            return self._closure(path, scope, start, end)
        return self._pairs(path, scope)

    def _ends(self, path: Path) -> tuple[Classes, Classes]:
        """Return the classes of terms from which a path may lead, and to which."""
        if isinstance(path, Link):
            figures = self.figures.get(self.identifier(path.predicate), _NONE)
            return self._resources, figures.classes
        if path.sign in {"*", "?"}:
            return self.dictionary.every, self.dictionary.every
        ends = [self._ends(part) for part in path.parts]
        if path.sign == "^":
            return ends[0][1], ends[0][0]
        if path.sign == "|":
            firsts, lasts = zip(*ends, strict=True)
            return frozenset().union(*firsts), frozenset().union(*lasts)
        return ends[0][0], ends[-1][1]

    def _pairs(self, path: Path, scope: _Scope) -> str:
        if isinstance(path, Link):
            kind = "DISTINCT " if scope.several else ""
            predicate = self.identifier(path.predicate)
            return f"SELECT {kind}s, o FROM quads WHERE g {scope.condition} AND p = {predicate}"
        if path.sign == "^":
            return (
                f"SELECT o AS s, s AS o FROM ({self._pairs(path.parts[0], scope)}) {self.alias()}"
            )
        if path.sign == "|":
            return " UNION ALL ".join(
                f"SELECT s, o FROM ({self._pairs(part, scope)}) {self.alias()}"
                for part in path.parts
            )
        if path.sign != "/":
            return self._closure(path, scope, None, None)
        aliases = [self.alias() for _ in path.parts]
        sources = ", ".join(
            f"({self._pairs(part, scope)}) {alias}"
            for part, alias in zip(path.parts, aliases, strict=True)
        )
        steps = pairwise(aliases)
        fits = " AND ".join(f"{one}.o = {other}.s" for one, other in steps)
        return f"SELECT {aliases[0]}.s, {aliases[-1]}.o FROM {sources} WHERE {fits}"

    def _closure(self, path: Steps, scope: _Scope, start: int | None, end: int | None) -> str:
        """Return the pairs of a path with ``+``, ``*`` or ``?``, each once (section 9.3)."""
        base = self._pairs(path.parts[0], scope)
        walk, step = self.alias(), self.alias()
        if start is None and end is not None:
            turned = f"SELECT o AS s, s AS o FROM ({base}) {self.alias()}"
            pairs = self._walk(path.sign, turned, walk, step, end)
            pairs = f"SELECT o AS s, s AS o FROM ({pairs}) {self.alias()}"
        else:
            pairs = self._walk(path.sign, base, walk, step, start)
        if path.sign == "+":
            return pairs
        known = start if start is not None else end
        if known is not None:
            if known < 0:
                raise UntranslatableError("a path from a term that the data have not")
            same = f"SELECT {known} AS s, {known} AS o"
        else:
            nodes = f"SELECT s FROM quads WHERE g {scope.condition} UNION SELECT o FROM quads"
            same = f"SELECT s, s AS o FROM ({nodes} WHERE g {scope.condition}) {self.alias()}"
        return f"({pairs}) UNION ({same})"

    def _walk(self, sign: str, base: str, walk: str, step: str, start: int | None) -> str:
        first = f" WHERE s = {start}" if start is not None else ""
        begin = f"SELECT s, o FROM ({base}) {self.alias()}{first}"
        if sign == "?":
            return begin
        return (
            f"WITH RECURSIVE {walk}(s, o) AS ({begin} UNION SELECT {walk}.s, {step}.o"
            f" FROM {walk}, ({base}) {step} WHERE {walk}.o = {step}.s) SELECT s, o FROM {walk}"
        )


_NONE = Figures(0, 0, 0, frozenset())


def _links(path: Path) -> Iterator[str]:
    if isinstance(path, Link):
        yield path.predicate
        return
    for part in path.parts:
        yield from _links(part)


def _list(chosen: Iterable[str]) -> str:
    return ", ".join(chosen) or "1 AS one"


def _check_plain(pattern: Pattern) -> None:
    """Raise unless a pattern is one into which values of outside may be put.

    Raises:
        UntranslatableError: it is not.
    """
    match pattern:
        case Bgp():
            return
        case Join() | Union():
            _check_plain(pattern.left)
            _check_plain(pattern.right)
        case Filter():
            _check_plain(pattern.pattern)
        case _:
            raise UntranslatableError("a pattern of several scopes")
