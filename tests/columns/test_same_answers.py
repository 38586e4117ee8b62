"""Columns and Oxigraph give the same answers, or columns give none."""

import os
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest
from generated_queries import graph, query
from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    parse_query_results,
)

pytest.importorskip("duckdb")

from sparql_endpoint.columns.engine import Columns
from sparql_endpoint.columns.making import make
from sparql_endpoint.query.evaluation import Written
from sparql_endpoint.query.outline import outline
from sparql_endpoint.query.run import run_with_notices

_QUERIES = int(os.environ.get("FORUMGRAPH_GENERATED_QUERIES", "1000"))
"""How many queries are generated; 20,000 were answered alike before this was released."""
_PER_GRAPH = 50


def rows(results: Any) -> list[tuple[str, ...]]:
    """Return an answer as rows of texts."""
    if isinstance(results, QueryBoolean):
        return [(str(bool(results)),)]
    if isinstance(results, QuerySolutions):
        names = [variable.value for variable in results.variables]
        return [tuple(names), *(tuple(str(row[name]) for name in names) for row in results)]
    return sorted({(str(triple),) for triple in results})


def test_generated_queries_have_the_same_answers(tmp_path: Path) -> None:
    """Queries over hostile terms give the same multiset, in the same order where it is fixed."""
    answered = 0
    for seed in range(_QUERIES // _PER_GRAPH):
        random = Random(seed)
        data = graph(random)
        store = Store()
        store.load(data, RdfFormat.TRIG)
        folder = tmp_path / str(seed)
        assert make(store, folder) == bool(len(store))
        columns = Columns(folder, few_steps=0)
        for number in range(_PER_GRAPH):
            text, ordered = query(random)
            found = columns.answer(text, outline(text).dataset, None, 1_000_000)
            if found is None:
                continue
            answered += 1
            expected, notices = run_with_notices(store, text)
            if notices:  # the other engine departs from SPARQL here, and says so
                continue
            ours, theirs = rows(found), rows(expected)
            written = columns.answer(text, outline(text).dataset, None, 1_000_000, as_json=True)
            if isinstance(written, Written):
                document = b"".join(written)
                assert rows(parse_query_results(document, QueryResultsFormat.JSON)) == ours, text
            context = f"seed {seed}, query {number}: {text}\n{data}"
            assert Counter(ours) == Counter(theirs), context
            if ordered:
                assert ours == theirs, context
    assert answered > _QUERIES // 5
