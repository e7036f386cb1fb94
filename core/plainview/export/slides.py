"""Slides, drawn with python-pptx: a title, and beneath it texts, tiles, a picture or a table. Sizes in inches and points."""

import io
import zipfile
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from plainview.escaping import one_line
from plainview.export.extra import needed

if TYPE_CHECKING:
    from plainview.export.document import Document, Table

WIDE, HIGH, EDGE = 13.333, 7.5, 0.6
INK, QUIET, BRAND, LINE, SOFT = "1B2430", "57606A", "006BA6", "D9DFE5", "F5F7F9"
TITLE_TOP, BODY_TOP, BODY_END = 0.75, 2.2, 6.85
MANIFEST = "urn:plainview:manifest"  # the namespace of the part that holds it
FONT = "Arial"  # of readers: slides do not carry fonts
LAYOUT = 5  # of the built-in template: a title alone


class Slides:
    """A presentation on its way."""

    def __init__(self, *, footer: str) -> None:
        needed("pptx")
        from pptx import Presentation
        from pptx.util import Inches

        self._inches, self._footer = Inches, footer
        self._show = Presentation()
        self._show.slide_width, self._show.slide_height = Inches(WIDE), Inches(HIGH)

    def new(self, title: str, *, over: str = "") -> Any:
        """A slide with its title, and a small line over it."""
        slide = self._show.slides.add_slide(self._show.slide_layouts[LAYOUT])
        shape = slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = map(self._inches, (EDGE, TITLE_TOP, WIDE - 2 * EDGE, 1.4))
        text = one_line(title, 420)
        size = 26 if len(text) <= 110 else 22 if len(text) <= 200 else 18 if len(text) <= 300 else 15
        self._write(shape.text_frame, [text], size=size, bold=True)
        if over:
            self.text(slide, [one_line(over, 120)], top=0.35, size=12, colour=BRAND)
        number = len(self._show.slides)
        self.text(slide, [f"{one_line(self._footer, 160)}  ·  {number}"], top=7.05, size=10, quiet=True)
        return slide

    def text(
        self, slide: Any, lines: Sequence[str], *, top: float, size: int, quiet: bool = False, colour: str = ""
    ) -> None:
        """Lines of text over the width of the slide."""
        box = slide.shapes.add_textbox(*map(self._inches, (EDGE, top, WIDE - 2 * EDGE, 0.35)))
        self._write(box.text_frame, list(lines), size=size, colour=colour or (QUIET if quiet else INK))

    def tiles(self, slide: Any, facts: Sequence[tuple[str, str, str]], *, top: float) -> None:
        """Figures side by side: what each is, its value, a note."""
        gap, width = 0.2, (WIDE - 2 * EDGE - 0.2 * (len(facts) - 1)) / max(len(facts), 1)
        for place, (label, value, note) in enumerate(facts):
            left = EDGE + place * (width + gap)
            shape = slide.shapes.add_textbox(*map(self._inches, (left, top, width, 1.55)))
            shape.fill.solid()
            shape.fill.fore_color.rgb = self._rgb(SOFT)
            shape.line.color.rgb = self._rgb(LINE)
            frame = shape.text_frame
            self._write(frame, [label, value, note], size=12, colour=QUIET)
            run = frame.paragraphs[1].runs[0]
            self._font(run, size=28 if len(value) <= 9 else 20, colour=INK, bold=True)

    def statements(self, slide: Any, rows: Sequence[tuple[str, str, str, str]], *, more: str = "") -> None:
        """Statements, each with its mark and what it is about; ``more`` says what has no room."""
        size = 16 if len(rows) <= 5 else 14
        box = slide.shapes.add_textbox(*map(self._inches, (EDGE, BODY_TOP, WIDE - 2 * EDGE, BODY_END - BODY_TOP)))
        frame = box.text_frame
        self._write(frame, ["" for _ in rows], size=size)
        for paragraph, (mark, colour, name, text) in zip(frame.paragraphs, rows, strict=False):
            paragraph.space_after = needed("pptx.util").Pt(9)
            for said, tint, bold in (
                (mark, colour.lstrip("#"), True),
                (name and f"{name}:", INK, True),
                (text, INK, False),
            ):
                if said:
                    run = paragraph.add_run()
                    run.text = f"{said}  " if bold else said
                    self._font(run, size=size, colour=tint, bold=bold)
        if more:
            self.text(slide, [more], top=6.7, size=12, quiet=True)

    def picture(self, slide: Any, image: bytes, *, alt: str) -> None:
        """A picture as large as there is room for, in the middle, with its alt text."""
        room_wide, room_high = WIDE - 2 * EDGE, BODY_END - BODY_TOP + 0.1
        shape = slide.shapes.add_picture(io.BytesIO(image), 0, 0)
        factor = min(self._inches(room_wide) / shape.width, self._inches(room_high) / shape.height)
        shape.width, shape.height = int(shape.width * factor), int(shape.height * factor)
        shape.left, shape.top = int((self._inches(WIDE) - shape.width) / 2), self._inches(BODY_TOP - 0.05)
        shape._element.nvPicPr.cNvPr.set("descr", alt)  # python-pptx has no name for it
        shape.name = "Chart"

    def table(self, slide: Any, rows: Sequence[Sequence[str]], table: "Table", *, more: str) -> None:
        """Some rows of a table with its head; ``more`` says what has no room."""
        titles = [column.title for column in table.columns]
        size = self._inches(WIDE - 2 * EDGE), self._inches(0.34 * (len(rows) + 1))
        shape = slide.shapes.add_table(len(rows) + 1, len(titles), self._inches(EDGE), self._inches(BODY_TOP), *size)
        shape._element.nvGraphicFramePr.cNvPr.set("descr", one_line(table.caption, 300))
        grid, shares = shape.table, sum(column.width for column in table.columns)
        for place, column in enumerate(table.columns):
            grid.columns[place].width = int(size[0] * column.width / shares)
        for at, cells in enumerate([titles, *rows]):
            for place, cell in enumerate(cells):
                self._cell(grid.cell(at, place), cell, head=at == 0, right=table.columns[place].kind == "number")
        if more:
            self.text(slide, [more], top=6.7, size=12, quiet=True)

    def _cell(self, cell: Any, text: str, *, head: bool, right: bool) -> None:
        from pptx.enum.text import PP_ALIGN

        cell.fill.solid()
        cell.fill.fore_color.rgb = self._rgb(LINE if head else "FFFFFF")
        cell.margin_top = cell.margin_bottom = self._inches(0.03)
        self._write(cell.text_frame, [text], size=11, bold=head)
        if right:
            cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT

    def _write(self, frame: Any, lines: Sequence[str], *, size: int, colour: str = INK, bold: bool = False) -> None:
        from pptx.enum.text import MSO_ANCHOR, PP_ALIGN

        frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
        for place, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            paragraph.alignment = PP_ALIGN.LEFT
            if line:
                run = paragraph.add_run()
                run.text = one_line(line, 2_000)
                self._font(run, size=size, colour=colour, bold=bold)

    def _font(self, run: Any, *, size: int, colour: str, bold: bool) -> None:
        run.font.size, run.font.bold, run.font.name = needed("pptx.util").Pt(size), bold, FONT
        run.font.color.rgb = self._rgb(colour)

    def _rgb(self, text: str) -> Any:
        from pptx.dml.color import RGBColor

        return RGBColor.from_string(text)

    def saved(self, document: "Document", manifest: str) -> bytes:
        """The bytes: with the time of the document and no other, and the manifest in a part of its own."""
        from pptx.opc.constants import RELATIONSHIP_TYPE
        from pptx.opc.package import Part
        from pptx.opc.packuri import PackURI

        about, made = self._show.core_properties, document.made.replace(tzinfo=None)
        about.title, about.author, about.last_modified_by = one_line(document.title, 250), "Plainview", "Plainview"
        about.created = about.modified = made
        about.subject, about.language, about.revision = one_line(document.conclusion, 250), "en", 1
        data = f'<?xml version="1.0" encoding="UTF-8"?><manifest xmlns="{MANIFEST}">{escape(manifest)}</manifest>'
        part = Part(PackURI("/customXml/item1.xml"), "application/xml", self._show.part.package, data.encode())
        self._show.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)
        raw = io.BytesIO()
        self._show.save(raw)
        return _same_bytes(raw.getvalue())


def _same_bytes(data: bytes) -> bytes:
    """The same package with one time for all its members."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return made.getvalue()
