"""From a table of Spark to a draft: measured where its rows are, and beside it its baseline's table, where one is given."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from plainview.engines import is_spark
from plainview.engines.contents import check_unique, contents_of, digest_of
from plainview.engines.session import explained, place_of, without_secrets
from plainview.engines.spark import columns_read, measure_pair, measure_table, pruned
from plainview.evaluation import results, totals_of
from plainview.exceptions import FrameError, InputError, NotFoundError, StoreMissingError, nearest
from plainview.intake import Intake, Seen
from plainview.records import Evaluation, Source, TestSet
from plainview.specification import Specification, load_specification
from plainview.store import Store, open_store
from plainview.store.sourced import JointDraft, SourcedDraft
from plainview.transfer import to_bytes

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Step = Callable[[str], None]


def sourced_draft(
    table: "DataFrame",
    demanded: Specification,
    described: dict[str, Any],
    *,
    store: Any,
    prediction: str | None,
    score: str | None,
    baseline: "DataFrame | None",
    name: str | None,
    step: Step,
    remark: Step = lambda said: None,
) -> SourcedDraft:
    """Measure a table where it is. ``described`` are the draft's fields that do not come from the table; ``name`` is what the
    record calls it. Raises FrameError or SpecificationError.
    """
    step("Looking at the table")
    with explained():
        intake = pruned(Intake.of(table.columns, demanded, described["release"], prediction=prediction, score=score))
        before = None if baseline is None else _baseline(baseline, demanded, store)
        source, digests = _source(table, intake, name)
        step(f"Measuring {len(demanded.scenarios)} scenarios on {source.rows:,} examples")
        measured, seen = measure_table(table, intake)
        for sentence in seen.remarks():
            remark(sentence)
        joint = None
        if before is not None:
            step(f"Measuring them beside {before.release}")
            joint = _joint(baseline, table, before, intake, store)
    return SourcedDraft(
        **described | {"test_set": _test_set(described["test_set"], intake, digests, seen)},
        source=source,
        sums=to_bytes(measured),
        results=results(totals_of(measured), demanded),
        joint=joint,
        missing_predictions=seen.missing_predictions,
    )


def _source(table: "DataFrame", intake: Intake, name: str | None) -> tuple[Source, dict[str, str]]:
    """The manifest of a table's rows, and the digests of its test set."""
    ids, read = intake.specification.columns.id, sorted(columns_read(intake))
    wanted = {"rows": read, "examples": intake.kept, "core": _core(intake)}
    found = contents_of(table, ids, wanted)
    if not found.rows:
        raise FrameError("The table has no rows: a row an example was expected.")
    check_unique(table, ids, found.rows)
    source = Source(
        engine="spark",
        table=place_of(table) if name is None else without_secrets(name),
        rows=found.rows,
        columns=tuple(read),
        prediction=intake.prediction,
        score=intake.score,
        digest=found.digests["rows"],
    )
    return source, dict(found.digests)


def _core(intake: Intake) -> list[str]:
    columns = intake.specification.columns
    return [name for name in (columns.id, columns.label, columns.weight, columns.cluster) if name]


def _test_set(name: str, intake: Intake, digests: dict[str, str], seen: Seen) -> TestSet:
    return TestSet(
        name=name,
        digest=digests["examples"],
        examples_digest=digests["core"],
        examples=seen.rows,
        missing_labels=seen.missing_labels,
        columns=intake.kept,
    )


def _baseline(table: "DataFrame", demanded: Specification, store: Any) -> Evaluation:
    """The newest evaluation of the project whose rows are those of this table. Raises InputError where there is none."""
    if not is_spark(table):
        raise InputError(f"The baseline must be a table of Spark too. Got {type(table).__name__} instead.")
    known = _published(demanded.project, store)
    digests: dict[tuple[str, ...], str] = {}
    for one in reversed(known):
        columns = one.source.columns
        if not set(columns) <= set(table.columns):
            continue
        if columns not in digests:
            digests[columns] = digest_of(table, columns)
        if digests[columns] == one.source.digest:
            return one
    releases = nearest("", dict.fromkeys(one.release for one in known))
    raise InputError(
        f"The baseline's table holds the rows of no release of {demanded.project} in the store. Publish it first, as a "
        f"release of its own; then this one beside it. Published from tables: {releases.removeprefix('Known: ')}"
    )


def _published(project: str, store: Any) -> Sequence[Evaluation]:
    """The evaluations of a project whose rows are in tables, oldest first."""
    try:
        opened = store if isinstance(store, Store) else open_store(store)
        return sorted((one for one in opened.evaluations(project) if one.source), key=lambda one: one.published_at)
    except (StoreMissingError, NotFoundError):
        return []


def _joint(baseline: "DataFrame", table: "DataFrame", before: Evaluation, intake: Intake, store: Any) -> JointDraft:
    opened = store if isinstance(store, Store) else open_store(store)
    older = load_specification(opened.specification_text(before))
    if older.task != intake.specification.task:
        raise InputError(f"The task of {before.release} was {older.task}, and is {intake.specification.task}.")
    reader = Intake(older, before.source.prediction, before.source.score, before.test_set.columns)
    sums, counts = measure_pair(baseline, table, reader, intake)
    return JointDraft(baseline=before, sums=to_bytes(sums), counts=counts)
