"""A store whose every field of text holds the hundred live texts: three projects that have everything, and small ones."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

import polars as pl
from live_texts import names, raw

import plainview
from plainview.collecting.kept import keep_list
from plainview.collecting.listing import data_wanted
from plainview.comments import comment
from plainview.data_tests import run_data_tests
from plainview.decisions import decide
from plainview.drift import monitor
from plainview.errors.patterns import document_pattern
from plainview.errors.tags import keep_tag
from plainview.explanations.explaining import explain
from plainview.incidents import report_incident
from plainview.readiness import Readiness, Reply, frameworks, keep_draft, submit
from plainview.readiness.cards import Card, keep_card
from plainview.records import Evaluation
from plainview.reviews import COMPARISON, MISTAKES, SUGGESTIONS, keep_review
from plainview.robustness.publishing import publish_outcomes
from plainview.store import Store, open_store
from plainview.waivers import waive
from plainview.what_if.saved import Analysis, save

WHOLE, ROWS = 3, 150
TODAY = datetime.now(UTC).date()
LATER = TODAY + timedelta(days=30)


class Share:
    """What one of the three projects has of every field: a third of its texts."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.project = f"whole-{number}"
        self._endless: dict[str, Iterator[str]] = {}

    def names(self, field: str) -> tuple[str, ...]:
        """Its names of a field."""
        return names(field)[self.number :: WHOLE]

    def raw(self, field: str) -> tuple[str, ...]:
        """Its texts of a field that takes anything."""
        return raw(field)[self.number :: WHOLE]

    def next(self, field: str) -> str:
        """The next of its names of a field, and from the first again after the last."""
        return next(self._endless.setdefault(field, cycle(self.names(field))))


def publish_live(folder: Path) -> list[str]:
    """Make the store; the names of its projects, those with everything first."""
    shares = [Share(number) for number in range(WHOLE)]
    small = [_small(folder, number) for number in range(len(names("title")))]
    for share in shares:
        _whole(folder, share)
    return [*(share.project for share in shares), *small]


def _small(folder: Path, number: int) -> str:
    """A project of one release, with what a project or a release has one of."""
    text = {
        field: names(field)[number]
        for field in ("title", "description", "owner", "release", "notes", "revision", "set", "publisher")
    }
    project = f"small-{number:02d}"
    specification = {
        "project": project,
        "title": text["title"],
        "description": text["description"],
        "owner": text["owner"],
        "task": "regression",
        "columns": {"id": "id", "label": "label", "prediction": "prediction"},
        "metrics": [
            {
                "name": "median_absolute_error",
                "unit": names("unit")[number],
                "title": names("metric")[number],
                "margin": 1,
            }
        ],
        "requirements": [{"id": "R", "metric": "median_absolute_error", "at_most": 1}],
    }
    rows = pl.DataFrame({"id": range(40), "label": range(40), "prediction": [each * 1.1 for each in range(40)]})
    plainview.publish(
        rows,
        specification=specification,
        release=text["release"],
        notes=text["notes"],
        source_revision=text["revision"],
        test_set=text["set"],
        actor=text["publisher"],
        store=folder,
    )
    return project


def _whole(folder: Path, share: Share) -> None:
    """A project of two releases, and everything that people write of one."""
    specification = _specification(share)
    for number, wrong in enumerate((5, 4)):
        plainview.publish(
            _rows(share, wrong),
            specification=specification,
            release=f"{number} {share.next('version')}",
            store=folder,
            released=f"2026-0{number + 1}-01",
            notes=share.next("note"),
            actor=share.next("publisher"),
        )
    store = open_store(folder)
    evaluation = store.releases(share.project)[-1]
    for write in (_remarks, _errors, _incidents, _decisions, _readiness, _checks, _production, _explained):
        write(store, evaluation, share)


def _specification(share: Share) -> dict:
    scenarios, classes = share.names("scenario"), share.names("class")
    return {
        "project": share.project,
        "title": share.next("whole"),
        "task": "classification",
        "classes": classes,
        "positive": classes[0],
        "columns": {"id": "id", "label": "label", "prediction": "prediction", "score": "score"},
        "metrics": ["accuracy", *(f"recall[{name}]" for name in classes[:3])],
        "minimum_examples": 5,
        "behaviours": [
            {
                "name": name,
                "why": share.next("why"),
                "owner": share.next("team"),
                "scenarios": [
                    {"name": scenario, "where": f"kind = {number}", "why": share.next("because"), "traffic": 0.05}
                ],
            }
            for number, (name, scenario) in enumerate(zip(share.names("behaviour"), scenarios, strict=True))
        ],
        "requirements": [
            {
                "id": name,
                "scenario": scenario,
                "metric": "accuracy",
                "at_least": (0.2, 0.99)[number % 2],
                "owner": share.next("answerable"),
                "reason": share.next("reason"),
            }
            for number, (name, scenario) in enumerate(zip(share.names("requirement"), scenarios, strict=True))
        ],
        "data": {"columns": {name: {"values": share.names("allowed")} for name in share.names("column")[:3]}},
    }


def _rows(share: Share, wrong: int) -> pl.DataFrame:
    """Examples whose ids, classes, columns and cells are live; of each ten answers so many are wrong."""
    classes, kinds = share.names("class"), len(share.names("scenario"))
    ids, cells = cycle([*share.names("example")]), cycle(share.raw("cell"))
    at = range(ROWS)
    labels = [classes[each % len(classes)] for each in at]
    others = [classes[(each + 1) % len(classes)] for each in at]
    columns = {name: [next(cells) for _ in at] for name in share.names("column")}
    return pl.DataFrame(
        {
            "id": [next(ids) if each < len(share.names("example")) else f"{each:03d}" for each in at],
            "label": labels,
            "prediction": [
                other if each * 7 % 10 < wrong else label
                for each, (label, other) in enumerate(zip(labels, others, strict=True))
            ],
            "score": [0.5 + each % 50 / 100 for each in at],
            "kind": [each % kinds for each in at],
            "text": [f"{cell} {each % 9}" for each, cell in zip(at, cycle(share.raw("text")), strict=False)],
        }
        | columns
    )


def _remarks(store: Store, one: Evaluation, share: Share) -> None:
    """Comments and waivers."""
    asked = zip(share.names("requirement"), share.names("scenario"), strict=True)
    for requirement, scenario in asked:
        who = share.next("speaker")
        comment(store, share.project, one.release, "requirement", requirement, share.next("remark"), actor=who)
        comment(store, share.project, one.release, "scenario", scenario, share.next("saying"), actor=who)
        given = {"owner": share.next("waiverowner"), "reason": share.next("waiverreason")}
        waive(store, share.project, one.release, requirement, **given, until=LATER, actor=share.next("waivedby"))


def _errors(store: Store, one: Evaluation, share: Share) -> None:
    """Tags, patterns, reviews, changed examples, wanted data."""
    rows = _rows(share, 4)
    ids = rows.filter(pl.col("label") != pl.col("prediction"))["id"].to_list()
    for tag, pattern in zip(share.names("tag"), share.names("pattern"), strict=True):
        keep_tag(store, one, tag, ids=ids[:3], note=share.next("tagnote"), actor=share.next("tagger"))
        texts = {
            "note": share.next("patternnote"),
            "owner": share.next("patternowner"),
            "link": share.next("patternlink"),
        }
        document_pattern(store, one, pattern, ids=ids[:4], **texts, actor=share.next("finder"))
    who = share.next("reviewer")
    keep_review(store, one, MISTAKES, ids=ids[:5], note=share.next("reviewnote"), actor=who)
    keep_review(store, one, SUGGESTIONS, wheres=["kind = 1"], note=share.next("reviewnote"), actor=who)
    keep_review(store, one, COMPARISON, baseline=share.next("version"), note=share.next("reviewnote"), actor=who)
    column, labels = share.names("column")[0], share.names("class")
    for cell in share.names("changed"):
        changes = {column: (rows[column][0], cell)}
        analysis = Analysis(rows["id"][0], changes, labels[0], labels[1], "nearest", asked=share.next("asked"))
        save(store, one, analysis, rows.head(2), note=share.next("whatif"), label=labels[2], actor=share.next("player"))
    keep_list(store, data_wanted(store, one))


def _incidents(store: Store, one: Evaluation, share: Share) -> None:
    for name in share.names("incident"):
        given = {"what": share.next("happened"), "owner": share.next("incidentowner"), "scenario": share.next("guard")}
        ids = [share.next("example")]
        report_incident(store, share.project, name, **given, ids=ids, release=one.release, actor=share.next("reporter"))


def _decisions(store: Store, one: Evaluation, share: Share) -> None:
    conditions = [
        {"condition": text, "owner": share.next("conditionowner"), "until": LATER} for text in share.names("condition")
    ]
    for number in range(3):
        wanted = ("conditional go", conditions) if number == 2 else ("no-go", [])
        given = {"reason": share.next("decision"), "conditions": wanted[1], "actor": share.next("decider")}
        decide(store, share.project, one.release, wanted[0], **given)


def _readiness(store: Store, one: Evaluation, share: Share) -> None:
    facts = Readiness(store, share.project).facts
    for framework in frameworks():
        best = list(framework.answers.marks)[-1].key
        codes = [*framework.questions]
        links = {code: "https://example.org/" + share.next("link").replace(" ", "") for code in codes[:-2]}
        replies = {
            code: Reply(answer=best, note=share.next("answernote"), links=(link,)) for code, link in links.items()
        }
        replies[codes[-2]] = Reply(answer="not applicable", reason=share.next("inapplicable"))
        submit(facts, framework, replies, actor=share.next("assessor"))
        keep_draft(facts, framework, codes[-1], Reply(answer=best, note=share.next("draft")))
    for component in share.names("component"):
        prose = {name: share.next("card") for name in ("intended_use", "unacceptable_use", "data")}
        lists = {name: (share.next("cardlist"),) for name in ("requirements", "caveats", "debt_gained", "debt_paid")}
        card = Card(
            component=component,
            owner=share.next("cardowner"),
            level=3,
            reviewers=(share.next("cardreader"),),
            **prose,
            **lists,
        )
        keep_card(facts, card, actor=share.next("cardwriter"))


def _checks(store: Store, one: Evaluation, share: Share) -> None:
    """Outcomes of robustness checks, and what the data tests found."""
    rows = [
        {
            "check": name,
            "case": f"{case} {share.next('case')}",
            "variant": 1,
            "passed": case % 3 > 0,
            "capability": share.next("capability"),
            "before": share.next("before"),
            "after": share.next("after"),
            "changed": share.next("altered"),
            "expected": share.next("expected"),
            "answer": share.next("answer"),
        }
        for name in share.names("check")
        for case in range(9)
    ]
    frame = pl.DataFrame(rows).with_columns(pl.col("capability").first().over("check"))
    publish_outcomes(store, share.project, one.release, outcomes=frame, may_fail=0.1, minimum_examples=5)
    run_data_tests(store, share.project, one.release, training=_rows(share, 4).head(20), counted_by="plainview")


def _production(store: Store, one: Evaluation, share: Share) -> None:
    before = _rows(share, 5).drop(share.names("column")[2:])
    rows = _rows(share, 4).select(before.columns).with_columns(pl.lit(share.raw("moved")[0]).alias("text"))
    for number, name in enumerate(share.names("batch")):
        until, reference = TODAY - timedelta(days=number), share.next("reference")
        batch = rows.with_columns((pl.col("score") * 0.9).alias("score"), pl.col("kind") + number)
        monitor(
            store,
            share.project,
            batch,
            name=name,
            until=until,
            reference=before,
            reference_name=reference,
            measured_by="plainview",
            actor=share.next("watcher"),
        )


def _explained(store: Store, one: Evaluation, share: Share) -> None:
    """What the errors depend on, and local explanations by columns that are nowhere else."""
    ids = _rows(share, 4)["id"].to_list()
    features = ["kind", *share.names("feature")]
    rows = [
        {"id": ids[at], "feature": name, "value": share.next("featurevalue"), "attribution": (at + number) / 10 - 0.5}
        for at in range(5)
        for number, name in enumerate(features)
    ]
    explain(store, share.project, one.release, attributions=pl.DataFrame(rows), unit=share.next("counted"))
