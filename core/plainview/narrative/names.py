"""How names stand inside a sentence: metrics spoken, scenarios quoted, people's words as they are."""

from plainview.metrics import METRICS, split_key

# A behaviour that begins with one of these is spoken as a verb: "understands negation better than …".
VERBS = frozenset(
    """
    accepts alerts answers asks avoids classifies copes counts detects distinguishes estimates explains extracts filters
    finds follows forecasts gets grasps handles hears identifies ignores keeps knows labels locates matches notices
    predicts ranks reads recalls recognises recognizes refuses rejects remembers resists resolves routes sees separates
    serves spots stays summarises summarizes tells tolerates tracks translates understands withstands works
    """.split()  # noqa: SIM905
)


def metric_title(key: str) -> str:
    """The title of a metric: "Accuracy", "Recall for negative"."""
    name, of = split_key(key)
    return METRICS[name].heading(of)


def spoken_metric(key: str) -> str:
    """The title of a metric inside a sentence: "accuracy", "recall for negative", "F1 for spam"."""
    return lower_first(metric_title(key))


def spoken_scenario(name: str) -> str:
    """A scenario's name, quoted; the one that always exists is "all examples"."""
    return "all examples" if name == "all" else quoted(name)


def example_of(task: str) -> tuple[str, str]:
    """What an example of a task is called: ("example", "examples"), of detection ("image", "images")."""
    return ("image", "images") if task == "detection" else ("example", "examples")


def quoted(name: str) -> str:
    """A name that a person gave, exactly as they wrote it, in quotes."""
    return f"\N{LEFT DOUBLE QUOTATION MARK}{name}\N{RIGHT DOUBLE QUOTATION MARK}"


def lower_first(text: str) -> str:
    """The first letter small, unless the word is an abbreviation: "F1", "ROC AUC"."""
    return text if len(text) > 1 and (text[1].isupper() or text[1].isdigit()) else text[:1].lower() + text[1:]
