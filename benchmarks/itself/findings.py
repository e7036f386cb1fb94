"""What is found where nothing is: the faults of one case, published as it is, shuffled, and under other ids."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.itself.specifications import Case
from plainview import compare, open_store, publish
from plainview.comparison import Comparison
from plainview.evaluation import evaluate
from plainview.mix import mix
from plainview.pairing import needed
from plainview.records import Evaluation
from plainview.report import release_report
from plainview.specification import Specification, load_specification
from plainview.store import Store
from plainview.verdicts import paired_changes

CLAIM = re.compile(r"\bis (better|worse) (than|on|overall)|\bimprove|\bgot worse|\bbetter than\b|sacrific|\bhides\b")
DENIAL = re.compile(r"whether \S+ is better or worse than")
SAME_FILES = ("examples_file", "predictions_file", "results_file")


def faults(case: Case, folder: Path) -> Iterator[str]:
    """Everything that a comparison found although nothing changed, in words; nothing where all is well."""
    rng = np.random.default_rng(case.seed)
    shuffled = case.rows.sample(fraction=1, shuffle=True, seed=case.seed)
    shuffled = shuffled.select(rng.permutation(shuffled.columns).tolist())
    renamed = case.rows.with_columns("other " + pl.col("id").cast(pl.String))
    published = {"one": case.rows, "two": shuffled}
    if " ids:" not in case.specification.replace("\n", " "):  # pinned ids would be lost
        published["apart"] = renamed
    for day, (release, rows) in enumerate(published.items(), start=1):
        publish(rows, specification=case.specification, release=release, store=folder, released=f"2024-01-0{day}")
    store = open_store(folder)
    one, two = (store.evaluation("itself", release) for release in ("one", "two"))
    yield from (f"shuffled rows: {part} differs" for part in _differing(store, one, two))
    for candidate in ("one", *list(published)[1:]):
        found = compare(store, "itself", "one", candidate)
        yield from (f"one against {candidate}: {said}" for said in differences(found))
    yield from (f"mix: {part}" for part in mix(store, one, two).parts if any((part.model, part.test_set, part.labels)))
    for standing in release_report(store, "itself", "two").standings:
        if standing.status == "not met" and standing.id in _relative(case):
            yield f"requirement {standing.id} is not met: {standing.sentence}"
    yield from _chunks(store, one, load_specification(case.specification), int(rng.integers(1, case.rows.height + 1)))


def _relative(case: Case) -> set[str]:
    """The requirements that demand no loss: a release cannot fail them against itself."""
    requirements = load_specification(case.specification).requirements
    return {requirement.id for requirement in requirements if requirement.no_worse_than}


def _differing(store: Store, one: Evaluation, two: Evaluation) -> Iterator[str]:
    """Which stored parts of two evaluations are not the same bytes."""
    for part in SAME_FILES:
        files = [getattr(evaluation, part) for evaluation in (one, two)]
        if (files[0] and files[0].sha256) != (files[1] and files[1].sha256):
            yield part
    if [row.model_dump_json() for row in store.results(one)] != [row.model_dump_json() for row in store.results(two)]:
        yield "results"


def differences(comparison: Comparison) -> Iterator[str]:
    """What a comparison of equal releases found, in words."""
    for row in comparison.results:
        where = f"{row.metric} on {row.scenario}"
        if row.verdict in ("better", "worse"):
            yield f"{where} is {row.verdict}"
        if row.difference:
            yield f"{where} differs by {row.difference!r}"
        if row.fixed or row.broke:
            yield f"{where}: {row.fixed} fixed, {row.broke} broke"
        if row.baseline != row.candidate:
            yield f"{where}: {row.baseline!r} became {row.candidate!r}"
        if row.p_value is not None and row.p_value < 1 - 1e-9:
            yield f"{where}: p = {row.p_value!r}"
        if row.low is not None and row.high is not None and not row.low <= 0 <= row.high:
            yield f"{where}: the interval {row.low!r} to {row.high!r} does not hold 0"
    for said in (comparison.headline, *comparison.sentences):
        if CLAIM.search(DENIAL.sub("", said)):
            yield f"it says: {said}"


def _chunks(store: Store, one: Evaluation, specification: Specification, chunk: int) -> Iterator[str]:
    """Results and changes that depend on how the rows were cut."""
    examples, predictions = store.examples(one, needed(one, specification)), store.predictions(one)
    whole, cut = (evaluate(examples, predictions, specification, chunk=size) for size in (10**6, chunk))
    if repr(whole) != repr(cut):
        yield f"results differ in chunks of {chunk}"
    changes = (paired_changes(examples, predictions, predictions, specification, chunk=size) for size in (10**6, chunk))
    if len({repr(each) for each in changes}) > 1:
        yield f"changes differ in chunks of {chunk}"
