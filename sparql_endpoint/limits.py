"""The limits that keep a query from stopping the endpoint, each a named setting."""

import os
from dataclasses import dataclass

from sparql_endpoint.errors import QueryMemoryError
from sparql_endpoint.settings import setting

__all__ = ["GIB", "KIB", "MIB", "Limits", "memory_error"]

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB

_CORES = os.cpu_count() or 1


@dataclass(frozen=True)
class Limits:
    """How much of everything a query, a client and all of them together may take."""

    query_time: float = setting(
        10.0, "Longest time of a query, counted from its arrival.", unit="seconds", least=0.05
    )
    delivery_time: float = setting(
        120.0,
        "Longest time a client may take to read an answer, beyond the query's own time.",
        unit="seconds",
        least=1,
    )
    query_memory: int = setting(
        GIB, "Most memory of one query, beside the data.", unit="bytes", least=16 * MIB
    )
    total_memory: int = setting(
        4 * GIB,
        "Most memory of all queries together; beyond it, the server ends the largest query.",
        unit="bytes",
        least=16 * MIB,
    )
    max_rows: int = setting(
        1_000_000,
        "Most rows (or triples) of a result; the headers of a cut result say that it was cut.",
        unit="rows",
        least=1,
    )
    max_result_bytes: int = setting(
        GIB, "Most bytes of a result; the server refuses a larger one.", unit="bytes", least=KIB
    )
    buffer_bytes: int = setting(
        4 * MIB,
        "Bytes of a result in the worker's own memory; a larger result goes to a file in memory.",
        unit="bytes",
        least=0,
    )
    max_query_length: int = setting(
        256 * KIB, "Longest text of a query.", unit="characters", least=1
    )
    max_nesting: int = setting(
        200, "Most brackets open at once in the text of a query.", unit="brackets", least=1
    )
    max_queries: int = setting(
        32,
        "Most queries at once; for one more, the server ends the longest-running query.",
        unit="queries",
        least=1,
    )
    max_queries_per_client: int = setting(
        8, "Most queries of one client, running or waiting.", unit="queries", least=1
    )
    queue_length: int = setting(
        64,
        "Most queries that wait for a worker; the server refuses one more with a 503.",
        unit="queries",
        least=0,
    )
    quick_places: int = setting(
        4 * _CORES,
        "Workers kept ready for new queries.",
        unit="queries",
        least=1,
    )
    quick_time: float = setting(
        0.05,
        "Time after which a query gives way to newer ones.",
        unit="seconds",
        least=0.01,
    )
    services: tuple[str, ...] = setting(
        (),
        "Endpoint that SERVICE may ask, an https:// URL; may be given several times.",
        flag="--service",
    )
    service_time: float = setting(
        5.0, "Longest time of an endpoint that SERVICE asks.", unit="seconds", least=0.05
    )
    service_bytes: int = setting(
        16 * MIB, "Most bytes of an answer to SERVICE.", unit="bytes", least=KIB
    )


def memory_error(limits: Limits) -> QueryMemoryError:
    """Return the error of a query that wanted more memory than it may have."""
    size = limits.query_memory >> 20
    return QueryMemoryError(f"the query wanted more than {size} MiB of memory: ask for less")
