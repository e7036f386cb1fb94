"""The demo: real releases of real systems, published from the data that is shipped beside the code."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import yaml

from plainview.demo_explained import Learnt, Taught, explain_taught
from plainview.exceptions import InputError, PlainviewError, nearest
from plainview.frames import read_frame
from plainview.publishing import publish, writable_store
from plainview.records import Evaluation
from plainview.robustness import publish_outcomes
from plainview.specification import load_specification

if TYPE_CHECKING:
    from plainview.store import Store

MANIFEST = "releases.yaml"
Progress = Callable[[int, int, str], None]  # releases done, releases in all, what was done last
Entry = dict[str, Any]  # one project, or one release, of the manifest


def publish_demo(
    store: "Store | str | Path", *, data: str | Path | None = None, progress: Progress | None = None
) -> list[Evaluation]:
    """Publish every release of the demo and leave what its people wrote; the evaluations, oldest first of each project.

    A second time changes nothing. ``data`` is the folder with releases.yaml; without it, the nearest ``data/demo`` above the
    package or the working directory is taken. ``progress`` is called after each release.

    Raises InputError where there is no such folder, and PlainviewError where scikit-learn, which one project is trained
    with, is not installed. All frames are made before the first is published.
    """
    from plainview.demo_written import leave_written

    folder = demo_folder(data)
    evaluations = publish_releases(store, data=folder, progress=progress)
    leave_written(writable_store(store), folder)
    return evaluations


def publish_releases(
    store: "Store | str | Path", *, data: str | Path | None = None, progress: Progress | None = None
) -> list[Evaluation]:
    """As `publish_demo`, but only releases and what tools find: explanations, checks, data tests, production."""
    folder = demo_folder(data)
    planned = [each for project in _manifest(folder) for each in _publications(project, folder)]
    opened = writable_store(store)
    evaluations = []
    for done, (frame, what, taught, suite) in enumerate(planned, start=1):
        evaluations.append(publish(frame, store=opened, **what))
        if taught is not None:
            explain_taught(opened, evaluations[-1], taught)
        if suite is not None:
            publish_outcomes(opened, evaluations[-1].project, what["release"], **suite)
        if progress is not None:
            progress(done, len(planned), f"{evaluations[-1].project} {what['release']}")
    for project in _manifest(folder):
        _test_and_watch(opened, project, folder)
    return evaluations


def demo_folder(data: str | Path | None = None) -> Path:
    """The folder with the demo's data. Raises InputError where there is none."""
    if data is not None:
        places = [Path(data)]
    else:
        above = [*Path(__file__).resolve().parents, Path.cwd(), *Path.cwd().parents]
        places = [place / "data" / "demo" for place in above]
    for place in places:
        if (place / MANIFEST).is_file():
            return place
    looked = f"in {data}" if data is not None else "above the package or above the working directory"
    raise InputError(
        f"The demo's data was not found: there is no data/demo/{MANIFEST} {looked}. "
        "It is in Plainview's repository, not in the installed package: work in a clone, or name the folder."
    )


def _manifest(folder: Path) -> list[Entry]:
    return yaml.safe_load((folder / MANIFEST).read_text(encoding="utf-8"))


def _publications(project: Entry, folder: Path) -> Iterator[tuple[pl.DataFrame, Entry, Taught | None, Entry | None]]:
    """For each release of a project: the frame to publish, what else `publish` is told, what answers, where known, and what
    `publish_outcomes` is told.
    """
    rows = read_frame(folder / project["frame"], id_column="id")
    trained, taught = "training" in project, {}
    if trained:
        rows, taught = teach(rows, project["releases"], **project["training"])
    checks = project.get("checks")
    suite = read_frame(folder / checks["outcomes"]) if checks else None
    for release in project["releases"]:
        yield (
            rows,
            {
                "specification": _demanded(folder / project["specification"], folder, release.get("adds")),
                "release": release["name"],
                "released": release["released"],
                "notes": release["notes"],
                "prediction": release["name"] if trained else release["prediction"],
                "score": release.get("score"),
            },
            taught.get(release["name"]),
            None if suite is None else {"outcomes": _answered(suite, release), "may_fail": checks["may_fail"]},
        )


def _demanded(specification: Path, folder: Path, adds: str | None) -> Path | Entry:
    """The specification of a release: the project's, or the same with the behaviours and requirements of another file added."""
    if adds is None:
        return specification
    whole, more = (yaml.safe_load(each.read_text(encoding="utf-8")) for each in (specification, folder / adds))
    return whole | {name: [*whole[name], *more[name]] for name in more}


def _answered(suite: pl.DataFrame, release: Entry) -> pl.DataFrame:
    """The sentences of a suite with the answers of one release."""
    asked = ("capability", "check", "test_type", "kind", "case", "variant", "text", "expected")
    return suite.select(*asked, answer=release["prediction"], score=release["score"])


def _test_and_watch(store: "Store", project: Entry, folder: Path) -> None:
    """Test the test set of a project, and hold its production against what came before; what is there already stays.

    Counted and measured by Plainview itself: the same figures as Evidently's, without the seconds that loading it costs.
    """
    from plainview.data_tests import run_data_tests
    from plainview.drift import monitor

    rows = read_frame(folder / project["frame"], id_column="id")
    name = load_specification(folder / project["specification"]).project
    last = project["releases"][-1]
    month = pl.col("month")
    taught = rows.filter(month <= last["learns"]["through_month"]) if "training" in project else None
    run_data_tests(store, name, last["name"], training=taught, counted_by="plainview")
    if "production" not in project:
        return
    watched = project["production"]
    release = next(each for each in project["releases"] if each["name"] == watched["release"])
    first, end = watched["reference"]["months"]
    answered = train(rows, [release], **{**project["training"], "judged_from_month": first})
    given = {"release": release["name"], "prediction": release["name"], "measured_by": "plainview"}
    for batch in watched["batches"]:
        monitor(
            store, name, answered.filter(month == batch["month"]), reference=answered.filter(month.is_between(first, end)),
            reference_name=watched["reference"]["name"], name=batch["name"], until=batch["until"], **given,
        )  # fmt: skip


def train(rows: pl.DataFrame, releases: list[Entry], **training: Any) -> pl.DataFrame:
    """The rows that are judged, with the predictions of each release, as `teach` gives them."""
    return teach(rows, releases, **training)[0]


def teach(
    rows: pl.DataFrame,
    releases: list[Entry],
    *,
    label: str,
    judged_from_month: int,
    numbers: list[str],
    names: list[str],
) -> tuple[pl.DataFrame, dict[str, Taught]]:
    """The rows from ``judged_from_month`` on, with one more column a release: its predictions, to a tenth of a minute; and what
    answers, by release.

    Each release learns from the months up to its own. ``numbers`` and ``names`` are the columns that are known when
    the plane leaves the gate. Rounding hides what the order of floating-point sums could change between machines.
    """
    judged = rows.filter(pl.col("month") >= judged_from_month)
    vocabulary = {name: pl.Enum(rows[name].unique().sort()) for name in names}

    def seen(flights: pl.DataFrame) -> pl.DataFrame:
        coded = [pl.col(name).cast(known).to_physical().cast(pl.Float64) for name, known in vocabulary.items()]
        return flights.select(*(pl.col(name).cast(pl.Float64) for name in numbers), *coded)

    columns, taught = [], {}
    for release in releases:
        learns = release["learns"]
        if learns["method"] not in METHODS:
            raise InputError(f"There is no method {learns['method']!r}. {nearest(learns['method'], METHODS)}")
        known = rows.filter(pl.col("month") <= learns["through_month"])
        predict, model = METHODS[learns["method"]](seen(known).with_columns(known[label]), label)
        taught[release["name"]] = Taught(judged, tuple(seen(judged).columns), seen, predict, model)
        columns.append(pl.Series(release["name"], predict(seen(judged)).round(1)))
    return judged.with_columns(columns), taught


def _carrier_average(known: pl.DataFrame, label: str) -> tuple[Learnt, None]:
    """The delay at departure plus the carrier's mean change on the way, in minutes."""
    change = known.group_by("carrier").agg((pl.col(label) - pl.col("dep_delay")).mean().alias("change"))
    average = (known[label] - known["dep_delay"]).mean()

    def predict(asked: pl.DataFrame) -> np.ndarray:
        joined = asked.join(change, on="carrier", how="left", maintain_order="left")
        return (joined["dep_delay"] + joined["change"].fill_null(average)).to_numpy()

    return predict, None


def _boosted_trees(known: pl.DataFrame, label: str) -> tuple[Learnt, Any]:
    """Gradient-boosted trees over every column but the label, in minutes."""
    try:
        from sklearn.ensemble import HistGradientBoostingRegressor
        from threadpoolctl import ThreadpoolController  # scikit-learn depends on it
    except ImportError as error:
        raise PlainviewError(
            "The demo trains its flight-delay models with scikit-learn, which is not installed. "
            'It comes with the extra "app": pip install "plainview[app]"'
        ) from error
    model = HistGradientBoostingRegressor(
        max_iter=100, learning_rate=0.08, max_leaf_nodes=15, min_samples_leaf=40, early_stopping=False, random_state=13
    )
    threads = ThreadpoolController()  # made once: looking for the pools takes longer than a prediction
    with threads.limit(limits=1):  # so little work is slower on several threads, much slower on a busy machine
        model.fit(known.drop(label).to_numpy(), known[label].to_numpy())

    def predict(asked: pl.DataFrame) -> np.ndarray:
        with threads.limit(limits=1):
            return model.predict(asked.to_numpy())

    return predict, model


METHODS = {"carrier average": _carrier_average, "boosted trees": _boosted_trees}
