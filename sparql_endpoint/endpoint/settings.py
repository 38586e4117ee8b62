"""What an operator may set about the HTTP side; the engine's limits are in ``engine.limits``."""

from dataclasses import dataclass

from sparql_endpoint.settings import setting

__all__ = ["Settings"]

_MIB = 1024 * 1024


@dataclass(frozen=True)
class Settings:
    """The settings of one application."""

    cache_bytes: int = setting(
        128 * _MIB, "Bytes of answers kept to be given again.", unit="bytes", least=0
    )
    cache_entries: int = setting(2000, "Answers kept to be given again.", unit="answers", least=0)
    dump_triples: int = setting(
        1_000_000,
        "Triples of all graphs up to which the dataset is offered as files.",
        unit="triples",
        least=0,
    )
    keep_alive_seconds: int = setting(
        30, "Time that a connection without a request is kept.", unit="seconds", least=0
    )
    max_body_bytes: int = setting(
        1 * _MIB, "Longest body of a request; a longer one is a 413.", unit="bytes", least=1
    )
    max_connections: int = setting(
        1000, "Connections at once; one more is told a 503.", unit="connections", least=1
    )
    max_url_bytes: int = setting(
        8000, "Longest URL of a request, up to 8000; a longer one is a 414.", unit="bytes", least=1
    )
    page_rows: int = setting(
        1000, "Rows of a result that a page in the browser shows.", unit="rows", least=1
    )
    receive_seconds: float = setting(
        30.0,
        "Time in which the whole of a request must come; a slower one is a 408.",
        unit="seconds",
        least=0.05,
    )
    requests_per_second: float = setting(
        100.0,
        "Requests of one client a second, on average over ten; more are a 429. 0 counts nothing.",
        unit="requests",
        least=0,
    )
    send_seconds: float = setting(
        30.0,
        "Time in which a client must read some of an answer that waits for it; else it is cut off.",
        unit="seconds",
        least=0.05,
    )
    stop_seconds: float = setting(
        10.0,
        "Time for running queries to end when the server stops.",
        unit="seconds",
        least=0,
    )
    trusted_proxies: int = setting(
        0,
        "Proxies in front whose X-Forwarded-*, or without it Forwarded (RFC 7239), is believed.",
        unit="proxies",
        least=0,
    )
