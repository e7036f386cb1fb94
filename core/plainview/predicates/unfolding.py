"""How large a predicate becomes as a Polars expression, where a construct writes out a part of it several times.

``a BETWEEN b AND c`` names a twice, and so each of a's own parts; ``a IN (…)`` may name it once for every item. Written 24
times within each other, twice is 16 million.
"""

from collections.abc import Sequence

from sqlglot import exp

from plainview.exceptions import PredicateError
from plainview.predicates.terms import position

MAX_UNFOLDED = 20_000  # nodes; a where of 10,000 characters, without such nesting, has fewer than 6,000
# How often the compiler writes out the parts of a construct; all else once.
_TIMES: dict[type[exp.Expression], dict[str, int]] = {
    exp.Between: {"this": 2},
    exp.Mod: {"this": 2},
}


def check_unfolded(nodes: Sequence[exp.Expression]) -> None:
    """Raise PredicateError where the tree unfolds to more than MAX_UNFOLDED; ``nodes`` are all of it, parents first."""
    sizes: dict[int, int] = {}
    for node in reversed(nodes):
        sizes[id(node)] = 1 + sum(_times(node, child) * sizes[id(child)] for child in node.iter_expressions())
        if sizes[id(node)] > MAX_UNFOLDED:
            raise PredicateError(
                f"Too large at character {position(node) + 1}: BETWEEN, IN or % stand too often within each other, or over too "
                "long lists. Split it into shorter scenarios."
            )


def _times(node: exp.Expression, child: exp.Expression) -> int:
    if isinstance(node, exp.In):  # the subject is compared with each of the items
        return len(node.expressions) if child.arg_key == "this" else 1
    return _TIMES.get(type(node), {}).get(child.arg_key, 1)
