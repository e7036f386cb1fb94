"""The frameworks that come with Plainview, one YAML file each, and those that a team writes as one file of the same kind."""

import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from plainview.exceptions import InputError, nearest
from plainview.readiness.evidence import PROOFS
from plainview.readiness.framework import Framework, Section
from plainview.readiness.reading import read_model, read_text
from plainview.specification.faults import Fault

FOLDER = "PLAINVIEW_FRAMEWORKS"  # of the environment: the folder of a team's own frameworks
_FOLDER = Path(__file__).parent / "frameworks"
NAMES = ("error-analysis", "robustness", "test-score", "mltrl", "qa-coverage", "quality-culture")  # in reading order


def load_framework(source: str | os.PathLike[str] | Framework) -> Framework:
    """A framework that comes with Plainview, by its name, or a team's own, by the path of its YAML file.

    InputError lists everything that is wrong with a file, each with its line and column; for an unknown name it names the
    nearest.
    """
    if isinstance(source, Framework):
        return source
    name = os.fspath(source)
    if name in NAMES:
        return _shipped(name)
    if name.lower().endswith((".yaml", ".yml")):
        return read_framework(read_text(name), name=name)
    raise InputError(f"There is no framework {name!r}. {nearest(name, NAMES)} Or name a YAML file that holds one.")


def read_framework(text: str, *, name: str = "framework") -> Framework:
    """A team's own framework, from YAML text; raises as ``load_framework``."""
    taken = {code: framework.name for framework in frameworks() for code in framework.questions}
    return read_model(text, Framework, name=name, faults=lambda framework: _faults(framework, taken))


def own_frameworks(folder: str | os.PathLike[str] | None = None) -> tuple[list[Framework], list[str]]:
    """A team's own frameworks, one YAML file each in a folder (default: the one that PLAINVIEW_FRAMEWORKS names), by file
    name; and what is wrong with those files that cannot be used.
    """
    place = os.environ.get(FOLDER, "") if folder is None else os.fspath(folder)
    found: dict[str, Framework] = {}
    problems = []
    for path in sorted(Path(place).glob("*.y*ml")) if place else []:
        try:
            read = load_framework(path)
        except InputError as error:
            problems.append(str(error))
            continue
        if read.name in found:
            problems.append(f"{path.name}: {read.name!r} is the name of another framework of this folder.")
        found.setdefault(read.name, read)
    return list(found.values()), problems


@cache
def frameworks() -> tuple[Framework, ...]:
    """All that come with Plainview."""
    return tuple(_shipped(name) for name in NAMES)


@cache
def _shipped(name: str) -> Framework:
    text = (_FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    return read_model(text, Framework, name=f"{name}.yaml", faults=lambda framework: _faults(framework, {}))


def _faults(framework: Framework, taken: Mapping[str, str]) -> Iterator[Fault]:
    if taken and framework.name in NAMES:
        yield Fault(("name",), f"{framework.name!r} comes with Plainview; give this one another name")
    yield from _band_faults(framework)
    yield from _anchor_faults(framework, framework.anchors, ("anchors",))
    seen: set[str] = set()
    for at, section in enumerate(framework.sections):
        yield from _section_faults(framework, section, ("sections", at, "questions"), seen, taken)


def _section_faults(
    framework: Framework, section: Section, path: tuple[str | int, ...], seen: set[str], taken: Mapping[str, str]
) -> Iterator[Fault]:
    for at, question in enumerate(section.questions):
        where = (*path, at)
        if question.code in seen:
            yield Fault((*where, "code"), f"the code {question.code!r} is given twice")
        seen.add(question.code)
        if question.code in taken:
            hint = f"write another code, and same_as: {question.code} where it asks the same"
            yield Fault((*where, "code"), f"{question.code!r} is a question of {taken[question.code]}; {hint}")
        if question.proof is not None and question.proof not in PROOFS:
            yield Fault((*where, "proof"), f"there is no proof {question.proof!r}. {nearest(question.proof, PROOFS)}")
        if question.same_as is not None and question.same_as not in taken:
            known = nearest(question.same_as, taken)
            yield Fault((*where, "same_as"), f"there is no question {question.same_as!r}. {known}")
        yield from _anchor_faults(framework, question.anchors, (*where, "anchors"))


def _anchor_faults(framework: Framework, anchors: Mapping[str, str], path: tuple[str | int, ...]) -> Iterator[Fault]:
    known = [mark.key for mark in framework.answers.marks]
    for key in anchors:
        if key not in known:
            yield Fault((*path, key), f"{key!r} is no answer of this scale. {nearest(key, known)}", key=True)


def _band_faults(framework: Framework) -> Iterator[Fault]:
    banded = framework.scoring in ("sum", "minimum")
    if bool(framework.bands) != banded:
        found = "none" if banded else f"{len(framework.bands)}"
        yield Fault(("bands",), f"found {found}; bands belong to the scorings sum and minimum, and to those alone")
    last = float("-inf")
    for at, band in enumerate(framework.bands):
        ends = [end for end in (band.below, band.up_to) if end is not None]
        expected = int(at < len(framework.bands) - 1)
        if len(ends) != expected:
            which = "exactly one of below and up_to" if expected else "neither below nor up_to, for it is the highest"
            yield Fault(("bands", at), f"the band {band.name!r} has {len(ends)} ends; expected {which}")
        elif ends and ends[0] <= last:
            yield Fault(("bands", at), f"the band {band.name!r} ends at {ends[0]:g}, not above the one before it")
        last = ends[0] if ends else last
