"""Making the files of columns from a store: all of them or nothing.

::

    FOLDER/about.json    version, classes of terms, figures of each predicate, sizes of the files
    FOLDER/offsets, FOLDER/lexical    the dictionary (``dictionary``)
    FOLDER/quads.duckdb  the tables quads (g, p, s, o: ids, g is 0 in the default graph), sorted,
                         and numbers (id, value) of integers

They are made of what the store itself returns, which keeps numbers and dates by value, so that both
ways answer with the same terms.
"""

import json
import shutil
import tempfile
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import IO, Any

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store

from sparql_endpoint.columns.classes import Term, key_of, read_term
from sparql_endpoint.columns.dictionary import Class
from sparql_endpoint.names import PREFIXES

__all__ = ["VERSION", "Passing", "make", "stamp"]

VERSION = 1
"""The version of the files; others are not read."""
_INTEGER = f"^{PREFIXES['xsd']}integer"
_MOST_PREDICATES = 20_000
_BLOCK = 1 << 20
_ROWS = 8192
"""Rows of a table for which DuckDB has the least and the greatest value, to pass over them."""


def stamp(store: Path | None) -> list[list[Any]]:
    """Return what tells the content of a store on disk from that after a change."""
    files = sorted(store.glob("*.sst")) if store else []
    return [[path.name, path.stat().st_size] for path in files]


class Passing:
    """Quads on their way into a store, and their terms as the store will keep them.

    To read them back from a store on disk takes longer than to load them.
    """

    def __init__(self, rows: Path) -> None:
        self.rows = rows
        self.is_whole = True
        self._ids: dict[Any, int] = defaultdict(count().__next__)

    def watch(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        """Yield the quads, and write a row of ids for each; a full disk ends only the latter."""
        ids, default = self._ids, DefaultGraph
        with self.rows.open("w", encoding="ascii", buffering=_BLOCK) as out:
            for quad in quads:
                graph = quad.graph_name
                g = -1 if isinstance(graph, default) else ids[graph]
                row = f"{g},{ids[quad.predicate]},{ids[quad.subject]},{ids[quad.object]}\n"
                try:
                    out.write(row)
                except OSError:
                    self.is_whole = False
                yield quad

    def texts(self) -> Iterator[tuple[str, int]]:
        """Yield the terms in N-Triples, with their first ids; literals go through a store."""
        literals, name = Store(), NamedNode("a:")
        literals.bulk_extend(
            Quad(NamedNode(f"a:{first}"), name, term)
            for term, first in self._ids.items()
            if isinstance(term, Literal)
        )
        for quad in literals:
            assert isinstance(quad.subject, NamedNode)  # noqa: S101  # as just written
            yield str(quad.object), int(quad.subject.value[2:])
        for term, first in self._ids.items():
            if not isinstance(term, Literal):
                yield str(term), first

    @property
    def size(self) -> int:
        """The number of terms."""
        return len(self._ids)


def make(
    source: Store | Passing, folder: Path, on_disk: Path | None = None, quads: int | None = None
) -> bool:
    """Make the files of a store's content, and return whether they can be made.

    They cannot where they would not hold as many ``quads`` as the store, if that number is known;
    for triple terms and directions of RDF 1.2; and for more than 20,000 predicates.
    ``folder`` is there in the end with all of its files, or not at all.
    """
    import duckdb  # noqa: PLC0415  # an extra

    building = Path(tempfile.mkdtemp(prefix="columns-", dir=folder.parent))
    try:
        about = _make(source, building, duckdb)
        if about is None or quads not in {None, about["quads"]}:
            return False
        about["store"] = stamp(on_disk)
        about["sizes"] = {path.name: path.stat().st_size for path in building.iterdir()}
        (building / "about.json").write_text(json.dumps(about), encoding="utf-8")
        building.chmod(0o755)
        building.rename(folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return True


def _make(source: Store | Passing, building: Path, duckdb: Any) -> dict[str, Any] | None:
    if isinstance(source, Passing):
        rows, texts, size = source.rows, source.texts(), source.size
        if not source.is_whole:
            return None
    else:
        rows = building / "rows.csv"
        ids = _dump(source, building / "dump.nt", rows)
        texts, size = ((text.decode(), first) for text, first in ids.items()), len(ids)
    new = array("i", bytes(4 * size))
    classes = _write_terms(texts, new, building)
    if classes is None:
        return None
    mapping = building / "ids.csv"
    with mapping.open("w", encoding="ascii", buffering=_BLOCK) as out:
        out.writelines(f"{old},{number}\n" for old, number in enumerate(new))
    with duckdb.connect() as database:
        path = building / "quads.duckdb"
        database.execute(f"ATTACH '{path}' AS columns (ROW_GROUP_SIZE {_ROWS}); USE columns")
        database.execute("SET threads = 2; SET enable_progress_bar = false")
        _fill(database, rows, mapping)
        _numbers(database, building, classes)
        predicates = _predicates(database, classes)
        graphs = [row[0] for row in database.execute("SELECT DISTINCT g FROM quads").fetchall()]
        (quads,) = database.execute("SELECT count(*) FROM quads").fetchone()
    rows.unlink(missing_ok=True)
    mapping.unlink()
    if len(predicates) > _MOST_PREDICATES or not quads:
        return None
    return {
        "version": VERSION,
        "classes": classes,
        "predicates": predicates,
        "graphs": graphs,
        "quads": quads,
    }


def _dump(store: Store, dump: Path, rows: Path) -> dict[bytes, int]:
    ids: dict[bytes, int] = defaultdict(count().__next__)
    with rows.open("w", encoding="ascii", buffering=_BLOCK) as out:
        for graph in (DefaultGraph(), *store.named_graphs()):
            store.dump(str(dump), RdfFormat.N_TRIPLES, from_graph=graph)
            with dump.open("rb", buffering=_BLOCK) as lines:
                _write_rows(lines, out, ids, graph)
    dump.unlink()
    return ids


def _write_rows(
    lines: IO[bytes],
    out: IO[str],
    ids: dict[bytes, int],
    graph: NamedNode | BlankNode | DefaultGraph,
) -> None:
    g = -1 if isinstance(graph, DefaultGraph) else ids[str(graph).encode()]
    split = (line.split(b" ", 2) for line in lines)
    out.writelines(f"{g},{ids[p]},{ids[s]},{ids[o[:-3]]}\n" for s, p, o in split)


def _write_terms(
    texts: Iterable[tuple[str, int]], new: "array[int]", building: Path
) -> list[Class] | None:
    """Write the dictionary, set the id of each first one, and return the classes.

    A term may come several times, with several first ids.
    """
    by_class: dict[str, list[tuple[Any, str, int]]] = {}
    for text, old in texts:
        term: Term | None = read_term(text)
        if term is None:
            return None
        by_class.setdefault(term.key, []).append((term.order, term.lexical, old))
    classes, ends, identifier, end = list[Class](), array("Q", [0]), 1, 0
    with (building / "lexical").open("wb", buffering=_BLOCK) as lexical:
        for key in sorted(by_class, key=key_of):
            terms = by_class.pop(key)
            terms.sort()
            first, last = identifier, None
            for _, form, old in terms:
                if form != last:
                    end += lexical.write(form.encode())
                    ends.append(end)
                    identifier += 1
                    last = form
                new[old] = identifier - 1
            classes.append(Class(key, first, identifier))
        if not end:
            lexical.write(b"\0")  # an empty file cannot be mapped
    with (building / "offsets").open("wb") as offsets:
        ends.tofile(offsets)
    return classes


def _fill(database: Any, rows: Path, mapping: Path) -> None:
    read = "read_csv(?, header = false, auto_detect = false, columns = {})"
    columns = "{'g': 'INTEGER', 'p': 'INTEGER', 's': 'INTEGER', 'o': 'INTEGER'}"
    pair = "{'old': 'INTEGER', 'new': 'INTEGER'}"
    database.execute(
        f"CREATE TEMP TABLE ids AS FROM {read.replace('{}', pair)}",  # all ours
        [str(mapping)],
    )
    database.execute(
        "CREATE TABLE quads AS"
        " SELECT DISTINCT coalesce(g.new, 0)::INTEGER AS g, p.new AS p, s.new AS s,"
        f" o.new AS o FROM {read.replace('{}', columns)} q"
        " LEFT JOIN ids g ON g.old = q.g JOIN ids p ON p.old = q.p JOIN ids s ON s.old = q.s"
        " JOIN ids o ON o.old = q.o ORDER BY ALL",
        [str(rows)],
    )


def _numbers(database: Any, building: Path, classes: list[Class]) -> None:
    database.execute("CREATE TABLE numbers (id INTEGER, value HUGEINT)")
    integers = next((entry for entry in classes if entry.key == _INTEGER), None)
    if integers is None:
        return
    ends = array("Q")
    with (building / "offsets").open("rb") as file:
        ends.frombytes(file.read())
    path = building / "numbers.csv"
    with (building / "lexical").open("rb") as lexical, path.open("w", encoding="ascii") as out:
        for identifier in range(integers.first, integers.stop):
            lexical.seek(ends[identifier - 1])
            form = lexical.read(ends[identifier] - ends[identifier - 1]).decode()
            out.write(f"{identifier},{form}\n")
    database.execute("COPY numbers FROM ? (HEADER false)".replace("?", f"'{path}'"))
    path.unlink()


def _predicates(database: Any, classes: list[Class]) -> dict[str, Any]:
    """Return figures of each predicate: triples, subjects, objects, and the classes of objects."""
    found: dict[str, Any] = {
        str(p): [triples, subjects, objects, []]
        for p, triples, subjects, objects in database.execute(
            "SELECT p, count(*), count(DISTINCT s), count(DISTINCT o) FROM quads GROUP BY p"
        ).fetchall()
    }
    for number, predicate in _classes_of_objects(database, classes):
        found[predicate][3].append(number)
    return found


def _classes_of_objects(database: Any, classes: list[Class]) -> Iterator[tuple[int, str]]:
    database.execute("CREATE TEMP TABLE classes (number INTEGER, first INTEGER, stop INTEGER)")
    database.executemany(
        "INSERT INTO classes VALUES (?, ?, ?)",
        [(number, entry.first, entry.stop) for number, entry in enumerate(classes)],
    )
    rows = database.execute(
        "SELECT DISTINCT number, p FROM (SELECT DISTINCT p, o FROM quads)"
        " ASOF JOIN classes ON o >= first"
    ).fetchall()
    for number, predicate in rows:
        yield number, str(predicate)
