"""What data next: what is missing is asked for, in the order of what is at stake, and the next test set says what came."""

import csv
import io
import json

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

import plainview
from plainview.cli import app
from plainview.collecting import brought, kept
from plainview.collecting.exposures import worth
from plainview.collecting.listing import data_wanted
from plainview.collecting.wants import to_see_fixed
from plainview.errors.judged import judge
from plainview.narrative.collecting import brought_answer
from plainview.statistics.paired import mcnemar

N = 900
CLASSES = ["blue", "green", "red", "grey"]
SPECIFICATION = {
    "project": "colours",
    "task": "classification",
    "columns": {"id": "id", "label": "label", "prediction": "prediction"},
    "metrics": ["accuracy"],
    "behaviours": [
        {
            "name": "Sees by night",
            "scenarios": [{"name": "Fog", "where": "place = 'fog'"}, {"name": "=Night", "where": "place = 'night'"}],
        }
    ],
    "requirements": [{"id": "R-1", "scenario": "Fog", "metric": "accuracy", "at_least": 0.5, "priority": "must"}],
}


def rows(seed: int = 0, *, fog: int = 8, start: int = 0) -> pl.DataFrame:
    """Blue is taken for green; the answers of the night are bad; there is hardly any fog; two pairs of twins disagree."""
    random = np.random.default_rng(seed)
    labels = random.choice(CLASSES, N)
    places = random.choice(["day", "dusk", "night"], N)
    places[:fog] = "fog"
    wrong = random.random(N) < np.where(places == "night", 0.4, 0.06)
    others = [random.choice([name for name in CLASSES if name != label]) for label in labels]
    said = np.where(wrong, others, labels)
    swapped = (random.random(N) < 0.3) & np.isin(labels, ("blue", "green"))
    said = np.where(swapped, np.where(labels == "blue", "green", "blue"), said)
    numbers = random.normal(size=N)
    numbers[100], numbers[300], places[100], labels[100], labels[101] = (
        numbers[101],
        numbers[301],
        places[101],
        "red",
        "grey",
    )
    places[300], labels[300], labels[301] = places[301], "red", "blue"
    return pl.DataFrame(
        {
            "id": [f"{at + start:05d}" for at in range(N)],
            "label": labels,
            "prediction": said,
            "place": places,
            "x": numbers,
        }
    )


@pytest.fixture
def store(tmp_path):
    plainview.publish(
        rows(), specification=SPECIFICATION, release="1.0", released="2026-01-01", store=tmp_path / "store"
    )
    return plainview.open_store(tmp_path / "store")


@pytest.fixture
def wanted(store):
    return data_wanted(store, store.evaluation("colours", "1.0"))


def of(wanted, kind):
    return [each for each in wanted.wants if each.kind == kind]


def test_every_kind_is_found_where_it_was_planted(wanted):
    [few] = of(wanted, "too few")
    assert (few.scenario, few.has, few.examples, few.demanded) == ("Fog", 8, 22, ("R-1",))
    assert "place = 'night'" in [each.where for each in of(wanted, "weak")]
    assert [set(each.classes) for each in of(wanted, "confused")] == [{"blue", "green"}]
    [conflicts] = of(wanted, "conflicts")
    assert set(conflicts.ids) == {"00100", "00101", "00300", "00301"}
    assert conflicts.stake == 2
    assert "no probabilities were published" in wanted.not_looked_for["label errors"]
    weights = [each.weight for each in wanted.wants]
    assert weights == sorted(weights, reverse=True)


def test_a_confusion_is_counted_as_it_is_in_the_rows(wanted):
    frame = rows()
    both = frame.filter(pl.col("label").is_in(["blue", "green"]))
    taken = both.filter((pl.col("prediction") != pl.col("label")) & pl.col("prediction").is_in(["blue", "green"]))
    [pair] = of(wanted, "confused")
    assert pair.has == both.height
    assert pair.share == pytest.approx(taken.height / both.height)


def test_the_examples_that_are_asked_for_show_that_half_of_it_was_fixed():
    share, elsewhere = 0.4, 0.1
    n = to_see_fixed(share, elsewhere)
    random, seen = np.random.default_rng(0), 0
    for _ in range(400):
        fixed = random.binomial(n, (share - elsewhere) / 2)
        seen += mcnemar(fixed, 0) < 0.05
    assert seen / 400 >= 0.75


def test_traffic_and_cost_change_the_order(tmp_path):
    night = {"name": "Night", "where": "place = 'night'", "traffic": 0.01}
    day = {"name": "Day", "where": "place = 'day'", "traffic": 0.9}
    shares = [night, day]
    priced = SPECIFICATION | {"behaviours": [{"name": "In use", "scenarios": shares}], "requirements": []}
    plainview.publish(rows(), specification=priced, release="1.0", store=tmp_path / "store")
    own = plainview.open_store(tmp_path / "store")
    evaluation = own.evaluation("colours", "1.0")
    each, unit = worth(judge(own, evaluation))
    assert each.sum() == pytest.approx(10_000)
    assert unit == "errors among 10,000 requests"
    night = next(one for one in data_wanted(own, evaluation).wants if one.where == "place = 'night'")
    mask = (rows()["place"] == "night").to_numpy()
    assert night.weight == pytest.approx(night.stake * 100 / mask.sum())


def test_the_next_test_set_says_what_came_and_which_verdicts_became_possible(store, wanted, tmp_path):
    kept.keep_list(store, wanted)
    assert len(store.events("colours")) == 1
    kept.keep_list(store, wanted)
    assert len(store.events("colours")) == 1
    first, fresh = rows(), rows(1, fog=40, start=N)
    relabelled = first.with_columns(
        label=pl.when(pl.col("id") == "00100").then(pl.lit("grey")).otherwise("label")
    ).filter(pl.col("id") != "00300")
    grown, options = pl.concat([relabelled, fresh]), {"release": "2.0", "released": "2026-02-01", "store": store}
    plainview.publish(grown, specification=SPECIFICATION, **options)
    evaluation = store.evaluation("colours", "2.0")
    lists = [kept.read_list(store, event) for event in store.events("colours", kind=kept.KIND)]
    last = brought.last_before(lists, evaluation)
    found = brought.brought(store, last, evaluation)
    assert found.added == N
    by_kind = {row.want.kind: row for row in found.rows}
    assert (by_kind["too few"].arrived, by_kind["too few"].now, by_kind["too few"].possible) == (40, 48, True)
    night = next(row for row in found.rows if row.want.where == "place = 'night'")
    mine = fresh.filter(pl.col("place") == "night")
    assert night.arrived == mine.height
    assert night.new_share == pytest.approx((mine["label"] != mine["prediction"]).mean())
    assert (by_kind["conflicts"].arrived, by_kind["conflicts"].now) == (2, 2)
    said = brought_answer(found)
    assert "Verdicts became possible on 1 of 1 scenario that had too few" in said
    assert "2 of 4 doubted labels were changed or taken out" in said
    assert brought.last_before(lists, store.evaluation("colours", "1.0")) is None


def test_the_command_line_writes_a_list_in_which_nothing_is_a_formula(store, tmp_path):
    more = rows().filter(pl.col("place") != "night")
    plainview.publish(more, specification=SPECIFICATION, release="1.1", released="2026-03-01", store=store)
    address, output = ["--store", str(tmp_path / "store")], tmp_path / "wanted.csv"
    check = tmp_path / "check.csv"
    line = ["next-data", "colours", "--output", str(output), "--labels", str(check), "--keep"]
    done = CliRunner().invoke(app, [*line, *address])
    assert done.exit_code == 0, done.output
    table = list(csv.DictReader(io.StringIO(output.read_text())))
    assert "'=Night" in [row["what"] for row in table]
    assert len(list(csv.DictReader(io.StringIO(check.read_text())))) == 4
    told = json.loads(CliRunner().invoke(app, ["next-data", "colours", "1.0", "--json", *address]).stdout)
    assert told["brought"] is not None  # held against the list of the other test set
    assert [row["rank"] for row in told["wanted"]] == [*range(1, len(told["wanted"]) + 1)]
    bad = CliRunner().invoke(
        app, ["next-data", "colours", "1.0", "--output", str(tmp_path / "no" / "file.csv"), "--keep", *address]
    )
    assert bad.exit_code == 2


def test_examples_that_columns_do_not_tell_apart_are_no_duplicates(tmp_path):
    plainview.publish(rows().drop("x"), specification=SPECIFICATION, release="1.0", store=tmp_path / "store")
    own = plainview.open_store(tmp_path / "store")
    found = data_wanted(own, own.evaluation("colours", "1.0"))
    assert of(found, "conflicts") == []
    assert "do not tell examples apart" in found.not_looked_for["conflicts"]


def test_boxes_are_asked_for_where_no_verdict_is_possible_and_the_rest_says_why_not(tmp_path):
    box = '[{"class": "car", "box": [0, 0, 10, 10]}]'
    frame = pl.DataFrame({"id": ["a", "b"], "boxes": [box] * 2, "found": ["[]"] * 2, "hour": [1, 20]})
    demanded = {
        "project": "street",
        "task": "detection",
        "columns": {"id": "id", "label": "boxes", "prediction": "found"},
        "metrics": ["micro_recall"],
    }
    plainview.publish(frame, specification=demanded, release="1", store=tmp_path / "store")
    own = plainview.open_store(tmp_path / "store")
    found = data_wanted(own, own.evaluation("street", "1"))
    assert [(each.scenario, each.has, each.examples) for each in found.wants] == [("all", 2, 28)]
    assert "right or wrong one by one" in found.not_looked_for["weak"]
