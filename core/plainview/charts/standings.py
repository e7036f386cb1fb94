"""Each framework's own picture of a standing: a matrix, a ladder, bars, and a radar only where it is honest."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from plainview.charts.claims import Bar, Mark, Point, bars, lines
from plainview.charts.outcomes import CLAIMED, EVIDENCED, Cell, grid
from plainview.charts.radar import radar
from plainview.narrative.readiness import claim_words, evidence_words
from plainview.readiness.framework import Framework, Score, Section
from plainview.readiness.overview import BELOW
from plainview.readiness.standing import FrameworkStanding, QuestionStanding

WHOLE = "The level"
NO_RADAR = "A radar is drawn when every question has an answer: before, it would show a missing one as the worst."


@dataclass(frozen=True)
class Picture:
    """A drawing with its alt sentence, what it is, and what there is to say of it."""

    title: str
    drawing: tuple[dict, str]
    note: str = ""


def pictures(standing: FrameworkStanding) -> list[Picture]:
    """The pictures of a standing, by how its framework is scored."""
    if standing.framework.scoring == "levels":
        matrix = standing.framework.scale == "activity"
        return [_matrix(standing) if matrix else _ladder(standing)]
    if standing.framework.scoring == "coverage":
        return [*_coverage(standing)]
    return [*_sections(standing)]


def _marks(row: QuestionStanding, name: str, column: str, *, numbers: bool = False) -> Iterator[Cell]:
    """The marks of a question: what is claimed, and what is evidenced where artifacts could show it."""
    about = f"{row.question.code}: {row.question.title}. "
    answers = sum(not each.expired for each in row.answers)
    yield Cell(
        name, column, CLAIMED, row.claimed, about + claim_words(row), f"{answers}" if numbers and answers else ""
    )
    if row.evidence is not None:
        shown = row.evidence.count
        number = f"{shown:,}" if numbers and shown else ""
        yield Cell(name, column, EVIDENCED, row.evidenced, about + evidence_words(row), number)


def _reached(name: str, column: str, place: int, standing: FrameworkStanding) -> Iterator[Cell]:
    """Whether a level is reached, as claimed and as evidenced."""
    level = standing.framework.sections[place].name
    for side, found in ((CLAIMED, standing.claimed), (EVIDENCED, standing.evidenced)):
        outcome = "met" if found.reaches(place) else "not reached" if found.answered else "not answered"
        word = {"met": "reached", "not answered": "not assessed"}.get(outcome, outcome)
        yield Cell(name, column, side, outcome, f"{level}: {word}")


def _matrix(standing: FrameworkStanding) -> Picture:
    """A row an activity, a column a level; a level asks for every activity of it and of those below."""
    levels = [section.name for section in standing.framework.sections]
    names = {row.question.code: f"{row.question.code} {row.question.title}" for row in standing.questions}
    cells = [
        cell
        for row in standing.questions
        for level in levels[levels.index(row.section) :]
        for cell in _marks(row, names[row.question.code], level)
    ]
    whole = [cell for at, level in enumerate(levels) for cell in _reached(WHOLE, level, at, standing)]
    drawing = grid([*cells, *whole], rows=[*names.values(), WHOLE], columns=levels, what=standing.framework.title)
    note = "A level asks for every activity in its column. The last row is the level as a whole."
    return Picture("What each level asks for", drawing, note)


def _ladder(standing: FrameworkStanding) -> Picture:
    """A rung a level, the highest on top, with its gates."""
    sections = standing.framework.sections
    gates = [f"Gate {number}" for number in range(1, max(len(each.questions) for each in sections) + 1)]
    rows = {row.question.code: row for row in standing.questions}
    cells, rungs = [], []
    for at, section in reversed([*enumerate(sections)]):
        rung = f"{at} · {section.title}" if section.title else section.name
        rungs.append(rung)
        cells += _reached(rung, WHOLE, at, standing)
        for gate, question in zip(gates, section.questions, strict=False):
            cells += _marks(rows[question.code], rung, gate)
    drawing = grid(cells, rows=rungs, columns=[WHOLE, *gates], what=standing.framework.title)
    return Picture("The ladder", drawing, "A level is reached where all its gates and all lower ones are passed.")


def _coverage(standing: FrameworkStanding) -> Iterator[Picture]:
    """Dimensions by stages, where sections ask the same of each stage; what has no stages beneath, a row a question."""
    staged, alone = _staged(standing.framework)
    rows = {row.question.code: row for row in standing.questions}
    if staged:
        stages = list(dict.fromkeys(question.title for section in staged for question in section.questions))
        cells = [
            cell
            for section in staged
            for question in section.questions
            for cell in _marks(rows[question.code], section.name, question.title, numbers=True)
        ]
        names = [section.name for section in staged]
        note = "Beside a mark: how many answers, or artifacts, stand in the cell. A ring is an empty cell."
        yield Picture("Coverage", grid(cells, rows=names, columns=stages, what=standing.framework.title), note)
    for section in alone:
        names = {question.code: f"{question.code} {question.title}" for question in section.questions}
        cells = [cell for code, name in names.items() for cell in _marks(rows[code], name, section.name)]
        drawing = grid(cells, rows=list(names.values()), columns=[section.name], what=section.name)
        yield Picture(section.name, drawing)


def _staged(framework: Framework) -> tuple[list[Section], list[Section]]:
    """The sections whose questions have the titles that another section's have too, and the others."""
    titles = [frozenset(question.title for question in section.questions) for section in framework.sections]
    shared = [titles.count(each) > 1 for each in titles]
    both = list(zip(framework.sections, shared, strict=True))
    return [each for each, staged in both if staged], [each for each, staged in both if not staged]


def _sections(standing: FrameworkStanding) -> Iterator[Picture]:
    """Bars of sections with the weakest named; where sections add up, as shares, and a radar where it is honest."""
    adds_up = standing.framework.scoring == "sum"
    both = ((CLAIMED, standing.claimed), (EVIDENCED, standing.evidenced))
    found = [bar for side, score in both for bar in _bars(side, score, as_share=adds_up)]
    weakest = _weakest(standing.claimed)
    if adds_up:
        drawing = bars(found, top=1, title="Share of the points that there are", percent=True, weakest=weakest)
        whole = standing.claimed.answered == standing.claimed.questions
        yield Picture("By category", drawing, f"The total is a sum.{'' if whole else f' {NO_RADAR}'}")
        if whole:
            yield Picture("All categories at once", radar(found))
    else:
        top = max(each.top for each in standing.claimed.sections)
        marks = _bands(standing.framework, top)
        drawing = bars(
            found, top=top, title="Points of the section; the score is the lowest", weakest=weakest, marks=marks
        )
        yield Picture("By section", drawing, "The score is that of the weakest section, however strong the others are.")


def _weakest(score: Score) -> list[str]:
    """Every section with the smallest share of its points, where anything is claimed."""
    lowest = min(each.share for each in score.sections)
    return [each.name for each in score.sections if each.share == lowest] if score.answered else []


def _bars(side: str, score: Score, *, as_share: bool) -> Iterator[Bar]:
    for each in score.sections:
        read = f"{each.points:g} of {each.top:g}" if each.answered else "no answer"
        yield Bar(each.name, side, each.share if as_share else each.points, read)


def _bands(framework: Framework, top: float) -> list[Mark]:
    """Where each band but the lowest begins."""
    ends = [band.below if band.below is not None else band.up_to for band in framework.bands[:-1]]
    marks = [Mark(end, band.name) for end, band in zip(ends, framework.bands[1:], strict=True) if end is not None]
    return [mark for mark in marks if mark.at < top]


def over_time(history: Sequence[tuple[str, FrameworkStanding]]) -> tuple[dict, str]:
    """The lines of a framework's score over releases or quarters, claimed and evidenced."""
    framework = history[0][1].framework
    points = [
        Point(time, side, BELOW if score.value is None and score.answered else score.value, score.label)
        for time, standing in history
        for side, score in ((CLAIMED, standing.claimed), (EVIDENCED, standing.evidenced))
    ]
    levels = framework.scoring == "levels"
    short = [section.name.removeprefix("Level ") for section in framework.sections] if levels else []
    names = ({BELOW: "below"} | {float(at): name for at, name in enumerate(short)}) if levels else {}
    return lines(points, names=names, top=framework.highest, what=framework.title)
