"""A live model, registered by whoever runs the app: a Python function, or an HTTP endpoint on a host that is allowed.

Off unless the environment variable PLAINVIEW_PREDICT names a YAML file:

    timeout: 5                       # seconds
    allow: ["models.internal:8080"]  # hosts that may be asked, with their ports
    projects:
      churn: {function: "serving.model:predict", release: "1.0"}
      sentiment: {endpoint: "http://models.internal:8080/predict"}

Nothing that a reader types chooses where a request goes: only the values of examples are sent. Redirects are refused,
proxies of the environment are not used, answers have a limit. An endpoint is sent POST with JSON, ``{"project", "release",
"rows": [{column: value}]}``, and answers ``{"predictions": [...]}`` or ``{"probabilities": [{class: chance}]}``.
"""

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass
from functools import lru_cache
from http.client import HTTPException
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from pydantic import Field, model_validator

from plainview.exceptions import InputError, cut, nearest
from plainview.readiness.reading import read_model, read_text
from plainview.robustness.asking import Answers, Asked, load_predict
from plainview.robustness.rows import Rows
from plainview.specification import Specification
from plainview.specification.faults import Fault
from plainview.specification.types import Model, Name, Positive
from plainview.webhooks import NoRedirect

VARIABLE = "PLAINVIEW_PREDICT"
MAX_ANSWER = 1_000_000  # bytes
MAX_ROWS = 200  # in one question
_WAITING = ThreadPoolExecutor(max_workers=4, thread_name_prefix="plainview-predict")


class Registered(Model):
    """How the model of one project is asked."""

    function: Name | None = None  # module:function
    endpoint: Name | None = None  # http or https
    release: Name | None = None  # the release that it is; None: whichever is looked at
    frames: Literal["pandas", "polars", "arrow"] = "pandas"  # what the function takes

    @model_validator(mode="after")
    def _one_way(self) -> "Registered":
        if (self.function is None) == (self.endpoint is None):
            raise ValueError(
                f"found {'both' if self.function else 'neither'} of function and endpoint; one was expected"
            )
        return self


class Registry(Model):
    """The file."""

    timeout: Annotated[Positive, Field(le=60)] = 5.0  # seconds
    allow: tuple[Name, ...] = ()
    projects: Mapping[Name, Registered]


def registry(text: str, *, name: str) -> Registry:
    """The file, read; InputError names the line and the column of whatever is wrong with it."""
    return read_model(text, Registry, name=name, faults=_faults)


def _faults(read: Registry) -> Iterator[Fault]:
    for project, how in read.projects.items():
        if how.endpoint is None:
            continue
        path = ("projects", project, "endpoint")
        if _spoken(how.endpoint) is None:  # and it is not repeated: it may hold a secret
            yield Fault(path, "expected http:// or https:// with a host, and no name or password")
        elif _host(how.endpoint) not in read.allow:
            host = _host(how.endpoint)
            yield Fault(path, f"the host {host!r} is not in allow. {nearest(host, read.allow)}")


def _spoken(address: str) -> str | None:
    """An endpoint without what may be secret in it, as pages, errors and records name it; None where it is none."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return None
    return f"{parts.scheme}://{parts.netloc}{parts.path}"


def _host(address: str) -> str:
    """The host with its port, as ``allow`` names it."""
    parts = urlsplit(address)
    return f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"


@dataclass(frozen=True)
class Live:
    """A model that can be asked now."""

    project: str
    how: Registered
    timeout: float

    @property
    def named(self) -> str:
        """What is asked, as it was registered; of an endpoint without its query, which may hold a secret."""
        return self.how.function or _spoken(self.how.endpoint or "") or ""

    @property
    def digest(self) -> str:
        """Which model it is, whatever its name leaves out."""
        return hashlib.sha256(self.how.model_dump_json().encode()).hexdigest()

    def answers_for(self, release: str) -> bool:
        """Whether it is the model of this release, as far as the file says."""
        return self.how.release in (None, release)

    def ask(self, rows: Rows, specification: Specification, release: str) -> Answers:
        """The answers to at most MAX_ROWS rows; InputError says plainly what went wrong."""
        if rows.height > MAX_ROWS:
            raise InputError(f"{rows.height:,} rows are too many for one question; at most {MAX_ROWS} were expected.")
        predict = load_predict(self.how.function) if self.how.function else self._posting(release)
        hidden = frozenset(filter(None, [specification.columns.label]))
        frames = self.how.frames if self.how.function else "polars"
        numbers = specification.task == "regression"
        ask = Asked(predict, frames, numbers, tuple(specification.classes or ()), hidden)
        rows.handed(frames)  # loading pandas for the first time is not the model's time
        question = _WAITING.submit(ask, rows)
        try:
            return question.result(self.timeout + (1.0 if self.how.endpoint else 0.0))
        except TooLate:
            raise InputError(f"{self.named} gave no answer within {self.timeout:g} seconds.") from None

    def _posting(self, release: str) -> Callable[[Any], Any]:
        def predict(frame: Any) -> Any:
            sent = {"project": self.project, "release": release, "rows": frame.to_dicts()}
            try:
                return _predictions(_posted(str(self.how.endpoint), sent, self.timeout))
            except InputError as error:
                raise InputError(f"{self.named} {error}") from None

        return predict


def live(project: str) -> Live | None:
    """The model that is registered for a project; None where there is none. InputError where the file is wrong."""
    path = os.environ.get(VARIABLE)
    if not path:
        return None
    try:
        changed = Path(path).stat().st_mtime_ns
    except OSError as error:
        raise InputError(f"{VARIABLE} names {path}, which could not be read: {error.strerror}.") from None
    found = _read(path, changed)
    how = found.projects.get(project)
    return None if how is None else Live(project, how, found.timeout)


@lru_cache(maxsize=4)
def _read(path: str, changed: int) -> Registry:
    return registry(read_text(path), name=path)


def _posted(address: str, sent: Mapping[str, Any], timeout: float) -> Any:
    """What an endpoint answers to JSON; InputError with the reason in words, which go on after its name."""
    opener = build_opener(ProxyHandler({}), NoRedirect())
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    deadline = time.monotonic() + timeout
    try:
        request = Request(address, json.dumps(sent, default=str).encode(), headers, method="POST")
        with opener.open(request, timeout=timeout) as answer:
            data = b""
            while chunk := answer.read1(65_536):
                data += chunk
                if len(data) > MAX_ANSWER:
                    raise InputError(f"answered with more than {MAX_ANSWER:,} bytes.")
                if time.monotonic() > deadline:
                    raise InputError(f"gave no answer within {timeout:g} seconds.")
        return json.loads(data)
    except InputError:
        raise
    except HTTPError as error:
        with error:  # it holds the answer open
            raise InputError(f"could not be asked: HTTP Error {error.code}.") from None
    except OSError as error:
        raise InputError(f"could not be asked: {cut(str(error), 200)}.") from None
    except ValueError:
        raise InputError("could not be asked: its answer is no JSON.") from None
    except HTTPException as error:  # what it says may be what was sent
        raise InputError(f"could not be asked: {type(error).__name__}.") from None


def _predictions(found: Any) -> Any:
    """The answers in what an endpoint gave, as a predict function would give them."""
    if isinstance(found, dict) and isinstance(found.get("probabilities"), list):
        rows = found["probabilities"]
        if rows and all(isinstance(row, dict) and row.keys() == rows[0].keys() for row in rows):
            return {name: [row[name] for row in rows] for name in rows[0]}
    if isinstance(found, dict) and isinstance(found.get("predictions"), list):
        return found["predictions"]
    raise InputError("answered otherwise than agreed: a list of predictions or of probabilities was expected.")
