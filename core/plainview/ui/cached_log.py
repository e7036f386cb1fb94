"""The log of writes and exports, for those who administer projects; read anew each time, because it is looked at seldom."""

from plainview.audit import Entry, log
from plainview.exceptions import StoreMissingError
from plainview.ui import access, cache


def audit_log() -> list[Entry]:
    """Every write and every export in the projects that the reader administers, the latest first.

    AccessError for who administers none.
    """
    try:
        evaluations, events = cache.store().evaluations(), cache.store().events()
    except StoreMissingError:
        evaluations, events = [], []
    names = {each.project for each in (*evaluations, *events)}
    mine = {name for name in names if access.may("administer", name)}
    if not mine:
        access.check("administer", "")
    return log(*([each for each in kept if each.project in mine] for kept in (evaluations, events)))
