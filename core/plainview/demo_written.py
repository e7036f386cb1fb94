"""What people wrote in the demo: incidents, decisions, reviews, claims; declared in written.yaml, kept as anyone keeps them."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import yaml

from plainview.collecting.kept import keep_list
from plainview.collecting.listing import data_wanted
from plainview.comments import comment
from plainview.decisions import decide
from plainview.errors.patterns import document_pattern, update_pattern
from plainview.errors.tags import keep_tag
from plainview.incidents import report_incident
from plainview.readiness import Facts, Reply, load_framework, submit
from plainview.reviews import keep_review
from plainview.specification import load_specification
from plainview.waivers import waive
from plainview.what_if.nearest import nearest
from plainview.what_if.saved import Analysis, save

if TYPE_CHECKING:
    from plainview.store import Store

WRITTEN = "written.yaml"
NEIGHBOURS = 10  # whose answers stand in where no model can be asked


@dataclass(frozen=True)
class _Place:
    """Where a thing is written, and by whom."""

    store: "Store"
    project: str
    release: str
    by: str
    today: date

    @property
    def evaluation(self):
        return self.store.evaluation(self.project, self.release)


def leave_written(store: "Store", folder: Path) -> None:
    """Write what ``folder``/written.yaml declares, in its order; what a person of the demo wrote already stays as it is.

    Raises as the functions do that keep it: what does not fit the releases is refused.
    """
    today = datetime.now(UTC).date()
    for project in yaml.safe_load((folder / WRITTEN).read_text(encoding="utf-8")):
        name = project["project"]
        there = Counter((each.kind, each.actor) for each in store.events(name))
        for entry in project["written"]:
            what, by, release = entry.pop("what"), entry.pop("by"), entry.pop("of", "")
            if there[what, by]:  # of each kind a person's first is there where the store has one, and so on
                there[what, by] -= 1
                continue
            WRITERS[what](_Place(store, name, release, by, today), **entry)


def _incident(place: _Place, *, text: str, name: str, **given: Any) -> None:
    report_incident(place.store, place.project, name, what=text, release=place.release, actor=place.by, **given)


def _decision(place: _Place, *, decision: str, reason: str, conditions: Sequence[Mapping] = ()) -> None:
    dated = [
        {name: value for name, value in each.items() if name != "in_days"} | {"until": _day(place, each["in_days"])}
        for each in conditions
    ]
    decide(place.store, place.project, place.release, decision, reason=reason, conditions=dated, actor=place.by)


def _waiver(place: _Place, *, requirement: str, in_days: int, **given: Any) -> None:
    until = _day(place, in_days)
    waive(place.store, place.project, place.release, requirement, until=until, actor=place.by, **given)


def _comment(place: _Place, *, subject: Any, name: str, text: str) -> None:
    comment(place.store, place.project, place.release, subject, name, text, actor=place.by)


def _pattern(place: _Place, **given: Any) -> None:
    document_pattern(place.store, place.evaluation, actor=place.by, **given)


def _pattern_update(place: _Place, **given: Any) -> None:
    update_pattern(place.store, place.project, actor=place.by, **given)


def _review(place: _Place, *, subject: str, **given: Any) -> None:
    keep_review(place.store, place.evaluation, subject, actor=place.by, **given)


def _tag(place: _Place, **given: Any) -> None:
    keep_tag(place.store, place.evaluation, actor=place.by, **given)


def _wanted(place: _Place) -> None:
    keep_list(place.store, data_wanted(place.store, place.evaluation), actor=place.by)


def _assessment(place: _Place, *, framework: str, answers: Mapping[str, Any]) -> None:
    replies = {code: Reply.model_validate(reply) for code, reply in answers.items()}
    facts = Facts(place.store, place.project, release=place.release)
    submit(facts, load_framework(framework), replies, actor=place.by)


def _what_if(place: _Place, *, example: str, changes: Mapping[str, Any], note: str, label: str) -> None:
    """An example, changed, and what was answered to those that are most like it: no model is asked."""
    evaluation = place.evaluation
    columns = load_specification(place.store.specification_text(evaluation)).columns
    examples = place.store.examples(evaluation)
    answers = place.store.predictions(evaluation, ["prediction"])["prediction"]
    at = examples[columns.id].to_list().index(example)
    before = examples.row(at, named=True)
    wanted = {name: value for name, value in {**before, **changes}.items() if name not in (columns.id, columns.label)}
    said = answers.gather(nearest(examples, wanted, most=NEIGHBOURS, but=[at])["place"]).to_list()
    moved = {name: (before[name], value) for name, value in changes.items()}
    found = Analysis(example, moved, answers[at], max(dict.fromkeys(said), key=said.count), "nearest")
    rows = pl.DataFrame([before, {**before, **changes}], schema=examples.schema)
    save(place.store, evaluation, found, rows, note=note, label=label, actor=place.by)


def _day(place: _Place, in_days: int) -> date:
    return place.today + timedelta(days=in_days)


WRITERS: Mapping[str, Callable[..., None]] = {  # by the kind of the event
    "incident": _incident,
    "decision": _decision,
    "waiver": _waiver,
    "comment": _comment,
    "pattern": _pattern,
    "pattern update": _pattern_update,
    "review": _review,
    "tag": _tag,
    "data wanted": _wanted,
    "assessment": _assessment,
    "what-if": _what_if,
}
