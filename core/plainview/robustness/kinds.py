"""KINDS: what kinds of check there are. A new kind is a file and a row."""

from plainview.robustness.adversarial import Adversarial
from plainview.robustness.confidence import Confidence
from plainview.robustness.counterfactual import Counterfactual
from plainview.robustness.directional import Directional
from plainview.robustness.invariance import Invariance
from plainview.robustness.models import Check
from plainview.robustness.unit import Unit

KINDS: dict[str, type[Check]] = {
    "confidence": Confidence,
    "adversarial": Adversarial,
    "counterfactual": Counterfactual,
    "invariance": Invariance,
    "augmentation": Invariance,
    "perturbation": Invariance,
    "directional": Directional,
    "unit": Unit,
}
