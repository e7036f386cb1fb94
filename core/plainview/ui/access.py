"""Who may see and do what. Everything that is loaded for a page or written from one passes here; nothing else decides it.

Today the app serves the person who started it: it listens on their own machine, they see every project and may do everything.
"""

from collections.abc import Iterable
from typing import Literal

from plainview.exceptions import AccessError
from plainview.store import who

Action = Literal[
    "contribute", "publish", "approve", "administer"
]  # assess, review, report; publish; decide; read the log


def sign_in() -> None:
    """Let the reader in, or stop here. The one call site for signing in; local readers are let in."""


def person() -> str:
    """The name under which what the reader writes is kept."""
    return who()


def visible_projects(names: Iterable[str]) -> frozenset[str]:
    """Of these projects, those that the reader may see."""
    return frozenset(names)


def may(action: Action, project: str) -> bool:
    """Whether the reader may do this in a project; pages offer only what they may."""
    return project in visible_projects([project])


def check(action: Action, project: str) -> None:
    """AccessError unless the reader may do this in a project; asked again where something is written."""
    if not may(action, project):
        raise AccessError(f"You may not {action} in this project. Its administrators can give you a role that may.")
