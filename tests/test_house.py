"""The house rules: who may import whom, where pages lie, what a light import costs, how long files and functions are."""

import ast
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LIBRARY = ROOT / "core" / "plainview"
SOURCES = sorted(path for path in [*LIBRARY.rglob("*.py"), *(ROOT / "pages").rglob("*.py"), ROOT / "app.py"])
TESTS = sorted((ROOT / "tests").rglob("*.py"))
names = pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _part(path: Path) -> str:
    """The part of the library a file belongs to: "ui", "statistics", "compare", …; "page" outside the library."""
    return path.relative_to(LIBRARY).parts[0].removesuffix(".py") if path.is_relative_to(LIBRARY) else "page"


@names
def test_only_the_app_its_pages_and_ui_import_streamlit(path):
    used = {name.split(".")[0] for name in _imports(path)}
    assert "streamlit" not in used or _part(path) in ("ui", "page")


@names
def test_only_charts_import_altair(path):
    used = {name.split(".")[0] for name in _imports(path)}
    assert "altair" not in used or _part(path) == "charts"


@names
def test_only_drift_and_data_tests_name_evidently(path):
    used = {name.split(".")[0] for name in _imports(path)}
    assert "evidently" not in used or _part(path) in ("drift", "data_tests")


@names
def test_pages_take_what_they_show_from_ui_and_not_from_the_store(path):
    if _part(path) == "page":
        assert not {name for name in _imports(path) if name.startswith("plainview.store")}


@names
def test_nothing_below_ui_knows_of_it(path):
    if _part(path) not in ("ui", "page"):
        assert not {name for name in _imports(path) if name.startswith("plainview.ui")}


@names
def test_statistics_and_predicates_import_nothing_of_ours_but_errors(path):
    part = _part(path)
    if part in ("statistics", "predicates"):
        ours = {name for name in _imports(path) if name.startswith("plainview.")}
        assert {name for name in ours if not name.startswith((f"plainview.{part}", "plainview.exceptions"))} == set()


@names
def test_the_store_knows_no_metric(path):
    if _part(path) == "store":
        assert not {name for name in _imports(path) if name.startswith(("plainview.metrics", "plainview.methods"))}


@names
def test_nobody_imports_the_folder_core(path):
    assert "core" not in {name.split(".")[0] for name in _imports(path)}


@names
def test_nothing_is_unpickled(path):
    banned = {"pickle", "joblib", "dill", "cloudpickle", "shelve", "marshal"}
    assert not banned & {name.split(".")[0] for name in _imports(path)}


@names
def test_nothing_that_is_read_may_hold_a_program(path):
    running = {"read_pickle", "to_pickle", "unsafe_load", "full_load", "full_load_all", "eval", "exec"}
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            polars = isinstance(node.func, ast.Attribute) and name == "eval"  # of a column's lists
            assert polars or name not in running
            assert not any(word.arg == "allow_pickle" and word.value.value is not False for word in node.keywords)


@names
def test_every_file_that_is_downloaded_passes_the_door_that_keeps_who_took_it(path):
    assert "download_button" not in path.read_text() or path.name == "downloads.py"


@names
def test_no_html_is_made_from_data(path):
    keywords = {
        word.arg
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        for word in node.keywords
    }
    assert not keywords & {"unsafe_allow_html", "unsafe_allow_javascript"}


@pytest.mark.parametrize("path", [*SOURCES, *TESTS], ids=lambda path: str(path.relative_to(ROOT)))
def test_files_are_named_for_what_they_do_and_stay_short(path):
    assert path.stem.removeprefix("test_") not in ("utils", "util", "helpers", "common", "misc")
    assert len(path.read_text().splitlines()) <= 400


@names
def test_every_file_says_what_it_is_in_one_sentence(path):
    text = ast.get_docstring(ast.parse(path.read_text())) or ""
    assert text.split("\n\n")[0].strip().endswith((".", ":"))


def test_pages_lie_in_folders_and_their_names_are_unique():
    assert not list((ROOT / "pages").glob("*.py")), (
        "a page directly in pages/ runs without the frame on a cold deep link"
    )
    stems = [path.stem for path in (ROOT / "pages").rglob("*.py")]
    assert sorted(set(stems)) == sorted(stems)


def test_every_page_is_in_the_navigation():
    listed = (ROOT / "app.py").read_text()
    for path in (ROOT / "pages").rglob("*.py"):
        assert f"{path.parent.name}/{path.stem}" in listed


def test_the_app_is_short():
    assert len((ROOT / "app.py").read_text().splitlines()) < 80


def test_functions_and_files_are_small():
    lengths = [node.end_lineno - node.lineno + 1 for path in SOURCES for node in _functions(path)]
    assert statistics.median(lengths) < 12
    assert 60 <= statistics.median(len(path.read_text().splitlines()) for path in SOURCES) <= 180


def test_the_public_surface_is_short_and_sorted():
    import plainview

    assert list(plainview.__all__) == sorted(plainview.__all__)
    assert len(plainview.__all__) <= 20
    for name in plainview.__all__:
        assert getattr(plainview, name) is not None


def test_importing_is_light():
    code = (
        "import time, sys; start = time.process_time(); import plainview; cost = time.process_time() - start\n"
        "heavy = {'streamlit', 'evidently', 'sklearn', 'altair', 'pandas', 'polars', 'pyarrow'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "assert cost <= 0.6, cost"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_publishing_loads_neither_the_app_nor_what_only_the_app_needs():
    code = (
        "import sys, plainview; [getattr(plainview, name) for name in plainview.__all__]\n"
        "heavy = {'streamlit', 'evidently', 'sklearn', 'altair', 'scipy.stats'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_no_module_hides_a_public_name():
    import plainview

    modules = {path.stem for path in LIBRARY.iterdir()}
    assert not modules & set(plainview.__all__), "importing such a module would put it in the place of the function"
