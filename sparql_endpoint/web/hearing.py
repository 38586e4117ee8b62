"""Waiting in an event loop for what a child of the engine says, or for the client to hang up."""

import asyncio
from collections.abc import Awaitable, Callable

from sparql_endpoint.engine.dialogue import Dialogue
from sparql_endpoint.errors import QueryCancelledError

__all__ = ["heard"]

_QUICK = 0.02
"""Seconds before anybody looks whether the client is still there: most answers are quicker."""


async def heard(dialogue: Dialogue, hung_up: Callable[[], Awaitable[object]]) -> None:
    """Return when ``dialogue.result`` would not wait; ``hung_up`` returns when the client is gone.

    Raises:
        QueryCancelledError: the client is gone.
    """
    if dialogue.gather():  # where the child ran at once on this very core, it is done by now
        return
    loop = asyncio.get_running_loop()
    said = loop.create_future()
    watch: list[asyncio.Task[None]] = []

    def read() -> None:
        if dialogue.gather() and not said.done():
            said.set_result(None)

    async def look() -> None:
        await hung_up()
        if not said.done():
            said.set_exception(QueryCancelledError("the client is gone"))

    timer = loop.call_later(_QUICK, lambda: watch.append(loop.create_task(look())))
    descriptor = dialogue.fileno()
    loop.add_reader(descriptor, read)
    try:
        await said
    finally:
        loop.remove_reader(descriptor)
        timer.cancel()
        for task in watch:
            task.cancel()
