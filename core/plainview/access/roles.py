"""The roles and what each may do: the one table of it."""

from collections.abc import Iterable
from typing import Literal

Action = Literal[
    "see",  # read everything of a project
    "contribute",  # assess, review, explain, comment, report incidents
    "publish",  # evaluations, from the app
    "approve",  # decide on releases, waive requirements
    "administer",  # read the log of writes and exports, and what is damaged
]
Role = Literal["viewer", "contributor", "publisher", "approver", "admin"]

_READER: frozenset[Action] = frozenset({"see"})
_WRITER: frozenset[Action] = _READER | {"contribute"}
ROLES: dict[Role, frozenset[Action]] = {
    "viewer": _READER,
    "contributor": _WRITER,
    "publisher": _WRITER | {"publish"},
    "approver": _WRITER | {"approve"},
    "admin": _WRITER | {"publish", "approve", "administer"},
}
EVERYTHING: frozenset[Action] = ROLES["admin"]


def actions_of(roles: Iterable[Role]) -> frozenset[Action]:
    """What somebody with all of these roles may do; nothing without a role."""
    return frozenset().union(*(ROLES[role] for role in roles))
