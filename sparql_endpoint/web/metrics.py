"""``/metrics``: what the service does, for Prometheus (https://prometheus.io/docs/instrumenting/)."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from sparql_endpoint.engine.engine import Engine
from sparql_endpoint.web.cache import AnswerCache
from sparql_endpoint.web.logs import Answered, tell

__all__ = ["Metrics"]

_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)


class Metrics:
    """The figures of one application."""

    def __init__(self, cache: AnswerCache, engine: Engine | None) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "forumgraph_requests",
            "Requests by what answered them and by status.",
            ("endpoint", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "forumgraph_request_seconds",
            "Time from the request to the first byte of its answer.",
            ("endpoint",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._hits = Counter(
            "forumgraph_cache_hits", "Answers given without the engine.", registry=self.registry
        )
        self._bytes = Counter(
            "forumgraph_response_bytes",
            "Bytes of answers whose length was known before they were sent.",
            registry=self.registry,
        )
        ProcessCollector(registry=self.registry)
        self.registry.register(_Standing(cache, engine))

    def note(self, endpoint: str, answered: Answered) -> None:
        """Count a request that ``endpoint`` answered, and log it."""
        self._requests.labels(endpoint, str(answered.status)).inc()
        self._seconds.labels(endpoint).observe(answered.seconds)
        self._bytes.inc(answered.size)
        tell(answered)

    def hit(self) -> None:
        """Count an answer out of the cache."""
        self._hits.inc()


class _Standing(Collector):
    """How things stand when somebody looks: the cache and the engine."""

    def __init__(self, cache: AnswerCache, engine: Engine | None) -> None:
        self._cache, self._engine = cache, engine

    def collect(self) -> Iterator[Metric]:
        """Yield the figures."""
        yield GaugeMetricFamily("forumgraph_cache_entries", "Answers kept.", len(self._cache))
        yield GaugeMetricFamily("forumgraph_cache_bytes", "Bytes of these.", self._cache.size)
        if self._engine is not None:
            yield from _of_engine(self._engine)


def _of_engine(engine: Engine) -> Iterator[Metric]:
    now = engine.statistics()
    outcomes = CounterMetricFamily(
        "forumgraph_queries", "Queries by how they ended.", labels=["outcome"]
    )
    for outcome, count in sorted(now.outcomes.items()):
        outcomes.add_metric([outcome], count)
    yield outcomes
    totals = {
        "rows": (now.rows, "Rows or triples of answers."),
        "result_bytes": (now.size, "Bytes of answers that the engine gave."),
        "killed": (now.killed, "Processes ended because of their query."),
        "crashed": (now.crashed, "Processes that died of themselves."),
        "restarts": (now.restarts, "Times that the data had to be loaded again."),
    }
    for name, (value, meaning) in totals.items():
        yield CounterMetricFamily(f"forumgraph_{name}", meaning, value)
    standing = {
        "running": (now.running, "Queries under way, paused ones included."),
        "paused": (now.paused, "Queries that give way to quicker ones."),
        "queued": (now.waiting, "Queries that wait for a place."),
        "processes": (now.processes, "Processes that answer queries."),
        "processes_ready": (now.ready, "Processes that wait for a query."),
        "query_memory_bytes": (now.memory, "Bytes that queries hold beside the data."),
    }
    for name, (value, meaning) in standing.items():
        yield GaugeMetricFamily(f"forumgraph_{name}", meaning, value)
