"""What the log of writes and exports comes to, in a sentence."""

from collections.abc import Sequence

from plainview.audit import EXPORT, Entry
from plainview.quantities import count

WORDS = {"publish": "published", EXPORT: "took away", "data wanted": "wrote a list of data"}  # others: "wrote a review"


def log_answer(entries: Sequence[Entry]) -> str:
    """The log in a sentence: how much was written and taken away, by how many."""
    if not entries:
        return "Nothing has been written or taken away yet."
    people, taken = len({each.actor for each in entries}), sum(each.kind == EXPORT for each in entries)
    projects = len({each.project for each in entries})
    return (
        f"{count(len(entries) - taken, 'write')} and {count(taken, 'export')} by {count(people, 'person', 'people')} in "
        f"{count(projects, 'project')}; none of these lines can be edited or removed."
    )


def deed(entry: Entry) -> str:
    """What was done: "published", "took away", "wrote a review"."""
    article = "an" if entry.kind[:1].lower() in "aeiou" else "a"
    return WORDS.get(entry.kind) or f"wrote {article} {entry.kind}"
