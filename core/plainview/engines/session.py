"""Reaching Spark: a session at a master's address, a table in it, and what goes wrong there in words that help."""

import os
import re
import shutil
import socket
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from plainview.exceptions import FrameError, InputError, PlainviewError, cut, nearest

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

TIMEOUT = 15  # seconds to wait for a master
KINDS = ("local", "local[2]", "spark://host:7077", "sc://host:15002", "yarn", "k8s://https://host:443")
_KNOWN = re.compile(r"local(\[[^\]]+\])?|local-cluster\[[^\]]+\]|yarn|(spark|sc|k8s)://.+")
_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.executorEnv.POLARS_MAX_THREADS": "1",  # an executor's core has a worker of its own
    "spark.sql.execution.arrow.maxRecordsPerBatch": "65536",
    "spark.sql.session.timeZone": "UTC",
}
_SECRET = re.compile(r"(\b[A-Za-z][\w+.-]*:/+)[^/\s@:]*:[^/\s@]*@")  # user:password@ after a scheme
_QUERY = re.compile(r"(\b[A-Za-z][\w+.-]*://[^\s?'\"]*)\?[^\s'\"]*")
_LONGEST = 400  # characters of what Spark says


@contextmanager
def spark_session(engine: str) -> Iterator["SparkSession"]:
    """A session at ``engine``, a master's address such as local[2] or spark://host:7077; stopped at the end, if this process
    had none before.

    Raises InputError where PySpark or Java is missing, or nobody answers at the address.
    """
    _check(engine)
    if engine.startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # the workers are on this machine
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        with explained(f"Spark at {without_secrets(engine)} could not be started"):
            session, ours = _started(engine)
        try:
            yield session
        finally:
            if ours:
                with suppress(Exception):  # a cluster that is gone cannot be left
                    session.stop()


def _started(engine: str) -> "tuple[SparkSession, bool]":
    """The session, and whether it was started now."""
    from pyspark.sql import SparkSession

    if engine.startswith("sc://"):
        return SparkSession.builder.remote(engine).getOrCreate(), True
    if session := SparkSession.getActiveSession():
        return session, False
    builder = SparkSession.builder.master(engine).appName("plainview")
    for name, value in _SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session, True


def table_at(session: "SparkSession", name: str) -> "DataFrame":
    """The table of a name in the catalogue, or of a path to Parquet. Raises FrameError where there is none."""
    path = "/" in name or name.lower().endswith(".parquet") or Path(name).exists()
    with explained(f"There is no table at {without_secrets(name)} to be read"):
        return session.read.parquet(name) if path else session.table(name)


def place_of(table: "DataFrame") -> str:
    """Where the rows of a frame come from, as far as Spark says: its file, or the folder of all of them; no credentials."""
    with suppress(Exception):  # not every frame has files
        files = [file.split("/") for file in table.inputFiles()]
        same = takewhile(lambda parts: len(set(parts)) == 1, zip(*files, strict=False))
        place = "/".join(parts[0] for parts in same)
        if place.count("/") > 2:  # more than a scheme and a host
            return without_secrets(place)
    return "a frame without a name"


def without_secrets(text: str) -> str:
    """Text without the passwords and signatures that addresses in it hold."""
    return _QUERY.sub(r"\1", _SECRET.sub(r"\1", text))


@contextmanager
def explained(failure: str = "Spark could not measure the table") -> Iterator[None]:
    """Errors of Spark as FrameError, with what to do where that is known; none of them holds a secret."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except PlainviewError:
        raise
    except (PySparkException, Py4JError, OSError) as error:
        raise FrameError(f"{failure}: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    said = without_secrets(str(error))
    if "No module named 'plainview'" in said or "No module named 'polars'" in said:
        return "Plainview is not on Spark's executors. Install the same version there: pip install 'plainview[spark]'."
    if "maxResultSize" in said:
        return (
            "what the executors sent is larger than spark.driver.maxResultSize. Metrics such as ROC AUC and quantiles carry "
            "numbers row by row: raise it, or leave them out."
        )
    lines = [line.strip() for line in said.splitlines() if line.strip() and not line.strip().startswith("at ")]
    raised = [line for line in lines if re.match(r"[\w.]*(Error|Exception): ", line) and "PythonException" not in line]
    return cut((raised or lines or [type(error).__name__])[-1 if raised else 0], _LONGEST)


def _check(engine: str) -> None:
    """What can be known before Spark is started, which would wait for minutes."""
    if find_spec("pyspark") is None:
        raise InputError("PySpark is not installed. Install it with: pip install 'plainview[spark]'")
    if not _KNOWN.fullmatch(engine):
        raise InputError(f"There is no engine {without_secrets(engine)!r}. {nearest(engine, KINDS)}")
    scheme, _, rest = engine.partition("://")
    if scheme != "sc" and not _java():
        raise InputError("Java is not here, and Spark needs it: install Java 17 or newer, or set JAVA_HOME.")
    if scheme in ("spark", "sc"):
        _check_answers(rest.split(";")[0].split("/")[0].split(","), scheme)


def _check_answers(hosts: list[str], scheme: str) -> None:
    """Raise InputError where none of the hosts of a master takes a connection."""
    for host in hosts:
        with suppress(OSError, ValueError, TypeError):
            at = urlsplit(f"//{host}")
            port = at.port or {"spark": 7077, "sc": 15002}[scheme]
            socket.create_connection((at.hostname, port), timeout=TIMEOUT / len(hosts)).close()
            return
    shown = without_secrets(f"{scheme}://{','.join(hosts)}")
    raise InputError(f"Nobody answers at {shown} within {TIMEOUT} s. Is the master running, and this its address?")


def _java() -> bool:
    home = os.environ.get("JAVA_HOME")
    return bool(home and Path(home, "bin", "java").exists()) or shutil.which("java") is not None
