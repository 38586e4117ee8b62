"""Generators of small hostile graphs, and of queries over them, each the same for the same seed."""

from random import Random

__all__ = ["graph", "query"]

_IRIS = [f"a:{n}" for n in range(5)]
_VALUES = {
    "a:any": (
        *("1", "01", "1.0", "1.50", "-3", "2", "1e0", "true", '"1"^^xsd:boolean', '"1"^^xsd:int'),
        *(
            '"x"^^xsd:integer',
            '"2000-01-01"^^xsd:date',
            '"2000-01-01Z"^^xsd:date',
            '"NaN"^^xsd:double',
        ),
        *('""', '"a"', '"A b"', '"\\u00e9A"', '"a\\nb\\"\\\\\\t"', '"a"@en', '"A"@EN-us', '"a"@es'),
        *(
            '"x"^^<a:type>',
            '"2000-02-30"^^xsd:date',
            '"2000-01-01T24:00:00"^^xsd:dateTime',
            '"P1Y"^^xsd:duration',
        ),
        *('"2000-01-01T00:00:00+01:00"^^xsd:dateTime', '"1999-12-31T23:00:00Z"^^xsd:dateTime'),
        *("<a:1>", "<a:2>", "_:b1", "_:b2", "9223372036854775807"),
    ),
    "a:number": ("1", "007", "-3", "2", "12", "7"),
    "a:exact": ("1", "1.0", "1.5", "-2.50", "7", "0.1"),
    "a:day": tuple(f'"{day}"^^xsd:date' for day in ("2000-01-01", "1999-12-31", "2001-02-03")),
    "a:text": ('"a"', '"ab"', '"A b"', '"\\u00e9"', '""', '"b.c"', '"k\\u212a"'),
    "a:name": ('"a"@en', '"ab"@en', '"a"@es', '"A b"@EN', '"a"@en-US', '"bc"'),
    "a:link": ("<a:0>", "<a:1>", "<a:2>", "<a:3>", "_:b1", "<a:4>"),
    "a:other": ("<a:0>", "<a:1>", "<a:3>", "_:b2"),
    "a:truth": ("true", "false"),
}
_PREDICATES = list(_VALUES)
_COMMON = ("a:any", "a:link", "a:link", "a:number", "a:name")
_VARIABLES = ["?x", "?y", "?z", "?w"]
_CONSTANTS = (
    *("1", "7", "1.0", "1.5", "0", '"a"', '"a"@en', "<a:1>", "<a:absent>", "true", "false"),
    *('"2000-01-01"^^xsd:date', '"1999-12-31"^^xsd:date', '"b"', '"é"', "-3", '"A"@en-us', "1e0"),
    *('"2000-01-01T00:00:00"^^xsd:dateTime', '"x"^^<a:type>', '"x"^^xsd:integer'),
)


def graph(random: Random) -> str:
    """Return a dataset in TriG: a default graph and two named ones, any of them maybe empty."""
    lines = ["@prefix xsd: <http://www.w3.org/2001/XMLSchema#> ."]
    subjects = [f"<{iri}>" for iri in _IRIS] + ["_:b1", "_:b2"]
    for head in ("", "<a:g1> ", "<a:g2> "):
        statements = []
        predicates = random.sample(_PREDICATES, random.randint(4, len(_PREDICATES)))
        for _ in range(random.choice((0, 3, 12, 25)) if head else random.choice((1, 20, 60, 120))):
            predicate = random.choice(predicates)
            value = random.choice(_VALUES[predicate])
            statements.append(f"{random.choice(subjects)} <{predicate}> {value} .")
        lines.append(f"{head}{{ {' '.join(statements)} }}")
    return "\n".join(lines)


def query(random: Random) -> tuple[str, bool]:
    """Return a query, and whether the order of its rows is fixed by the columns it sorts by."""
    writer = _Writer(random)
    kind = random.random()
    if kind < 0.05:
        return f"ASK {writer.group(2)}", False
    if kind < 0.1:
        return f"CONSTRUCT {{ ?x <a:made> ?y . ?y a ?z }} WHERE {writer.group(2)}", False
    where = f"WHERE {writer.group(2)}"
    if random.random() < 0.15:
        where = (
            random.choice(("FROM <a:g1>", "FROM <a:g1> FROM <a:g2>", "FROM NAMED <a:g2>"))
            + f" {where}"
        )
    if random.random() < 0.35:
        return writer.aggregate(where), False
    names = random.sample(_VARIABLES, random.randint(1, 3))
    head = "*" if random.random() < 0.2 else " ".join(names)
    distinct = "DISTINCT " if random.random() < 0.3 else ""
    text = f"SELECT {distinct}{head} {where}"
    if head != "*" and random.random() < 0.3:
        keys = " ".join(f"DESC({n})" if random.random() < 0.5 else n for n in names)
        text += f" ORDER BY {keys}"
        if random.random() < 0.5:
            text += f" LIMIT {random.randint(0, 5)}"
        if random.random() < 0.3:
            text += f" OFFSET {random.randint(0, 3)}"
        return text, True
    return text, False


class _Writer:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.used = ["?x"]

    def aggregate(self, where: str) -> str:
        """Return a query with aggregates."""
        random = self.random
        used = list(dict.fromkeys(self.used))
        keys = random.sample(used, random.randint(0, min(2, len(used))))
        parts = list(keys)
        for number in range(random.randint(1, 2)):
            name = random.choice(("COUNT", "COUNT", "SUM", "MIN", "MAX", "AVG"))
            inner = random.choice(used)
            if name == "COUNT" and random.random() < 0.3:
                inner = "*"
            distinct = "DISTINCT " if random.random() < 0.3 else ""
            parts.append(f"({name}({distinct}{inner}) AS ?n{number})")
        text = f"SELECT {' '.join(parts)} {where}"
        if keys:
            text += f" GROUP BY {' '.join(keys)}"
            if random.random() < 0.3:
                text += random.choice(
                    (" HAVING(COUNT(*) > 1)", " HAVING(COUNT(?x) = 1 || ?n0 > 2)")
                )
        return text

    def group(self, depth: int) -> str:
        """Return a group in braces."""
        random = self.random
        parts = [self.triples()]
        parts += [self.part(depth) for _ in range(random.choice((0, 0, 1, 1, 2)))]
        if random.random() < 0.3:
            parts.append(f"FILTER({self.condition(2)})")
        if random.random() < 0.1:
            random.shuffle(parts)
        return "{ " + " ".join(parts) + " }"

    def part(self, depth: int) -> str:
        random = self.random
        if depth == 0:
            return self.triples()
        inner = self.group(depth - 1)
        subquery = f"{{ SELECT {random.choice(('', 'DISTINCT '))}?x ?y {inner} }}"
        counting = f"{{ SELECT ?x (COUNT(?y) AS ?c) {inner} GROUP BY ?x }}"
        return random.choice(
            (
                *(
                    f"OPTIONAL {inner}",
                    f"OPTIONAL {inner}",
                    f"MINUS {inner}",
                    f"FILTER EXISTS {inner}",
                ),
                *(f"FILTER NOT EXISTS {inner}", f"{inner} UNION {self.group(depth - 1)}", inner),
                *(f"GRAPH ?g {inner}", f"GRAPH <a:g1> {inner}", subquery, counting, self.values()),
            )
        )

    def values(self) -> str:
        random = self.random
        chosen = [
            random.choice(("<a:1>", '"a"', "1", "UNDEF", "<a:2>", "<a:absent>")) for _ in "123"
        ]
        return f"VALUES {random.choice(_VARIABLES)} {{ {' '.join(chosen)} }}"

    def triples(self) -> str:
        return " ".join(self.triple() for _ in range(self.random.choice((1, 1, 1, 2))))

    def triple(self) -> str:
        random = self.random
        subject = random.choice((*["?x"] * 6, *["?y"] * 3, "?z", "?w", "<a:1>"))
        if random.random() < 0.05:
            subject = f"_:n{random.randint(0, 99)}"
        predicate = f"<{random.choice((*_PREDICATES, *_COMMON))}>"
        if random.random() < 0.08:
            predicate = "?p"
        elif random.random() < 0.12:
            predicate = random.choice(
                (
                    *("<a:link>+", "<a:link>*", "<a:link>?", "^<a:link>", "<a:link>/<a:name>"),
                    *("(<a:link>|<a:other>)", "(<a:link>|<a:other>)+", "^<a:link>/<a:other>"),
                    *("(<a:link>/<a:other>)*", "<a:link>/<a:link>*", "(<a:link>|^<a:other>)"),
                )
            )
        value = random.choice(("?y", "?z", "?w", f"?v{len(self.used)}", f"?v{len(self.used)}"))
        if random.random() < 0.06:
            value = random.choice(_CONSTANTS)
        self.used += [node for node in (subject, value) if node[0] == "?"]
        return f"{subject} {predicate} {value} ."

    def condition(self, depth: int) -> str:
        random = self.random
        x, y = random.choice((*self.used, *self.used, "?w")), random.choice(self.used)
        constant, other = random.choice(_CONSTANTS), random.choice(_CONSTANTS)
        if depth and random.random() < 0.35:
            one, two = self.condition(depth - 1), self.condition(depth - 1)
            return random.choice((f"({one} && {two})", f"({one} || {two})", f"!({one})"))
        sign = random.choice(("=", "!=", "<", ">", "<=", ">="))
        text = random.choice(('"a"', '"A"', '"b"', '"k"', '"é"', '"b.c"'))
        return random.choice(
            (
                *(f"{x} {sign} {constant}", f"{constant} {sign} {x}", f"{x} {sign} {y}"),
                *(
                    f"{x} IN ({constant}, {other})",
                    f"{x} NOT IN ({constant}, {other})",
                    f"BOUND({x})",
                ),
                *(f"isIRI({x})", f"isBlank({x})", f"isLiteral({x})", f"isNumeric({x})"),
                *(f'LANG({x}) = "en"', f'LANG({x}) != ""', f'LANGMATCHES(LANG({x}), "en")'),
                *(
                    f'LANGMATCHES(LANG({x}), "*")',
                    f"DATATYPE({x}) = xsd:integer",
                    f"sameTerm({x}, {y})",
                ),
                *(
                    f"DATATYPE({x}) != xsd:string",
                    f"sameTerm({x}, {constant})",
                    f"STR({x}) = {text}",
                ),
                *(
                    f"STRSTARTS(STR({x}), {text})",
                    f"CONTAINS({x}, {text})",
                    f"STRENDS(STR({x}), {text})",
                ),
                *(
                    f"CONTAINS(LCASE(STR({x})), {text})",
                    f'REGEX(STR({x}), "^a")',
                    f'REGEX({x}, "B", "i")',
                ),
            )
        )
