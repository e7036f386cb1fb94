"""Who may see what. Everything that is loaded for a page passes through here; nothing else decides it.

Today the app serves the person who started it: it listens on their own machine, and they see every project.
"""

from collections.abc import Iterable


def sign_in() -> None:
    """Let the reader in, or stop here. The one call site for signing in; local readers are let in."""


def visible_projects(names: Iterable[str]) -> frozenset[str]:
    """Of these projects, those that the reader may see."""
    return frozenset(names)
