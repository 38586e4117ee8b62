"""Places for queries, decided by a clock in the test's hand."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import pytest

from sparql_endpoint.limits import Limits
from sparql_endpoint.engine.scheduler import FRESH_TIME, TURN, Scheduler
from sparql_endpoint.engine.ticket import Phase, Ticket
from sparql_endpoint.errors import (
    QueryCancelledError,
    QueryTimeoutError,
    ServerBusyError,
    TooManyRequestsError,
)

if TYPE_CHECKING:
    from sparql_endpoint.engine.handle import Child

LIMITS = Limits(
    query_time=10,
    delivery_time=20,
    quick_time=0.05,
    quick_places=2,
    slow_places=2,
    max_queries=6,
    max_queries_per_client=3,
    queue_length=1,
)


@dataclass(eq=False)
class FakeChild:
    """A child that notes what is done to it."""

    done: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_: self.done.append(name)


class Clocked:
    """A scheduler, its clock, which runs ahead of the real one, and the children it lowered."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.lowered: list[Child] = []
        self.scheduler = Scheduler(limits, self.lowered.append)
        self.now = time.monotonic()

    def begin(self, client: str | None = None) -> Ticket:
        ticket = self.scheduler.enter(client or f"client-{id(object())}-{time.monotonic()}")
        self.scheduler.assign(ticket, cast("Child", FakeChild()))
        return ticket

    def begin_slow(self, client: str | None = None) -> Ticket:
        ticket = self.begin(client)
        self.pass_by(0.06)
        return ticket

    def pass_by(self, seconds: float) -> None:
        self.now = max(self.now, time.monotonic()) + seconds
        self.scheduler.tick(self.now)


def _phase(ticket: Ticket) -> str:
    return ticket.phase.name


def _done(ticket: Ticket) -> list[str]:
    done: list[str] = cast("Any", ticket.child).done
    return done


def test_query_that_lasts_gives_way() -> None:
    """After its quick time a query that is not alone runs on in a slow place at low priority."""
    clock = Clocked()
    tickets = [clock.begin(), clock.begin()]
    assert [_phase(ticket) for ticket in tickets] == ["QUICK", "QUICK"]
    clock.pass_by(0.1)
    assert [_phase(ticket) for ticket in tickets] == ["SLOW", "SLOW"]
    assert clock.lowered == [ticket.child for ticket in tickets]
    assert all(_done(ticket)[0] == "lower" for ticket in tickets)


def test_query_that_is_alone_keeps_its_priority() -> None:
    """It is in nobody's way, and its process can be used again."""
    clock = Clocked()
    ticket = clock.begin()
    clock.pass_by(1)
    assert (_phase(ticket), clock.lowered) == ("QUICK", [])


def test_query_waiting_for_a_child_stays_quick() -> None:
    """The quick time starts with the child, not with the wait for it."""
    clock = Clocked()
    ticket = clock.scheduler.enter("client")
    clock.pass_by(1)
    assert _phase(ticket) == "QUICK"


def test_slow_queries_beyond_the_places_pause_and_take_turns() -> None:
    """With all slow places taken the next is stopped until one who ran has had a turn."""
    clock = Clocked()
    first, second, third = (clock.begin_slow() for _ in range(3))
    assert [t.phase for t in (first, second, third)] == [Phase.SLOW, Phase.SLOW, Phase.PAUSED]
    assert _done(third)[-1] == "pause"
    clock.pass_by(TURN)
    assert (first.phase, third.phase) == (Phase.PAUSED, Phase.SLOW)
    assert (_done(first)[-1], _done(third)[-1]) == ("pause", "resume")


def test_long_queries_run_on_in_the_order_they_came() -> None:
    """Past their first second queries take no turns, so that some of them end."""
    clock = Clocked()
    tickets = [clock.begin_slow() for _ in range(3)]
    for _ in range(30):
        clock.pass_by(TURN / 2)
    assert min(ticket.attained for ticket in tickets) > FRESH_TIME
    phases = [ticket.phase for ticket in tickets]
    clock.pass_by(2)
    assert [ticket.phase for ticket in tickets] == phases
    runs = [ticket for ticket in tickets if ticket.phase is Phase.SLOW]
    clock.scheduler.leave(runs[0])
    assert all(ticket.phase is Phase.SLOW for ticket in tickets if ticket is not runs[0])


def test_paused_query_that_is_done_goes_on() -> None:
    """A child whose answer was read is not left stopped."""
    clock = Clocked()
    third = [clock.begin_slow() for _ in range(3)][-1]
    clock.scheduler.leave(third)
    assert _done(third)[-1] == "resume"


def test_query_that_waits_for_its_reader_takes_no_slow_place() -> None:
    """A client that reads slowly keeps nobody from running."""
    clock = Clocked()
    first, _, third = (clock.begin_slow() for _ in range(3))
    first.stalled_since = time.monotonic() - 1
    clock.pass_by(0.01)
    assert _phase(third) == "SLOW"


def test_time_runs_out() -> None:
    """A query over its time is doomed and its child killed."""
    clock = Clocked()
    ticket = clock.begin()
    clock.pass_by(10.1)
    assert isinstance(ticket.doom, QueryTimeoutError)
    assert "kill" in _done(ticket)


def test_time_to_read_is_not_the_querys() -> None:
    """While the client reads, the query's clock stands; the delivery's runs."""
    clock = Clocked()
    ticket = clock.begin()
    ticket.stall()
    clock.pass_by(15)
    assert ticket.doom is None
    clock.pass_by(20)
    assert "read faster" in str(ticket.doom)


def test_paused_query_is_told_that_it_waited() -> None:
    """The message of a query that ran out of time while paused says so."""
    clock = Clocked()
    tickets = [clock.begin_slow() for _ in range(3)]
    clock.pass_by(11)
    assert sum("waiting for others" in str(ticket.doom) for ticket in tickets) == 1


def test_client_has_only_so_many_queries() -> None:
    """One more than a client may have is refused with 429; ourselves are not counted."""
    clock = Clocked()
    for _ in range(3):
        clock.begin_slow("greedy")
    with pytest.raises(TooManyRequestsError, match="3 queries of yours") as caught:
        clock.begin("greedy")
    assert caught.value.retry_after == 1
    assert clock.scheduler.enter(None).phase is Phase.QUICK


def test_full_server_ends_the_longest_running() -> None:
    """With all places taken a new query takes that of the one that has run longest."""
    clock = Clocked()
    tickets = [clock.begin_slow() for _ in range(6)]
    newest = clock.begin()
    assert _phase(newest) == "QUICK"
    assert isinstance(tickets[0].doom, ServerBusyError)
    assert "run longest" in str(tickets[0].doom)


def _enter_aside(clock: Clocked, client: str) -> tuple[threading.Thread, list[Any]]:
    got: list[Any] = []

    def enter() -> None:
        try:
            got.append(clock.scheduler.enter(client))
        except Exception as error:  # noqa: BLE001  # the test looks at it
            got.append(error)

    thread = threading.Thread(target=enter)
    thread.start()
    return thread, got


def _await_waiting(clock: Clocked, count: int) -> None:
    end = time.monotonic() + 5
    while clock.scheduler.phases()[Phase.WAITING] < count:
        assert time.monotonic() < end
        time.sleep(0.005)


def test_query_waits_for_a_quick_place() -> None:
    """With all quick places taken a query waits, and starts when one is free."""
    clock = Clocked()
    first, _ = clock.begin(), clock.begin()
    thread, got = _enter_aside(clock, "waiting")
    _await_waiting(clock, 1)
    clock.scheduler.leave(first)
    thread.join(5)
    assert _phase(got[0]) == "QUICK"


def test_queue_has_an_end() -> None:
    """Beyond the queue's length a query is refused with 503 and a time to come back."""
    clock = Clocked()
    first, second = clock.begin(), clock.begin()
    threads = []
    for number in range(2):
        threads.append(_enter_aside(clock, f"waiting-{number}")[0])
        _await_waiting(clock, number + 1)
    with pytest.raises(ServerBusyError, match="waiting already"):
        clock.begin()
    clock.scheduler.leave(first)
    clock.scheduler.leave(second)
    for thread in threads:
        thread.join(5)


def test_client_that_leaves_the_queue_is_gone() -> None:
    """A client may hang up while it waits."""
    clock = Clocked()
    first = clock.begin()
    clock.begin()
    with pytest.raises(QueryCancelledError):
        clock.scheduler.enter("client", cancelled=lambda: True)
    clock.scheduler.leave(first)
    assert clock.begin().phase is Phase.QUICK


def test_waiting_takes_of_the_querys_time() -> None:
    """A query whose time is over before it started says that it only waited."""
    clock = Clocked()
    clock.begin()
    clock.begin()
    with pytest.raises(QueryTimeoutError, match="all of it waiting"):
        clock.scheduler.enter("client", time_limit=0.01)


def test_closed_scheduler_lets_nobody_in() -> None:
    """A stopping server says so."""
    clock = Clocked()
    clock.scheduler.close()
    with pytest.raises(ServerBusyError, match="stopping"):
        clock.begin()
