"""The README's commands do what the README says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def _library_blocks() -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", (ROOT / "core" / "README.md").read_text(), re.DOTALL)


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess:
    paths = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env={**os.environ, "PATH": paths})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a reader has followed the README as far as the specification."""
    made = tmp_path_factory.mktemp("reader")
    (made / "specification.yaml").write_text(_blocks("yaml")[0])
    (made / "predictions.csv").write_text("id,label,answer,has_negation\na,good,good,0\nb,bad,bad,1\n")
    return made


def test_the_two_commands_are_there():
    for target in ("app", "test"):
        assert f"make {target}" in _blocks("bash")[0]
        assert _run(["make", "--dry-run", target], ROOT).returncode == 0


def test_publishing_from_python_and_the_shell_works_as_written(folder):
    done = _run([sys.executable, "-c", _blocks("python")[0]], folder)
    assert done.returncode == 0, done.stderr
    for line in _blocks("bash")[1].splitlines():
        done = _run(line.split(), folder)
        assert done.returncode == 0, (line, done.stderr)
        assert done.stdout


@pytest.mark.parametrize("name", re.findall(r"\]\(([^)#:]+)\)", README))
def test_every_file_it_links_to_is_there(name):
    assert (ROOT / name).exists()


def test_the_figures_it_quotes_are_those_that_the_calibration_printed():
    printed = (ROOT / "benchmarks" / "calibration" / "FIGURES.md").read_text()
    table = README[README.index("| figure | target | ours") :].split("\n\n")[0]
    rows = [line.strip("|").split("|") for line in table.splitlines()[2:]]
    assert len(rows) == 7
    for _, _, ours, others in rows:
        for number in re.findall(r"[\d.]+%", ours + others):
            assert number in printed or number.replace("%", ".0%") in printed


def test_the_specification_that_the_librarys_readme_shows_is_one():
    from plainview.specification import load_specification

    specification = load_specification(_library_blocks()[0])
    assert [each.name for each in specification.scenarios if each.traffic] == ["At night", "By day"]


BOX = '{"class": "car", "box": [0, 0, 10, 20]'
COLUMNS = {
    "street": {"image_id": ["a", "b"], "boxes": [f"[{BOX}}}]", "[]"], "detections": [f'[{BOX}, "score": 0.9}}]', "[]"]},
    "assistant": {"id": ["a", "b"], "judge": [0.5, 0.7], "solved": [True, False], "seconds": [1.5, 2.5]},
    "loans": {"id": ["a", "b"], "label": ["yes", "no"], "prediction": ["yes", "no"]},
}


@pytest.mark.parametrize("shown", _library_blocks()[1:], ids=list(COLUMNS))
def test_the_other_specifications_it_shows_are_published_with_the_columns_it_says(shown, tmp_path):
    import polars as pl

    from plainview.publishing import publish
    from plainview.store import open_store

    project = shown.split()[1]
    kept = publish(pl.DataFrame(COLUMNS[project]), specification=shown, release="1", store=tmp_path / "store")
    found = {row.metric: row.value for row in open_store(tmp_path / "store").results(kept)}
    assert None not in found.values()
    assert found == pytest.approx(SCORES if project == "assistant" else dict.fromkeys(found, 1.0))


SCORES = {"mean": 0.6, "pass_rate[solved]": 0.5, "p95[seconds]": 2.5}
