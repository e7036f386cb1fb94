"""The words that pages show: all of them can be translated, the template is current, and a catalogue changes what is read."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from message_template import KEYWORDS, ROOT, TEMPLATE, messages, sources, template
from page_reading import open_page, prose, read
from page_stores import frame, publish, specification

from plainview import texts
from plainview.ui import codes

files = pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
MESSAGES = [message for message in messages() if message.id]

# What reads like a sentence and is none: words that code compares and files hold, and what an error calls a file.
UNMARKED = {
    "not proven", "wrong otherwise", "test set", "model card", "change of the error", "sign in", "no role", "not the proxy",
    "Value error, ", "This page", "the class", "Known error patterns", "Tagged examples",
    "has_negation = 1 AND words > 20", "Action", "Person", "Reader", "Plainview",
    "not assessed", "below {}",
}  # fmt: skip
COMMAND = re.compile(r"plainview [a-z]|import plainview| --[a-z]|[a-z]+:.*\n")  # or a file of YAML
MARKUP = re.compile(r":[a-z{}-]+\[|:material/\w+:")
PROSE = re.compile(r"^\W*[A-Z][a-z]|[A-Za-z]{2,}[,.;:]? [A-Za-z{]|} [A-Za-z]{2,}")
SILENT = ("code", "getLogger", "TypeVar")  # calls whose words nobody reads, or everybody as they are


def test_the_template_is_what_the_sources_say():
    assert TEMPLATE.read_text(encoding="utf-8") == template(), "run make texts"


@files
def test_no_page_shows_words_that_cannot_be_translated(path):
    tree = ast.parse(path.read_text())
    passed = {id(part) for node in ast.walk(tree) for part in _unread(node)}
    found = {_text(node) for node in ast.walk(tree) if _is_text(node) and id(node) not in passed}
    unmarked = {text for text in found if PROSE.search(MARKUP.sub("", text)) and not COMMAND.match(text)}
    assert unmarked - UNMARKED - set(codes.KNOWN) == set(), "wrap them: _(…), or plural(…) where a number is said"


@files
def test_what_is_translated_is_a_literal_that_babel_finds(path):
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            assert not [part for part in ast.walk(node) if _is_translation(part)], "Babel does not look into f-strings"
        if _is_translation(node):
            said = node.args[:2] if node.func.id == "plural" else node.args
            assert all(isinstance(each, ast.Constant) and each.value.strip() == each.value for each in said)
            assert all(each.value for each in said), "gettext answers nothing with the head of the catalogue"


@files
def test_the_name_of_the_translation_means_nothing_else_where_it_is_used(path):
    tree = ast.parse(path.read_text())
    used = {node.func.id for node in ast.walk(tree) if _is_translation(node)}
    bound = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    bound |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    assert not used & bound


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: str(message.id)[:40])
def test_what_is_filled_in_has_a_name(message):
    one, *others = message.id if message.pluralizable else [message.id]
    if not message.pluralizable and "{" not in one:
        return
    assert all(name.isidentifier() for name in _names(one))
    assert all(set(_names(other)) == set(_names(one)) for other in others)
    assert not message.pluralizable or "count" in _names(one)


def test_every_translation_that_is_shipped_fills_in_the_same():
    for path in TEMPLATE.parent.rglob("*.po"):
        for message in read_po(path.open("rb"), domain="plainview"):
            said = message.string if isinstance(message.string, tuple) else (message.string,)
            known = set(_names(message.id[1] if message.pluralizable else message.id))
            assert all(set(_names(each)) <= known for each in said if message.id), (path, message.id)


@pytest.fixture
def german(tmp_path, monkeypatch):
    """The app with a small catalogue, as if it had been started with it."""
    catalogue = Catalog(locale="de", domain="plainview")
    catalogue.add("Behaviours of {release}", "Verhalten von {release}")
    catalogue.add(("{count} scenario", "{count} scenarios"), ("{count} Szenario", "{count} Szenarien"))
    catalogue.add("Search", "Suche")
    catalogue.add("Every scenario in one table", "Alle Szenarien in einer Tabelle")
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "plainview.mo").open("wb") as held:
        write_mo(held, catalogue)
    found = texts.catalogue("de", tmp_path)
    monkeypatch.setattr(texts, "_CATALOGUE", found)
    return found


@pytest.fixture
def store(tmp_path, monkeypatch) -> Path:
    """A project, a behaviour and an owner that are called as a message is."""
    made = tmp_path / "store"
    publish(made, specification("named", names=("Search",), title="Search"), frame(20))
    monkeypatch.setenv("PLAINVIEW_STORE", str(made))
    return made


def test_a_page_speaks_the_language_of_the_catalogue_and_leaves_names_as_they_are(german, store):
    page = open_page("release/behaviours", project="named")
    assert not page.exception
    assert [read(each.value) for each in page.title] == ["Verhalten von 1.0"]
    shown = prose(page)
    assert "Alle Szenarien in einer Tabelle" in shown
    assert any(text.startswith("**Search:**") for text in shown)  # the behaviour
    assert not any("Suche" in text for text in shown)
    search = open_page("about/search", search="Search")
    assert [read(each.value) for each in search.title] == ["Suche"]
    assert any(text.startswith("Search →") for text in prose(search))  # the project


def test_a_number_takes_the_form_of_the_language(german):
    said = [texts.plural("{count} scenario", "{count} scenarios", number) for number in (1, 0, 1204)]
    assert said == ["1 Szenario", "0 Szenarien", "1,204 Szenarien"]


def test_what_the_catalogue_does_not_have_is_said_in_english(german):
    assert texts._("Nothing to list") == "Nothing to list"
    assert texts.plural("{count} row of {what}", "{count} rows of {what}", 2, what="them") == "2 rows of them"


def test_the_language_of_the_machine_changes_nothing(german, tmp_path, monkeypatch):
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, "de")
    assert texts.catalogue("en", tmp_path).gettext("Search") == "Search"
    assert texts.catalogue("xx", tmp_path).gettext("Search") == "Search"


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.Constant):
        return node.value
    return "".join(each.value if isinstance(each, ast.Constant) else "{}" for each in node.values)


def _is_translation(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS


def _unread(node: ast.AST) -> Iterator[ast.AST]:
    """The parts that need no mark: what has one, docstrings, what is compared or looked up, the log."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield from node.values
    elif isinstance(node, ast.Compare):
        for each in (node.left, *node.comparators):
            yield from (each, *getattr(each, "elts", ()))
    elif isinstance(node, ast.Subscript):
        yield from (node.slice, *getattr(node.slice, "elts", ()))
    elif _is_translation(node) or (isinstance(node, ast.Call) and _is_silent(node.func)):
        yield from (part for each in node.args for part in ast.walk(each))


def _is_silent(called: ast.AST) -> bool:
    return ast.unparse(called).startswith("_LOG.") or ast.unparse(called).split(".")[-1] in SILENT


def _names(message: str) -> list[str]:
    """The placeholders of a message: ValueError where a brace is left open."""
    return [name for _text, name, _spec, _conversion in string.Formatter().parse(message) if name is not None]
