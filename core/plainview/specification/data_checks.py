"""What is demanded of the data must agree with the rest of the specification: tasks, classes, answers."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from plainview.exceptions import nearest
from plainview.specification.faults import Fault

if TYPE_CHECKING:
    from plainview.specification.models import Specification


def data_faults(specification: "Specification") -> Iterator[Fault]:
    """A mix is of classes that there are; columns of the test set are not those that a release answers."""
    data, columns = specification.data, specification.columns
    if data.class_mix is not None and specification.task != "classification":
        message = f"class_mix is for classification; the task is {specification.task}"
        yield Fault(("data", "class_mix"), message, key=True)
    elif data.class_mix is not None and specification.classes:
        for name in data.class_mix:
            if name not in specification.classes:
                message = f"{name!r} is not one of the classes. {nearest(name, specification.classes)}"
                yield Fault(("data", "class_mix", name), message, key=True)
    answers = {columns.prediction, columns.score, *columns.more_answers().values()} - {None, columns.label}
    for name in data.columns:
        if name in answers:
            message = f"column {name!r} differs from release to release; data tests are of the test set"
            yield Fault(("data", "columns", name), message, key=True)
    for index, name in enumerate(data.same or ()):
        if name in answers | {columns.id}:
            message = f"column {name!r} cannot tell whether two examples are the same one"
            yield Fault(("data", "same", index), message)
