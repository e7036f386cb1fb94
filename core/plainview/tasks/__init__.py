"""The tasks: one file each, from the columns of a frame to contributions for the kernel.

A task is a module with these names; adding one is adding a file and a row to TASKS.

- ``prepare(values) -> Series``: labels or predictions in the task's own form; raises FrameError naming the value;
- ``contributions(label, prediction, weight) -> Contributions``: cells of (label, prediction);
- ``paired(label, baseline, candidate, weight, margin) -> Contributions``: cells of (label, baseline, candidate, flip);
- ``right(label, prediction) -> array or None``: which predictions are right, None where the task has no such notion.
"""

from types import ModuleType

from plainview.tasks import classification, regression

TASKS: dict[str, ModuleType] = {"classification": classification, "regression": regression}
