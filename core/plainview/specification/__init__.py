"""What is demanded of a project: ``specification.yaml``, read with every error named by line and column.

models.py says what may stand in it, types.py what a name or a number is, checks.py what must agree, faults.py how
errors read, gating.py what a gate makes of it, yaml_positions.py where everything stands, loading.py puts them together.
"""

from plainview.specification.gating import Consequence, Dropped, GateRules
from plainview.specification.loading import load_specification
from plainview.specification.models import (
    ALL,
    Behaviour,
    Columns,
    MetricChoice,
    Requirement,
    Scenario,
    Specification,
)

__all__ = [
    "ALL",
    "Behaviour",
    "Columns",
    "Consequence",
    "Dropped",
    "GateRules",
    "MetricChoice",
    "Requirement",
    "Scenario",
    "Specification",
    "load_specification",
]
