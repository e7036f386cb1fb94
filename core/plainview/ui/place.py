"""Where a reader is: project, release, baseline, scenario and so on, as the URL says. The URL is the only state.

``resolve`` knows no Streamlit. What the URL asks for and the store does not have is a Problem with the nearest name
and the way back; it never turns into something else that was not asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from plainview.exceptions import nearest
from plainview.records import Evaluation
from plainview.texts import _
from plainview.ui import codes

PARAMETERS = ("project", "release", "baseline", "scenario", "metric", "behaviour")  # what links carry to other pages
OWN = (
    "page",
    "batch",
    "kind",
    "class",
    "threshold",
    "margin",
    "mix",
    "group",
    "label",
    "prediction",
    "column",
    "value",
    "search",
    "sort",
    "tag",
    "example",
    "view",
    "question",
    "target",
    "done",
    "quarter",
    "until",
    "owner",
    "check",
    "change",
)  # what is only of the page that is shown: which part of a list, of a chart
Listing = Mapping[str, Sequence[Evaluation]]


@dataclass(frozen=True)
class Problem:
    """Why a page cannot be shown, and what to do next."""

    title: str
    sentence: str
    way_back: str = ""  # the label of the link
    parameters: Mapping[str, str] = field(default_factory=dict)  # where it leads


@dataclass(frozen=True)
class Place:
    """What the URL asks for, as far as it is there. ``evaluation`` is None exactly where there is a ``problem``."""

    project: str | None = None
    evaluation: Evaluation | None = None
    line: tuple[Evaluation, ...] = ()  # the project's releases on the same test set, in order
    before: Evaluation | None = None  # the baseline: as asked for, else the release before this one
    baseline: str | None = None  # as asked for
    scenario: str | None = None  # as asked for; pages check it against their results
    metric: str | None = None  # as asked for; likewise
    behaviour: str | None = None  # as asked for; likewise
    own: Mapping[str, str] = field(default_factory=dict)  # of OWN, as asked for
    problem: Problem | None = None

    @property
    def release(self) -> str | None:
        """The name of the release."""
        return self.evaluation.release if self.evaluation else None

    def parameters(self) -> dict[str, str]:
        """What a link to another page carries."""
        asked = {name: getattr(self, name) for name in PARAMETERS}
        return {name: value for name, value in asked.items() if value}


def resolve(asked: Mapping[str, str], listing: Listing) -> Place:
    """The place that the URL's parameters name: the latest release where none is named."""
    if not listing:
        return Place(problem=Problem(_("Nothing is published yet"), _("The store is there, and it has no evaluation.")))
    project = asked.get("project") or _latest_project(listing)
    if project not in listing:
        return Place(problem=_unknown("project", project, list(listing), _("Go to the latest project"), {}))
    everything = [found for found in listing[project] if found.release == asked.get("release")]
    if asked.get("release") and not everything:
        names = list(dict.fromkeys(found.release for found in reversed(listing[project])))
        there = {"project": project}
        return Place(
            project, problem=_unknown("release", asked["release"], names, _("Go to the latest release"), there)
        )
    return _placed(project, _preferred(everything or _newest(listing[project])), listing[project], asked)


def _placed(project: str, found: Evaluation, releases: Sequence[Evaluation], asked: Mapping[str, str]) -> Place:
    line = tuple(each for each in releases if each.test_set.name == found.test_set.name)
    names = [each.release for each in line]
    baseline, position = asked.get("baseline"), names.index(found.release)
    if baseline and baseline not in names:
        there = {"project": project, "release": found.release}
        way_back = _("Compare with the release before")
        return Place(project, problem=_unknown("release", baseline, names, way_back, there))
    before = line[names.index(baseline)] if baseline else line[position - 1] if position else None
    named = {name: asked.get(name) for name in ("scenario", "metric", "behaviour")}
    own = {name: asked[name] for name in OWN if asked.get(name)}
    return Place(project, found, line, before, baseline, **named, own=own)


def _unknown(kind: str, name: str, known: Sequence[str], way_back: str, parameters: Mapping[str, str]) -> Problem:
    shown = name if len(name) <= 80 else name[:79] + "…"
    sentence = _("The address asks for {shown!r}. {nearest}").format(shown=shown, nearest=nearest(name, known))
    return Problem(_("There is no such {kind}").format(kind=codes.read(kind)), sentence, way_back, parameters)


def _latest_project(listing: Listing) -> str:
    """The project that was published to last."""
    return max(listing, key=lambda name: max(found.published_at for found in listing[name]))


def _newest(releases: Sequence[Evaluation]) -> list[Evaluation]:
    return [found for found in releases if found.release == releases[-1].release]


def _preferred(found: Sequence[Evaluation]) -> Evaluation:
    """Of one release's test sets the default one, else the one published last: as the store chooses."""
    return next((each for each in found if each.test_set.name == "default"), max(found, key=lambda e: e.published_at))
