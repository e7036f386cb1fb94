"""A process that gives hostile files to the command line one by one, and prints what each cost and what was said of it.

``python hostile_run.py FOLDER [NAME …]``: a JSON object a line, in the order of the corpus. Peaks are Linux's own. The files
are made by a process before it, so that what making them leaves behind is not measured.
"""

import json
import multiprocessing
import resource
import sys
import time
from pathlib import Path

import pyarrow.parquet  # noqa: F401 - loaded before anything is measured
from hostile_cases import BINARIES, SPECIFICATION, TEXTS, Case
from hostile_texts import DATASETS, NAMES, OBJECTS, RESULTS, SPECIFICATIONS, Named
from typer.testing import CliRunner

from plainview.cli import app

ADDRESS_SPACE = 12 << 30  # bytes beyond which the process fails, so that the machine does not


def main() -> None:
    """Measure every case, or those that are named."""
    folder, wanted = Path(sys.argv[1]), sys.argv[2:]
    maker = multiprocessing.get_context("spawn").Process(target=build, args=(folder, wanted))
    maker.start()
    maker.join()
    assert maker.exitcode == 0
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    (folder / "frame.csv").write_text("id,label,prediction\n1,a,a\n2,b,a\n")
    (folder / "specification.yaml").write_text(SPECIFICATION)
    (folder / "objects.yaml").write_text(OBJECTS)
    (folder / "results.json").write_text(RESULTS)
    honest = [
        str(folder / "frame.csv"),
        "-s",
        str(folder / "specification.yaml"),
        "-r",
        "0",
        "--store",
        str(folder / "warm"),
    ]
    assert CliRunner().invoke(app, ["publish", *honest]).exit_code == 0
    usual = memory("VmRSS")
    for case in chosen(wanted):
        print(json.dumps(measured(case, folder, usual)), flush=True)


def chosen(names: list[str]) -> list[Case | Named]:
    """The cases of these names, or all of them."""
    return [case for case in (*TEXTS, *BINARIES, *SPECIFICATIONS, *DATASETS, *NAMES) if not names or case.name in names]


def build(folder: Path, names: list[str]) -> None:
    """Make the files."""
    for case in chosen(names):
        if isinstance(case, Case):
            case.build(folder / case.name)


def measured(case: Case | Named, folder: Path, usual: int) -> dict:
    """What one case cost, whether it was published, and what was said; memory counts above ``usual`` kilobytes."""
    store = folder / "store" / case.name.encode().hex()[:40]
    arguments, size = given(case, folder)
    Path("/proc/self/clear_refs").write_text("5")  # forgets the highest memory so far
    start = time.perf_counter()
    done = CliRunner().invoke(app, ["publish", *arguments, "--store", str(store)])
    seconds, grown = time.perf_counter() - start, memory("VmHWM") - usual
    written = [str(path.relative_to(store)) for path in store.rglob("*")] if store.exists() else []
    shown = CliRunner().invoke(app, ["list", "--store", str(store)]) if done.exit_code == 0 else None
    return {
        "name": case.name,
        "bytes": size,
        "seconds": round(seconds, 2),
        "megabytes": round(grown / 1024),
        "code": done.exit_code,
        "said": done.stderr if done.exit_code else done.stdout,
        "crash": "" if done.exit_code in (0, 2) else repr(done.exception)[:300],
        "written": len(written),
        "listed": shown.exit_code if shown else None,
    }


def given(case: Case | Named, folder: Path) -> tuple[list[str], int]:
    """The arguments of `publish`, and the size of the file that is on trial."""
    options = {"frame": folder / "frame.csv", "-s": folder / "specification.yaml", "-r": "1.0"}
    size = 0
    if isinstance(case, Named):
        options |= dict(case.options)
    else:
        path = folder / case.name
        size = path.stat().st_size
        options |= {"-s": path} if path.suffix == ".yaml" else {"frame": path}
        if path.suffix == ".json":
            options |= {"-s": folder / "objects.yaml", "--detections": folder / "results.json"}
    frame = options.pop("frame")
    return [str(frame), *(str(part) for option in options.items() for part in option)], size


def memory(field: str) -> int:
    """Kilobytes of this process that Linux knows as ``field``."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(field))


if __name__ == "__main__":
    main()
