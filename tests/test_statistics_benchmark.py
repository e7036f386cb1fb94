"""The published calibration table: every section runs, and what is exact in it reaches its target."""

import numpy as np
import pytest
from benchmarks.calibration import bootstrap, boxes, calibrated, published, ranked_boxes
from benchmarks.calibration.__main__ import SECTIONS
from benchmarks.calibration.figures import Cells, coverage, markdown, text

FEWER = (  # rows that stand for the truth, and draws: here nothing rests on them
    (published, "LARGE", 2000),
    (calibrated, "LARGE", 2000),
    (boxes, "TRUTH", 300),
    (ranked_boxes, "TRUTH", 300),
    (ranked_boxes, "DRAWS", 4),
    (bootstrap, "DRAWS", 20),
)


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_measures_rates_and_prints_ours_first(section, monkeypatch):
    for module, size, less in FEWER:
        monkeypatch.setattr(module, size, less)
    repeats = 40 if section == "means" else 4
    figures = list(SECTIONS[section][0](repeats, np.random.default_rng(1)))
    for figure in figures:
        for cells in figure.methods.values():
            assert np.isfinite(cells.rates).all(), figure.title
            assert (cells.rates <= 1).all()
    printed, table = text(figures), markdown(figures)
    assert all(figure.title in printed and figure.title in table for figure in figures)
    assert len(table.splitlines()) == len(figures) + 2


def test_wilsons_exact_figures_reach_their_targets():
    one, _, met = SECTIONS["proportions"][0](40, np.random.default_rng(1))
    assert one.reached
    assert met.reached
    assert one.methods["Wilson"].least == pytest.approx(0.9106, abs=1e-4)  # n = 50, p = .99


def test_a_worst_cell_may_miss_by_what_simulation_explains_and_no_more():
    def figure(rates, repeats):
        return coverage("", {"ours": Cells(np.array([0.955] * 9 + rates), repeats=repeats)}, "")

    assert figure([0.906], 5000).reached
    assert not figure([0.89], 5000).reached
    assert not figure([0.906], None).reached
    assert not figure([0.999] * 9, 100).reached  # too wide is a miss too
