"""Plainview: the quality of a machine-learning product, in plain view.

Publish a release's predictions against a specification, compare releases behaviour by behaviour, and read what changed.
Names are loaded when they are first used, so that importing costs next to nothing.
"""

from importlib import import_module

_HOME = {
    "Comparison": "plainview.comparison",
    "Evaluation": "plainview.records",
    "InputError": "plainview.exceptions",
    "METRICS": "plainview.metrics",
    "NotFoundError": "plainview.exceptions",
    "PlainviewError": "plainview.exceptions",
    "Report": "plainview.report",
    "Specification": "plainview.specification",
    "SpecificationError": "plainview.exceptions",
    "Store": "plainview.store",
    "StoreError": "plainview.exceptions",
    "assert_release": "plainview.gate",
    "compare": "plainview.comparison",
    "create_store": "plainview.store",
    "evaluate": "plainview.evaluation",
    "load_specification": "plainview.specification",
    "open_store": "plainview.store",
    "publish": "plainview.publishing",
    "release_report": "plainview.report",
}

__version__ = "0.1.0"
__all__ = sorted(_HOME)


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'plainview' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
