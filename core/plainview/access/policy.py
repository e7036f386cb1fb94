"""The file that says who may see and do what: read with errors by line and column, and asked for every project.

.. code-block:: yaml

    sign_in: {by: oidc}              # or {by: headers, person: X-Forwarded-Email, groups: X-Forwarded-Groups}
    groups:
      language: [cy@example.org, di@example.org]
    everywhere:                      # roles in every project, those to come among them
      viewer: [group:language]
      admin: [ana@example.org]
    projects:
      sentiment:
        contributor: [group:language]
        approver: [bo@example.org]
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from plainview.access.identity import Person, spelled
from plainview.access.roles import ROLES, Action, Role, actions_of
from plainview.exceptions import nearest
from plainview.readiness.reading import read_model, read_text
from plainview.specification.faults import Fault
from plainview.specification.types import Model, Name, Number, Slug

EVERYONE = "everyone"  # whoever is signed in
GROUP = "group:"
Members = tuple[Name, ...]
Grants = dict[str, Members]  # by role


class SignIn(Model):
    """How readers say who they are."""

    by: Literal["oidc", "headers"]
    person: Name = "email"  # the claim, or the header, that names a person
    groups: Name | None = None  # the claim, or the header, that lists their groups
    hours: Annotated[Number, Field(gt=0, le=720)] = 12  # after which one signs in again
    sign_out: Name | None = None  # of a proxy: the address that ends its session


class Access(Model):
    """Who may see and do what, as the file says; whom it does not name may do nothing."""

    sign_in: SignIn
    groups: dict[str, Members] = Field(default_factory=dict)
    everywhere: Grants = Field(default_factory=dict)
    projects: dict[Slug, Grants] = Field(default_factory=dict)

    def may(self, person: Person, action: Action, project: str) -> bool:
        """Whether a person may do this in a project."""
        return action in actions_of(self.roles(person, project))

    def roles(self, person: Person, project: str | None = None) -> tuple[Role, ...]:
        """A person's roles in a project, or everywhere; none for a stranger."""
        grants = [self.everywhere, self.projects.get(project, {}) if project else {}]
        return tuple(role for role in ROLES if any(self._named(person, each.get(role, ())) for each in grants))

    def knows(self, person: Person) -> bool:
        """Whether a person has any role anywhere."""
        return bool(self.roles(person)) or any(self.roles(person, project) for project in self.projects)

    def _named(self, person: Person, members: Iterable[str]) -> bool:
        return any(
            member == EVERYONE
            or (self._holds(member.removeprefix(GROUP), person) if member.startswith(GROUP) else _is(person, member))
            for member in members
        )

    def _holds(self, group: str, person: Person) -> bool:
        """A group that the file spells out is what it says there, whatever the provider calls by the same name."""
        if group in self.groups:
            return any(_is(person, member) for member in self.groups[group])
        return group in person.groups


def load_access(path: str | os.PathLike[str]) -> Access:
    """The file at a path; InputError lists everything that is wrong with it, each with its line and column."""
    return read_access(read_text(path), name=Path(path).name)


def read_access(text: str, *, name: str = "access.yaml") -> Access:
    """The same from text; ``name`` is what errors call it."""
    return read_model(text, Access, name=name, faults=_faults)


def _is(person: Person, member: str) -> bool:
    return spelled(member) == person.name


def _faults(access: Access) -> Iterator[Fault]:
    if access.sign_in.by == "headers" and "person" not in access.sign_in.model_fields_set:
        yield Fault(("sign_in",), "'person' is missing: the header in which the proxy names who is signed in")
    if access.sign_in.by == "oidc" and access.sign_in.sign_out is not None:
        yield Fault(("sign_in", "sign_out"), "only a proxy has one; the provider names its own", key=True)
    if not (access.sign_in.sign_out or "/").startswith(("/", "https://")):
        yield Fault(("sign_in", "sign_out"), "expected an address that begins with / or https://")
    for group, members in access.groups.items():
        yield from _member_faults(access, members, ("groups", group), known=None)
    yield from _grant_faults(access, access.everywhere, ("everywhere",))
    for project, grants in access.projects.items():
        yield from _grant_faults(access, grants, ("projects", project))


def _grant_faults(access: Access, grants: Mapping[str, Members], path: tuple[str, ...]) -> Iterator[Fault]:
    for role, members in grants.items():
        if role not in ROLES:
            yield Fault((*path, role), f"there is no role {role!r}. {nearest(role, ROLES)}", key=True)
        yield from _member_faults(access, members, (*path, role), known=list(access.groups))


def _member_faults(
    access: Access, members: Members, path: tuple[str, ...], *, known: list[str] | None
) -> Iterator[Fault]:
    """``known`` are the groups that may be named; None in a group, which names people alone."""
    for at, member in enumerate(members):
        group = member.removeprefix(GROUP) if member.startswith(GROUP) else None
        if known is None and (group is not None or member == EVERYONE):
            yield Fault((*path, at), f"found {member!r}; expected a person: a group holds no other group")
        elif group is not None and access.sign_in.groups is None and group not in (known or ()):
            hint = "groups of the provider count where sign_in names the claim that lists them"
            yield Fault((*path, at), f"there is no group {group!r}. {nearest(group, known or ())} Or {hint}")
        elif group is None and member != EVERYONE and access.sign_in.person == "email" and "@" not in member:
            yield Fault((*path, at), f"found {member!r}; expected an e-mail address, {GROUP}NAME or {EVERYONE}")


def unknown_projects(access: Access, known: Iterable[str]) -> list[str]:
    """Projects that the file names and the store does not have: misspelled, or not published yet."""
    return sorted(set(access.projects) - set(known))


def described(access: Access, person: Person, projects: Iterable[str]) -> dict[str, tuple[Role, ...]]:
    """A person's roles in each of these projects and in those that the file names."""
    return {name: access.roles(person, name) for name in sorted({*projects, *access.projects})}
