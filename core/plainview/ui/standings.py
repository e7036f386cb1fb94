"""The parts that pages of readiness share: figures, what needs attention, plans, evidence, and what a score does not say."""

import json
from collections.abc import Iterator, Mapping

import polars as pl
import streamlit as st

from plainview.narrative import assessments as said
from plainview.narrative.readiness import (
    claim_words,
    evidence_words,
    plan_sentence,
    score_words,
    spread_sentence,
)
from plainview.readiness import Framework, FrameworkStanding, Plan, Readiness
from plainview.readiness.answers import people
from plainview.readiness.report import as_markdown, report_of
from plainview.texts import _, plural
from plainview.ui import cached_readiness, components, links, states, tables
from plainview.ui.downloads import download
from plainview.ui.plain import plain

MOST = 6  # of what needs attention


def tiles(standing: FrameworkStanding) -> None:
    """Claimed and evidenced side by side, then what does not count."""
    claimed, evidenced = standing.claimed, standing.evidenced
    bare, expired = sum(row.unsupported for row in standing.questions), len(standing.expired)
    shown = [
        components.Tile(
            _("Claimed"),
            claimed.label,
            note=claimed.band
            or _("{answered} of {questions} answered").format(answered=claimed.answered, questions=claimed.questions),
        ),
        components.Tile(
            _("Evidenced"),
            evidenced.label,
            note=evidenced.band
            or _("{met} of {questions} shown").format(met=evidenced.met, questions=evidenced.questions),
        ),
        components.Tile(
            _("Claimed, not shown"), f"{bare}", note=_("by artifacts that could"), state="Watch" if bare else None
        ),
        components.Tile(_("Expired answers"), f"{expired}", note=_("do not count"), state="Watch" if expired else None),
    ]
    weakest = next((each for each in claimed.sections if each.name == claimed.weakest), None)
    if weakest is not None:
        shown.append(
            components.Tile(
                _("Weakest, as claimed"),
                _("{points:g} of {top:g}").format(points=weakest.points, top=weakest.top),
                note=weakest.name,
            )
        )
    components.tiles(shown)


def attention(standing: FrameworkStanding) -> None:
    """What keeps the score from being believed, the worst first."""
    found = [*_urgent(standing)]
    components.attention(
        found[:MOST], nothing=_("Nothing is claimed that artifacts could show and do not, and no answer has expired.")
    )
    if len(found) > MOST:
        st.caption(_("{count} more are in the table below.").format(count=len(found) - MOST))


def _urgent(standing: FrameworkStanding) -> Iterator[components.Attention]:
    rows = standing.questions
    if not standing.claimed.answered and not standing.expired:
        asked = {"kind": standing.framework.name}
        yield components.Attention(
            "No evidence", said.never_assessed(standing), "readiness/assess", _("Assess"), own=asked
        )
    yield from (components.Attention("Fail", said.bad_news(row)) for row in rows if row.evidenced == "not met")
    for sentence in filter(None, (*standing.at_once, standing.held_down_by, *standing.contradictions)):
        yield components.Attention("Watch", sentence)
    yield from (
        components.Attention("Watch", said.missing_evidence(row))
        for row in rows
        if row.unsupported and row.evidenced != "not met"
    )
    yield from (
        components.Attention("Watch", said.expired_answer(row)) for row in rows if row.claimed == "evidence expired"
    )
    yield from (components.Attention("No evidence", each.reason) for each in standing.unreadable)


def pictures(standing: FrameworkStanding) -> None:
    """The framework's own pictures."""
    for at, picture in enumerate(cached_readiness.pictures(standing)):
        st.subheader(plain(picture.title), anchor=False)
        if picture.note:
            st.caption(plain(picture.note))
        components.chart(picture.drawing, key=f"picture_{standing.framework.name}_{at}")


def evidence_table(standing: FrameworkStanding) -> None:
    """Every question with what is claimed, what is evidenced, and by what."""
    rows = [
        {
            _("Code"): row.question.code,
            _("Question"): row.question.title,
            _("Claimed"): components.marked(row.claimed) + (f" ({row.mark})" if row.mark else ""),
            _("Evidenced"): components.marked(row.evidenced)
            if row.evidence is not None
            else _("no artifact can show it"),
            _("Evidence"): evidence_words(row) if row.evidence is not None else "",
            _("Who said what"): claim_words(row),
            _("Apart"): spread_sentence(row.spread, len(people([each for each in row.answers if not each.expired]))),
            _("Section"): row.section,
            _("Artifacts"): ", ".join(row.evidence.artifacts) if row.evidence is not None else "",
        }
        for row in standing.questions
    ]
    tables.plain_table(
        pl.DataFrame(rows),
        key=f"evidence_{standing.framework.name}",
        alt=plural("{count} question with evidence.", "{count} questions with evidence.", len(rows)),
    )


def next_steps(readiness: Readiness, standing: FrameworkStanding) -> None:
    """The smallest plan to a level or band that the reader chooses, and what some steps alone would give."""
    st.subheader(_("What to do next"), anchor=False)
    names = _targets(standing.framework)
    target = links.here().own.get("target") or (standing.next_plan.target if standing.next_plan else None)
    if names:
        links.picker(_("To reach"), "target", names, target, forgets=("done",), placeholder=_("The highest is reached"))
    if target is None:
        st.text(_("The highest there is has been reached."))
        return
    plan = readiness.plan(standing.framework, target)
    st.markdown(f"**{plain(plan_sentence(plan))}**")
    if plan.steps:
        _steps(plan)
        _what_if(readiness, standing, plan)


def check_target(framework: Framework) -> None:
    """Stop where the address asks for a level or band that there is not."""
    states.check(links.here(), target=_targets(framework))


def _targets(framework: Framework) -> list[str]:
    return [each.name for each in (framework.sections if framework.scoring == "levels" else framework.bands)]


def _steps(plan: Plan) -> None:
    rows = [
        {
            _("Step"): step.code,
            _("What"): step.title,
            _("From"): step.now or _("no answer"),
            _("To"): step.aim,
            _("Days, as declared"): step.effort,
            _("Evidence comes from"): step.how,
            _("It also answers"): ", ".join(step.moves),
        }
        for step in plan.steps
    ]
    tables.plain_table(pl.DataFrame(rows), key="plan", alt=plan_sentence(plan))
    for name, before, after in plan.moves:
        st.text(_("It also moves {name} from {before} to {after}.").format(name=name, before=before, after=after))


def _what_if(readiness: Readiness, standing: FrameworkStanding, plan: Plan) -> None:
    """Toggles: what the score would be if some of the steps were done, and nothing is written."""
    steps = {step.code: step for step in plan.steps}
    asked = [code for code in links.here().own.get("done", "").split("~") if code in steps]
    st.session_state["what_if"] = asked
    st.pills(
        _("What if these were done?"),
        list(steps),
        selection_mode="multi",
        key="what_if",
        format_func=lambda code: plain(f"{code} {steps[code].title}", 60),
        on_change=lambda: links.choose("done", "~".join(st.session_state["what_if"]) or None),
    )
    if asked:
        aims = {code: standing.framework.answers.mark(steps[code].aim).low for code in asked}
        reached = readiness.what_if(standing.framework, aims)
        st.text(
            _("Then: {score}. Now, where claims that artifacts do not show are left out: {now}.").format(
                score=score_words(reached), now=plan.before
            )
        )


def over_time(project: str, framework: Framework) -> None:
    """The history of a score, by release and by quarter."""
    st.subheader(_("Over time"), anchor=False)
    by_release, by_quarter = st.tabs([_("By release"), _("By quarter")])
    one_release = _("There is one release so far, so there is no line.")
    one_quarter = _("There is one quarter so far, so there is no line.")
    for place, by, alone in ((by_release, "release", one_release), (by_quarter, "quarter", one_quarter)):
        with place:
            drawing = cached_readiness.lines(project, framework, by=by)
            if drawing is None:
                st.text(alone)
            else:
                components.chart(drawing, key=f"{framework.name}_{by}")


def says_not(framework: Framework) -> None:
    """What the score does not say, and where the framework comes from."""
    st.subheader(_("What this does not say"), anchor=False)
    st.text(framework.says_not)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(plain(said.source_words(framework)), width="content")
        st.link_button(_("Read it there"), framework.source.link, type="tertiary")


def downloads(standings: Mapping[str, FrameworkStanding], plans: Mapping[str, Plan | None], name: str) -> None:
    """The readiness report, as Markdown and as JSON."""
    with st.container(horizontal=True):
        report, project = report_of(list(standings.values()), plans), str(links.here().project)
        download(_("Download as Markdown"), lambda: as_markdown(report), f"{name}.md", "text/markdown", project=project)
        download(
            _("Download as JSON"),
            lambda: json.dumps(report, indent=2, ensure_ascii=False),
            f"{name}.json",
            "application/json",
            project=project,
        )
