"""What the tests of the store share: small drafts, real adapters that fail, and publishers that run as processes."""

import errno
import hashlib
import json
import os
import signal
import time
from pathlib import Path

import polars as pl
import pytest

from plainview.exceptions import StoreError
from plainview.records import Result
from plainview.store import Draft, create_store, open_store
from plainview.store.sealed import seal_line, unseal_line

CLASSES = ("negative", "positive")


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    """Every test its own cache folder."""
    monkeypatch.setenv("PLAINVIEW_CACHE", str(tmp_path / "cache"))


def draft(release="1.0", *, seed=0, rows=24, results=2, **changes) -> Draft:
    """A small evaluation; another ``seed`` gives other predictions, another ``rows`` another test set."""
    numbers = list(range(rows))
    guesses = [CLASSES[hashlib.sha256(f"{seed}-{number}".encode()).digest()[0] % 2] for number in numbers]
    examples = {"id": [f"e{number:05}" for number in numbers], "label": [CLASSES[n % 2] for n in numbers]}
    fields = {
        "project": "sentiment",
        "title": "Sentiment of reviews",
        "task": "classification",
        "release": release,
        "specification": b"project: sentiment\n",
        "examples": pl.DataFrame({**examples, "words": [n % 7 if n % 5 else None for n in numbers]}),
        "predictions": pl.DataFrame({"prediction": guesses, "score": [n / 10 for n in numbers]}),
        "results": [result(f"Scenario {number}", rows) for number in range(results)]
        if type(results) is int
        else results,
        "core_columns": ("id", "label"),
    }
    return Draft(**{**fields, **changes})


def result(scenario="all", examples=24, value=0.75) -> Result:
    return Result(
        scenario=scenario, behaviour="Understands negation", metric="accuracy", value=value, low=0.5, high=0.9,
        examples=examples, of=examples, method="wilson/1",
    )  # fmt: skip


def names(evaluations):
    return [each.release for each in evaluations]


def rewrite(path, **changes):
    """A record as another Plainview could have written it: other fields, a right checksum."""
    content = json.loads(unseal_line(path.read_bytes(), key=path.name))
    path.write_bytes(seal_line(json.dumps({**content, **changes}).encode()))


class FailingAdapter:
    """A real adapter whose n-th call fails, before or after the work was done."""

    VERBS = ("put", "put_if_absent", "get", "open", "list", "stat", "delete", "staged")

    def __init__(self, inner, *, fail_at, error, after=False, times=1):
        self.inner, self.url, self.calls = inner, inner.url, []
        self.fail_at, self.error, self.after, self.times = fail_at, error, after, times

    def __getattr__(self, verb):
        real = getattr(self.inner, verb)
        if verb not in self.VERBS:
            return real

        def call(*arguments, **options):
            self.calls.append(verb)
            failing_now = self.fail_at <= len(self.calls) < self.fail_at + self.times
            if failing_now and not self.after:
                raise self.error
            done = real(*arguments, **options)
            if failing_now:
                raise self.error
            return done

        return call


FAULTS = {
    "EIO": OSError(errno.EIO, os.strerror(errno.EIO)),
    "ENOSPC": OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
    "timeout": TimeoutError("no answer"),
    "reset": ConnectionResetError("connection reset"),
    "memory": MemoryError(),
}


def publish_all(root, drafts, gate, outcomes, environment=None):
    """A publisher process: open, say so, wait for the others, publish; (id, created) or the error to ``outcomes``."""
    os.environ.update(environment or {})
    store = open_store(root)
    gate.wait()
    for each in drafts:
        try:
            evaluation, created = store.publish(draft(**each), actor=str(os.getpid()))
            outcomes.put((evaluation.id, each["release"], created))
        except Exception as error:
            outcomes.put(("error", each["release"], repr(error)))


def publish_until_killed(root, number, acknowledged, environment=None):
    """A publisher process that writes one line per acknowledged evaluation, and never stops by itself."""
    os.environ.update(environment or {})
    store = open_store(root)
    with Path(acknowledged).open("a", buffering=1) as log:
        for count in range(10_000):
            name = f"{number}-{count}"
            evaluation, _ = store.publish(draft(name, seed=1000 * number + count, rows=8 + number % 3))
            log.write(f"{evaluation.id} {name}\n")


def read_until(root, stop, problems, seen, environment=None):
    """A reader process that re-hashes whatever appears, from the moment it appears."""
    os.environ.update(environment or {})
    store = open_store(root)
    read = set()
    while not stop.is_set():
        fresh = [each for each in store.evaluations() if each.id not in read]
        problems_now = [item.reason for item in store.damaged()]
        for each in fresh:
            try:
                assert store.predictions(each).height == store.examples(each).height == each.test_set.examples
                assert store.specification_text(each) == "project: sentiment\n"
                read.add(each.id)
            except Exception as error:
                problems_now.append(f"{each.release}: {error!r}")
        for problem in problems_now:
            problems.put(problem)
        time.sleep(0.01)
    seen.value = len(read)


def publish_as_nobody(root, outcome):
    """A process without any rights (root has all): how many examples it reads, and the errors of what it may not."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    os.environ["PLAINVIEW_CACHE"] = "/nonexistent"
    store = open_store(root)
    read = store.examples(store.evaluation("sentiment", "0.9")).height

    def error_of(work):
        try:
            return f"no error: {work()}"
        except StoreError as error:
            return str(error)

    outcome.put(
        (
            read,
            error_of(lambda: store.publish(draft("1.0"))),
            error_of(lambda: store.append_event("comment", "sentiment", body={})),
            error_of(lambda: create_store(Path(root) / "inside")),
        )
    )


def kill(process, *, after):
    """SIGKILL, ``after`` seconds."""
    time.sleep(after)
    os.kill(process.pid, signal.SIGKILL)
    process.join()
