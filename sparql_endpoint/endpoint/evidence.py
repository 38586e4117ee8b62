"""An answer with the claims that carry each of its rows: ``evidence=1`` on ``/sparql``.

In SPARQL Results JSON ``results`` has a member ``evidence`` beside ``bindings``, with an entry a
row, and ``untraced``; a client that does not know them goes on as ever. In CSV further columns
follow those of the query.
"""

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from io import StringIO
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode

from sparql_endpoint.errors import RequestError, UsageError
from sparql_endpoint.query.evaluation import Query, QueryRunner, Result
from sparql_endpoint.query.outline import Form, outline
from sparql_endpoint.query.result_sink import Body

__all__ = ["with_evidence"]

_COLUMNS = ("claim", "claimant", "standing", "words", "source", "place")
_BETWEEN = " | "
"""What stands between several values in a cell of CSV."""


def with_evidence(runner: QueryRunner, query: Query) -> Result:
    """Return the answer to a SELECT with the claims that carry its rows.

    Args:
        runner: what answers it.
        query: the query; its format of results is json or csv.

    Raises:
        RequestError: the query is no SELECT, the format has no place for evidence, or the query has
            syntax that is not traced.
        ForumGraphError: as ``QueryRunner.run``.
    """
    from sparql_endpoint.query.tracing import claim_record, trace  # noqa: PLC0415  # takes 0.2 s

    if query.result_format not in {"json", "csv"} or outline(query.text).form is not Form.SELECT:
        raise RequestError("evidence comes with the rows of a SELECT, as json, csv or a page")
    result = runner.run(replace(query, result_format="json", graph_format=None))
    answer = json.loads(result.body.read())
    try:
        found = trace(runner, query, answer)
    except UsageError as error:
        raise RequestError(str(error)) from None
    store = runner.store_under(query.trust)
    records = {
        claim: claim_record(store, claim)
        for row in found.rows
        for statement in row
        for claim in statement.claims
    }
    if query.result_format == "json":
        answer["results"]["evidence"] = [
            [
                {
                    "statement": [_term(part) for part in statement.triple],
                    "claims": [records[claim] for claim in statement.claims],
                }
                for statement in row
            ]
            for row in found.rows
        ]
        answer["results"]["untraced"] = list(found.untraced)
        text = json.dumps(answer, ensure_ascii=False)
    else:
        claims = [
            [records[claim] for claim in dict.fromkeys(c for s in row for c in s.claims)]
            for row in found.rows
        ]
        text = _csv(answer, claims)
    return replace(result, body=Body(text.encode()))


def _csv(answer: Mapping[str, Any], claims: Iterable[list[dict[str, Any]]]) -> str:
    """Return rows as SPARQL Results CSV has them, with the claims in columns behind.

    https://www.w3.org/TR/sparql11-results-csv-tsv/#csv
    """
    names = answer["head"].get("vars", [])
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([*names, *(f"evidence_{name}" for name in _COLUMNS)])
    for row, records in zip(answer["results"]["bindings"], claims, strict=True):
        cells = [_cell(row.get(name)) for name in names]
        flat = {
            "claim": [record["claim"] for record in records],
            "source": [source for record in records for source in record["sources"]],
            **{
                name: [value for record in records for value in record[name]]
                for name in ("claimant", "standing", "words", "place")
            },
        }
        cells += [_BETWEEN.join(dict.fromkeys(flat[name])) for name in _COLUMNS]
        writer.writerow(cells)
    return out.getvalue()


def _cell(term: Mapping[str, Any] | None) -> str:
    if term is None:
        return ""
    return f"_:{term['value']}" if term["type"] == "bnode" else str(term["value"])


def _term(term: object) -> dict[str, str]:
    """Return a term as SPARQL Results JSON writes it."""
    match term:
        case NamedNode():
            return {"type": "uri", "value": term.value}
        case BlankNode():
            return {"type": "bnode", "value": term.value}
        case Literal() if term.language:
            return {"type": "literal", "value": term.value, "xml:lang": term.language}
        case Literal():
            return {"type": "literal", "value": term.value, "datatype": term.datatype.value}
    return {"type": "triple", "value": str(term)}
