"""Readers of every role, and a store with a project that some of them must never hear of."""

import time
from pathlib import Path

from page_stores import frame, publish, specification

OPEN, HIDDEN = "open-project", "hidden-project"
CANARY = "Zirkon"  # in every text of the hidden project; its short name is what the address asks for
ACCESS = f"""
sign_in: {{by: oidc, groups: groups}}
everywhere:
  admin: [admin@example.org]
projects:
  {OPEN}:
    viewer: [viewer@example.org, "group:readers"]
    contributor: [contributor@example.org]
    publisher: [publisher@example.org]
    approver: [approver@example.org]
    admin: [keeper@example.org]
  {HIDDEN}:
    viewer: [other@example.org]
"""
ROLES = ("viewer", "contributor", "publisher", "approver", "admin")
# What each reader may do in the open project, and whether they see the hidden one.
MAY = {
    "viewer": {"see"},
    "contributor": {"see", "contribute"},
    "publisher": {"see", "contribute", "publish"},
    "approver": {"see", "contribute", "approve"},
    "keeper": {"see", "contribute", "publish", "approve", "administer"},
    "admin": {"see", "contribute", "publish", "approve", "administer"},
    "member": {"see"},  # of a group of the identity provider
    "other": set(),
    "stranger": set(),
    "expired": set(),
    "unverified": set(),
    "nobody": set(),
}
SEES_HIDDEN = ("admin", "other")
CLOSED = {
    "stranger": "You have no role here yet",
    "expired": "Sign in again",
    "unverified": "Your address is not verified",
    "nobody": "Sign in",
}
ACTIONS = ("see", "contribute", "publish", "approve", "administer")


def user(who: str) -> dict:
    """What Streamlit knows of a reader: the claims of their sign-in."""
    if who == "nobody":
        return {"is_logged_in": False}
    said = {"is_logged_in": True, "iat": time.time(), "email": f"{who}@example.org", "email_verified": True}
    changes = {
        "member": {"groups": ["readers"]},
        "stranger": {"groups": ["others"], "plainview_person": "admin@example.org"},
        "expired": {"iat": time.time() - 13 * 3600, "email": "admin@example.org"},
        "unverified": {"email_verified": False, "email": "admin@example.org"},
    }
    return said | changes.get(who, {})


def two_projects(store: Path) -> None:
    """Both projects, of two releases each; the one that was published last is the hidden one."""
    for project, mark in ((OPEN, "Quartz"), (HIDDEN, CANARY)):
        demanded = specification(
            project,
            names=(f"{mark} behaviour", f"{mark} habit", f"{mark} rarity"),  # the last has no example yet
            title=f"{mark} title",
            requirements=[
                {
                    "id": f"{mark}-{number}",
                    "scenario": "all",
                    "metric": "accuracy",
                    "at_least": bar,
                    "owner": f"{mark} team",
                }
                for number, bar in enumerate((0.5, 0.9), start=1)
            ],
        )
        rows = [frame(wrong, kinds=2, classes=(f"{mark} no", f"{mark} yes"), text=mark) for wrong in (60, 30)]
        publish(store, demanded, *rows, releases=(f"{mark} 1", f"{mark} 2"), notes=f"{mark} notes")
