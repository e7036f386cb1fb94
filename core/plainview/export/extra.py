"""The libraries that make files, which only those who export need to have."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from plainview.exceptions import InputError
from plainview.quantities import listed

PACKAGES = {"typst": "typst", "vl_convert": "vl-convert-python", "pptx": "python-pptx", "pypdf": "pypdf"}


def needed(module: str) -> Any:
    """The module; InputError that says what to install where it is not there."""
    try:
        return import_module(module)
    except ImportError:
        raise InputError(
            f"This needs {PACKAGES[module]}, which is not installed. Install it with: pip install 'plainview[export]'"
        ) from None


NEEDS = {"pdf": ("typst", "vl_convert"), "pptx": ("pptx", "vl_convert"), "html": ("vl_convert",)}  # of each format


def missing_for(file: str) -> list[str]:
    """The packages that a format needs and that are not installed."""
    return [PACKAGES[name] for name in NEEDS.get(file, ()) if find_spec(name) is None]


def missing() -> list[str]:
    """The packages that are not installed."""
    return [package for name, package in PACKAGES.items() if find_spec(name) is None]


def check_installed() -> None:
    """InputError that says what to install, where a package is missing."""
    if gone := missing():
        raise InputError(
            f"Reports need {listed(gone)}, not installed here. Install with: pip install 'plainview[export]'"
        )
