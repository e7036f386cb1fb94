"""The HTML that every page begins with is told where its server is, and what the page will be drawn with.

Streamlit looks for its server below the address of the page first, and elsewhere when nobody answers there: whoever follows a
link to a page waits for both. Then it asks whether the server is well before it connects; a browser that has the server's
cookie has been here before, so it connects at once and asks meanwhile. The code of a table or a menu is loaded when the first
one is to be drawn, one kind after the other; here it is loaded while the server is at work.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from plainview.serving.asgi import Headers, Receive, Scope, Send, header

SCRIPT = (
    "(()=>{const at=document.currentScript.dataset.at,here=location.pathname;if(!here.endsWith(at))return;"
    "window.__streamlit={BACKEND_BASE_URL:location.origin+here.slice(0,here.length-at.length)};"
    "if(/(^|; )_streamlit_xsrf=/.test(document.cookie))"
    "window.__streamlit.HOST_CONFIG={allowedOrigins:[location.origin],useExternalAuthToken:false}})()"
)
DRAWN_WITH = ("PageLink", "Selectbox", "Metric", "TextInput", "DataFrame", "DownloadButton")  # on most pages
_PAGE = re.compile(r"/[\w-]*", re.ASCII)
_HEAD, _END = b"<head>", b"</head>"


class Shell:
    """Says to the HTML of a page which part of its address is the page's own; what comes before it is the server's.

    ``files`` are the scripts and styles, below the server's address, that are loaded ahead.
    """

    def __init__(self, app: Callable, *, base: Callable[[], str], files: Sequence[str] = ()) -> None:
        self._app, self._base = app, base
        self._ahead = "".join(map(_tag, files))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; what answers as HTML gets a line more."""
        base = f"/{self._base().strip('/')}".rstrip("/")
        path = scope.get("path", "")
        at = path.removeprefix(base)
        if (
            scope["type"] != "http"
            or scope.get("method") != "GET"
            or not path.startswith(base)
            or not _PAGE.fullmatch(at)
        ):
            return await self._app(scope, receive, send)
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        return await self._app(
            {**scope, "headers": plain},
            receive,
            _telling(send, f'<script data-at="{at}">{SCRIPT}</script>', self._ahead),
        )


def ahead(static: Path, parts: Iterable[str] = DRAWN_WITH) -> list[str]:
    """The files of Streamlit's that draw these parts, scripts and styles; of a part that this version has none for, none."""
    found = [path for part in parts for kind in ("js", "css") for path in static.glob(f"static/{kind}/{part}.*.{kind}")]
    return [path.relative_to(static).as_posix() for path in found]


def _tag(file: str) -> str:
    if file.endswith(".css"):
        return f'<link rel="stylesheet" crossorigin href="./{file}">'
    return f'<script type="module" crossorigin src="./{file}"></script>'


def _telling(send: Send, first: str, last: str) -> Send:
    """The page's HTML, with ``first`` as the first thing of its head and ``last`` as the last."""
    started, body = [], bytearray()

    async def telling(message: dict) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200 and _is_html(message):
            started.append(message)
        elif message["type"] == "http.response.body" and started:
            body.extend(message.get("body", b""))
            if not message.get("more_body"):
                told = bytes(body).replace(_HEAD, _HEAD + first.encode(), 1).replace(_END, last.encode() + _END, 1)
                await send({**started[0], "headers": _of_length(started[0]["headers"], len(told))})
                await send({"type": "http.response.body", "body": told})
        else:
            await send(message)

    return telling


def _is_html(message: dict) -> bool:
    return header(message, "content-type").startswith("text/html")


def _of_length(headers: Headers, length: int) -> Headers:
    kept = [(name, value) for name, value in headers if name.lower() != b"content-length"]
    return [*kept, (b"content-length", str(length).encode())]
