"""The verb `explain`: what a release's errors and answers depend on, kept as evidence."""

from typing import TYPE_CHECKING, Annotated

import typer

from plainview.cli.terminal import STORE, JsonOption, Project, StoreOption, as_object, say, status, table

if TYPE_CHECKING:
    from plainview.explanations.explaining import Explanation


def explain(
    project: Project,
    release: Annotated[str, typer.Argument(help="The release to explain.", show_default=False)],
    predict: Annotated[
        str | None,
        typer.Option(help="What answers, module:function, given a pandas frame of examples.", show_default=False),
    ] = None,
    attributions: Annotated[
        str | None,
        typer.Option(
            help="Local explanations made elsewhere: id, feature, attribution; or id and tokens.", show_default=False
        ),
    ] = None,
    frame: Annotated[
        str | None,
        typer.Option(help="The examples, with columns that only what answers needs.", show_default=False),
    ] = None,
    local: Annotated[int, typer.Option(help="How many answers are explained one by one; 0 for none.", min=0)] = 200,
    unit: Annotated[
        str, typer.Option(help="What attributions are counted in, such as log-odds.", show_default=False)
    ] = "",
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Explain a release: what its errors go together with, and, with what answers, what its answers depend on.

    [dim]plainview explain churn 2.1 --predict churn.model:predict[/]
    """
    from plainview.explanations.answering import load_predict
    from plainview.explanations.explaining import explain as find
    from plainview.store import open_store

    opened = open_store(store)
    asked = load_predict(predict) if predict else None
    with status(as_json) as step:
        step("Explaining")
        given = {"predict": asked, "attributions": attributions, "frame": frame, "local": local, "unit": unit}
        found = find(opened, project, release, **given)
    return as_object(_object(found)) if as_json else _show(found)


def _sentences(found: "Explanation") -> list[str]:
    from plainview.narrative import explanations as said

    release, sentences = found.evaluation.release, []
    if found.errors is not None:
        sentences += [said.explanations_answer(found.errors, None, release), said.trust_of_errors(found.errors)]
        sentences += [said.alike_sentence(found.errors.alike)]
    if found.words is not None and found.words.columns:
        sentences.append(said.words_sentence(found.words, release))
    if found.answers is not None:
        sentences += [said.answers_sentence(found.answers, release), said.trust_of_answers(found.answers)]
    if found.local is not None:
        sentences += [said.adds_up_sentence(found.local), said.foreign_sentence(found.local)]
    return [sentence for sentence in sentences if sentence]


def _show(found: "Explanation") -> None:
    from plainview.narrative.explanations import NOT_SAID
    from plainview.quantities import count, plain

    for sentence in _sentences(found):
        say(sentence)
    for title, side in (("What errors depend on", found.errors), ("What answers depend on", found.answers)):
        if side is not None and side.columns and getattr(side, "tells", True):
            rows = [
                [one.column, plain(one.value), f"{plain(one.low)} to {plain(one.high)}"] for one in side.columns[:10]
            ]
            table(title, ["Column", "Worth", "Interval"], rows)
    say(NOT_SAID)
    say(f"Kept: {count(len(found.kept), 'explanation')}." if found.kept else "Nothing was kept: nothing could be told.")


def _object(found: "Explanation") -> dict:
    def rows(side) -> list[dict]:
        return [] if side is None else [{**vars(one)} for one in side.columns]

    return {
        "project": found.evaluation.project,
        "release": found.evaluation.release,
        "sentences": _sentences(found),
        "errors": rows(found.errors),
        "area": found.errors and found.errors.area,
        "tells": found.errors is not None and found.errors.tells,
        "answers": rows(found.answers),
        "words": found.words.table.to_dicts() if found.words is not None else [],
        "local": found.local.examples if found.local is not None else 0,
        "kept": [event.id for event in found.kept],
    }
