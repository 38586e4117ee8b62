"""What an operator may set about the HTTP side, each with a name, a default and a meaning.

The command line and the environment take their options from this one table.
"""

from dataclasses import dataclass, field, fields

__all__ = ["MIB", "Settings", "environment_name"]

MIB = 1024 * 1024


def _setting(default: int, meaning: str) -> int:
    value: int = field(default=default, metadata={"help": meaning})
    return value


@dataclass(frozen=True)
class Settings:
    """The settings of one application; sizes are bytes."""

    cache_bytes: int = _setting(128 * MIB, "Bytes of answers kept ready to be given again.")
    cache_entries: int = _setting(2000, "Number of answers kept ready to be given again.")
    dump_triples: int = _setting(
        1_000_000, "Triples of all graphs up to which the dataset is offered as files."
    )
    max_body_bytes: int = _setting(1 * MIB, "Longest body of a request; a longer one is a 413.")
    max_url_bytes: int = _setting(
        8000, "Longest URL of a request, up to 8000; a longer one is a 414."
    )
    page_rows: int = _setting(1000, "Rows that a page in the browser shows of a result.")
    stop_seconds: int = _setting(10, "Seconds that running requests have to end when stopping.")
    threads: int = _setting(64, "Requests taken at the same time.")
    trusted_proxies: int = _setting(
        0, "Number of proxies in front whose X-Forwarded-* headers are believed."
    )


def environment_name(setting: str) -> str:
    """Return the environment variable that sets ``setting``."""
    return f"FORUMGRAPH_{setting.upper()}"


def help_texts() -> dict[str, str]:
    """Return what each setting means, by its name."""
    return {entry.name: entry.metadata["help"] for entry in fields(Settings)}
