"""What one row found, beside what it must find."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One line of the table."""

    row: str
    found: str
    target: str
    met: bool


def zeros(row: str, done: str, **counts: int) -> Figure:
    """A line whose every count must be nothing; ``done`` says how much was tried."""
    said = ", ".join(f"{int(count)} {what.replace('_', ' ')}" for what, count in counts.items())
    target = ", ".join(f"0 {what.replace('_', ' ')}" for what in counts)
    return Figure(row, f"{done}: {said}", target, not any(counts.values()))


def rate(row: str, found: float, least: float, unit: str) -> Figure:
    """A line for a speed."""
    return Figure(row, f"{found:,.0f} {unit}", f">= {least:g} {unit}", found >= least)
