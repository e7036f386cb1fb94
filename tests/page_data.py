"""What the pages of the test set and of production must say of a place, from the events in its store."""

from plainview.data_tests import data_tests_in
from plainview.drift import batch_in
from plainview.narrative.data_tests import UNTESTED, data_answer
from plainview.narrative.drift import UNWATCHED, drift_answer


def said_of_data(place) -> str:
    """The answer of the page of the test set: the latest tests of this version of it."""
    events = place.store.events(place.evaluation.project, kind="data tests")
    mine = [each for each in events if each.body["test_set"] == place.evaluation.test_set.digest]
    return data_answer(data_tests_in(mine[-1])) if mine else UNTESTED


def said_of_production(place) -> str:
    """The answer of the page of production: the batch with the latest last day."""
    events = place.store.events(place.evaluation.project, kind="monitoring")
    if not events:
        return UNWATCHED
    last = max(events, key=lambda event: event.body["until"])
    batch = batch_in(last, *(place.store.attached(last, name) for name in ("columns", "performance")))
    return drift_answer(batch, place.report.specification)
