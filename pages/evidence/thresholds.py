"""Thresholds: what calling a class from another score on would give, and whether stated probabilities come true."""

import math

import polars as pl
import streamlit as st

from plainview.charts.rows import titled
from plainview.charts.thresholds import TITLES
from plainview.exceptions import StoreError, reason_of
from plainview.metrics import metric_key
from plainview.narrative.thresholds import calibration_answer, threshold_answer, threshold_read
from plainview.quantities import span, value
from plainview.scores import scored_classes
from plainview.texts import _, plural
from plainview.thresholds import MEASURES, threshold_grid
from plainview.ui import cache, cached_scores, components, links, states, tables
from plainview.ui.plain import plain

TUNED = _(
    "A threshold that is picked on these examples is tuned to them, and does a little worse on others: pick it on one part "
    "of the examples, and measure it on another. Each interval holds for its own threshold, not for all of them at once."
)
HALF, GOOD = 0.5, 0.9  # what is looked at where no threshold is in use; what is aimed at where no requirement says

place = links.here()
specification, title = (
    cache.specification(place.evaluation.id),
    _("Thresholds of {release}").format(release=place.release),
)
scenarios, classes = [scenario.name for scenario in specification.scenarios], scored_classes(specification)


def without_scores() -> None:
    """How to publish what this page needs."""
    components.heading(title, _("Nothing says how sure an answer is, so there is no threshold to set."))
    if specification.task not in ("classification", "multilabel"):
        return states.nothing(
            _("This page is for classes"),
            _("The task of {project} is {task}.").format(project=place.project, task=specification.task),
        )
    states.nothing(
        _("Publish probabilities"), _("Name the column of each class in the specification, and publish again:")
    )
    st.code("columns:\n  probabilities: {negative: p_negative, positive: p_positive}", language="yaml", wrap_lines=True)
    if specification.task == "classification":
        st.text(_("Of two classes one score is enough, if the specification says which class it is of:"))
        st.code("positive: negative\ncolumns:\n  score: p_negative", language="yaml", wrap_lines=True)


if place.evaluation.source is not None:
    components.heading(title, _("A threshold is set on single scores, and those are not in this store."))
    states.rows_elsewhere(place.evaluation)
    st.stop()
if not classes:
    without_scores()
    st.stop()
states.check(place, scenario=scenarios, **{"class": classes})
of, scenario = place.own.get("class") or classes[0], place.scenario or "all"
level = specification.confidence
found, alone = {place.evaluation.id: cached_scores.scored(place.evaluation.id, of, scenario)}, ""
if place.before is not None:
    try:
        found[place.before.id] = cached_scores.scored(place.before.id, of, scenario)
    except StoreError as error:  # a damaged baseline does not hide a sound release
        alone = _("{release} is shown alone: {baseline} cannot be read ({error}).").format(
            release=place.release, baseline=place.before.release, error=reason_of(error)
        )
if found[place.evaluation.id] is None:
    without_scores()
    st.stop()
found = {one: side for one, side in found.items() if side is not None and len(side.scores)}
now = found.get(place.evaluation.id)


def pickers() -> None:
    """The class and the scenario."""
    left, right = st.columns(2)
    with left:
        links.picker(_("Class"), "class", classes, of, forgets=("threshold",))
    with right:
        links.scenarios(scenarios, place.scenario)


if now is None:
    components.heading(
        title,
        _("No example of {scenario} has a score of {of}, so there is no threshold to look at.").format(
            scenario=titled(scenario), of=of
        ),
    )
    pickers()
    states.nothing(_("Nothing to look at"), _("An example counts here if it has a label, an answer and a score."))
    st.stop()


def asked() -> list[float]:
    """The threshold that the URL asks for; none where it is no number."""
    try:
        number = float(place.own.get("threshold", ""))
    except ValueError:
        return []
    return [number] if math.isfinite(number) else []


grid = [float(number) for number in threshold_grid(list(found.values()), also=asked())]
middle = HALF if now.probabilities else grid[len(grid) // 2]
at = next((number for number in (*asked(), now.in_use) if number is not None), min(grid, key=lambda x: abs(x - middle)))
rows = {one: cached_scores.measures(one, of, scenario, grid, level) for one in found}
here = {one: next(row for row in each if row["threshold"] == at) for one, each in rows.items()}
named = tuple({one.id: one.release for one in (place.evaluation, place.before) if one and one.id in found}.items())


def target(measure: str) -> float:
    """What requirements demand of the class, else a common aim."""
    wanted = metric_key(measure, of)
    demanded = [row.at_least for row in specification.requirements if row.metric.key == wanted and row.at_least]
    return max(demanded, default=GOOD)


def tile(measure: str) -> components.Tile:
    """One measure at the threshold that is looked at."""
    row, *before = (here[one][measure] for one, release in named)
    low, high = (here[place.evaluation.id][f"{measure}_{end}"] for end in ("low", "high"))
    means = MEASURES[measure].format(name=of)
    earlier = [
        _("In {baseline}: {value}.").format(baseline=named[1][1], value=value(each, "recall")) for each in before
    ]
    note = span(low, high, "recall") if low is not None else ""
    return components.Tile(TITLES[measure], value(row, "recall"), note=note, help=" ".join([means, *earlier]))


def every_threshold() -> None:
    """The thresholds, a row each."""
    table = [
        {_("Threshold"): threshold_read(row["threshold"])}
        | {title: value(row[name], "recall") for name, title in TITLES.items()}
        for row in rows[place.evaluation.id]
    ]
    alt = plural(
        "{count} threshold of {release} with precision, recall and what else depends on them.",
        "{count} thresholds of {release} with precision, recall and what else depends on them.",
        len(table),
        release=place.release,
    )
    tables.plain_table(pl.DataFrame(table), key="every_threshold", alt=alt)


said = threshold_answer(
    place.release,
    of,
    here[place.evaluation.id],
    in_use=at == now.in_use,
    rows=rows[place.evaluation.id],
    targets=(target("recall"), target("precision")),
)
about = [
    titled(scenario),
    plural("{count} example", "{count} examples", len(now.scores)),
    _("{count:,} of them {of}").format(count=int(now.positive.sum()), of=of),
]
about += [_("{missing:,} without a score, a label or an answer").format(missing=now.missing)] if now.missing else []
components.heading(
    title, said, context=" · ".join(about + [_("compared with {name}").format(name=name) for one, name in named[1:]])
)
if alone:
    st.caption(plain(alone))
pickers()
links.steps(_("Threshold"), "threshold", at, grid, titles=threshold_read)
if now.in_use is None:
    st.caption(_("The published answers follow no threshold on this score, so none is said to be in use."))
components.tiles(map(tile, TITLES))
drawn = cached_scores.thresholds_drawing(named, of, scenario, grid, at=at, in_use=now.in_use, confidence=level)
components.chart(drawn, key="thresholds")
st.caption(TUNED)
if now.probabilities:
    st.subheader(_("Does what is stated come true?"), anchor=False)
    st.text(calibration_answer(of, cached_scores.bands(place.evaluation.id, of, scenario, level)))
    both = tuple((one, name) for one, name in named if found[one].probabilities)
    components.chart(cached_scores.reliability_drawing(both, of, scenario, confidence=level), key="reliability")
with st.expander(_("Every threshold in one table")):
    every_threshold()
links.link("release/behaviours", _("How well {release} does").format(release=place.release))
