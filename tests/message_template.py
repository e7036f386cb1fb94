"""The template of all messages, made by Babel from the sources: run as a program, it writes what `make texts` keeps."""

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import write_po

ROOT = Path(__file__).parent.parent
UI = ROOT / "core" / "plainview" / "ui"
TEMPLATE = ROOT / "core" / "plainview" / "locale" / "plainview.pot"
KEYWORDS = {"_": None, "plural": (1, 2)}
HEAD = "# The messages of Plainview's pages. `make texts` writes this file; core/README.md says how to translate it."
CHANGING = ('"POT-Creation-Date', '"Generated-By')  # of the header: the same sources give the same file


def sources() -> list[Path]:
    """The files whose words a reader sees."""
    return [ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py")), *sorted(UI.glob("*.py"))]


def messages() -> Catalog:
    """Every message with the files that say it."""
    found = Catalog(project="Plainview", version="", header_comment=HEAD, charset="utf-8")
    for path in sources():
        for _line, message, _comments, _context in extract_from_file("python", path, keywords=KEYWORDS):
            found.add(message, locations=[(path.relative_to(ROOT).as_posix(), None)])
    for message in found:
        message.flags.discard("python-format")  # "5% of" is none; placeholders are named, in braces
    return found


def template() -> str:
    """The text of the template."""
    held = io.BytesIO()
    write_po(held, messages(), sort_by_file=True, include_lineno=False)
    lines = held.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(CHANGING))


if __name__ == "__main__":
    TEMPLATE.parent.mkdir(exist_ok=True)
    TEMPLATE.write_text(template(), encoding="utf-8")
