"""Every page, every role, every action: who sees what, who may write what, and that nobody hears of what they may not see."""

import inspect
import pkgutil
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache as cache_calls
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from access_cases import ACCESS, ACTIONS, CANARY, CLOSED, HIDDEN, MAY, OPEN, SEES_HIDDEN, two_projects, user
from form_cases import ASKED, FORMS, buttons, noted, submit
from page_reading import ROOT, open_page, prose, read, session, tables
from streamlit.testing.v1 import AppTest
from test_pages import PAGES

from plainview import ui
from plainview.exceptions import AccessError, NotFoundError
from plainview.store import open_store
from plainview.ui import access, cache, cached_log, cached_portfolio, cached_search, writing

ADMINISTERED = ("about/audit",)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    store = tmp_path_factory.mktemp("team") / "store"
    two_projects(store)
    noted(open_store(store))
    return store


@pytest.fixture(scope="module")
def rules(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("rules") / "access.yaml"
    path.write_text(ACCESS)
    return path


@pytest.fixture(autouse=True)
def _team(folder, rules, monkeypatch) -> None:
    monkeypatch.setenv("PLAINVIEW_STORE", str(folder))
    monkeypatch.setenv("PLAINVIEW_ACCESS", str(rules))
    writing.LIMIT = type(writing.LIMIT)(writing.LIMIT.most, writing.LIMIT.seconds)


@pytest.fixture(scope="module", autouse=True)
def _empty_caches() -> None:
    st.cache_data.clear()
    st.cache_resource.clear()


@cache_calls
def at_hand(who: str) -> AppTest:
    """One reader, who goes from page to page: a new one for each page would take five times as long."""
    return session()


def opened(who: str, path: str, **asked: str) -> AppTest:
    """A page as one reader gets it."""
    reader = at_hand(who)
    reader.user = user(who)
    return open_page(path, reader=reader, **asked)


def everything(page: AppTest) -> str:
    """All that reached the browser, charts and tables among it."""
    cells = [str(value) for table in tables(page) for row in table.iter_rows() for value in row]
    specs = [str(each.proto) for each in page.get("vega_lite_chart")]
    return " ".join([*prose(page), *cells, *specs])


def taken_along(page: AppTest) -> list[str]:
    """What a reader can take away: files, and what is written to be copied into the specification."""
    return [each.proto.label for each in page.get("download_button")] + [each.value for each in page.code]


@cache_calls
def all_of_it(path: str) -> list[str]:
    """The same, of a reader who may do everything: who may see a page may take what is on it."""
    return taken_along(opened("admin", path, **{"project": OPEN} | ASKED.get(path, {})))


# In this order everything is in the caches, put there by those who may see it, before those come who may not.
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", ["admin", *(name for name in MAY if name != "admin")])
def test_every_page_shows_each_reader_what_their_role_lets_them_see(who, path):
    page = opened(who, path, **{"project": OPEN} | ASKED.get(path, {}) if "see" in MAY[who] else {})
    assert not page.exception
    assert buttons(page) == {form.button for form in FORMS if form.page == path and form.action in MAY[who]}
    if "see" in MAY[who] and (path not in ADMINISTERED or "administer" in MAY[who]):
        assert taken_along(page) == all_of_it(path)
    [title] = [read(each.value) for each in page.title]
    if who in CLOSED:
        assert title == CLOSED[who]
    elif path in ADMINISTERED and "administer" not in MAY[who]:
        assert title == "Your role does not open this page"
        assert not re.search("log|audit", " ".join(prose(page)), re.IGNORECASE)
    elif "see" in MAY[who]:
        assert title not in CLOSED.values()
        assert "Quartz" in everything(page) or not PAGES[path].reads
    shown = everything(page)
    if who not in SEES_HIDDEN:
        assert CANARY not in shown
        assert HIDDEN not in shown
    if "see" not in MAY[who]:
        assert "Quartz" not in shown
        assert OPEN not in shown


@pytest.fixture(scope="module")
def written_on(folder) -> Path:
    """A copy of the store, for what forms keep."""
    return shutil.copytree(folder, folder.parent / "written on")


LACKS = {"contribute": "viewer", "approve": "publisher"}  # the most that one may and not do this
HAS = {"contribute": "contributor", "approve": "approver"}  # the least that one may and do it


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.page}: {form.button}")
def test_what_a_form_is_filled_with_is_kept_under_the_readers_name_and_refused_where_it_was_offered_by_mistake(
    form, written_on, monkeypatch
):
    monkeypatch.setenv("PLAINVIEW_STORE", str(written_on))
    asked = {"project": OPEN} | ASKED.get(form.page, {})
    before = open_store(written_on).events(OPEN)
    with monkeypatch.context() as patch:
        patch.setattr(access, "check", _strict(access.may))
        patch.setattr(access, "may", lambda action, project: True)
        page = submit(opened(LACKS[form.action], form.page, **asked), form)
        assert not page.exception
        assert f"You may not {form.action} in this project." in " ".join(prose(page))
    assert open_store(written_on).events(OPEN) == before
    page = submit(opened(HAS[form.action], form.page, **asked), form)
    assert not page.exception
    kept = open_store(written_on).events(OPEN)[len(before) :]
    assert {(each.kind, each.actor) for each in kept} == {(form.kind, f"{HAS[form.action]}@example.org")}


def _strict(may: Callable) -> Callable:
    """`access.check` as it is, whatever pages are told of what a reader may do."""

    def check(action: str, project: str) -> None:
        if not may(action, project):
            raise AccessError(f"You may not {action} in this project.")

    return check


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", ["viewer", "nobody"])
def test_a_deep_link_to_a_hidden_project_says_no_more_than_one_to_a_project_that_is_not_there(who, path):
    asked = {"release": f"{CANARY} 2", "baseline": f"{CANARY} 1", "scenario": "all"}
    hidden = everything(opened(who, path, project=HIDDEN, **asked))
    never = everything(opened(who, path, project="hodden-project", **asked))
    assert hidden.replace(HIDDEN, "…") == never.replace("hodden-project", "…")
    assert CANARY not in hidden


@pytest.mark.parametrize("who", MAY)
def test_what_is_written_is_kept_under_the_readers_name_where_they_may_and_refused_where_not(who, folder):
    page = AppTest.from_function(_writes, kwargs={"project": OPEN, "actions": ACTIONS})
    page.user = user(who)
    before = len(open_store(folder).events(OPEN))
    said = [each.value for each in page.run().text]
    kept = open_store(folder).events(OPEN)[before:]
    assert said == ["kept" if action in MAY[who] else "AccessError" for action in ACTIONS]
    assert [event.body["of"] for event in kept] == [action for action in ACTIONS if action in MAY[who]]
    assert {event.actor for event in kept} <= {f"{who}@example.org"}


def _writes(project: str, actions: tuple[str, ...]) -> None:
    import streamlit as st

    from plainview.exceptions import AccessError
    from plainview.ui import access, writing

    for action in actions:
        offered = access.may(action, project)  # what a page asks before it shows a form
        try:
            writing.write("comment", project, body={"of": action}, action=action)
            st.text("kept" if offered else "kept, though it was not offered")
        except AccessError as error:
            st.text(type(error).__name__)


def test_who_writes_as_fast_as_a_machine_is_stopped_and_others_are_not(folder):
    page = AppTest.from_function(_floods, default_timeout=60, kwargs={"project": OPEN})
    for who, kept in (("contributor", "120"), ("contributor", "0"), ("publisher", "120")):
        page.user = user(who)
        assert [each.value for each in page.run().text] == [kept]


def _floods(project: str) -> None:
    import streamlit as st

    from plainview.exceptions import TooManyWritesError
    from plainview.ui import writing

    kept = 0
    try:
        for _ in range(150):
            writing.write("comment", project, body={"text": "again"})
            kept += 1
    except TooManyWritesError:
        st.text(str(kept))


def loaders() -> Iterator[tuple[str, Callable]]:
    """Every function through which a page loads something: the public ones of `ui.cache` and its kin."""
    for found in pkgutil.iter_modules(ui.__path__):
        if found.name.startswith("cache"):
            module = __import__(f"plainview.ui.{found.name}", fromlist=["*"])
            for name, function in inspect.getmembers(module, inspect.isfunction):
                if function.__module__ == module.__name__ and not name.startswith("_"):
                    yield f"{found.name}.{name}", function


LOADERS = dict(loaders())
IN_HAND = ("cache.store", "cache.forget_events")  # they return nothing of a project


def arguments(function: Callable, folder: Path) -> dict | None:
    """Something of the hidden project for each parameter that has no default; None for a function that is given no project.

    A parameter that is not listed gets nothing: access is asked before anything else is looked at.
    """
    first, second = open_store(folder).releases(HIDDEN)
    known = {
        "evaluation_id": second.id,
        "candidate_id": second.id,
        "baseline_id": first.id,
        "name": HIDDEN,
        "project": HIDDEN,
        "evaluation": second,
        "named": ((second.id, second.release),),
        "line": ((second.id, second.release),),
        "ids": (second.id,),
        "incident": SimpleNamespace(project=HIDDEN, id="", event_id=""),
    }
    asked = {"metric": "accuracy", "of": "class", "scenario": "all", "event": "wrong", "most": 5, "thresholds": (0.5,)}
    needed = [each.name for each in inspect.signature(function).parameters.values() if each.default is each.empty]
    if not set(needed) & set(known):
        return None
    return {name: (known | asked).get(name) for name in needed}


@pytest.mark.parametrize("name", LOADERS)
def test_every_loader_refuses_what_the_reader_may_not_see_though_others_have_loaded_it(name, folder):
    function, given = LOADERS[name], arguments(LOADERS[name], folder)
    with access.acting_as(_reader("admin")), suppress(Exception):  # this project has no scores, and the like
        function(**given or {})
    if given is None:
        return _check_that_it_names_nothing_hidden(name, function)
    for who in ("viewer", "stranger"):
        with access.acting_as(_reader(who)), pytest.raises((NotFoundError, AccessError)) as caught:
            function(**given)
        assert CANARY not in str(caught.value)


def _check_that_it_names_nothing_hidden(name: str, function: Callable) -> None:
    """Of a function without a project: a list of all there is, or a drawing of rows that the page has loaded already."""
    for who in ("viewer", "stranger"):
        needed = [each for each in inspect.signature(function).parameters.values() if each.default is each.empty]
        if needed or name in IN_HAND:
            return
        with access.acting_as(_reader(who)), suppress(AccessError, NotFoundError):
            shown = repr(function())
            assert CANARY not in shown
            assert HIDDEN not in shown


def test_lists_name_only_what_the_reader_may_see(folder):
    with access.acting_as(_reader("viewer")):
        assert set(cache.listing()) == {OPEN}
        assert CANARY not in str(cached_search.found(CANARY))
        assert CANARY not in str(cached_portfolio.entries())
        with pytest.raises(AccessError):
            cached_log.audit_log()
    with access.acting_as(_reader("keeper")):
        assert {entry.project for entry in cached_log.audit_log()} == {OPEN}
    with access.acting_as(_reader("admin")):
        assert {entry.project for entry in cached_log.audit_log()} == {OPEN, HIDDEN}


def _reader(who: str) -> access.Reader:
    return access.reader_of(user(who))


def test_a_download_leaves_a_line_in_the_log_before_its_file_is_handed_out(folder):
    from plainview.ui.downloads import _made

    reader = _reader("viewer")
    assert _made(reader, lambda: b"rows", "examples.csv", [OPEN], "Quartz 2") == b"rows"
    last = open_store(folder).events(OPEN)[-1]
    assert (last.kind, last.actor, last.body) == ("export", "viewer@example.org", {"file": "examples.csv"})
    with pytest.raises(AccessError):
        _made(reader, lambda: b"rows", "examples.csv", [OPEN, HIDDEN], None)
    assert open_store(folder).events(HIDDEN, kind="export") == []


def test_taking_a_role_away_counts_from_the_next_click(rules, monkeypatch, tmp_path):
    mine = tmp_path / "access.yaml"
    mine.write_text(ACCESS)
    monkeypatch.setenv("PLAINVIEW_ACCESS", str(mine))
    assert opened("viewer", "release/report", project=OPEN).title[0].value.startswith("Quartz")
    mine.write_text(ACCESS.replace("viewer@example.org, ", ""))
    assert opened("viewer", "release/report", project=OPEN).title[0].value == "You have no role here yet"


@pytest.mark.parametrize("text", ["sign_in: {by: oidc}\nprojects: {open-project: {viewr: [everyone]}}", "{", None])
def test_a_file_that_cannot_be_read_lets_nobody_in_and_is_told_to_the_log_alone(text, monkeypatch, tmp_path, caplog):
    mine = tmp_path / "access.yaml"
    if text is not None:
        mine.write_text(text)
    monkeypatch.setenv("PLAINVIEW_ACCESS", str(mine))
    page = opened("admin", "release/report", project=OPEN)
    assert page.title[0].value == "Nobody is let in"
    assert "viewr" not in everything(page)
    assert "Nobody is let in" in caplog.text


@pytest.mark.parametrize(
    ("headers", "address", "said"),
    [
        ({}, "127.0.0.1", None),
        ({"plainview_host": "127.0.0.1:8501"}, "127.0.0.1", None),
        ({"plainview_host": "rebound.example"}, "127.0.0.1", "Open it under its own address"),
        ({}, "0.0.0.0", "Nobody is let in"),
        ({}, "", "Nobody is let in"),
    ],
)
def test_without_sign_in_the_app_is_for_its_own_machine(headers, address, said, monkeypatch):
    monkeypatch.delenv("PLAINVIEW_ACCESS")
    before = st.get_option("server.address")
    st.config._set_option("server.address", address, "test")
    try:
        reader = session()
        reader.user = headers
        page = open_page("release/report", reader=reader, project=OPEN)
    finally:
        st.config._set_option("server.address", before, "test")
    if said is None:
        assert page.title[0].value.startswith("Quartz")
        assert "On this machine only; nobody signs in." in prose(page)
    else:
        assert page.title[0].value == said
        assert "Quartz" not in everything(page)


def test_who_comes_through_a_proxy_without_sign_in_reads_and_writes_nothing(monkeypatch, folder):
    monkeypatch.delenv("PLAINVIEW_ACCESS")
    came = {"plainview_host": "app.example.org", "plainview_forwarded_for": "192.0.2.1"}
    reader = session()
    reader.user = came
    page = open_page("release/report", reader=reader, project=OPEN)
    assert page.title[0].value.startswith("Quartz")
    assert "Nobody is signed in, so nothing can be written." in prose(page)
    page = AppTest.from_function(_writes, kwargs={"project": OPEN, "actions": ("contribute",)})
    page.user = came
    assert [each.value for each in page.run().text] == ["AccessError"]


def test_what_the_app_keeps_of_each_connection_is_what_it_reads():
    import tomllib

    from plainview.access.identity import HEADERS

    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert config["server"]["trustedUserHeaders"] == HEADERS
