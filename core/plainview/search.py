"""Finding a project, a release, a behaviour, a scenario, a requirement or a word by what it is called."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from plainview.glossary import TERMS
from plainview.narrative.demands import demand as titled
from plainview.narrative.demands import long_date
from plainview.records import Evaluation
from plainview.specification import Specification

Kind = Literal["project", "release", "behaviour", "scenario", "requirement", "word"]
KINDS: tuple[Kind, ...] = ("project", "release", "behaviour", "scenario", "requirement", "word")  # as they are listed


@dataclass(frozen=True)
class Entry:
    """Something that can be found."""

    kind: Kind
    name: str
    project: str = ""  # its title
    more: str = ""  # what else it is found by: an owner, a reason, notes
    page: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    said: str = ""  # what stands beside it in a list
    folded: tuple[str, str] = field(init=False, compare=False)  # the name, and everything, without capitals and accents

    def __post_init__(self) -> None:
        everything = f"{self.name} {self.project} {self.more}"
        object.__setattr__(self, "folded", (folded(self.name), folded(everything)))


def folded(text: str) -> str:
    """A text without capitals, accents and double spaces."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(letter for letter in bare if not unicodedata.combining(letter)).split())


def entries(line: Sequence[Evaluation], specification: Specification | None) -> list[Entry]:
    """What can be found of a project: ``line`` its releases in order, ``specification`` that of the latest one, or None where
    it cannot be read.
    """
    latest = line[-1]
    title, here = latest.title, (("project", latest.project), ("release", latest.release))
    found = [Entry("project", title, title, latest.project, "release/report", here)]
    once = {one.release: one for one in reversed(line)}
    for one in once.values():
        place = (("project", one.project), ("release", one.release))
        when = long_date(one.released) if one.released else ""
        more = f"{one.released or ''} {when} {one.notes}"
        found.append(Entry("release", one.release, title, more, "release/report", place, one.notes or when))
    return found + (demanded(specification, title, here) if specification is not None else [])


def demanded(specification: Specification, title: str, here: tuple[tuple[str, str], ...]) -> list[Entry]:
    """The behaviours, scenarios and requirements of a specification; ``here`` says where in the app they are shown."""
    found = []
    for behaviour in specification.behaviours:
        more, place = f"{behaviour.why or ''} {behaviour.owner or ''}", (*here, ("behaviour", behaviour.name))
        found.append(Entry("behaviour", behaviour.name, title, more, "release/behaviours", place, behaviour.why or ""))
    for scenario in specification.scenarios:
        if scenario.name != "all":
            more, place = f"{scenario.where or ''}", (*here, ("scenario", scenario.name))
            said = scenario.behaviour or ""
            found.append(Entry("scenario", scenario.name, title, more, "release/behaviours", place, said))
    for demand in specification.requirements:
        more = f"{demand.id} {demand.scenario} {demand.owner or ''} {demand.reason or ''}"
        said = f"{demand.priority}; owner: {demand.owner}" if demand.owner else demand.priority
        found.append(
            Entry("requirement", titled(demand, specification), title, more, "release/requirements", here, said)
        )
    return found


def words() -> list[Entry]:
    """The words of the glossary, found by what others call them too."""
    return [
        Entry(
            "word",
            term.name,
            more=f"{' '.join(term.others)} {term.meaning}",
            page="about/glossary",
            parameters=(("search", term.name),),
            said=term.meaning,
        )
        for term in TERMS.values()
    ]


def search(known: Iterable[Entry], text: str) -> list[Entry]:
    """Entries in which every word of ``text`` stands, the best first: named so, then beginning so, then holding it."""
    sought = folded(text).split()
    ranked = [(_rank(entry, " ".join(sought), sought), place, entry) for place, entry in enumerate(known)]
    return [entry for rank, _, entry in sorted(each for each in ranked if each[0] is not None)] if sought else []


def _rank(entry: Entry, whole: str, sought: Sequence[str]) -> tuple[int, int] | None:
    name, everything = entry.folded
    if not all(word in everything for word in sought):
        return None
    matches = _matches(name, whole, sought)
    return next(place for place, holds in enumerate(matches) if holds), KINDS.index(entry.kind)


def _matches(name: str, whole: str, sought: Sequence[str]) -> Iterator[bool]:
    yield name == whole
    yield name.startswith(whole)
    yield f" {whole}" in name
    yield all(word in name for word in sought)
    yield True
