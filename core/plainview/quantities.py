"""Numbers as people read them: percentages and points for proportions, and for the rest ``unit``, the metric's own."""

from decimal import Decimal

from plainview.metrics import METRICS, split_key

MINUS = "\N{MINUS SIGN}"


def value(number: float | None, metric: str, unit: str = "") -> str:
    """A metric's value: "84.1%" for a proportion, "12.4 minutes" otherwise; "no value" for None."""
    if number is None:
        return "no value"
    if METRICS[split_key(metric)[0]].unit == "proportion":
        return f"{100 * number:.1f}%"
    return f"{plain(number)} {unit}".rstrip()


def span(low: float, high: float, metric: str, unit: str = "") -> str:
    """The ends of an interval: "61.7% to 65.1%", "11.6 to 12.2 minutes"."""
    if METRICS[split_key(metric)[0]].unit == "proportion":
        return f"{value(low, metric)} to {value(high, metric)}"
    return f"{plain(low)} to {plain(high)} {unit}".rstrip()


def bar(number: float, metric: str, unit: str = "") -> str:
    """A value that a person set, no digit more than they wrote: "45%", "12.5 minutes"."""
    if METRICS[split_key(metric)[0]].unit == "proportion":
        return f"{_as_written(100 * number)}%"
    return f"{_as_written(number)} {unit}".rstrip()


def margin(number: float, metric: str, unit: str = "") -> str:
    """A margin that a person set: "1 point", "0.5 minutes"."""
    if METRICS[split_key(metric)[0]].unit == "proportion":
        text = _as_written(100 * number)
        return f"{text} {'point' if text == '1' else 'points'}"
    return f"{_as_written(number)} {unit}".rstrip()


def difference(number: float, metric: str, unit: str = "", *, within: tuple[float, float] | None = None) -> str:
    """A signed difference: "+7.6 points" for a proportion, "−0.31 minutes" otherwise; decimals as ``within`` allows."""
    return f"{signed(number, metric, within=within)} {of_what(number, metric, unit)}".rstrip()


def size(number: float, metric: str, unit: str = "") -> str:
    """A difference without its sign: "7.6 points", "0.31 minutes"."""
    return difference(abs(number), metric, unit).removeprefix("+")


def signed(number: float, metric: str, *, within: tuple[float, float] | None = None) -> str:
    """The bare number of a difference with its sign, so that intervals read "+4.8 to +10.3".

    ``within`` are the ends of its interval: numbers that are not percentages then get as many decimals as show two digits
    of the interval's width, all of them the same, and no more than the evidence carries.
    """
    if METRICS[split_key(metric)[0]].unit == "proportion":
        text = f"{100 * abs(number):.1f}"
    elif within is not None and within[1] > within[0]:
        text = f"{abs(number):,.{max(0, 1 - _exponent(within[1] - within[0]))}f}"
    else:
        text = plain(abs(number))
    return ("+" if number > 0 else MINUS) + text if text.strip("0.") else text


def ends(low: float, high: float, metric: str) -> str:
    """The ends of a difference's interval, signed: "+4.8 to +10.3"."""
    return f"{signed(low, metric, within=(low, high))} to {signed(high, metric, within=(low, high))}"


def of_what(number: float, metric: str, unit: str = "") -> str:
    """What a difference is counted in: "points", "point", or the label's unit."""
    if METRICS[split_key(metric)[0]].unit == "proportion":
        return "point" if f"{100 * abs(number):.1f}" == "1.0" else "points"
    return unit


def plain(number: float) -> str:
    """Three significant digits, thousands separated, never in exponents below a million million: "1,240", "0.031"."""
    if number == 0:
        return "0"
    magnitude = abs(number)
    if magnitude >= 1e12 or magnitude < 1e-6:
        return f"{number:.2e}".replace("-", MINUS)
    decimals = max(0, 2 - _exponent(magnitude))
    return f"{number:,.{decimals}f}".replace("-", MINUS)


def count(number: int | float, noun: str, plural: str | None = None) -> str:
    """A number of things: "1 example", "1,204 examples"."""
    return f"{number:,.0f} {noun if number == 1 else plural or noun + 's'}"


def listed(names: list[str], *, most: int = 3) -> str:
    """A list in words: "a", "a and b", "a, b, c and 2 more"."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def rough(number: int) -> str:
    """About how many: two significant digits, "about 340", so that an estimate does not look exact."""
    digits = max(0, len(str(int(number))) - 2)
    return f"about {round(number, -digits):,}"


def _as_written(number: float) -> str:
    """A number that a person wrote: ten significant digits at most, and no exponent."""
    return f"{Decimal(f'{number:.10g}'):f}".replace("-", MINUS)


def _exponent(magnitude: float) -> int:
    """Of the number as it is shown: 9.996 is 10.0."""
    return int(f"{magnitude:.2e}".split("e")[1])
