"""The words that pages show, in the language that PLAINVIEW_LANGUAGE names: English, unless a catalogue has them otherwise.

Names, titles and whatever else was published or written by people are never looked up: they stay as they are.
"""

import gettext
import os
from pathlib import Path

DOMAIN, LANGUAGE = "plainview", "PLAINVIEW_LANGUAGE"
CATALOGUES = Path(__file__).parent / "locale"  # plainview.pot, and LANGUAGE/LC_MESSAGES/plainview.mo


def catalogue(language: str, folder: Path = CATALOGUES) -> gettext.NullTranslations:
    """The words in a language; where the folder has none of it, as they stand in the code."""
    return gettext.translation(DOMAIN, folder, languages=[language], fallback=True)


_CATALOGUE = catalogue(os.environ.get(LANGUAGE) or "en")  # once: not LANG, so that every machine shows the same


def _(message: str) -> str:
    """The message in the language of the app."""
    return _CATALOGUE.gettext(message)


def plural(one: str, many: str, number: float, **values: object) -> str:
    """The message for so many, with the number as ``{count}``: "1 row", "1,204 rows"."""
    return _CATALOGUE.ngettext(one, many, round(number)).format(count=f"{number:,.0f}", **values)
