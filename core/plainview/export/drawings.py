"""Charts as pictures: from the same Vega-Lite specification as on the pages, without a browser and without a request."""

import base64
import copy
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from plainview.charts.theme import PALETTE
from plainview.export.extra import needed

FONTS = Path(__file__).parent / "fonts"
FONT = "Open Sans"
WIDTH = 720  # pixels: the width of the text of a page
_SMALL_SCREEN = "containerSize()[0]"  # what charts ask for the width of a browser


def svg(spec: dict[str, Any], *, width: int = WIDTH) -> str:
    """A chart as SVG, ``width`` pixels wide. Nothing in it is fetched: rows stand in the specification."""
    return _svg(json.dumps(printed(spec, width), sort_keys=True))


@lru_cache(maxsize=64)
def _svg(spec: str) -> str:
    return _converter().vegalite_to_svg(spec, allowed_base_urls=[])


def png(spec: dict[str, Any], *, width: int = WIDTH, scale: float = 2) -> bytes:
    """A chart as PNG."""
    return _converter().svg_to_png(svg(spec, width=width), scale=scale)


def as_pixels(drawn: str, *, scale: float = 3) -> str:
    """An SVG that is a picture of another one: no letter in it is a letter any more."""
    width, height = re.search(r'width="([\d.]+)" height="([\d.]+)"', drawn).groups()
    data = base64.b64encode(_converter().svg_to_png(drawn, scale=scale)).decode()
    size = f'width="{width}" height="{height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><image {size} href="data:image/png;base64,{data}"/></svg>'


@lru_cache(maxsize=1)
def _converter() -> Any:
    """The converter with the one font that charts are set in."""
    vl_convert = needed("vl_convert")
    vl_convert.register_font_directory(str(FONTS))
    return vl_convert


def printed(spec: dict[str, Any], width: int = WIDTH) -> dict[str, Any]:
    """A specification for paper: of a fixed width, light, in the font that is shipped, with one legend."""
    text = json.dumps(copy.deepcopy(spec)).replace(_SMALL_SCREEN, str(width))
    made = json.loads(text)
    made["width"] = width
    config = made.setdefault("config", {})
    config |= {"font": FONT, "background": "white", "range": {"category": list(PALETTE["light"])}}
    config |= {"axis": {"labelFontSize": 12, "titleFontSize": 12}, "legend": {"labelFontSize": 12}}
    _one_legend(made)
    return made


def _one_legend(part: Any) -> None:
    """The converter keeps the legends of colour and shape apart, which browsers merge: colour goes into that of the shape."""
    if isinstance(part, dict):
        marks = part.get("encoding", {})
        if isinstance(marks, dict):
            if "field" in (marks.get("color") or {}):
                marks["color"]["legend"] = None
            if (marks.get("shape") or {}).get("legend"):
                marks["shape"]["legend"]["symbolFillColor"] = {"expr": "scale('color', datum.value)"}
    for each in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        _one_legend(each)
