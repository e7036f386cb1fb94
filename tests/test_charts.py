"""Charts: what is drawn, in which order, in which colours, and what the sentence beside it says."""

import json
import tomllib
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from plainview.charts import theme
from plainview.charts.estimates import estimates
from plainview.charts.forest import forest
from plainview.charts.trends import sparkline, trends
from plainview.metrics import METRICS, metric_key

CONFIG = Path(__file__).resolve().parents[1] / ".streamlit" / "config.toml"
VERDICTS = list(theme.VERDICTS)


def change(scenario: str, difference: float | None, verdict: str = "inconclusive", **more) -> dict:
    low, high = (None, None) if difference is None else (difference - 0.02, difference + 0.02)
    return {
        "scenario": scenario,
        "behaviour": "Reads well",
        "difference": difference,
        "low": low,
        "high": high,
        "verdict": verdict,
        "margin": 0.01,
        **more,
    }


def data_of(spec: dict) -> list[dict]:
    """The rows that the chart's marks are drawn from."""
    return spec["datasets"]["rows"]


def texts(value: object) -> list[str]:
    """Every text of a specification that is not data: keys of data and sort orders are left out."""
    if isinstance(value, dict):
        return [
            text for key, item in value.items() if key not in ("values", "datasets", "sort") for text in texts(item)
        ]
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    return [value] if isinstance(value, str) else []


def encodings(spec: dict, channel: str) -> list[dict]:
    return [layer["encoding"][channel] for layer in spec["layer"] if channel in layer.get("encoding", {})]


class TestTheme:
    def test_the_palette_is_the_one_of_the_apps_configuration(self):
        themes = tomllib.loads(CONFIG.read_text())["theme"]
        for mode, colours in theme.PALETTE.items():
            assert tuple(themes[mode]["chartCategoricalColors"]) == colours

    @pytest.mark.parametrize("mode", ["light", "dark"])
    def test_every_text_of_a_state_reads_on_its_background(self, mode):
        themes = tomllib.loads(CONFIG.read_text())["theme"][mode]
        for name in ("blue", "orange", "red", "gray"):
            text = themes[f"{name}TextColor"]
            for background in (themes["backgroundColor"], themes[f"{name}BackgroundColor"]):
                assert contrast(text, background) >= 4.5

    @pytest.mark.parametrize("mode", ["light", "dark"])
    def test_every_mark_stands_out_from_the_page(self, mode):
        background = tomllib.loads(CONFIG.read_text())["theme"][mode]["backgroundColor"]
        assert all(contrast(colour, background) >= 4.5 for colour in theme.PALETTE[mode])
        assert contrast(theme.STRUCTURE, background) >= 3

    def test_nothing_is_green(self):
        themes = tomllib.loads(CONFIG.read_text())["theme"]
        for mode in ("light", "dark"):
            assert themes[mode]["greenColor"] == themes[mode]["blueColor"]

    @pytest.mark.parametrize("table", [theme.STATES, theme.VERDICTS])
    def test_words_differ_in_shape_and_not_in_colour_alone(self, table):
        shapes = [shape for _, shape, _ in table.values()]
        glyphs = [glyph for glyph, _, _ in table.values()]
        assert len(set(shapes)) == len(shapes)
        assert len(set(glyphs)) == len(glyphs)

    def test_a_word_keeps_its_colour_whatever_else_is_drawn(self):
        alone, _ = forest([change("a", 0.1, "worse")], metric="accuracy")
        beside, _ = forest([change(word, 0.1, word) for word in VERDICTS], metric="accuracy")
        domains = [encodings(spec, "color")[0]["scale"]["domain"] for spec in (alone, beside)]
        assert domains[0] == domains[1]
        assert domains[0].index("worse") == theme.STATES["Fail"][2]


class TestForest:
    def test_proportions_are_drawn_as_points(self):
        spec, _ = forest([change("a", 0.076)], metric="accuracy")
        (row,) = data_of(spec)
        assert (row["difference"], row["low"], row["high"]) == (7.6, 5.6, 9.6)
        assert (row["below"], row["above"]) == (-1, 1)
        assert row["read"] == "+7.6 points"

    def test_other_metrics_are_drawn_in_their_unit(self):
        spec, alt = forest([change("a", -2.5)], metric="mae", unit="minutes")
        (row,) = data_of(spec)
        assert row["difference"] == -2.5
        assert "minutes" in row["read"]
        assert "minutes" in alt
        assert any("change in minutes" in text for text in texts(spec))

    def test_all_comes_first_and_then_from_loss_to_gain(self):
        rows = [change("up", 0.05), change("down", -0.05), change("all", 0.01), change("still", 0.0)]
        spec, _ = forest(rows, metric="accuracy")
        assert [row["name"] for row in data_of(spec)] == ["All examples", "down", "still", "up"]

    def test_for_an_error_a_rise_is_the_loss(self):
        spec, _ = forest([change("down", -1.0), change("up", 1.0)], metric="mae")
        assert [row["name"] for row in data_of(spec)] == ["up", "down"]
        assert any("left is better" in text for text in texts(spec))

    def test_of_many_scenarios_those_that_changed_are_drawn_and_it_is_said(self):
        rows = [change(f"s{number}", 0.001 * number) for number in range(300)]
        rows[5] |= {"verdict": "worse"}
        rows[7] |= {"verdict": "better"}
        spec, alt = forest([change("all", 0.0), *rows], metric="accuracy", limit=40)
        names = [row["scenario"] for row in data_of(spec)]
        assert len(names) == 40
        assert {"all", "s5", "s7", "s299"} <= set(names)
        assert "40 of 301 scenarios" in alt
        assert any("40 of 301 scenarios" in text for text in texts(spec))

    def test_what_cannot_be_compared_is_written_and_never_drawn_as_zero(self):
        rows = [change("a", 0.1, "better"), change("b", None, "not comparable", reason="other labels")]
        spec, _ = forest(rows, metric="accuracy")
        last = data_of(spec)[-1]
        assert last["difference"] is None
        assert last["missing"] == "other labels"

    def test_the_sentence_counts_verdicts_and_names_the_extremes_with_intervals(self):
        rows = [change("up", 0.05, "better"), change("down", -0.03, "worse"), change("flat", 0.0, "equivalent")]
        _, alt = forest(rows, metric="accuracy")
        assert alt == (
            "Differences in accuracy with their intervals, 3 scenarios: 1 better, 1 worse, 1 equivalent. "
            "Largest fall: down, −3.0 points (−5.0 to −1.0). Largest rise: up, +5.0 points (+3.0 to +7.0)."
        )

    def test_no_fall_is_made_up_where_nothing_fell(self):
        _, alt = forest([change("up", 0.05, "better")], metric="accuracy")
        assert "fall" not in alt

    def test_pandas_polars_and_dicts_draw_the_same(self):
        rows = [change("a", 0.1, "better"), change("b", None, "not comparable")]
        drawn = [forest(frame, metric="accuracy") for frame in (rows, pl.DataFrame(rows), pd.DataFrame(rows))]
        assert drawn[0][1] == drawn[1][1] == drawn[2][1]
        assert data_of(drawn[0][0]) == data_of(drawn[1][0]) == data_of(drawn[2][0])


class TestEstimates:
    ROWS = (
        {"scenario": "all", "value": 0.615, "low": 0.597, "high": 0.632, "state": "Pass", "bar": 0.6, "previous": 0.58},
        {"scenario": "At night", "value": 0.4, "low": 0.3, "high": 0.5, "state": "Fail", "bar": 0.6},
        {"scenario": "In rain", "value": None, "state": "No evidence", "reason": "no positive examples"},
    )

    def test_the_order_is_kept_and_values_are_percentages(self):
        spec, _ = estimates(self.ROWS, metric="accuracy")
        rows = data_of(spec)
        assert [row["name"] for row in rows] == ["All examples", "At night", "In rain"]
        assert (rows[0]["value"], rows[0]["bar"], rows[0]["previous"]) == (61.5, 60, 58)
        assert any("%" in text for text in texts(spec))

    def test_a_missing_value_says_why_and_is_not_drawn(self):
        spec, alt = estimates(self.ROWS, metric="accuracy")
        assert data_of(spec)[2]["value"] is None
        assert data_of(spec)[2]["missing"] == "no positive examples"
        assert "1 without a value" in alt

    def test_the_sentence_has_the_extremes_and_the_requirements(self):
        _, alt = estimates(self.ROWS, metric="accuracy")
        assert alt == (
            "Estimates of accuracy with their intervals, 3 scenarios. "
            "Lowest: At night 40.0% (30.0% to 50.0%); highest: All examples 61.5% (59.7% to 63.2%). "
            "2 requirements, 1 failed. 1 without a value."
        )

    def test_the_key_to_bar_and_previous_release_stands_only_where_they_are_drawn(self):
        bare, _ = estimates([{"scenario": "all", "value": 0.5, "state": "Pass"}], metric="accuracy")
        full, _ = estimates(self.ROWS, metric="accuracy")
        assert not any("requirement" in text for text in texts(bare["layer"][0]["encoding"]))
        assert any("requirement" in text and "previous release" in text for text in texts(full))

    def test_of_many_scenarios_the_first_are_drawn_and_it_is_said(self):
        rows = [{"scenario": f"s{number}", "value": 0.5, "state": "Pass"} for number in range(300)]
        spec, alt = estimates(rows, metric="accuracy", limit=40)
        assert len(data_of(spec)) == 40
        assert "the first 40 of 300 scenarios" in alt


class TestTrends:
    @staticmethod
    def rows(*, names=("all", "At night"), releases=4, change_at: int | None = None) -> list[dict]:
        return [
            {
                "scenario": name,
                "release": f"{order + 1}.0",
                "order": order,
                "value": 0.5 + 0.05 * order,
                "low": 0.45 + 0.05 * order,
                "high": 0.55 + 0.05 * order,
                "status": "measured",
                "test_set": "b" if change_at is not None and order >= change_at else "a",
                "bar": 0.6,
            }
            for name in names
            for order in range(releases)
        ]

    def test_each_scenario_has_its_own_row_and_higher_is_higher(self):
        spec, _ = trends(self.rows(), metric="accuracy")
        for index, name in enumerate(("All examples", "At night")):
            heights = [row["y"] for row in data_of(spec) if row["name"] == name]
            assert all(index < height < index + 1 for height in heights)
            assert heights == sorted(heights, reverse=True)  # the axis runs downwards

    def test_the_interval_encloses_the_value_and_the_bar_is_where_its_value_is(self):
        spec, _ = trends(self.rows(), metric="accuracy")
        for row in data_of(spec):
            assert row["high"] < row["y"] < row["low"]
        third = next(row for row in data_of(spec) if row["release"] == "3.0")
        assert third["bar"] == pytest.approx(third["y"])

    def test_another_test_set_is_marked_where_it_begins(self):
        spec, alt = trends(self.rows(change_at=2), metric="accuracy")
        assert "The test set changed at 3.0" in alt
        assert spec["datasets"]["breaks"] == [{"release": "3.0", "words": "new test set"}]

    def test_a_scenario_that_became_another_is_marked_in_its_own_row_and_its_line_breaks(self):
        rows = [row | {"breaks": ["redefined", "members"] if row["order"] == 2 else []} for row in self.rows()]
        for row in rows[:4]:
            row["breaks"] = []
        spec, alt = trends(rows, metric="accuracy")
        [mark] = spec["datasets"]["turns"]
        assert (mark["release"], mark["name"], mark["words"]) == ("3.0", "At night", "other examples, redefined")
        assert 1 < mark["y"] < mark["y2"] == 2
        assert [row["segment"] for row in data_of(spec)] == [0, 0, 0, 0, 0, 0, 1, 1]
        assert "“At night”: other examples, redefined at 3.0." in alt

    def test_another_metric_breaks_every_line(self):
        rows = [row | {"breaks": ["metric"] if row["order"] == 1 else []} for row in self.rows()]
        spec, alt = trends(rows, metric="accuracy")
        assert spec["datasets"]["breaks"] == [{"release": "2.0", "words": "measured otherwise"}]
        assert "From 2.0 on: measured otherwise" in alt

    def test_without_a_change_nothing_is_marked(self):
        spec, alt = trends(self.rows(), metric="accuracy")
        assert "test set" not in alt
        assert spec["datasets"]["breaks"] == []

    def test_too_few_examples_are_grey_and_undefined_ones_a_gap(self):
        rows = self.rows(names=("all",))
        rows[0] |= {"status": "too few examples"}
        rows[1] |= {"status": "undefined", "value": None, "low": None, "high": None}
        spec, _ = trends(rows, metric="accuracy")
        assert [row["state"] for row in data_of(spec)] == ["No evidence", "No evidence", "measured", "measured"]
        assert data_of(spec)[1]["y"] is None

    def test_releases_stand_in_their_order_whatever_the_order_of_rows(self):
        spec, alt = trends(list(reversed(self.rows())), metric="accuracy")
        assert all(
            x["sort"] == ["1.0", "2.0", "3.0", "4.0"] for x in encodings(spec, "x") if x.get("field") == "release"
        )
        assert "over 4 releases, 1.0 to 4.0" in alt

    def test_the_sentence_says_from_where_to_where(self):
        _, alt = trends(self.rows(), metric="accuracy")
        assert alt == (
            "Accuracy of 2 scenarios over 4 releases, 1.0 to 4.0. All examples: 50.0% to 65.0%. At night: 50.0% to 65.0%."
        )

    def test_one_release_is_enough(self):
        spec, alt = trends(self.rows(releases=1), metric="accuracy")
        assert "over 1 release, 1.0." in alt
        json.dumps(spec, allow_nan=False)

    def test_a_sparkline_is_the_values_in_order_without_gaps(self):
        rows = self.rows(names=("all",))
        rows[1]["value"] = None
        assert sparkline(list(reversed(rows)), metric="accuracy") == [50, 60, 65]

    def test_a_sparkline_begins_where_the_line_last_broke(self):
        rows = [row | {"breaks": ["test set"] if row["order"] == 2 else []} for row in self.rows(names=("all",))]
        assert sparkline(rows, metric="accuracy") == [60, 65]


number = some.one_of(some.none(), some.just(float("nan")), some.floats(-1, 1, allow_nan=False))
name = some.text(max_size=40)


@settings(max_examples=40, deadline=None)
@given(
    some.lists(
        some.fixed_dictionaries(
            {
                "scenario": name,
                "behaviour": name,
                "difference": number,
                "low": number,
                "high": number,
                "verdict": some.sampled_from(VERDICTS),
                "margin": some.one_of(some.none(), some.floats(0, 0.1)),
                "value": number,
                "state": some.sampled_from(list(theme.STATES)),
                "bar": number,
                "previous": number,
                "reason": some.one_of(some.none(), name),
                "release": some.sampled_from(["1", "2", "3"]),
                "order": some.integers(0, 3),
                "status": some.sampled_from(["measured", "too few examples", "undefined"]),
                "test_set": some.sampled_from(["a", "b"]),
            }
        ),
        max_size=8,
    )
)
def test_any_rows_make_a_chart_of_finite_numbers_and_a_sentence(rows):
    for draw in (forest, estimates, trends):
        spec, alt = draw(rows, metric="accuracy")
        json.dumps(spec, allow_nan=False)
        assert alt.endswith(".")


@pytest.mark.parametrize("metric", sorted(METRICS))
def test_every_metric_can_be_drawn(metric):
    key = metric_key(metric, "spam" if METRICS[metric].per_class else None)
    for draw, row in ((forest, change("all", 0.1, "better")), (estimates, dict(TestEstimates.ROWS[0]))):
        spec, alt = draw([row], metric=key, unit="minutes")
        assert alt
        assert spec["layer"]
    assert trends(TestTrends.rows(), metric=key, unit="minutes")[1]


HOSTILE = (
    '"]}; alert(1)',
    "' + datum.x + '",
    "<img src=x onerror=alert(1)>",
    "${x}",
    "\\u0022",
    "http://outside.invalid",
)


@pytest.mark.parametrize("draw", [forest, estimates, trends])
def test_names_stay_data_and_nothing_is_fetched(draw):
    rows = [
        {
            **change(text, 0.1, "better"),
            **TestTrends.rows(names=(text,), releases=1)[0],
            "state": "Pass",
            "behaviour": text,
        }
        for text in HOSTILE
    ]
    spec, _ = draw(rows, metric="accuracy")
    written = texts(spec)
    assert not any(text in item for text in HOSTILE for item in written)
    assert [item for item in written if "://" in item] == [spec["$schema"]]
    assert '"url"' not in json.dumps({key: value for key, value in spec.items() if key != "$schema"})


def test_a_very_long_name_is_whole_in_the_tooltip_and_short_in_the_sentence():
    spec, alt = forest([change("W" * 5000, 0.1, "better")], metric="accuracy")
    assert data_of(spec)[0]["name"] == "W" * 5000
    assert len(alt) < 300
    assert any("labelLimit" in json.dumps(axis) for axis in encodings(spec, "y"))


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
