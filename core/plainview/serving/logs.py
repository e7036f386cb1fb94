"""What the server logs: a JSON object a line where that is asked for, and never a secret."""

import json
import logging
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterable

# As Streamlit's own loggers take it: the message has been made a JSON text before.
JSON_LINE = '{"time": "%(asctime)s", "level": "%(levelname)s", "logger": "%(name)s", "message": %(message)s}'
_SECRET = re.compile(r"SECRET|PASSWORD|PASSWD|TOKEN|CREDENTIAL|CONNECTION_STRING|(?<![A-Z])KEY(?![A-Z])|_KEY\b|PGPASS")
_SHORTEST = 6  # characters: what is shorter is no secret, and would be found everywhere
_PATTERNS = (
    (re.compile(r"(://[^/\s:@]*):[^/\s@]+@"), r"\1:…@"),
    (re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]{8,}", re.IGNORECASE), r"\1 …"),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*"), "…"),  # a JSON web token
    (
        re.compile(
            r"\b((?:client_|cookie_|api_?|access_?|id_|refresh_)?(?:secret|password|passwd|token|key)|code|state|nonce|sig|"
            r"x-amz-(?:signature|credential|security-token))([\"']?\s*[=:]\s*[\"']?)[^\s&\"',;}]{6,}",
            re.IGNORECASE,
        ),
        r"\1\2…",
    ),
)


_known: Callable[[], Iterable[str]] | None = None


def secrets_of(environment: Iterable[tuple[str, str]]) -> list[str]:
    """The values of the environment whose names say that they are secret, the longest first."""
    found = {value for name, value in environment if _SECRET.search(name.upper()) and len(value) >= _SHORTEST}
    return sorted(found, key=len, reverse=True)


class Redaction:
    """Texts without secrets: those that are known, and whatever looks like one."""

    def __init__(self, known: Callable[[], Iterable[str]]) -> None:
        self._known = known

    def __call__(self, text: str) -> str:
        """The text, with each secret as an ellipsis."""
        for secret in self._known():
            text = text.replace(secret, "…")
        for pattern, instead in _PATTERNS:
            text = pattern.sub(instead, text)
        return text


def configure(*, as_json: bool, known: Callable[[], Iterable[str]] = lambda: secrets_of(os.environ.items())) -> None:
    """From now on every record of every logger is without secrets, and with ``as_json`` its message a JSON text."""
    global _known  # one process, one log: called again, it learns of more secrets
    first, _known = _known is None, known
    if not first:
        return
    redacted, made = Redaction(lambda: _known() if _known else ()), logging.getLogRecordFactory()

    def record(*given: object, **named: object) -> logging.LogRecord:
        one = made(*given, **named)
        text = redacted(_whole(one))
        one.msg, one.args, one.exc_info, one.exc_text = json.dumps(text) if as_json else text, (), None, None
        return one

    logging.setLogRecordFactory(record)
    handler = logging.StreamHandler(sys.stderr)
    logging.captureWarnings(True)
    for name, level in (("plainview", logging.INFO), ("py.warnings", logging.ERROR)):  # those are for developers
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(level)
    settle(as_json=as_json)


def settle(*, as_json: bool) -> None:
    """Give the loggers of the server and ours their format; called again when the server has made its own."""
    line = JSON_LINE if as_json else "%(asctime)s %(levelname)s %(name)s: %(message)s"
    for name in ("plainview", "uvicorn", "uvicorn.error", "uvicorn.asgi"):
        for handler in logging.getLogger(name).handlers:
            handler.setFormatter(logging.Formatter(line))


def _whole(one: logging.LogRecord) -> str:
    """The message with its traceback, as one text."""
    try:
        text = one.getMessage()
    except (
        TypeError,
        ValueError,
    ):  # arguments that do not fit: a fault of the caller's, and no reason to lose the line
        text = str(one.msg)
    raised = one.exc_info[1] if isinstance(one.exc_info, tuple) else None
    return text if raised is None else f"{text}\n{''.join(traceback.format_exception(raised)).rstrip()}"
