"""What every store must survive, in every kind of place: the short form of benchmarks/faults, which says what is where."""

import pytest
from benchmarks.faults import calls, limits, lines, machine, rot, tampering, traffic
from servers.fixtures import KINDS, REMOTE, every
from store_cases import own_cache  # noqa: F401

SLOW = ("google",)  # whose adapter is that of the other buckets
MANY = tuple(kind for kind in KINDS if kind not in SLOW)
BUCKETS = tuple(kind for kind in REMOTE if kind not in (*SLOW, "postgres"))


def holds(found):
    """Every figure meets its target."""
    for figure in [found] if hasattr(found, "met") else found:
        assert figure.met, f"{figure.row}: {figure.found}; expected {figure.target}"


@every()
def test_publishers_at_once_lose_none_and_repeat_none(place):
    holds(traffic.load(place, writers=3, each=4)[:1])  # its speed is for the benchmark


@every("seaweedfs", "postgres")  # moto and Azurite: in test_store_adapters by threads; a folder: in test_store_races
def test_of_racers_with_one_content_one_evaluation_is_shown(place):
    holds(traffic.races(place, rounds=1, racers=4))


@every("folder", "moto", "postgres")
def test_publishers_that_are_killed_lose_nothing_acknowledged_and_leave_only_garbage(place):
    holds(traffic.kills(place, count=4))


@every(*MANY)
@pytest.mark.parametrize(
    "operation", [name for name in calls.OPERATIONS if name != "publish"]
)  # in test_store_adapters
def test_a_fault_at_any_call_loses_nothing_acknowledged(place, operation):
    holds(calls.every_call(place, operations=[operation]))


@every(*MANY)
def test_no_flip_and_no_cut_anywhere_gives_another_answer(place):
    holds(rot.flips(place, 8))


@every(*MANY)
def test_a_store_that_may_only_be_read_is_read_and_says_that_it_cannot_be_written(place):
    holds(limits.read_only(place))


@every(*MANY)
@pytest.mark.parametrize("kind", lines.KINDS)
def test_a_bad_line_loses_nothing_and_shows_nothing_twice(place, kind):
    holds(lines.bad_lines(place, publishes=3, racers=2, kinds=[kind]))


@every(*BUCKETS)
def test_a_server_that_is_full_says_so_and_recovers(place):
    holds(lines.full_server(place))


@every(*BUCKETS, "postgres")  # a folder: test_store_machine
def test_any_order_of_everything_agrees_with_a_list(place):
    holds(machine.walks(place, examples=1, steps=8))


@every(*MANY)
def test_whoever_tampers_with_a_sealed_day_is_found(place):
    holds(tampering.attempts(place, 5))
