"""A file of checks: everything that is wrong with it is said with its line, its column and the nearest right name."""

import re
from pathlib import Path

import pytest
from checks_cases import check, fair, published, ran

from plainview.exceptions import InputError
from plainview.robustness import load_checks
from plainview.robustness.cells import CELLS
from plainview.robustness.kinds import KINDS
from plainview.robustness.pictures import PICTURES
from plainview.robustness.texts import TEXTS

DOCUMENTATION = Path(__file__).parent.parent / "core" / "CHECKS.md"

FILE = """\
seed: 7
lexicons: {person: [Anna, Boris]}
checks:
  - name: Gender does not decide
    kind: counterfactual
    column: gender
  - {name: A happy person, kind: unit, templates: ["{person} is happy"], expect: "yes"}
"""


def wrong(text):
    with pytest.raises(InputError) as caught:
        load_checks(text, name="checks.yaml")
    return str(caught.value)


def test_a_file_is_read_with_the_defaults_that_it_leaves_open(tmp_path):
    path = tmp_path / "checks.yaml"
    path.write_text(FILE)
    for source in (FILE, path, str(path)):
        found = load_checks(source)
        assert [each.name for each in found.checks] == ["Gender does not decide", "A happy person"]
        settled = found.settled(found.checks[0])
        assert settled == {"sample": 200, "seed": 7, "variants": 3, "may_fail": None, "minimum_examples": 30}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: counterfactual", "kind: counterfactal", "line 5, column 11 (checks[0].kind): found 'counterfactal'. Did"),
        ("column: gender", "colum: gender", "unknown key 'colum'. Did you mean 'column'?"),
        ("    column: gender\n", "", "(checks[0]): 'column' is missing"),
        ("seed: 7", "seed: -7", "line 1, column 7 (seed): found -7; expected 0 or more"),
        ("seed: 7", "sede: 7", "line 1, column 1 (sede): unknown key 'sede'. Did you mean 'seed'?"),
        ("{person} is", "{persn} is", "there is no lexicon 'persn'. Did you mean 'person'?"),
        ("{person} is", "{person is", "a brace is not closed; a slot is written {name}"),
        ('expect: "yes"', "tolerance: 1", "unknown key 'tolerance'"),
        (', expect: "yes"', "", "found nothing; expected one of expect, expect_not"),
        ("A happy person", "Gender does not decide", "the name 'Gender does not decide' is given twice"),
        ("kind: counterfactual", "why: because", "'kind' is missing. Known: confidence,"),
        ("    column: gender", "    column: gender\n    where: gender ~ 1", "line 7, column 12 (checks[0].where)"),
        ("    column: gender", "    column: gender\n    may_fail: 5", "found 5; expected less than 1"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_where_it_stands(old, new, said):
    assert old in FILE
    assert said in wrong(FILE.replace(old, new))


def test_everything_that_is_wrong_is_said_at_once():
    said = wrong(FILE.replace("kind: unit", "kind: units").replace("column: gender", "swap: [f]"))
    assert said.startswith("3 errors in checks.yaml:")
    assert "checks.yaml, line 6, column 11 (checks[0].swap): found one value; at least two were expected" in said


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"kind": "invariance", "perturb": "tipos"}, "found 'tipos'. Did you mean 'typos'?"),
        ({"kind": "invariance", "perturb": ["typos", "noise"]}, "changes of table and text in one check"),
        ({"kind": "invariance", "perturb": "noise"}, "noise needs the columns that it may change"),
        ({"kind": "invariance", "perturb": "synonyms"}, "the words that may stand for each other: lexicon"),
        ({"kind": "invariance", "perturb": "units", "column": "age"}, "units need factor or offset"),
        ({"kind": "invariance", "perturb": "names", "lexicon": "nams"}, "there is no lexicon 'nams'"),
        ({"kind": "directional", "column": "age", "must": "grow", "add": [1]}, "found 'grow'."),
        ({"kind": "directional", "must": "rise", "add": [1]}, "add needs a column of numbers"),
        ({"kind": "directional", "column": "age", "must": "rise", "values": [2, 1]}, "values must rise"),
        ({"kind": "confidence", "label": "yes"}, "found neither at_least nor at_most"),
        ({"kind": "adversarial", "target": "yes", "vary": {"age": {"form": 1, "to": 2}}}, "{from: …, to: …}"),
        ({"kind": "unit", "given": {"age": {"from": 9, "to": 2}}, "expect": "yes"}, "found from 9 above to 2"),
        ({"kind": "unit", "given": {"age": []}, "expect": "yes"}, "expected at least one value"),
    ],
)
def test_keys_that_do_not_fit_together_are_said_to(keys, said):
    with pytest.raises(InputError) as caught:
        load_checks({"checks": [{"name": "it", **keys}]})
    assert said in str(caught.value)
    assert "checks[0]" in str(caught.value)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return published(tmp_path_factory.mktemp("files") / "store")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (check("counterfactual", column="gendr"), "no column 'gendr'. Did you mean 'gender'?"),
        (check("counterfactual", column="gender", swap=["f", "mm"]), "no example has gender 'mm'"),
        (check("counterfactual", column="income"), "has 100 values; list those to swap"),
        (check("confidence", label="yess", at_least=0.5), "there is no class 'yess'. Did you mean 'yes'?"),
        (check("adversarial", target="maybe", vary={"income": {"by": 0.5}}), "there is no class 'maybe'"),
        (check("adversarial", target="yes", vary={"country": {"by": 0.5}}), "holds no numbers: list its values"),
        (check("adversarial", target="yes", vary={"country": ["se"]}), "no example has country 'se'"),
        (check("unit", given={"incom": 1}, expect="yes"), "no column 'incom'. Did you mean 'income'?"),
        (check("unit", rows=[{"incom": 1}], expect="yes"), "no column 'incom'"),
        (check("unit", given={"income": "much"}, expect="yes"), "holds numbers; found 'much'"),
        (check("counterfactual", column="gender", where="age > 500"), "no example is there of which age > 500 holds"),
        (check("counterfactual", column="gender", where="agee > 5"), "no column 'agee'. Did you mean 'age'?"),
        (check("directional", column="country", add=[1], must="rise", of="yes"), "holds no numbers"),
    ],
)
def test_what_does_not_fit_the_examples_is_said_and_nothing_is_written(root, asked, said):
    with pytest.raises(InputError, match="Check 'it'") as caught:
        ran(root, fair, asked)
    assert said in str(caught.value)
    assert not (root / "events").exists()


def broken(frame):
    raise KeyError("income")


@pytest.mark.parametrize(
    ("predict", "said"),
    [
        (broken, "predict failed on 120 rows: KeyError: 'income'"),
        (lambda frame: ["yes"], "gave 1 answers to 120 rows"),
        (lambda frame: [0.5] * len(frame), "which is no class. Known: no, yes. For probabilities"),
        (lambda frame: {"no": [2.0] * len(frame), "yes": [0.1] * len(frame)}, "0 to 1 was expected"),
        (
            lambda frame: {"nein": [0.5] * len(frame), "yes": [0.5] * len(frame)},
            "gave a column 'nein', which is no class",
        ),
        (lambda frame: [None] * len(frame), "gave no label for 120 rows"),
        ("no_such_module:predict", "no_such_module could not be imported"),
        ("checks_cases:fare", "has no 'fare'. Did you mean 'fair'?"),
        ("checks_cases.fair", "is named module:function"),
        ("checks_cases:ROWS", "is a int; a function was expected"),
    ],
)
def test_a_model_that_cannot_be_asked_is_said_to_be_one(root, predict, said):
    with pytest.raises(InputError) as caught:
        ran(root, predict, check("counterfactual", column="gender"))
    assert said in str(caught.value)


def test_the_file_that_the_documentation_shows_is_read_and_names_every_kind():
    shown = re.findall(r"```yaml\n(.*?)```", DOCUMENTATION.read_text(encoding="utf-8"), re.DOTALL)
    found = load_checks(shown[0])
    assert {each.kind for each in found.checks} == set(KINDS) - {"augmentation", "perturbation"}
    named = DOCUMENTATION.read_text(encoding="utf-8")
    assert [each for each in (*KINDS, *TEXTS, *CELLS, *PICTURES) if f"`{each}`" not in named] == [
        "augmentation",
        "perturbation",
    ]
