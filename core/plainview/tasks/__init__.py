"""The tasks: one file each, from the columns of a frame to contributions for the kernel.

A task is a module with these names; adding one is adding a file and a row to TASKS.

- ``prepare(values) -> Series``: labels or predictions in the task's own form; raises FrameError naming the value;
- ``parts(examples, answers, specification, weight) -> {name: Part}``: what one release's rows contribute;
- ``paired_parts(examples, baseline, candidate, specification, weight) -> {name: Part}``: the same for two releases;
- ``right(label, prediction) -> array or None``: which predictions are right, None where the task has no such notion;
- ``undeclared(label, classes) -> Series``: a class of each label that is none of these, where a specification may list them;
- ``prepare_answer(values) -> Series``: predictions, where they have another form than labels.

``answers`` hold what a release said, row by row: the column "prediction" and, where given, "score" and others. Most tasks
have one part, named "", with a row an example and cells of (label, prediction), in pairs (label, baseline, candidate, flip).
A task with several ways to count (boxes and images, one part a class) names more; a row of METRICS says which it reads.
"""

from types import ModuleType

from plainview.tasks import classification, detection, multilabel, regression, scored

TASKS: dict[str, ModuleType] = {
    "classification": classification,
    "multilabel": multilabel,
    "regression": regression,
    "detection": detection,
    "scored": scored,
}
