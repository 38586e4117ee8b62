"""The settings of the HTTP side; the limits of queries are in ``limits``."""

from dataclasses import dataclass

from sparql_endpoint.settings import setting

__all__ = ["Settings"]

_MIB = 1024 * 1024


@dataclass(frozen=True)
class Settings:
    """The settings of one application."""

    cache_bytes: int = setting(
        128 * _MIB, "Most bytes of answers in the cache.", unit="bytes", least=0
    )
    cache_entries: int = setting(2000, "Most answers in the cache.", unit="answers", least=0)
    columns_triples: int = setting(
        100_000,
        "Triples in memory beyond which the server makes columns; it needs forumgraph[columns].",
        unit="triples",
        least=0,
    )
    dump_triples: int = setting(
        1_000_000,
        "Most triples of a dataset that the server offers as dump files.",
        unit="triples",
        least=0,
    )
    keep_alive_seconds: int = setting(
        30, "Longest time of a connection without a request.", unit="seconds", least=0
    )
    max_body_bytes: int = setting(
        1 * _MIB,
        "Most bytes of a request's body; the server answers 413 to a larger one.",
        unit="bytes",
        least=1,
    )
    max_connections: int = setting(
        1000,
        "Most connections at once; the server answers 503 to one more.",
        unit="connections",
        least=1,
    )
    max_url_bytes: int = setting(
        8000,
        "Longest URL of a request, up to 8000; the server answers 414 to a longer one.",
        unit="bytes",
        least=1,
    )
    page_rows: int = setting(
        1000, "Most rows of a result on a page in the browser.", unit="rows", least=1
    )
    receive_seconds: float = setting(
        30.0,
        "Longest time until a request has arrived whole; the server answers 408 to a slower one.",
        unit="seconds",
        least=0.05,
    )
    requests_per_second: float = setting(
        100.0,
        "Most requests a second of one client, averaged over 10 s; 429 answers more. 0: no limit.",
        unit="requests",
        least=0,
    )
    security_contact: str = setting(
        "", "Contact for faults of security, as a URL: mailto:… or https://… (RFC 9116)."
    )
    send_seconds: float = setting(
        30.0,
        "Longest time in which a client reads nothing of its answer; then its connection closes.",
        unit="seconds",
        least=0.05,
    )
    stop_seconds: float = setting(
        10.0,
        "Time that running queries have to end when the server stops.",
        unit="seconds",
        least=0,
    )
    trusted_proxies: int = setting(
        0,
        "Proxies in front whose X-Forwarded-*, or else Forwarded (RFC 7239), the server trusts.",
        unit="proxies",
        least=0,
    )
