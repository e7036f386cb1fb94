"""Drift: a batch like the test set alarms seldom, a shift that matters is found, a trifle is not, too little data is said."""

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import mean_absolute_error
from verb_cases import demo, demo_store  # noqa: F401

from plainview.drift import KIND, batch_in, compare_batch, monitor
from plainview.exceptions import FrameError, InputError, NotFoundError
from plainview.narrative.drift import drift_answer
from plainview.publishing import publish
from plainview.specification import load_specification
from plainview.store import open_store

OWN = {"measured_by": "plainview"}
FLIGHTS = "flight-delay"
BASE = {
    "project": "loans",
    "task": "classification",
    "columns": {"id": "id", "label": "label"},
    "metrics": ["accuracy"],
    "behaviours": [{"name": "Serves everyone", "scenarios": [{"name": "Far", "where": "far = true"}]}],
}


def requests(n: int, seed: int, *, shift: float = 0.0, wrong: float = 0.1, gone: float = 0.0) -> pl.DataFrame:
    """Requests with columns of every kind; ``shift`` moves the amounts, in their standard deviations."""
    random = np.random.default_rng(seed)
    label = random.choice(["no", "yes"], n, p=[0.7, 0.3])
    amount = random.normal(shift, 1, n)
    flipped = np.where(label == "no", "yes", "no")
    return pl.DataFrame(
        {
            "id": [f"{seed}-{number}" for number in range(n)],
            "label": label,
            "prediction": np.where(random.random(n) < wrong, flipped, label),
            "amount": [None if each else value for each, value in zip(random.random(n) < gone, amount, strict=True)],
            "income": random.lognormal(3, 1, n),
            "items": random.poisson(3, n),
            "region": random.choice(list("abcdefgh"), n),
            "far": random.random(n) < 0.2,
            "note": [" ".join(["word"] * count) + f" {at}" for at, count in enumerate(random.integers(2, 12, n))],
        }
    )


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drift") / "store"
    publish(requests(2_000, 0), specification=BASE, release="1", released="2026-01-01", store=folder)
    return folder


@pytest.fixture
def store(address):
    return open_store(address)


def held(store, batch, **options):
    return compare_batch(store, "loans", batch, **{**OWN, "name": "b", **options})


def verdicts(batch) -> dict[tuple[str, str], str]:
    return {(shift.column, shift.aspect): shift.verdict for shift in batch.shifts}


# --- How often it speaks ---------------------------------------------------------------------------------------------


def test_batches_like_the_test_set_raise_an_alarm_no_more_often_than_is_said(store):
    alarms = sum(bool(held(store, requests(400, seed).drop("label")).moved) for seed in range(1, 31))
    assert alarms <= 6  # 30 batches at 5%: more than 6 in one of three hundred; measured over 1,000 in benchmarks


def test_january_raises_no_more_alarms_against_january_than_is_said(demo_store):  # noqa: F811
    flights = pl.read_csv("data/demo/flights/flights.csv").filter(pl.col("month") == 1)
    alarms = 0
    for seed in range(20):
        mixed = flights.sample(fraction=1, shuffle=True, seed=seed)
        batch, reference = mixed.head(500), mixed.tail(mixed.height - 500)
        found = compare_batch(demo_store, FLIGHTS, batch, reference=reference, name="January", **OWN)
        alarms += found.outcome == "alarm"
    assert alarms <= 5


def test_a_shift_that_matters_is_found_and_said_in_one_sentence(store):
    batch = held(store, requests(600, 50, shift=0.4))
    assert verdicts(batch)["amount", "values"] == "moved"
    assert [shift.column for shift in batch.moved] == ["amount"]
    assert batch.outcome == "alarm"
    said = drift_answer(batch, load_specification(BASE))
    assert said.startswith("In the batch “b”, amount rose (median ")
    assert "against the test set" in said


def test_a_shift_too_small_to_matter_alarms_nobody_however_many_rows_there_are(store):
    batch = held(store, requests(60_000, 51, shift=0.06), reference=requests(60_000, 52))
    amount = next(shift for shift in batch.shifts if shift.column == "amount")
    assert amount.adjusted_p <= 0.01
    assert amount.verdict == "as before"
    assert amount.at_most < 0.1


def test_a_small_batch_is_never_said_to_be_as_before(store):
    batch = held(store, requests(40, 53).drop("label"))
    assert set(verdicts(batch).values()) == {"too few rows"}
    assert batch.outcome == "cannot tell"
    assert "too few rows to rule out" in drift_answer(batch, load_specification(BASE))


def test_no_change_is_said_wrongly_in_no_more_than_five_of_a_hundred_batches_at_the_bar(store):
    """The true shift of the amounts is exactly the one that matters."""
    said = 0
    for seed in range(100, 125):
        batch = held(
            store, requests(3_000, seed, shift=0.1).select("amount", "region"), reference=requests(6_000, seed + 500)
        )
        said += verdicts(batch)["amount", "values"] == "as before"
    assert said <= 5


def test_values_that_go_missing_are_found_apart_from_the_values(store):
    batch = held(store, requests(600, 54, gone=0.2))
    assert verdicts(batch)["amount", "missing"] == "moved"
    assert verdicts(batch)["amount", "values"] != "moved"


def test_a_column_that_is_not_there_or_holds_something_else_is_an_alarm(store):
    rows = requests(300, 55).drop("items").with_columns(income=pl.lit("unknown"))
    batch = held(store, rows)
    assert {column for (column, _), verdict in verdicts(batch).items() if verdict == "not there"} == {"items", "income"}
    assert batch.outcome == "alarm"


def test_new_categories_are_named(store):
    region = pl.when(pl.int_range(pl.len()) % 3 == 0).then(pl.lit("zz")).otherwise("region").alias("region")
    batch = held(store, requests(600, 56).with_columns(region))
    found = next(shift for shift in batch.shifts if shift.column == "region")
    assert (found.verdict, found.new, found.measure) == ("moved", ("zz",), "zz")


def test_texts_are_watched_by_their_length(store):
    batch = held(store, requests(600, 57).with_columns(note=pl.col("note") + " and more words than before, by far"))
    found = next(shift for shift in batch.shifts if shift.column == "note")
    assert (found.kind, found.verdict) == ("words", "moved")


def test_predictions_are_watched_too(store):
    batch = held(store, requests(600, 58).drop("label").with_columns(prediction=pl.lit("yes")))
    assert {shift.column for shift in batch.moved} == {"prediction"}


# --- Rows that are not independent -----------------------------------------------------------------------------------


def test_rows_of_few_customers_alarm_no_more_often_than_is_said(tmp_path):
    """Every customer has amounts of their own: as independent rows, nearly every batch of twelve would seem to have moved."""

    def rows(customers: int, seed: int) -> pl.DataFrame:
        random = np.random.default_rng(seed)
        mean, n = random.normal(0, 1, customers), customers * 25
        who = np.repeat(np.arange(customers), 25)
        return pl.DataFrame(
            {
                "id": [f"{seed}-{at}" for at in range(n)],
                "customer": [f"{seed}-{each}" for each in who],
                "amount": mean[who] + random.normal(0, 0.2, n),
                "label": random.choice(["no", "yes"], n),
                "prediction": ["yes"] * n,
            }
        )

    columns = {"id": "id", "label": "label", "cluster": "customer"}
    alarms = {}
    for name, parts in (("clusters", columns), ("rows", {"id": "id", "label": "label"})):
        demanded = {"project": name, "task": "classification", "columns": parts, "metrics": ["accuracy"]}
        demanded["monitoring"] = {"leave_out": ["customer"]}
        publish(rows(60, 0), specification=demanded, release="1", store=tmp_path / "s")
        opened = open_store(tmp_path / "s")
        batches = [rows(12, seed).drop("label") for seed in range(1, 21)]
        alarms[name] = sum(bool(compare_batch(opened, name, each, **OWN).moved) for each in batches)
    assert alarms["clusters"] <= 4
    assert alarms["rows"] >= 12


# --- How good answers are, where labels have arrived -----------------------------------------------------------------


def test_worse_answers_are_found_where_labels_have_arrived(store):
    batch = held(store, requests(800, 60, wrong=0.25))
    whole = next(change for change in batch.changes if change.scenario == "all")
    truth = requests(800, 60, wrong=0.25)
    assert whole.candidate == pytest.approx((truth["label"] == truth["prediction"]).mean())
    assert whole.verdict == "worse"
    assert {change.scenario for change in batch.changes} == {"all", "Far"}
    assert "accuracy is worse" in drift_answer(batch, load_specification(BASE))


def test_without_labels_nothing_is_said_of_how_good_answers_are(store):
    batch = held(store, requests(300, 61).drop("label"))
    assert (batch.changes, batch.unlabelled, batch.labels) == ((), "No labels have arrived.", 0)


# --- Kept ------------------------------------------------------------------------------------------------------------


def test_a_batch_is_kept_once_and_read_again_whole(tmp_path):
    publish(requests(500, 0), specification=BASE, release="1", store=tmp_path / "s")
    store = open_store(tmp_path / "s")
    given = {"name": "May", "until": "2026-05-31", **OWN}
    first = monitor(store, "loans", requests(300, 1, shift=1), **given)
    again = monitor(store, "loans", requests(300, 1, shift=1), **given)
    assert first.id == again.id
    monitor(store, "loans", requests(300, 2), **given)
    one, _ = store.events("loans", kind=KIND)
    read = batch_in(one, store.attached(one, "columns"), store.attached(one, "performance"))
    assert read.shifts == first.shifts
    assert [change.verdict for change in read.changes] == [change.verdict for change in first.changes]
    assert (read.outcome, read.until, read.at) == (first.outcome, first.until, first.at)
    assert (one.body["drifted"], one.body["moved"], one.release) == (True, ["amount"], "1")
    assert store.verify().ok


def test_evidently_measures_the_same_batch_to_the_same_verdicts(store):
    ours, theirs = (held(store, requests(500, 62, shift=0.3), measured_by=each) for each in ("plainview", "evidently"))
    assert verdicts(ours) == verdicts(theirs)
    methods = {shift.method for shift in theirs.shifts if shift.aspect == "values"}
    assert {method.split()[0] for method in methods} == {"evidently"}


def test_what_cannot_be_held_against_the_test_set_is_refused(store):
    with pytest.raises(NotFoundError, match="Did you mean"):
        monitor(store, "loan", requests(50, 1), **OWN)
    with pytest.raises(FrameError, match="none of the columns of the test set"):
        monitor(store, "loans", pl.DataFrame({"other": [1]}), **OWN)
    with pytest.raises(FrameError, match=r"has no column 'predicted'\. Did you mean 'prediction'"):
        monitor(store, "loans", requests(50, 1), prediction="predicted", **OWN)
    with pytest.raises(InputError, match="must be written yyyy-mm-dd"):
        monitor(store, "loans", requests(50, 1), until="31.12.2026", **OWN)
    with pytest.raises(InputError, match="Did you mean 'evidently'"):
        monitor(store, "loans", requests(50, 1), measured_by="evidentlyy")
    assert store.events("loans", kind=KIND) == []


def test_a_column_that_is_left_out_must_be_there(tmp_path):
    publish(
        requests(100, 0),
        specification={**BASE, "monitoring": {"leave_out": ["regoin"]}},
        release="1",
        store=tmp_path / "s",
    )
    with pytest.raises(InputError, match="Did you mean 'region'"):
        monitor(open_store(tmp_path / "s"), "loans", requests(50, 1), **OWN)


# --- The demo --------------------------------------------------------------------------------------------------------


def test_december_drifts_from_the_spring_and_one_sentence_says_what_moved(demo_store):  # noqa: F811
    events = demo_store.events(FLIGHTS, kind=KIND)
    assert [event.body["batch"] for event in events] == [
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ]
    december = batch_in(events[-1], *(demo_store.attached(events[-1], name) for name in ("columns", "performance")))
    flights = pl.read_csv("data/demo/flights/flights.csv")
    then = flights.filter(pl.col("month").is_between(4, 6))["temp"].median()
    now = flights.filter(pl.col("month") == 12)["temp"].median()
    specification = load_specification(demo_store.specification_text(demo_store.evaluation(FLIGHTS, december.release)))
    said = drift_answer(december, specification)
    assert said.startswith("In the batch “December”, temp fell (median 64.0 to 37.9) and visib fell")
    assert (then, now) == (pytest.approx(64.04), pytest.approx(37.94))
    moved = {shift.column for shift in december.moved}
    assert {"temp", "visib", "wind_speed"} <= moved
    assert not moved & {"month", "day", "flight", "origin", "carrier", "hour"}


def test_the_error_of_the_july_flights_is_that_of_scikit_learn(demo_store):  # noqa: F811
    july = demo_store.events(FLIGHTS, kind=KIND)[0]
    found = demo_store.attached(july, "performance").filter(scenario="all", metric="mae")
    flights = pl.read_csv("data/demo/flights/flights.csv")
    first = flights.filter(pl.col("month") <= 3)
    change = first.group_by("carrier").agg((pl.col("arr_delay") - pl.col("dep_delay")).mean().alias("change"))
    flown = flights.filter(pl.col("month") == 7).join(change, on="carrier", how="inner")
    told = (flown["dep_delay"] + flown["change"]).round(1)
    assert found["examples"].item() == flown.height
    assert found["candidate"].item() == pytest.approx(mean_absolute_error(flown["arr_delay"], told), abs=0.01)
