"""What is known of a dataset; light, for the process that loads it."""

from dataclasses import dataclass, field
from datetime import datetime

from sparql_endpoint.store.as_written import AsWritten

__all__ = ["About"]


@dataclass(frozen=True)
class About:
    """What is known of a dataset apart from its statements.

    ``digest`` is the hash of its files, by which answers are cached and named; ``own`` tells that
    it is the project's, whose default graph is the merge of all graphs, as that of a ``union`` is.
    One that is not ``immutable`` may change at any time, so that no answer is cached or named.
    ``as_written`` is where its literals stand as they were written.
    """

    digest: str
    modified: datetime
    title: str = "Forum Graph"
    own: bool = False
    union: bool = False
    immutable: bool = True
    as_written: AsWritten = field(default_factory=AsWritten)
