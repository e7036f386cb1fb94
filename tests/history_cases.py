"""Two years of a product at 98%: a release a month, on a test set that is renewed and scenarios that are redefined."""

from datetime import date
from pathlib import Path

import polars as pl

import plainview

MONTHS = 24
SIZE = 500
ROLL = 80  # examples that go and come at each of four renewals
WRONG = 10  # of SIZE: 98.0%, in every release
RENEWED = (6, 11, 16, 21)  # the releases, counted from 0, from which another version of the test set is used
REDEFINED = 13  # the release at which scenarios changed


def release_of(month: int) -> str:
    """The name of a release: 2023.01."""
    return f"{2023 + month // 12}.{month % 12 + 1:02d}"


def specification_of(month: int) -> dict:
    """Four scenarios; in 2024.02 one is renamed, one redefined, one split and two are merged."""
    before = [
        {"name": "Night", "where": "hour >= 20"},
        {"name": "Dry", "where": "rain = 0"},
        {"name": "Vans", "where": "kind = 1"},
        {"name": "Trucks", "where": "kind = 2"},
        {"name": "Small", "where": "kind = 0"},
        {"name": "Fog", "where": "hour = 3"},
    ]
    after = [
        {"name": "Night", "where": "hour >= 18"},
        {"name": "No rain", "where": "rain=0", "was": ["Dry"]},
        {"name": "Large", "where": "kind IN (1, 2)", "was": ["Vans", "Trucks"]},
        {"name": "Small by day", "where": "kind = 0 AND hour < 18", "was": ["Small"]},
        {"name": "Small by night", "where": "kind = 0 AND hour >= 18", "was": ["Small"]},
    ]
    return {
        "project": "two-years",
        "title": "Vehicles at the gate",
        "task": "classification",
        "columns": {"id": "id", "label": "label"},
        "metrics": ["accuracy", "macro_f1"],
        "classes": ["car", "van"] if month < REDEFINED else ["car", "truck", "van"],
        "behaviours": [{"name": "Knows vehicles", "scenarios": before if month < REDEFINED else after}],
    }


def frame_of(month: int) -> pl.DataFrame:
    """The test set of that month with ten wrong answers: first on examples that go, later at night on those that stay."""
    start = ROLL * sum(month >= renewed for renewed in RENEWED)
    ids = range(start, start + SIZE)
    stay = [number for number in range(ROLL * len(RENEWED), SIZE) if number % 24 >= 20]  # at night, in every version
    lost = min(WRONG, month // 2)
    wrong = set(stay[:lost]) | set([number for number in ids if number not in stay][: WRONG - lost])
    label = ["car" if number % 3 else "van" for number in ids]
    other = {"car": "van", "van": "car"}
    return pl.DataFrame(
        {
            "id": [f"{number:04d}" for number in ids],
            "label": label,
            "prediction": [other[one] if number in wrong else one for number, one in zip(ids, label, strict=True)],
            "hour": [number % 24 for number in ids],
            "rain": [number // 24 % 2 for number in ids],
            "kind": [number % 3 for number in ids],
        }
    )


def publish_two_years(store: Path) -> None:
    """Every release, on the first of its month."""
    for month in range(MONTHS):
        plainview.publish(
            frame_of(month),
            specification=specification_of(month),
            release=release_of(month),
            released=date(2023 + month // 12, month % 12 + 1, 1),
            store=store,
        )
