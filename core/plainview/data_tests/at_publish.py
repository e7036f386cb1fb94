"""Publish a release whose test set is tested first: what cannot be read is an error before anything is written."""

from dataclasses import replace
from typing import Any

from plainview.data_tests.outcomes import DataTests
from plainview.data_tests.running import Counter, data_tests_of, keep
from plainview.engines import is_spark
from plainview.exceptions import InputError
from plainview.frames import read_frame
from plainview.publishing import publish_frame, writable_store
from plainview.records import Evaluation
from plainview.specification import load_specification


def publish_tested(
    frame: Any, *, training: Any = None, counted_by: Counter = "evidently", **given: Any
) -> tuple[Evaluation, bool, DataTests]:
    """As `publishing.publish_frame`, with ``given`` what that takes; also the outcomes of the data tests, which are kept.

    A test that fails does not keep a release from being published: it is evidence. Raises InputError for tables of Spark and
    for boxes, whose test sets are tested once they are published.
    """
    demanded = load_specification(given["specification"])
    if is_spark(frame) or demanded.task == "detection":
        what = "Tables of Spark" if is_spark(frame) else "Test sets of boxes"
        raise InputError(f"{what} are tested once they are published: plainview data-test --project … --release …")
    rows = read_frame(frame, id_column=demanded.columns.id)
    read = {name: given.get(name) for name in ("release", "prediction", "score")}
    found = data_tests_of(rows, specification=demanded, training=training, counted_by=counted_by, **read)
    evaluation, created = publish_frame(rows, **{**given, "specification": demanded})
    found = replace(found, test_set=evaluation.test_set.digest)
    keep(writable_store(given["store"]), found, actor=given.get("actor"))
    return evaluation, created, found
