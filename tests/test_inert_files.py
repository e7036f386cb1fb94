"""What a file says is only ever read: nothing in it is unpickled, nothing it names is fetched, no name in it is a path."""

import os
import pickle
import socket
from contextlib import suppress
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cli_cases import files, run  # noqa: F401
from test_store_adapters import TRAVERSALS
from verb_cases import frame

from plainview.exceptions import FrameError
from plainview.export.places import checked_name
from plainview.export.site import file_of, folder
from plainview.exporters.delta import _folder_name
from plainview.frames import FORMATS, read_frame
from plainview.store import open_store

PAIR = ("reviews", "1.0", "1.1")
VERBS = (("list",), ("compare", *PAIR), ("diff", *PAIR), ("verify",))
VERBS += tuple((verb, "reviews", "1.1") for verb in ("show", "gate", "suggest", "next-data"))


class _Trap:
    """A pickle of this writes a file where it is read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple:
        return os.mkdir, (str(self._path),)


@pytest.fixture
def sealed_off(monkeypatch):
    """Nothing is unpickled, and nobody but this machine is asked for anything."""

    def refuse(*given: object, **_: object) -> None:
        raise AssertionError(f"{given[:2]!r:.200} was unpickled or asked for")

    for module, names in ((pickle, ("load", "loads", "Unpickler")), (socket, ("getaddrinfo", "create_connection"))):
        for name in names:
            monkeypatch.setattr(module, name, refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)


def test_every_verb_works_where_nothing_is_unpickled_and_nobody_is_asked(files, sealed_off):  # noqa: F811
    link = "https://outside.invalid/a.png"
    rows = frame().with_columns(pl.lit(link).alias("picture"), pl.lit(f"![]({link})").alias("note"))
    rows.write_parquet(files / "rows.parquet")
    text = (files / "specification.yaml").read_text()
    (files / "specification.yaml").write_text(f"{text}\ndescription: 'See {link}'\nowner: {link}\n")
    publish = ("publish", files / "rows.parquet", "-s", files / "specification.yaml", "--notes", link)
    for release in ("1.0", "1.1"):
        assert run(*publish, "-r", release, store=files / "store").exit_code == 0
    for verb in VERBS:
        found = run(*verb, store=files / "store")
        assert found.exit_code in (0, 1, 3), found.stderr
    for kind in ("md", "html", "pdf"):
        found = run("report", "reviews", "1.1", "-o", files / f"report.{kind}", store=files / "store")
        assert found.exit_code == 0, found.stderr
    assert f'href="{link}' not in (files / "report.html").read_text()
    assert f'src="{link}' not in (files / "report.html").read_text()


@pytest.mark.parametrize("suffix", [*FORMATS, ".pkl", ".joblib", ".npy", ".npz"])
def test_a_pickle_under_any_name_is_no_frame_and_never_runs(suffix, tmp_path):
    path = tmp_path / f"rows{suffix}"
    path.write_bytes(pickle.dumps(_Trap(tmp_path / "ran")))
    with pytest.raises(FrameError):
        read_frame(path)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("suffix", [".parquet", ".arrow"])
def test_a_type_that_is_a_pickle_is_read_as_what_it_holds_or_refused(suffix, tmp_path):
    metadata = {
        "ARROW:extension:name": "arrow.py_extension_type",
        "ARROW:extension:metadata": pickle.dumps(_Trap(tmp_path / "ran")),
    }
    field = pa.field("kind", pa.int64(), metadata=metadata)
    table = pa.table([pa.array(["a"]), pa.array([1])], schema=pa.schema([pa.field("id", pa.string()), field]))
    path = tmp_path / f"rows{suffix}"
    if suffix == ".parquet":
        pq.write_table(table, path)
    else:
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table)
    with suppress(FrameError):  # or refused
        assert read_frame(path)["kind"].to_list() == [1]
    assert not (tmp_path / "ran").exists()


def test_no_name_of_a_record_leads_out_of_what_is_written(files):  # noqa: F811
    publish = ("publish", files / "rows.csv", "-s", files / "specification.yaml", "-r", "1.0")
    assert run(*publish, store=files / "store").exit_code == 0
    one = open_store(files / "store").releases("reviews")[0]
    assert len(TRAVERSALS) > 200
    for name in TRAVERSALS:
        changed = one.model_copy(update={"project": name, "release": name})
        assert checked_name(f"{folder(name)}/{file_of(changed)}.html").count("/") == 1
        made = _folder_name(name)
        assert made not in ("", ".", "..")
        assert Path(made).name == made
        assert "\\" not in made
        assert "\0" not in made
