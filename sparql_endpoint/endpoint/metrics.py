"""``/metrics``: what the service does, for Prometheus (https://prometheus.io/docs/instrumenting/).

The counters of all workers add up by the multiprocess mode of prometheus_client, whose files lie in
the folder that ``PROMETHEUS_MULTIPROC_DIR`` names; without it, those of this process are shown.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from sparql_endpoint.endpoint.logs import Answered
from sparql_endpoint.endpoint.response_cache import CACHE
from sparql_endpoint.endpoint.shared_cache import SharedCache

__all__ = ["Figures", "Metrics"]

_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)
_FOLDER = "PROMETHEUS_MULTIPROC_DIR"

Figures = Callable[[], Mapping[str, int]]
"""Returns the figures of a server by their names; those of ``_TOTALS`` only grow."""

_TOTALS = {
    "connections": "Connections that were accepted.",
    "rejected": "Requests that were refused before the application saw them.",
    "killed": "Workers ended because of their request.",
    "crashed": "Workers that died of themselves.",
    "restarts": "Times that the data had to be loaded again.",
}
_STATES = {
    "open_connections": "Connections that are open.",
    "queued": "Requests that wait for a worker.",
    "running": "Requests that a worker answers.",
    "slow": "Requests past their quick time, which run at low priority.",
    "deliveries": "Answers that clients have still to read.",
    "workers": "Processes that answer requests.",
    "request_memory_bytes": "Bytes that requests and their answers hold beside the data.",
}


class Metrics:
    """The figures of one application."""

    def __init__(self, shared: SharedCache, figures: Figures | None = None) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "forumgraph_requests",
            "Requests by what answered them and by status.",
            ("endpoint", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "forumgraph_request_seconds",
            "Time from the request to the first byte of its answer.",
            ("endpoint",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._bytes = Counter(
            "forumgraph_response_bytes", "Bytes of the bodies of answers.", registry=self._registry
        )
        self._hits = Counter(
            "forumgraph_cache_hits", "Answers out of the cache.", registry=self._registry
        )
        self._queries = Counter(
            "forumgraph_queries",
            "Queries of clients by how they ended: complete, cut, or the name of an error.",
            ("outcome",),
            registry=self._registry,
        )
        self._engines = Counter(
            "forumgraph_queries_by_engine",
            "Queries of clients that were answered, by the engine that evaluated them.",
            ("engine",),
            registry=self._registry,
        )
        self._rows = Counter(
            "forumgraph_rows", "Rows or triples of their results.", registry=self._registry
        )
        self._result_bytes = Counter(
            "forumgraph_result_bytes", "Bytes of their results.", registry=self._registry
        )
        self._server = _Server(shared, figures)
        self._requests_of = cache(self._requests.labels)
        self._seconds_of = cache(self._seconds.labels)
        self._queries_of = cache(self._queries.labels)
        self._engines_of = cache(self._engines.labels)

    def count_query(self, outcome: str, rows: int = 0, size: int = 0, engine: str = "") -> None:
        """Count a query of a client that ended, and what evaluated it if anything did."""
        self._queries_of(outcome).inc()
        if engine:
            self._engines_of(engine).inc()
        self._rows.inc(rows)
        self._result_bytes.inc(size)

    def count(self, endpoint: str, answered: Answered) -> None:
        """Count a request that ``endpoint`` answered."""
        self._requests_of(endpoint, str(answered.status)).inc()
        self._seconds_of(endpoint).observe(answered.seconds)
        self._bytes.inc(answered.size)
        if endpoint == CACHE:
            self._hits.inc()

    def text(self) -> bytes:
        """Return all figures in the text format of Prometheus."""
        registry = CollectorRegistry() if _FOLDER in os.environ else self._registry
        if registry is not self._registry:
            multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # it has no types
        state = CollectorRegistry()
        state.register(self._server)
        return generate_latest(registry) + generate_latest(state)


class _Server(Collector):
    """The state of the cache and of the server at the time of asking."""

    def __init__(self, shared: SharedCache, figures: Figures | None) -> None:
        self._cache, self._figures = shared, figures

    def collect(self) -> Iterator[Metric]:
        """Yield the figures."""
        entries, size = self._cache.figures()
        yield GaugeMetricFamily("forumgraph_cache_entries", "Values in the cache.", entries)
        yield GaugeMetricFamily("forumgraph_cache_bytes", "Bytes of these.", size)
        figures = self._figures() if self._figures else {}
        for name, meaning in _TOTALS.items():
            yield CounterMetricFamily(f"forumgraph_{name}", meaning, figures.get(name, 0))
        for name, meaning in _STATES.items():
            yield GaugeMetricFamily(f"forumgraph_{name}", meaning, figures.get(name, 0))
