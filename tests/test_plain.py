"""Text from artifacts is inert: the browser tests show that it reads literally; these hold what it is made of."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from plainview.ui.plain import JOINER, plain


def read(markdown: str) -> str:
    """What a reader sees of it: backslashes before punctuation and joiners are not seen."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown).replace(JOINER, "")


@pytest.mark.parametrize(
    "text",
    [
        "3.0.1 understands negation better than 2.1.0 (+7.6 points, 95% interval about +4.8 to +10.3)",
        "Night, rain and fog: 12 of 13",
        "Owner: perception; due 2026-01-31",
        "+7.6 points",
    ],
)
def test_an_ordinary_sentence_is_left_as_it_is(text):
    assert plain(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "<script>",
        ":red[x]",
        ":smile:",
        "![](http://x)",
        "$x$",
        "**b**",
        "1. one",
        "- one",
        "---",
        "a -> b",
        "www.x.y",
        "a@b.c",
    ],
)
def test_what_markdown_would_read_is_changed_and_still_reads_the_same(text):
    assert plain(text) != text
    assert read(plain(text)) == text


@given(some.text(alphabet=some.characters(codec="utf-8"), max_size=200))
def test_any_text_reads_as_it_was_written_on_one_line(text):
    expected = re.sub(
        r"[\r\n\t\v\f\u2028\u2029]+", " ", re.sub(r"[\x00-\x08\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]", "", text)
    )
    shown = plain(text)
    assert "\n" not in shown
    assert read(shown) == expected.replace(JOINER, "").strip() or "\\" in text


@given(some.text(alphabet="<>[]()!:$*_`~#|&{}^\\ab1.-+ /@w", max_size=60))
def test_nothing_stays_live(text):
    bare = re.sub(r"\\.", "·", plain(text))  # what is escaped stands for nothing but itself
    assert not re.search(r"[<>\[\]$*_`~#|&{}^!]", bare)
    assert not re.search(r":[\w+/-]+:|://|--|->|<-|@\w", bare)


def test_a_long_text_is_cut_and_says_so():
    assert len(plain("W" * 5000)) == 600
    assert plain("W" * 5000).endswith("…")


def test_text_that_turns_reading_order_around_loses_that_power():
    assert "\u202e" not in plain("invoice\u202egpj.exe")


def test_what_is_not_text_is_written_out():
    assert plain(None) == "None"
    assert plain(12.5) == "12.5"
