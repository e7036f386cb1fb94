"""Specifications, COCO files and names that are hostile: each with what must be said of it."""

import json
from dataclasses import dataclass

from hostile_cases import OPENS, ROWS, SPECIFICATION, Case, late, put

OBJECTS = "project: objects\ntask: detection\ncolumns: {id: file_name, label: label}\nmetrics: [map50]\n"
RESULTS = json.dumps([{"image_id": 1, "category_id": 1, "bbox": [0, 0, 9, 9], "score": 0.5}])
SCENARIO = "behaviours:\n- name: b\n  scenarios:\n"


def specified(more: str) -> bytes:
    return (SPECIFICATION + more).encode()


def scenarios(*items: str) -> bytes:
    return specified(SCENARIO + "".join(f"  - {{{item}}}\n" for item in items))


def laughs() -> str:
    anchors = "".join(
        f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    return "a: &a [x, x, x, x, x, x, x, x, x]\n" + anchors


SPECIFICATIONS = (
    Case("utf-16.yaml", put(SPECIFICATION.encode("utf-16")), ("UTF-16",)),
    Case("latin-1.yaml", put((SPECIFICATION + "title: é\n").encode("latin-1")), ("line 6", "UTF-8")),
    Case("byte-order-mark.yaml", put(b"\xef\xbb\xbf" + SPECIFICATION.encode())),
    Case("empty.yaml", put(b""), ("nothing", "mapping")),
    Case("folder.yaml", lambda path: path.mkdir(), ("could not be read",)),
    Case("billion-laughs.yaml", put(laughs().encode()), ("line 6", "values")),
    Case("own-alias.yaml", put(b"a: &a [*a]\n"), ("refers to itself",)),
    Case("lists.yaml", put(b"[" * 4_000_000), ("deep",)),
    Case("mappings.yaml", put(b"{a: " * 1_000_000), ("deep",)),
    Case("blocks.yaml", put("".join(" " * n + "a:\n" for n in range(2_000)).encode()), ("deep",)),
    Case("key-of-10-MB.yaml", late(lambda: b"x" * 10_000_000 + b": 1\n"), ("bytes", "5,000,000")),
    Case("key-of-4-MB.yaml", late(lambda: specified("x" * 4_000_000 + ": 1\n")), ("line 6",)),
    Case("many-keys.yaml", put("".join(f"k{n}: 1\n" for n in range(90_000)).encode()), ("90,000", "2,000")),
    Case("too-many-values.yaml", put("".join(f"k{n}: 1\n" for n in range(300_000)).encode()), ("200,000",)),
    Case("behaviours.yaml", put(specified("behaviours: [" + "1," * 90_000 + "1]\n")), ("behaviours", "90,001")),
    Case("scenarios.yaml", put(scenarios(*(f"name: s{n}, where: x = {n}" for n in range(20_000)))), ("20,000",)),
    Case("long-wheres.yaml",
         put(scenarios(*(f'name: s{n}, where: "{" or ".join(["x = 1"] * 900)}"' for n in range(500)))), ("characters",)),
    Case("deep-where.yaml", put(scenarios(f'name: s, where: "{"(" * 22}1{") % 7" * 22} > 1"')), ("Too large",)),
    Case("metrics.yaml",
         put(SPECIFICATION.replace("accuracy", ", ".join(["accurac"] * 50_000)).encode()), ("metrics", "50,000")),
    Case("long-title.yaml", put(specified("title: " + "x" * 4_000_000 + "\n")), ("title", "200")),
    Case("python-object.yaml", put(b"a: !!python/object/apply:os.system [ls]\n"), ("tag", "not allowed")),
    Case("nul.yaml", put(specified("title: a\0b\n")), ("line 6",)),
    Case("control-in-title.yaml", put(specified('title: "a\\x1b[2Jb"\n')), ("U+001B",)),
    Case("path-as-project.yaml", put(SPECIFICATION.replace("hostile", "../../etc").encode()), ("project", "a-z")),
    Case("control-in-scenario.yaml", put(scenarios('name: "a\\nb", where: "id = \'1\'"')), ("U+000A",)),
    Case("formula-as-scenario.yaml", put(scenarios("name: \"=cmd|' /C calc'!A0\", where: \"id = '1'\""))),
    Case("path-as-scenario.yaml", put(scenarios("name: ../../etc/passwd, where: \"id = '1'\""))),
    Case("infinite-margin.yaml", put(specified("margin: 1e999\n")), ("margin", "inf")),
    Case("long-number.yaml", put(specified("margin: " + "9" * 1_000_000 + "\n")), ("margin", "number")),
)  # fmt: skip


def coco(**changes) -> bytes:
    honest = {
        "images": [{"id": n, "file_name": f"{n}.jpg"} for n in range(1, ROWS)],
        "annotations": [{"id": n, "image_id": n, "category_id": 1, "bbox": [0, 0, 9, 9]} for n in range(1, ROWS)],
        "categories": [{"id": 1, "name": "cat"}],
    }
    return json.dumps({**honest, **changes}).encode()


BOX = {"image_id": 1, "category_id": 1, "bbox": [0, 0, 9, 9]}
DATASETS = (
    Case("honest.json", put(coco())),
    Case("empty.json", put(b""), ("not JSON",)),
    Case("utf-16.json", put(coco().decode().encode("utf-16"))),
    Case("latin-1.json", put(b'{"images": "\xe9"}'), ("not JSON",)),
    Case("deep.json", put(b"[" * 1_000_000), ("nested too deeply",)),
    Case("a-list.json", put(b"[1]"), ("images", "annotations")),
    Case("numbers-as-images.json", put(coco(images=[1, 2])), ("images", "id")),
    Case("lists-as-ids.json", put(coco(images=[{"id": [1]}])), ("images", "id")),
    Case("texts-as-boxes.json", put(coco(annotations=["x"])), ("Box 1", "object")),
    Case("list-as-category.json", put(coco(annotations=[{**BOX, "category_id": [1]}])), ("Box 1", "category")),
    Case("list-as-image.json", put(coco(annotations=[{**BOX, "image_id": {}}])), ("Box 1", "image")),
    Case("three-numbers.json", put(coco(annotations=[{**BOX, "bbox": [1, 2, 3]}])), ("Box 1", "four numbers")),
    Case("box-of-texts.json", put(coco(annotations=[{**BOX, "bbox": ["a"] * 4}])), ("Box 1", "four numbers")),
    Case("not-a-number.json", put(coco(annotations=[{**BOX, "bbox": [float("nan"), 0, 1, 1]}])), ("NaN",)),
    Case("beyond-floats.json", put(coco().replace(b"[0, 0, 9, 9]", b"[0, 0, 1e999, 9]")), ("box 1", "inf")),
    Case("long-number.json", put(coco().replace(b"[0, 0, 9, 9]", b"[0, 0, " + b"9" * 5_000 + b", 9]")), ("not JSON",)),
    Case("half-a-character.json", put(coco(images=[{"id": 1, "file_name": "\ud800"}], annotations=[])), ("images",)),
    Case("other-keys.json",
         put(coco(images=[{"id": n, "file_name": f"{n}", f"k{n}": 1} for n in range(9_000)])), OPENS),
)  # fmt: skip


@dataclass(frozen=True)
class Named:
    """An honest frame under a hostile name. ``says`` are words of the error; without any, the name is plain text."""

    name: str
    options: tuple[tuple[str, str], ...]
    says: tuple[str, ...] = ()


NAMES = (
    Named("release ../../../etc/passwd", (("-r", "../../../etc/passwd"),)),
    Named("release =1+1", (("-r", "=1+1"),)),
    Named("release with an escape", (("-r", "1\x1b[2J"),), ("release", "printable")),
    Named("release with a line break", (("-r", "1\n2"),), ("release", "printable")),
    Named("release reversed", (("-r", "1\u202e2"),), ("release", "printable")),
    Named("release of 10 MB", (("-r", "x" * 10_000_000),), ("release", "10,000,000")),
    Named("test set ../../x", (("-r", "1"), ("--test-set", "../../x"))),
    Named("test set with NUL", (("-r", "1"), ("--test-set", "a\0b")), ("test set", "printable")),
    Named("file with an escape", (("frame", "a\x1b[2Jb.csv"),), ("no file",)),
    Named("file with NUL", (("frame", "a\0b.csv"),), ("Error",)),
    Named("file of 10 kB", (("frame", "x" * 10_000 + ".csv"),), ("xxx",)),
    Named("prediction with an escape", (("--prediction", "\x1b[2J"),), ("no column", "\\x1b")),
)
