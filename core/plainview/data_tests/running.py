"""Run every data test of a test set, and keep what was found as an event of the store."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from plainview.data_tests.columns import column_tests
from plainview.data_tests.counting import counted_by_evidently
from plainview.data_tests.mix import mix_test
from plainview.data_tests.outcomes import DataTest, DataTests, in_order
from plainview.data_tests.sameness import LEAK, TAUGHT_TWICE, sameness_tests, training_of
from plainview.exceptions import InputError, nearest
from plainview.frames import check_ids, read_frame
from plainview.intake import Intake
from plainview.records import Event
from plainview.specification import Specification, load_specification
from plainview.tasks import TASKS

if TYPE_CHECKING:
    from plainview.store import Store

KIND, SPLIT = "data tests", "split"
UNNAMED = "\0"  # in the place of a release, in which no column is named
COUNTERS = ("evidently", "plainview")
Counter = Literal["evidently", "plainview"]


def data_tests_of(
    frame: Any,
    *,
    specification: Specification | str | Path | dict,
    training: Any = None,
    release: str | None = None,
    prediction: str | None = None,
    score: str | None = None,
    counted_by: Counter = "evidently",
) -> DataTests:
    """Test a frame as `publish` takes it, without keeping anything: its columns of the test set, and no answers.

    ``training`` is the training data: a frame or a file with the columns that tell examples apart, or with ids alone, or with
    a column "digest" (`row_digests`). ``counted_by`` says who counts what Evidently has a metric for. Raises
    SpecificationError or FrameError where the frame cannot be read so; the outcomes of tests are no errors.
    """
    demanded = load_specification(specification)
    rows = read_frame(frame, id_column=demanded.columns.id)
    check_ids(rows, demanded.columns.id)
    examples = _test_set(rows, demanded, release or UNNAMED, prediction, score)
    return examine(examples, demanded, training=training, release=release, counted_by=counted_by)


def run_data_tests(
    store: "Store",
    project: str,
    release: str,
    *,
    test_set: str | None = None,
    training: Any = None,
    specification: Specification | str | Path | dict | None = None,
    counted_by: Counter = "evidently",
    actor: str | None = None,
) -> tuple[DataTests, Event]:
    """Test the test set that a release was judged on, and keep the outcome as an event of the kind "data tests".

    By the specification that it was published under, or by ``specification``. With training data a "split" is kept too. What
    was kept already is not kept again. Raises NotFoundError for an unknown release, InputError as `data_tests_of`.
    """
    evaluation = store.evaluation(project, release, test_set=test_set)
    demanded = load_specification(specification or store.specification_text(evaluation))
    if demanded.project != project:
        raise InputError(f"The specification is of project {demanded.project!r}, not of {project!r}.")
    found = examine(
        store.examples(evaluation), demanded, training=training, release=evaluation.release, counted_by=counted_by,
        digest=evaluation.test_set.digest,
    )  # fmt: skip
    return found, keep(store, found, actor=actor)


def examine(
    examples: pl.DataFrame,
    specification: Specification,
    *,
    training: Any = None,
    release: str | None = None,
    counted_by: Counter = "evidently",
    digest: str | None = None,
) -> DataTests:
    """Every test of the examples of a test set, as the store keeps them; ``digest`` of their content, where it is known."""
    from plainview.store.digests import content_digest

    if counted_by not in COUNTERS:
        raise InputError(f"There is no counter {counted_by!r}. {nearest(counted_by, COUNTERS)}")
    taught = None if training is None else training_of(training, specification, examples)
    tests: list[DataTest] = [*column_tests(examples, specification.data, specification.columns.id)]
    tests += sameness_tests(examples, specification, taught)
    tests += [found] if (found := mix_test(examples, specification)) is not None else []
    if counted_by == "evidently":
        tests = counted_by_evidently(tests, examples, specification)
    leak = next(test for test in tests if test.test == LEAK)
    return DataTests(
        project=specification.project,
        release=release,
        test_set=digest or content_digest(examples),
        examples=examples.height,
        tests=in_order(tests),
        training_examples=None if taught is None else taught.rows.height,
        shared=None if taught is None else leak.found,
        by=None if taught is None else taught.by,
    )


def _test_set(
    rows: pl.DataFrame, specification: Specification, release: str, prediction: str | None, score: str | None
) -> pl.DataFrame:
    """The columns of the test set, id-sorted, as publishing would keep them: a frame without answers is one too."""
    columns = specification.columns
    chosen = prediction or columns.prediction
    if chosen not in rows.columns:
        rows = rows.with_columns(pl.lit(None, pl.String).alias(chosen))
    kept = Intake.of(rows.columns, specification, release, prediction=prediction, score=score).kept
    examples = rows.select(kept)
    if columns.label is not None and specification.task != "scored":
        examples = examples.with_columns(TASKS[specification.task].prepare(rows[columns.label]).alias(columns.label))
    return examples[examples[columns.id].arg_sort()]


def keep(store: "Store", found: DataTests, *, actor: str | None = None) -> Event:
    """Keep the outcome of data tests, and the split where training data was given; what is there already is found again."""
    tables = {"amiss": rows} if (rows := found.amiss()).height else {}
    if found.training_examples is not None:
        body = {"test_set": found.test_set, "training_examples": found.training_examples}
        once(store, SPLIT, found, body | {"shared": found.shared, "by": found.by}, actor=actor)
    return once(store, KIND, found, found.to_dict(), actor=actor, tables=tables)


def once(
    store: "Store", kind: str, found: DataTests, body: dict, *, actor: str | None, tables: dict | None = None
) -> Event:
    """The event of this content: an earlier one, or a new one."""
    rows = {name: table.write_json() for name, table in (tables or {}).items()}
    body = json.loads(json.dumps(body))
    key = hashlib.sha256(json.dumps([body, rows], sort_keys=True).encode()).hexdigest()
    latest = store.events(found.project, kind=kind, release=found.release)[-1:]
    if latest and latest[0].body.get("key") == key:
        return latest[0]
    return store.append_event(
        kind, found.project, release=found.release, body=body | {"key": key}, actor=actor, tables=tables
    )


def data_tests_in(event: Event) -> DataTests:
    """The outcomes that an event holds, without their rows. Raises InputError where it holds none that can be understood."""
    try:
        body = dict(event.body)
        tests = tuple(
            DataTest(**{name: row[name] for name in row if name in DataTest.__dataclass_fields__})
            for row in body["tests"]
        )
        kept = {name: body.get(name) for name in ("training_examples", "shared", "by")}
        return DataTests(event.project, event.release, str(body["test_set"]), int(body["examples"]), tests, **kept)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"The data tests of {event.at:%Y-%m-%d} cannot be understood; run them again.") from error


def standing_tests(events: Sequence[Event]) -> DataTests:
    """What is known of one test set from all its events, oldest first: the latest, and where that has no evidence for want of
    training data, what an earlier one found.
    """
    latest = data_tests_in(events[-1])
    earlier: dict[tuple[str, str | None], DataTest] = {}
    for event in events[:-1]:
        earlier.update(
            {(test.test, test.column): test for test in data_tests_in(event).tests if test.outcome != "no evidence"}
        )
    known = {(test.test, test.column) for test in latest.tests}
    tests = [earlier.get((test.test, test.column), test) if test.test == LEAK else test for test in latest.tests]
    tests += [test for (name, column), test in earlier.items() if name == TAUGHT_TWICE and (name, column) not in known]
    taught = (
        latest
        if latest.shared is not None
        else next((each for each in map(data_tests_in, reversed(events)) if each.shared is not None), latest)
    )
    return replace(
        latest, tests=in_order(tests), training_examples=taught.training_examples, shared=taught.shared, by=taught.by
    )
