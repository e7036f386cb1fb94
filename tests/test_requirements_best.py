"""No worse than the best: a requirement that remembers the best release so far."""

import polars as pl
import pytest

import plainview


def _publish(folder, release, right, metric="accuracy", **demanded):
    ids = range(200)
    frame = pl.DataFrame(
        {
            "id": [str(each) for each in ids],
            "label": [1.0] * 200 if metric != "accuracy" else ["a"] * 200,
            "prediction": [1.0 if each < right else 2.0 for each in ids]
            if metric != "accuracy"
            else ["a" if each < right else "b" for each in ids],
        }
    )
    specification = {
        "project": "best",
        "task": "classification" if metric == "accuracy" else "regression",
        "columns": {"id": "id", "label": "label"},
        "metrics": [metric],
        "margin": 0.02,
        "requirements": [{"id": "R", "metric": metric, "no_worse_than": "best"}],
    }
    plainview.publish(frame, specification=specification, release=release, released=f"2024-01-0{release}", store=folder)


@pytest.mark.parametrize("metric", ["accuracy", "mae", "bias"])
def test_a_release_is_held_to_the_best_of_those_before_it_not_to_the_last(tmp_path, metric):
    for release, right in (("1", 150), ("2", 190), ("3", 120), ("4", 160), ("5", 192)):
        _publish(tmp_path / "store", release, right, metric)
    store = plainview.open_store(tmp_path / "store")
    standings = {release: plainview.release_report(store, "best", release).standings[0] for release in "12345"}
    assert {release: row.status for release, row in standings.items()} == {
        "1": "no evidence",
        "2": "met",
        "3": "not met",
        "4": "not met",
        "5": "met",
    }
    assert "compared with 2" in standings["4"].sentence
    assert "the best release so far" in standings["4"].title
