"""From the text of a query to its algebra, by recursive descent over the tokens of ``query.lexer``.

Rules have the names of https://www.w3.org/TR/sparql11-query/#sparqlGrammar. What columns do not
evaluate raises ``UntranslatableError`` as soon as it is met, and so do errors of syntax: the engine
says what is wrong.
"""

from functools import lru_cache
from itertools import count

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from sparql_endpoint.columns.algebra import (
    Aggregate,
    Bgp,
    Call,
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
from sparql_endpoint.errors import QuerySyntaxError
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.reading import Reading, read

__all__ = ["EMPTY", "parse"]

EMPTY = Bgp(())
_AGGREGATES = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG"})
_COMPARISONS = frozenset({"=", "!=", "<", ">", "<=", ">="})
_FUNCTIONS = frozenset(
    {
        *("BOUND", "SAMETERM", "ISIRI", "ISURI", "ISBLANK", "ISLITERAL", "ISNUMERIC", "LANG"),
        *("LANGMATCHES", "DATATYPE", "STR", "STRSTARTS", "STRENDS", "CONTAINS", "LCASE", "REGEX"),
    }
)
_TYPE = f"<{PREFIXES['rdf']}type>"
_XSD = PREFIXES["xsd"]


def parse(text: str, base: str | None = None) -> Select:
    """Return the algebra of a query.

    Raises:
        UntranslatableError: it is none that columns evaluate, or no query.
    """
    try:
        return _Parser(read(text, base)).query()
    except (QuerySyntaxError, ValueError, IndexError) as fault:
        raise UntranslatableError(str(fault)) from None


@lru_cache(maxsize=1024)
def _stored(literal: Literal) -> str:
    """Return a literal as a store keeps it."""
    node, store = BlankNode(), Store()
    store.add(Quad(node, NamedNode("a:"), literal))
    return str(next(iter(store)).object)


class _Parser:
    def __init__(self, reading: Reading) -> None:
        self._reading, self._tokens = reading, reading.tokens
        self._at = reading.body
        self._seen: dict[str, None] = {}
        self._hidden = count()

    def query(self) -> Select:
        form = self._word()
        if form == "SELECT":
            select = self._select(outer=True)
        elif form == "ASK":
            self._at += 1
            self._dataset()
            select = Select(self._where(), (), form="ASK")
        elif form == "CONSTRUCT":
            select = self._construct()
        else:
            raise UntranslatableError(form)
        if self._at < len(self._tokens):
            raise UntranslatableError("something behind its end")
        return select

    # What stands at this place, and what must

    def _word(self, ahead: int = 0) -> str:
        return self._reading.word(self._at + ahead)

    def _sign(self, ahead: int = 0) -> str:
        return self._reading.sign(self._at + ahead)

    def _kind(self) -> str:
        return self._tokens[self._at].kind if self._at < len(self._tokens) else ""

    def _accept(self, text: str) -> bool:
        found = text in {self._sign(), self._word()}
        self._at += found
        return found

    def _expect(self, text: str) -> None:
        if not self._accept(text):
            raise UntranslatableError(f"no {text} at {self._at}")

    # Clauses

    def _dataset(self) -> None:
        while self._accept("FROM"):  # ``outline`` has read which graphs
            self._accept("NAMED")
            self._iri()

    def _where(self) -> Pattern:
        self._accept("WHERE")
        return self._group()

    def _select(self, *, outer: bool) -> Select:
        self._expect("SELECT")
        distinct = self._accept("DISTINCT")
        columns: list[tuple[Variable, Expression]] | None = []
        if self._accept("*"):
            columns = None
        while columns is not None and (self._kind() == "variable" or self._sign() == "("):
            columns.append(self._column())
        if outer:
            self._dataset()
        pattern = self._where()
        group: list[Variable] | None = None
        if self._accept("GROUP"):
            self._expect("BY")
            group = [self._variable()]
            while self._kind() == "variable":
                group.append(self._variable())
        having = list[Expression]()
        if self._accept("HAVING"):
            having.append(self._constraint())
            while self._sign() == "(":
                having.append(self._constraint())
        order = self._order()
        limit, offset = self._slice()
        if self._accept("VALUES"):
            raise UntranslatableError("VALUES behind a query")
        return Select(
            pattern,
            None if columns is None else tuple(columns),
            distinct,
            None if group is None else tuple(group),
            tuple(having),
            tuple(order),
            limit,
            offset,
            seen=tuple(self._seen),
        )

    def _construct(self) -> Select:
        self._expect("CONSTRUCT")
        short = self._word() in {"WHERE", "FROM"}
        template = EMPTY if short else self._template()
        self._dataset()
        pattern = self._where()
        order = self._order()
        limit, offset = self._slice()
        if short:
            if not isinstance(pattern, Bgp):
                raise UntranslatableError("CONSTRUCT WHERE of more than triples")
            template = pattern
        nodes = [node for triple in template.triples for node in _nodes(triple)]
        if any(isinstance(node, Variable) and node.name[:2] == "_:" for node in nodes):
            raise UntranslatableError("blank nodes in a template")
        names = dict.fromkeys(node for node in nodes if isinstance(node, Variable))
        return Select(
            pattern,
            tuple((name, name) for name in names),
            order=tuple(order),
            limit=limit,
            offset=offset,
            form="CONSTRUCT",
            template=template.triples,
        )

    def _template(self) -> Bgp:
        self._expect("{")
        triples = list[Triple]()
        while not self._accept("}"):
            self._triples(triples)
        return Bgp(tuple(triples))

    def _column(self) -> tuple[Variable, Expression]:
        if self._kind() == "variable":
            variable = self._variable()
            return variable, variable
        self._expect("(")
        expression = self._expression()
        self._expect("AS")
        variable = self._variable()
        self._expect(")")
        return variable, expression

    def _order(self) -> list[tuple[Expression, bool]]:
        order = list[tuple[Expression, bool]]()
        if not self._accept("ORDER"):
            return order
        self._expect("BY")
        while True:
            if self._kind() == "variable":
                order.append((self._variable(), False))
            elif self._word() in {"ASC", "DESC"}:
                down = self._word() == "DESC"
                self._at += 1
                order.append((self._bracketed(), down))
            elif self._sign() == "(" or self._word() in _AGGREGATES:
                order.append((self._constraint(), False))
            else:
                break
        return order

    def _slice(self) -> tuple[int | None, int]:
        limit, offset = None, 0
        while self._word() in {"LIMIT", "OFFSET"}:
            word, number = self._word(), self._tokens[self._at + 1].text
            self._at += 2
            if word == "LIMIT":
                limit = int(number)
            else:
                offset = int(number)
        return limit, offset

    # Patterns

    def _group(self) -> Pattern:
        self._expect("{")
        if self._word() == "SELECT":
            select = self._select(outer=False)
            self._expect("}")
            return select
        pattern: Pattern = EMPTY
        filters = list[Expression]()
        while not self._accept("}"):
            word = self._word()
            if word == "FILTER":
                self._at += 1
                filters.append(self._constraint())
            elif word == "OPTIONAL":
                self._at += 1
                right = self._group()
                inner: tuple[Expression, ...] = ()
                if isinstance(right, Filter):
                    inner, right = right.conditions, right.pattern
                pattern = LeftJoin(pattern, right, inner)
            elif word == "MINUS":
                self._at += 1
                pattern = Minus(pattern, self._group())
            else:
                pattern = _joined(pattern, self._part(word))
            self._accept(".")
        return Filter(tuple(filters), pattern) if filters else pattern

    def _part(self, word: str) -> Pattern:
        if word == "GRAPH":
            self._at += 1
            name = self._node()
            return Graph(name, self._group())
        if word == "VALUES":
            self._at += 1
            return self._values()
        if self._sign() == "{":
            part = self._group()
            if isinstance(part, (Bgp, Filter)):  # neither triples nor filters leave their braces
                part = Join(part, EMPTY)
            while self._accept("UNION"):
                part = Union(part, self._group())
            return part
        triples = list[Triple]()
        self._triples(triples)
        return Bgp(tuple(triples))

    def _values(self) -> Values:
        single = self._kind() == "variable"
        variables = list[Variable]()
        if single:
            variables.append(self._variable())
        else:
            self._expect("(")
            while not self._accept(")"):
                variables.append(self._variable())
        self._expect("{")
        rows = list[tuple[str | None, ...]]()
        while not self._accept("}"):
            if not single:
                self._expect("(")
            rows.append(tuple(self._value() for _ in variables))
            if not single:
                self._expect(")")
        return Values(tuple(variables), tuple(rows))

    def _value(self) -> str | None:
        if self._accept("UNDEF"):
            return None
        literal = self._literal()
        if literal is None:
            return self._iri()
        if _stored(literal) != str(literal):
            raise UntranslatableError("a value that a store would change")
        return str(literal)

    # Triples

    def _triples(self, into: list[Triple]) -> None:
        if self._sign() == "[":
            subject = self._brackets(into)
            if self._sign() not in {".", "}"}:
                self._properties(subject, into)
        else:
            self._properties(self._node(), into)
        if self._sign() != "}":
            self._accept(".")

    def _brackets(self, into: list[Triple]) -> Node:
        self._expect("[")
        node = Variable(f"_:[{next(self._hidden)}")
        if not self._accept("]"):
            self._properties(node, into)
            self._expect("]")
        return node

    def _properties(self, subject: Node, into: list[Triple]) -> None:
        while True:
            predicate = self._verb()
            while True:
                value = self._brackets(into) if self._sign() == "[" else self._node()
                into.append(Triple(subject, predicate, value))
                if not self._accept(","):
                    break
            if not self._accept(";"):
                return
            while self._accept(";"):
                pass
            if self._sign() in {".", "}", "]"} or self._kind() not in {
                *("variable", "iri", "name", "word", "sign"),
            }:
                return

    def _verb(self) -> Node | Path:
        if self._kind() == "variable":
            return self._variable()
        path = self._path()
        return path.predicate if isinstance(path, Link) else path

    def _path(self) -> Path:
        parts = [self._sequence()]
        while self._accept("|"):
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else Steps("|", tuple(parts))

    def _sequence(self) -> Path:
        parts = [self._element()]
        while self._accept("/"):
            parts.append(self._element())
        return parts[0] if len(parts) == 1 else Steps("/", tuple(parts))

    def _element(self) -> Path:
        if self._accept("^"):
            return Steps("^", (self._element(),))
        if self._accept("("):
            path = self._path()
            self._expect(")")
        elif self._tokens[self._at].text == "a":
            self._at += 1
            path = Link(_TYPE)
        else:
            path = Link(self._iri())
        if self._sign() in {"+", "*", "?"}:
            path = Steps(self._sign(), (path,))
            self._at += 1
        return path

    # Terms

    def _variable(self) -> Variable:
        if self._kind() != "variable":
            raise UntranslatableError(f"no variable at {self._at}")
        name = self._tokens[self._at].text[1:]
        self._at += 1
        self._seen[name] = None
        return Variable(name)

    def _iri(self) -> str:
        if self._kind() not in {"iri", "name"}:
            raise UntranslatableError(f"no IRI at {self._at}")
        iri = self._reading.prologue.iri(self._tokens[self._at])
        self._at += 1
        return f"<{iri}>"

    def _node(self) -> Node:
        if self._kind() == "variable":
            return self._variable()
        if self._kind() == "blank":
            self._at += 1
            return Variable(self._tokens[self._at - 1].text)
        literal = self._literal()
        return self._iri() if literal is None else _stored(literal)

    def _literal(self) -> Literal | None:  # noqa: PLR0911  # a case each
        kind, text = self._kind(), self._tokens[self._at].text
        if kind == "string":
            self._at += 1
            lexical = _string(text)
            if self._kind() == "langtag":
                self._at += 1
                return Literal(lexical, language=self._tokens[self._at - 1].text[1:])
            if self._accept("^^"):
                return Literal(lexical, datatype=NamedNode(self._iri()[1:-1]))
            return Literal(lexical)
        signed = self._sign() if self._sign() in {"+", "-"} else ""
        if kind == "number" or signed:
            number = self._tokens[self._at + bool(signed)]
            if number.kind != "number":
                return None
            self._at += 1 + bool(signed)
            exact = "decimal" if "." in number.text else "integer"
            name = "double" if "e" in number.text.lower() else exact
            return Literal(signed + number.text, datatype=NamedNode(_XSD + name))
        if text in {"true", "false"} and kind == "word":
            self._at += 1
            return Literal(text, datatype=NamedNode(f"{_XSD}boolean"))
        return None

    # Expressions

    def _constraint(self) -> Expression:
        return self._bracketed() if self._sign() == "(" else self._primary()

    def _bracketed(self) -> Expression:
        self._expect("(")
        expression = self._expression()
        self._expect(")")
        return expression

    def _expression(self) -> Expression:
        parts = [self._conjunction()]
        while self._accept("||"):
            parts.append(self._conjunction())
        return parts[0] if len(parts) == 1 else Call("||", tuple(parts))

    def _conjunction(self) -> Expression:
        parts = [self._relation()]
        while self._accept("&&"):
            parts.append(self._relation())
        return parts[0] if len(parts) == 1 else Call("&&", tuple(parts))

    def _relation(self) -> Expression:
        left = self._primary()
        sign = self._tokens[self._at].text if self._at < len(self._tokens) else ""
        if sign in _COMPARISONS:
            self._at += 1
            return Call(sign, (left, self._primary()))
        negated = self._word() == "NOT" and self._word(1) == "IN"
        if negated or self._word() == "IN":
            self._at += 1 + negated
            among = Call("IN", (left, *self._arguments()))
            return Call("!", (among,)) if negated else among
        return left

    def _arguments(self) -> list[Expression]:
        self._expect("(")
        found = list[Expression]()
        while not self._accept(")"):
            if found:
                self._expect(",")
            found.append(self._expression())
        return found

    def _primary(self) -> Expression:  # noqa: PLR0911  # a case each
        if self._accept("!"):
            return Call("!", (self._primary(),))
        if self._sign() == "(":
            return self._bracketed()
        if self._kind() == "variable":
            return self._variable()
        word = self._word()
        if word == "NOT" and self._word(1) == "EXISTS":
            self._at += 2
            return Call("!", (self._exists(),))
        if self._accept("EXISTS"):
            return self._exists()
        if word in _AGGREGATES:
            return self._aggregate(word)
        if word in _FUNCTIONS:
            self._at += 1
            return Call(word, tuple(self._arguments()))
        literal = self._literal()
        if literal is not None:
            return _stored(literal)
        if self._kind() in {"iri", "name"} and self._sign(1) != "(":
            return self._iri()
        raise UntranslatableError(f"{word} in an expression")

    def _exists(self) -> Exists:
        return Exists(self._group())

    def _aggregate(self, name: str) -> Aggregate:
        self._at += 1
        self._expect("(")
        distinct = self._accept("DISTINCT")
        variable = None if self._accept("*") else self._variable()
        self._expect(")")
        return Aggregate(name, distinct, variable)


def _nodes(triple: Triple) -> tuple[object, object, object]:
    return triple.subject, triple.predicate, triple.object


def _joined(left: Pattern, right: Pattern) -> Pattern:
    if left == EMPTY:
        return right
    if isinstance(left, Bgp) and isinstance(right, Bgp):
        return Bgp(left.triples + right.triples)
    return Join(left, right)


_ESCAPES = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


def _string(text: str) -> str:
    """Return what a string of a query stands for."""
    width = 3 if text[:3] in {'"""', "'''"} else 1
    inner = text[width:-width]
    if "\\" not in inner:
        return inner
    found, at = list[str](), 0
    while (escape := inner.find("\\", at)) >= 0:
        mark = inner[escape + 1]
        found += (inner[at:escape], _ESCAPES.get(mark, mark))
        at = escape + 2
    return "".join([*found, inner[at:]])
