"""The limits that keep a query from stopping the endpoint, each a named setting."""

import os
from dataclasses import dataclass

from sparql_endpoint.settings import setting

__all__ = ["GIB", "KIB", "MIB", "Limits"]

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB

_CORES = os.cpu_count() or 1


@dataclass(frozen=True)
class Limits:
    """How much of everything a query, a client and all of them together may take."""

    query_time: float = setting(
        10.0, "Time that a query may take, from its arrival on.", unit="seconds", least=0.05
    )
    delivery_time: float = setting(
        120.0,
        "Time that a client may take to read an answer beyond the query's own time.",
        unit="seconds",
        least=1,
    )
    query_memory: int = setting(
        GIB, "Memory that a query may take beside the data.", unit="bytes", least=16 * MIB
    )
    total_memory: int = setting(
        4 * GIB,
        "Memory that all queries may take together; beyond it the largest is ended.",
        unit="bytes",
        least=16 * MIB,
    )
    max_rows: int = setting(
        1_000_000, "Rows (or triples) of a result; what is cut says so.", unit="rows", least=1
    )
    max_result_bytes: int = setting(
        GIB, "Bytes of a result; a larger one is refused or broken off.", unit="bytes", least=KIB
    )
    buffer_bytes: int = setting(
        4 * MIB,
        "Bytes of a result that are held back until it is known to be whole.",
        unit="bytes",
        least=0,
    )
    max_query_length: int = setting(
        256 * KIB, "Characters of a query's text.", unit="characters", least=1
    )
    max_nesting: int = setting(
        200, "Brackets open at once in a query's text.", unit="brackets", least=1
    )
    max_queries: int = setting(
        32,
        "Queries under way at once; for one more, the longest-running is ended.",
        unit="queries",
        least=1,
    )
    max_queries_per_client: int = setting(
        8, "Queries of one client under way or waiting at once.", unit="queries", least=1
    )
    queue_length: int = setting(64, "Queries that may wait to be started.", unit="queries", least=0)
    quick_places: int = setting(
        4 * _CORES,
        "Queries that may be new at once; each starts in a process kept ready.",
        unit="queries",
        least=1,
    )
    quick_time: float = setting(
        0.05,
        "Time after which a query is no longer new: it gives way to newer ones.",
        unit="seconds",
        least=0.01,
    )
    services: tuple[str, ...] = setting(
        (), "Endpoints that SERVICE may ask, https:// each.", flag="--service"
    )
    service_time: float = setting(
        5.0, "Time that an endpoint asked by SERVICE may take.", unit="seconds", least=0.05
    )
    service_bytes: int = setting(
        16 * MIB, "Bytes that an endpoint asked by SERVICE may answer.", unit="bytes", least=KIB
    )
