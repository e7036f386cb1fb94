"""The form of an assessment: a question at a time or all at once, the review with what would change, and what came of it."""

import polars as pl
import streamlit as st

from plainview.charts.outcomes import OUTCOMES
from plainview.narrative import assessments as said
from plainview.narrative.readiness import evidence_words, spread_sentence
from plainview.readiness import Question
from plainview.readiness.answers import MAX_DAYS
from plainview.readiness.scales import NOT_APPLICABLE
from plainview.texts import _, plural
from plainview.ui import codes, components, links, sheets, standings, states, tables
from plainview.ui.plain import plain
from plainview.ui.sheets import Sheet

_BADGE = ("blue", "orange", "red", "gray")
REVIEW = "review"


def progress(sheet: Sheet) -> None:
    """How far the person has come, and what is suggested for the rest."""
    total = len(sheet.framework.questions)
    done = total - len(sheet.open)
    st.progress(
        done / total,
        text=_("{done} of {total} answered. Every answer is kept as a draft at once.").format(done=done, total=total),
    )
    with st.container(horizontal=True):
        if sheet.suggested:
            st.button(
                plural(
                    "Take over {count} suggested answer", "Take over {count} suggested answers", len(sheet.suggested)
                ),
                on_click=sheets.keep_suggested,
                args=(sheet,),
                help=_("What you answered before, else what artifacts show. Nothing counts before you submit."),
            )
        if sheet.drafts:
            st.button(_("Review and submit"), on_click=links.choose, args=("view", REVIEW))


def fault() -> None:
    """Why the last answer could not be kept."""
    if found := st.session_state.pop(sheets.FAULT, None):
        components.explained(components.state("Fail"), found, name=_("Not kept"))


def one(sheet: Sheet) -> None:
    """One question, with everything that there is to know of it, and a button an answer."""
    every = list(sheet.framework.questions)
    asked = links.here().own.get("question")
    code = asked or (sheet.open[0] if sheet.open else every[0])
    question, at = sheet.framework.questions[code], every.index(code)
    with st.container(border=True):
        st.caption(
            plain(
                _("Question {number} of {total} · {section}").format(
                    number=at + 1, total=len(every), section=_section(sheet, code)
                )
            )
        )
        st.subheader(plain(question.asks), anchor=False)
        st.markdown(plain(question.why))
        st.caption(
            plain(
                _("{code}, {title}. What counts: {counts}").format(
                    code=code, title=question.title, counts=question.counts
                )
            )
        )
        _known(sheet, code)
        fault()
        _answers(sheet, question)
        _beside(sheet, code)
        with st.container(horizontal=True):
            if at:
                st.button(_("← Back"), type="tertiary", on_click=links.choose, args=("question", every[at - 1]))
            if at + 1 < len(every):
                st.button(_("Skip →"), type="tertiary", on_click=links.choose, args=("question", every[at + 1]))


def _section(sheet: Sheet, code: str) -> str:
    section = next(each for each in sheet.framework.sections if any(q.code == code for q in each.questions))
    return f"{section.name}: {section.title}" if section.title else section.name


def _known(sheet: Sheet, code: str) -> None:
    """What artifacts show, what the person said before, and what others say."""
    row = sheet.rows[code]
    if row.evidence is None:
        st.text(_("No artifact can show it: answers are all there is."))
    else:
        components.explained(outcome(row.evidenced), evidence_words(row), name=_("Evidence"))
    if code in sheet.drafts:
        components.explained(
            badge(_("draft")),
            _("You answered {answer}. It waits to be submitted.").format(answer=sheet.drafts[code].answer),
        )
    elif code in sheet.earlier:
        components.explained(badge(_("before")), said.earlier_sentence(sheet.earlier[code]))
    others = [each for each in row.answers if each.by != sheet.person]
    if others:
        people = len({each.by for each in row.answers if not each.expired})
        apart = spread_sentence(row.spread, people)
        more = " " + _("They are apart, {apart}; the most cautious counts.").format(apart=apart) if apart else ""
        components.explained(badge(_("others")), said.others_sentence(others) + more)
        for each in others:
            if each.note:
                st.text(f"{each.by}: {each.note}")


def outcome(word: str) -> str:
    """Markdown of an outcome: word, shape and colour."""
    glyph, place = OUTCOMES[word][0], OUTCOMES[word][2]
    return f":{_BADGE[place]}-badge[{glyph} {codes.read(word)}]"


def badge(word: str) -> str:
    """Markdown of a word that stands before a sentence."""
    return f":gray-badge[{word}]"


def _answers(sheet: Sheet, question: Question) -> None:
    """A button an answer, the suggested one marked; and one for what does not apply, with its reason."""
    suggestion = sheet.suggestion(question.code)
    if suggestion and suggestion[1]:
        st.caption(plain(suggestion[1]))
    suggested, chosen = suggestion[0] if suggestion else None, _("suggested")
    for mark, words in sheet.framework.marks(question.code):
        st.button(
            f"**{plain(mark.key)}** · {plain(words)}" + (f" · **{chosen}**" if mark.key == suggested else ""),
            key=sheets.key(f"answer_{mark.key}", sheet, question.code),
            width="stretch",
            on_click=sheets.keep,
            args=(sheet, question.code, mark.key),
            kwargs={"then": REVIEW},
        )
    with st.popover(_("It does not apply"), type="tertiary"):
        key = sheets.key("reason", sheet, question.code)
        st.text_area(
            _("Why it does not apply"), key=key, height=68, placeholder=_("A reason is needed; it raises no score.")
        )
        st.button(
            _("Keep"),
            key=sheets.key("not_applicable", sheet, question.code),
            on_click=_does_not_apply,
            args=(sheet, question.code, key),
        )


def _does_not_apply(sheet: Sheet, code: str, key: str) -> None:
    sheets.keep(sheet, code, NOT_APPLICABLE, reason=st.session_state[key], then=REVIEW)


def _beside(sheet: Sheet, code: str) -> None:
    """What may stand beside an answer; kept with it, and at once where there is a draft."""
    before = sheets.written(code, sheet)
    filled = " ✎" if before["note"] or before["links"] else ""
    with st.expander(_("Note, links, how long it holds") + filled):
        common = {"on_change": _beside_changed, "args": (sheet, code)}
        boxes = {what: sheets.key(what, sheet, code) for what in before}
        for what, box in boxes.items():
            st.session_state.setdefault(box, before[what])
        st.text_area(_("Note"), key=boxes["note"], height=68, max_chars=4000, **common)
        st.text_area(_("Links, one a line"), key=boxes["links"], height=68, placeholder="https://…", **common)
        st.number_input(_("Days until it expires"), 1, MAX_DAYS, key=boxes["days"], **common)
        st.checkbox(
            _("It is of the way we work, and holds for every release"),
            key=boxes["every_release"],
            help=_("Else it expires when the next release or another test set is there."),
            **common,
        )


def _beside_changed(sheet: Sheet, code: str) -> None:
    draft = sheet.drafts.get(code)
    if draft is not None:
        sheets.keep(sheet, code, draft.answer, reason=draft.reason)


def everything(sheet: Sheet) -> None:
    """All questions on one page; what is chosen is kept at once. Notes are written a question at a time."""
    fault()
    for section in sheet.framework.sections:
        st.subheader(plain(f"{section.name}: {section.title}" if section.title else section.name), anchor=False)
        for question in section.questions:
            _line(sheet, question)


def _line(sheet: Sheet, question: Question) -> None:
    code, row = question.code, sheet.rows[question.code]
    keys = [mark.key for mark in sheet.framework.answers.marks]
    given = sheet.drafts[code].answer if code in sheet.drafts else None
    given = given or (sheet.earlier[code].answer if code in sheet.earlier and not sheet.earlier[code].expired else None)
    key = sheets.key("pick", sheet, code)
    st.session_state[key] = given if given in keys else None
    left, right = st.columns([7, 5], vertical_alignment="center")
    note = f"{evidence_words(row)}" + (
        " " + _("You: {answer}.").format(answer=codes.read(given)) if given == NOT_APPLICABLE else ""
    )
    left.markdown(f"**{plain(code)}** {plain(question.asks)}  \n:small[{plain(note)}]")
    with right:
        st.segmented_control(
            plain(f"{code}: {question.asks}"),
            keys,
            key=key,
            label_visibility="collapsed",
            on_change=_picked,
            args=(sheet, code, key),
            help="; ".join(f"{mark.key}: {words}" for mark, words in sheet.framework.marks(code)),
        )


def _picked(sheet: Sheet, code: str, key: str) -> None:
    if st.session_state[key] is not None:
        sheets.keep(sheet, code, st.session_state[key])


def review(sheet: Sheet, seen: str) -> None:
    """What submitting changes, who submitted meanwhile, and the button."""
    fault()
    came = sheet.came_since(seen)
    if came:
        components.explained(components.state("Watch"), said.came_meanwhile(came), name=_("At the same time"))
    if not sheet.drafts:
        states.nothing(_("Nothing to submit"), _("No answer waits as a draft."))
    else:
        _review(sheet)
    st.button(_("Back to the questions"), type="tertiary", on_click=links.choose, args=("view", None))


def _review(sheet: Sheet) -> None:
    changes = {row.code: row for row in sheet.changes}
    bare = [code for code, reply in sheet.drafts.items() if _unsupported(sheet, code, reply.answer)]
    st.markdown(plain(said.review_sentence(len(changes), len(sheet.drafts), len(sheet.open), bare)))
    rows = [
        {
            _("Code"): code,
            _("Question"): sheet.framework.questions[code].title,
            _("Before"): said.change_words(changes[code])[0] if code in changes else sheet.drafts[code].answer,
            _("Now"): sheet.drafts[code].answer,
            _("Changes"): _("changes") if code in changes else _("given again"),
            _("Evidenced"): components.marked(sheet.rows[code].evidenced)
            if sheet.rows[code].evidence
            else _("no artifact can show it"),
            _("Note"): sheet.drafts[code].note or sheet.drafts[code].reason or "",
        }
        for code in sheet.framework.questions
        if code in sheet.drafts
    ]
    tables.plain_table(
        pl.DataFrame(rows),
        key="review",
        alt=plural("{count} answer to be submitted.", "{count} answers to be submitted.", len(rows)),
    )
    label = plural("Submit {count} answer", "Submit {count} answers", len(rows))
    st.button(label, on_click=sheets.hand_in, args=(sheet, sheet.newest))


def _unsupported(sheet: Sheet, code: str, answer: str) -> bool:
    mark = sheet.framework.answers.mark(answer)
    row = sheet.rows[code]
    return bool(mark and mark.outcome == "met" and row.evidence is not None and row.evidenced != "met")


def done(sheet: Sheet) -> None:
    """What came of it: where the project stands now, who else submitted, and what to do next."""
    standing = sheet.standing
    standings.tiles(standing)
    for sentence in standing.at_once:
        components.explained(components.state("Watch"), sentence, name=_("At the same time"))
    if standing.next_step:
        components.explained(badge(_("next")), standing.next_step)
    with st.container(horizontal=True):
        links.go("readiness/scorecards", _("The scorecard"), {**links.carried(), "kind": sheet.framework.name})
        links.link("readiness/maturity", _("Maturity"))
        links.link("readiness/portfolio", _("Portfolio"))
        st.button(_("Answer more questions"), type="tertiary", on_click=links.choose, args=("view", None))
