"""What the tests of the command line share: a verb run in this process, and files to publish."""

import json

import pytest
from typer.testing import CliRunner
from verb_cases import CLASSES, frame

from plainview.cli import app


def run(*arguments, store=None, **settings):
    """A command in this process; its exit code, standard output and standard error."""
    more = ["--store", str(store)] if store is not None else []
    found = CliRunner().invoke(app, [*map(str, arguments), *more], **settings)
    if found.exception is not None and not isinstance(found.exception, SystemExit):
        raise found.exception
    return found


def one_object(found):
    """The one JSON object on standard output."""
    assert found.exit_code == 0, found.stderr
    assert found.stdout.count("\n") == 1
    return json.loads(found.stdout)


@pytest.fixture
def files(tmp_path):
    """A frame and a specification as files."""
    frame().write_csv(tmp_path / "rows.csv")
    (tmp_path / "specification.yaml").write_text(CLASSES)
    return tmp_path


def publish(files, *more, store, release="1.0"):
    return run("publish", files / "rows.csv", "-s", files / "specification.yaml", "-r", release, *more, store=store)
