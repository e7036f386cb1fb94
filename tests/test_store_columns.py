"""Results read as columns are the results of each evaluation, wherever they are read from and whatever happens meanwhile."""

import random
import sqlite3
import threading

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from store_cases import draft, own_cache, result  # noqa: F401

from plainview.exceptions import DamagedError, NotFoundError
from plainview.records import Result
from plainview.store import create_store, open_store
from plainview.store.cache import Cache
from plainview.store.results import RESULT_TYPES
from plainview.store.segments import Segment, from_bytes, member, of_one, to_bytes, together

RELEASES = 8


def varied(number, *, count=3):
    """Results with every kind of field: measured, undefined, without an interval."""
    return [
        Result(
            scenario=f"Scenario {place}", behaviour=None if place % 3 else "Understands negation",
            metric=("accuracy", "recall[négative]")[place % 2], value=None if place == 1 else (number + place) / 100,
            low=None if place == 2 else 0.1, high=None if place == 2 else 0.9, examples=20 + place, of=20.5 + place,
            missing=place, status="undefined" if place == 1 else "measured",
            reason="no positive examples" if place == 1 else None, method="wilson/1",
        )
        for place in range(count)
    ]  # fmt: skip


@pytest.fixture
def root(tmp_path):
    """Eight releases; the results of one are so many that they lie in a file of their own."""
    store = create_store(tmp_path / "store")
    for number in range(RELEASES):
        store.publish(draft(f"1.{number}", seed=number, results=varied(number, count=500 if number == 5 else 3)))
    return tmp_path / "store"


def expected(store, line):
    """The same, evaluation by evaluation, through the records."""
    rows = [
        {"order": place, **each.model_dump()} for place, one in enumerate(line) for each in open_results(store, one)
    ]
    return pl.DataFrame(rows, schema={"order": pl.Int64, **RESULT_TYPES})


def open_results(store, one):
    return store.results(one)


def cache_file(root):
    return Cache(open_store(root).id).path


def segments(root):
    return Cache(open_store(root).id).segments("sentiment")


class Watched:
    """Counts what is read through an adapter."""

    def __init__(self, store):
        self.read, adapter = [], store._adapter
        for verb in ("get", "open"):
            real = getattr(adapter, verb)
            setattr(adapter, verb, lambda key, real=real: (self.read.append(key), real(key))[1])


def test_the_table_is_what_the_evaluations_say_cold_and_warm_and_in_any_order(root):
    for line_of in (lambda all: all, lambda all: all[::-1], lambda all: all[5:6], lambda all: [all[3], all[1]]):
        store = open_store(root)
        line = line_of(store.releases("sentiment"))
        truth = expected(store, line)
        cache_file(root).unlink()
        assert_frame_equal(open_store(root).results_table(line), truth)
        assert_frame_equal(open_store(root).results_table(line), truth)


def test_one_scenario_or_metric_is_the_table_narrowed(root):
    store = open_store(root)
    line = store.releases("sentiment")
    whole = expected(store, line)
    for _ in range(2):
        assert_frame_equal(
            store.results_table(line, metric="recall[négative]"), whole.filter(metric="recall[négative]")
        )
        assert_frame_equal(store.results_table(line, scenario="Scenario 2"), whole.filter(scenario="Scenario 2"))
        both = {"scenario": "Scenario 1", "metric": "recall[négative]"}
        assert_frame_equal(store.results_table(line, **both), whole.filter(**both))
        assert store.results_table(line, scenario="no such").is_empty()
    assert store.results_table([]).schema == {"order": pl.Int64, **RESULT_TYPES}


def test_evaluations_of_several_projects_stand_side_by_side(root):
    store = open_store(root)
    store.publish(draft("1.0", project="another", results=varied(40)))
    line = [
        store.evaluation("sentiment", "1.1"),
        store.evaluation("another", "1.0"),
        store.evaluation("sentiment", "1.0"),
    ]
    for _ in range(2):
        assert_frame_equal(store.results_table(line), expected(store, line))


def test_a_new_process_reads_no_results_again_and_of_one_more_publish_that_one_alone(root):
    store = open_store(root)
    store.results_table(store.releases("sentiment"))
    later = open_store(root)
    watched = Watched(later)
    later.results_table(later.releases("sentiment"))
    assert watched.read == []
    one, _ = open_store(root).publish(draft("2.0", seed=99, results=varied(99)))
    line = later.releases("sentiment")
    assert later.results_table(line).filter(order=len(line) - 1)["value"].to_list() == [0.99, None, 1.01]
    assert set(watched.read) == {f"commits/{one.id}.json"}


def test_publishing_one_at_a_time_leaves_few_segments_with_each_evaluation_once(root):
    store = open_store(root)
    for number in range(60):
        store.publish(draft(f"2.{number}", seed=100 + number))
        store.results_table(store.releases("sentiment"))
    found = segments(root)
    assert len(found) <= 7
    listed = [line for _, _, members in found for line in members.splitlines()]
    assert sorted(listed) == sorted(" ".join(member(each)) for each in store.evaluations())


def test_no_flipped_byte_or_cut_of_the_cache_changes_a_number(root):
    store = open_store(root)
    line = store.releases("sentiment")
    truth = store.results_table(line)
    path, chance = cache_file(root), random.Random(5)
    sound = path.read_bytes()
    for _ in range(150):
        data = bytearray(sound)
        for _ in range(chance.choice((1, 1, 20))):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data[: chance.choice((len(data), len(data), chance.randrange(len(data))))])
        assert_frame_equal(open_store(root).results_table(line), truth)


def test_a_damaged_segment_is_dropped_and_built_anew(root):
    store = open_store(root)
    line = store.releases("sentiment")
    truth = store.results_table(line)
    with sqlite3.connect(cache_file(root)) as connection:
        connection.execute("UPDATE segment SET data = substr(data, 1, length(data) - 9) || x'000000000000000000'")
    connection.close()
    assert_frame_equal(store.results_table(line), truth)
    [(sha256, _, _)] = segments(root)
    assert from_bytes(Cache(store.id).segment(sha256), sha256).rows.height == truth.height


def test_results_of_other_content_under_the_same_id_are_not_believed(root):
    """As a record restored from a backup, or a cache of another store under the same id, would leave them."""
    store = open_store(root)
    one = store.evaluation("sentiment", "1.0")
    false = of_one(
        one.model_copy(update={"publish_key": "f" * 64}), pl.DataFrame([result(value=0.1)], schema=RESULT_TYPES)
    )
    lying = "\n".join(" ".join(each) for each in (member(one), *false.members))
    sha256, data = to_bytes(false)
    Cache(store.id).put_segment(sha256, "sentiment", 1, lying, data)
    assert_frame_equal(store.results_table([one]), expected(store, [one]))


def test_damage_is_said_with_project_release_file_and_what_to_do_and_hides_no_other(root):
    store = open_store(root)
    line = store.releases("sentiment")
    file = root / line[5].results_file.key
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(
        DamagedError, match=r"data/results/.*is damaged.*belongs to sentiment 1\.5\. Restore it"
    ) as raised:
        store.results_table(line)
    assert "publish sentiment 1.5 again" in str(raised.value)
    failed = []
    table = store.results_table(line, failed=lambda one, error: failed.append((one.release, type(error))))
    assert failed == [("1.5", DamagedError)]
    assert table["order"].unique().to_list() == [0, 1, 2, 3, 4, 6, 7]
    assert_frame_equal(table, expected(store, line[:5] + line[6:]).with_columns(table["order"]))


def test_an_evaluation_that_is_deleted_while_it_is_read_is_said_to_be_gone_and_hides_no_other(root):
    store = open_store(root)
    line = store.releases("sentiment")
    (root / "commits" / f"{line[2].id}.json").unlink()
    with pytest.raises(NotFoundError, match=r"sentiment 1\.2 .* is no longer in the store"):
        store.results_table(line)
    gone = []
    assert store.results_table(line, failed=lambda one, error: gone.append(one.release))["order"].n_unique() == 7
    assert gone == ["1.2"]
    assert [each.release for each in store.releases("sentiment")] == [f"1.{n}" for n in range(8) if n != 2]
    assert_frame_equal(store.results_table(store.releases("sentiment")), expected(store, store.releases("sentiment")))


def test_writers_of_the_cache_and_someone_who_deletes_it_do_not_disturb_each_other(root):
    """Each thread as a process of its own: its own store, its own connection."""
    line = open_store(root).releases("sentiment")
    truth, failures, stop = expected(open_store(root), line), [], threading.Event()

    def read(seed):
        chance = random.Random(seed)
        while not stop.is_set():
            places = sorted(chance.sample(range(len(line)), chance.randint(1, len(line))))
            try:
                found = open_store(root).results_table([line[place] for place in places])
                wanted = truth.filter(pl.col("order").is_in(places)).drop("order")
                assert_frame_equal(found.drop("order"), wanted)
            except Exception as error:
                failures.append(error)

    threads = [threading.Thread(target=read, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for number in range(30):
        stop.wait(0.03)
        if number % 3 == 0:
            cache_file(root).unlink(missing_ok=True)
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []


def test_segments_join_to_one_in_which_each_member_counts_once(root):
    store = open_store(root)
    line = store.releases("sentiment")
    parts = [of_one(one, store._results(one)) for one in line]
    whole = together([together(parts[:3]), together(parts[2:5]), *parts])
    assert whole.members == tuple(member(one) for one in line)
    assert_frame_equal(whole.numbered({member(one): place for place, one in enumerate(line)}), expected(store, line))
    sha256, data = to_bytes(whole)
    again = from_bytes(data, sha256)
    assert again.members == whole.members
    assert_frame_equal(again.rows, whole.rows)


def test_rows_of_nobody_make_no_segment(root):
    rows = together(
        [of_one(one, open_store(root)._results(one)) for one in open_store(root).releases("sentiment")]
    ).rows
    for members in ((), (("a", "b"),), (("a", "b"),) * RELEASES):
        with pytest.raises(DamagedError):
            Segment(members, rows)
    with pytest.raises(DamagedError):
        Segment((("a", "b"),), rows.drop("value"))
