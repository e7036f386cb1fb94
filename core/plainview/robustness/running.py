"""Running checks against a model: each check of a file, on examples of its own, with the same model."""

from collections.abc import Callable, Mapping
from typing import Any

from plainview.exceptions import InputError
from plainview.robustness.asking import Asked, Predict, load_predict
from plainview.robustness.ground import Ground
from plainview.robustness.models import Check, Checks
from plainview.robustness.results import CheckResult, result_of
from plainview.robustness.rows import Rows, sampled
from plainview.specification import Specification

Step = Callable[[str], None]


def asked_model(predict: Predict | str, checks: Checks, specification: Specification, rows: Rows) -> Asked:
    """The model as checks ask it: it sees every column but the label."""
    function = load_predict(predict) if isinstance(predict, str) else predict
    if not callable(function):
        raise InputError(
            f"The 'predict' parameter must be a function or module:function. Got {type(function).__name__}."
        )
    if specification.task not in ("classification", "regression"):
        raise InputError(
            f"Checks ask a model for labels, probabilities or numbers; the task of {specification.project} is "
            f"{specification.task}. Publish their outcomes instead."
        )
    label = specification.columns.label
    classes = specification.classes or ()
    if not classes and specification.task == "classification" and label in rows.table.columns:
        from plainview.frames import class_text

        classes = tuple(class_text(rows.table[label]).drop_nulls().unique().sort().to_list())
    hidden = frozenset(filter(None, [label]))
    return Asked(function, checks.file.frames, specification.task == "regression", tuple(classes), hidden)


def run(
    checks: Checks,
    rows: Rows,
    ask: Asked,
    *,
    id_column: str,
    predict: str,
    test_set: str | None = None,
    step: Step = print,
) -> list[CheckResult]:
    """The result of every check, in their order. InputError where one cannot be run; it names the check."""
    results = []
    for check in checks.checks:
        step(check.name)
        results.append(_result(checks, check, rows, ask, id_column, predict, test_set))
    return results


def _result(
    checks: Checks, check: Check, rows: Rows, ask: Asked, id_column: str, predict: str, test_set: str | None
) -> CheckResult:
    settled = checks.settled(check)
    ground = _ground(checks, check, rows, ask, id_column, settled)
    try:
        found = check.outcomes(ground)
    except InputError as error:
        said = str(error)
        raise InputError(said if said.startswith(ground.what) else f"{ground.what}: {said}") from error
    exhaustive = check.exhaustive
    return result_of(
        found,
        name=check.name,
        check=check.kind,
        capability=check.of_capability,
        test_type=check.of_type,
        bar=0.0 if exhaustive and settled["may_fail"] is None else settled["may_fail"],
        minimum=settled["minimum_examples"],
        rule=check.rule or ("point" if exhaustive else "interval"),
        seed=settled["seed"],
        sample=settled["sample"],
        variants=settled["variants"],
        why=check.why or "",
        owner=check.owner or "",
        definition=_definition(check, checks),
        predict=predict,
        test_set=None if check.invents else test_set,
    )


def _ground(checks: Checks, check: Check, rows: Rows, ask: Asked, id_column: str, settled: Mapping[str, Any]) -> Ground:
    what = f"Check {check.name!r}"
    asked = {"where": check.where, "sample": settled["sample"], "seed": settled["seed"]}
    drawn = rows if check.invents else sampled(rows, id_column=id_column, what=what, **asked)
    columns = checks.file.columns
    text = columns.text or ("text" if "text" in rows.table.columns else None)
    return Ground(
        rows=drawn,
        everything=rows,
        ask=ask,
        id=id_column,
        text=text,
        image=columns.image,
        seed=settled["seed"],
        variants=settled["variants"],
        sample=settled["sample"],
        lexicons=checks.file.lexicons,
        what=what,
    )


def _definition(check: Check, checks: Checks) -> dict[str, Any]:
    """The check as it was written, and the words that it takes."""
    written = check.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    named = getattr(check, "slots", None)
    if named is None and getattr(check, "templates", None):
        from plainview.robustness.templates import slots

        named = [name for each in check.templates for name in slots(each)]
    words = {name: list(checks.file.lexicons[name]) for name in named or () if name in checks.file.lexicons}
    return written | ({"lexicons": words} if words else {})
