"""Every error of a specification says where it is, what was found and what was expected."""

import time
from pathlib import Path

import pytest
import yaml
from specification_cases import REGRESSION, TEXT, changed, refusal, written

from plainview.specification import load_specification

ERRORS = [
    ("project: sentiment", "project: My Sentiment!", ["line 1, column 10 (project)", "'My Sentiment!'", "'my-sentiment'"]),
    ("project: sentiment", "project: ''", ["line 1, column 10 (project)"]),
    ("project: sentiment", "project: " + "x" * 65, ["line 1, column 10 (project)"]),
    ("project: sentiment\n", "", ["line 1, column 1", "'project' is missing"]),
    ("title: Sent", "titel: Sent", ["line 2, column 1 (titel)", "unknown key 'titel'", "Did you mean 'title'?"]),
    ("title: Sentiment of customer reviews", "title: " + "x" * 201, ["line 2", "201 characters", "at most 200"]),
    ("title: Sentiment of customer reviews", 'title: "a\\u0007b"', ["line 2", "U+0007", "character 2"]),
    ("title: Sentiment of customer reviews", "title: \u202egnp", ["line 2", "U+202E"]),
    ("title: Sentiment of customer reviews", "title: [a]", ["line 2, column 8 (title)", "a list of 1", "expected text"]),
    ("task: classification", "task: clasification", ["line 3, column 7 (task)", "'clasification'", "'classification'"]),
    ("task: classification", "task: 5", ["line 3", "found 5", "Known: classification, multilabel, regression, detection"]),
    ("columns: {id: id, ", "columns: {", ["line 4, column 10 (columns)", "'id' is missing"]),
    ("label: label, ", "", ["line 4, column 10 (columns)", "'label' is missing", "label: label} to name the column of"]),
    ("label: label", "label: id", ["line 4", "(columns.label)", "both id and label"]),
    ("score: score", "scores: score", ["line 4, column 57 (columns.scores)", "Did you mean 'score'?"]),
    ("columns: {id: id, label: label, prediction: prediction, score: score, cluster: customer}", "columns: id",
     ["line 4, column 10 (columns)", "found 'id'", "a mapping"]),
    ("macro_f1", "macro_f2", ["line 5, column 21 (metrics[1])", "'macro_f2'", "Did you mean 'macro_f1'?"]),
    ("macro_f1", "mae", ["line 5, column 21", "'mae' is not a metric of classification"]),
    ("macro_f1", "accuracy", ["line 5, column 21", "'accuracy' is there already in line 5"]),
    ("macro_f1", "5", ["line 5, column 21", "{name: recall, class: negative}"]),
    ("{name: recall, class: negative}", "recall", ["line 5", "(metrics[2])", "positive"]),
    ("{name: recall, class: negative}", "'macro_recall[x]'", ["line 5", "not measured per class", "'x'"]),
    ("{name: recall, class: negative}", "{name: recall, classs: a}", ["line 5", "(metrics[2].classs)", "'class'"]),
    ("{name: recall, class: negative}", "{name: recall, class: a, margin: -1}", ["(metrics[2].margin)", "above 0"]),
    ("metrics: [accuracy, macro_f1, {name: recall, class: negative}]", "metrics: []", ["line 5", "a list that is not empty"]),
    ("metrics: [accuracy, macro_f1, {name: recall, class: negative}]", "metrics: accuracy", ["line 5", "a list"]),
    ("margin: 0.01\n", "margin: 5\n", ["line 6, column 9 (margin)", "found 5", "Did you mean 0.05?"]),
    ("margin: 0.01\n", "margin: 0\n", ["line 6, column 9 (margin)", "above 0"]),
    ("margin: 0.01\n", "margin: yes\n", ["line 6", "found 'yes'", "a number"]),
    ("margin: 0.01\n", "margin: true\n", ["line 6", "found true", "a number"]),
    ("margin: 0.01\n", "margin: {acuracy: 0.1}\n", ["line 6, column 10 (margin.acuracy)", "Did you mean 'accuracy'?"]),
    ("margin: 0.01\n", "confidence: 95\n", ["line 6, column 13 (confidence)", "found 95", "less than 1"]),
    ("minimum_examples: 30", "minimum_examples: 2.5", ["line 7", "found 2.5", "a whole number"]),
    ("minimum_examples: 30", "minimum_examples: 0", ["line 7", "found 0", "1 or more"]),
    ("minimum_examples: 30", "minimum_examples: '30'", ["line 7", "found '30'", "a whole number"]),
    ("behaviours:", "behaviors:", ["line 8, column 1 (behaviors)", "Did you mean 'behaviours'?"]),
    ("  - name: Understands negation", "  - nam: x", ["line 9, column 5", "'name' is missing", "'nam'"]),
    ("  - name: Known incidents", "  - name: Understands negation", ["line 15", "there already in line 9"]),
    ("{name: With a negation", "{name: All", ["line 13, column 16", "always exists"]),
    ("{name: Long and negated", "{name: With a negation", ["line 14", "there already in line 13"]),
    ("{name: The June outage", "{name: With a negation", ["line 17", "there already in line 13"]),
    ('where: "has_negation = 1"}', 'wher: "has_negation = 1"}', ["line 13, column 33", "'wher'", "'where'"]),
    ('where: "has_negation = 1"}', "ids: []}", ["line 13", "a list that is not empty"]),
    ('where: "has_negation = 1"}', 'where: "x = 1", ids: [a]}', ["line 13, column 9", "both", "exactly one"]),
    (', where: "has_negation = 1"}', "}", ["line 13, column 9", "neither", "exactly one"]),
    ('"has_negation = 1"}', '"lenght(text) = 1"}', ["line 13, column 40", "lenght() at character 1", "'length'"]),
    ('"has_negation = 1"}', '"has_negation = "}', ["line 13, column 40", "character 14"]),
    ('"has_negation = 1"}', "5}", ["line 13, column 40", "found 5", "text"]),
    ('"has_negation = 1"}', '"prediction = 1"}', ["line 13, column 40", "'prediction'", "part of the test set"]),
    ('"has_negation = 1"}', '"score > 0.5"}', ["line 13", "'score'", "part of the test set"]),
    ("minimum_examples: 3,", "minimum_examples: three,", ["line 17", "'three'"]),
    ("{id: REQ-2", "{id: REQ-1", ["line 20, column 10 (requirements[1].id)", "there already in line 19"]),
    ("scenario: With a negation,", "scenario: With a negations,", ["line 19", "Did you mean 'With a negation'?"]),
    ("behaviour: Understands negation,", "behaviour: Understands,", ["line 19", "there is no behaviour 'Understands'"]),
    ("behaviour: Understands negation,", "behaviour: Known incidents,", ["line 19", "is of behaviour 'Understands negation'"]),
    ("scenario: With a negation, ", "", ["line 19", "scenario 'all' is of no behaviour"]),
    ("metric: accuracy, at_least", "metric: acuracy, at_least", ["line 19", "Did you mean 'accuracy'?"]),
    ("at_least: 0.45", "at_least: 45", ["line 19", "(requirements[0].at_least)", "found 45", "0 to 1", "0.45"]),
    ("at_least: 0.45", "at_least: -0.1", ["line 19", "0 to 1"]),
    ("at_least: 0.45", "at_least: 45%", ["line 19", "found '45%'", "a number"]),
    ("at_least: 0.45", "at_least: 0.45, margin: 0.1", ["line 19, column 5", "no_worse_than"]),
    (", at_least: 0.45", "", ["line 19, column 5 (requirements[0])", "found none", "exactly one"]),
    ("at_least: 0.45", "at_least: 0.45, at_most: 1", ["line 19", "at_least and at_most", "exactly one"]),
    ("priority: must", "priority: most", ["line 20", "found 'most'", "Did you mean 'must'?"]),
    ("rule: point", "rule: estimate", ["line 21", "interval, point"]),
    ("metrics:", "classes: [positive, negativ]\nmetrics:", ["line 6", "(metrics[2])", "'negative'", "'negativ'"]),
    ("metrics:", "classes: [a, negative, positive, a]\nmetrics:", ["line 5", "class 'a' is there already"]),
    ("metrics:", "positive: maybe\nclasses: [negative, positive]\nmetrics:", ["line 5, column 11 (positive)", "'maybe'"]),
    ("metrics:", "unit: minutes\nmetrics:", ["line 5, column 1 (unit)"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "named"), ERRORS, ids=[f"{index}-{new[:30]}" for index, (_, new, _) in enumerate(ERRORS)]
)
def test_an_error_names_file_line_column_key_and_what_was_expected(
    tmp_path: Path, old: str, new: str, named: list[str]
) -> None:
    path = written(tmp_path, changed(old, new))
    message = refusal(path)
    assert str(path) in message
    assert all(part in message for part in named), message


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("unit: minutes", "classes: [a]", ["line 5, column 1 (classes)", "regression"]),
        ("unit: minutes", "positive: a", ["line 5, column 1 (positive)", "regression"]),
        ("mae, bias", "accuracy, bias", ["'accuracy' is not a metric of regression"]),
        (
            "margin: 0.5",
            "requirements: [{id: R, metric: bias, no_worse_than: previous}]",
            ["line 6", "nothing says", "bias"],
        ),
        ("margin: {rmse: 9}", "margin: {mse: 9}", ["line 9", "'mse'", "Did you mean 'rmse'?"]),
    ],
)
def test_errors_of_a_regression(old: str, new: str, named: list[str]) -> None:
    message = refusal(changed(old, new, REGRESSION))
    assert all(part in message for part in named), message


def test_several_errors_are_listed_together_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = TEXT
    for old, new in [("{id: REQ-3", "{idd: REQ-3"), ("macro_f1", "macro_f9"), ("project: sentiment", "project: A B"),
                     ("has_negation = 1 AND", "foo(x) = 1 AND"), ("priority: must", "priority: most")]:  # fmt: skip
        text = changed(old, new, text)
    lines = refusal(written(tmp_path, text)).splitlines()
    assert lines[0].startswith("6 errors in ")
    assert [int(line.split(", line ")[1].split(",")[0]) for line in lines[1:]] == [1, 5, 14, 20, 21, 21]


def test_a_hundred_errors_are_not_all_listed() -> None:
    text = TEXT + "".join(f"key{number}: 1\n" for number in range(100))
    lines = refusal(text).splitlines()
    assert lines[0] == "100 errors in specification:"
    assert len(lines) == 22
    assert lines[-1] == "… and 80 more."


def test_errors_of_a_mapping_name_the_key_and_no_line() -> None:
    mapping = yaml.safe_load(TEXT)
    mapping["behaviours"][0]["scenarios"][1]["where"] = "foo(1) = 1"
    message = refusal(mapping)
    assert message.startswith("specification (behaviours[0].scenarios[1].where): foo() at character 1")
    assert "line" not in message


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"", ["line 1, column 1", "found nothing", "a mapping"]),
        (b"# only a comment\n", ["found nothing"]),
        (b"- a\n", ["a list of 1", "a mapping"]),
        (b"just text", ["'just text'", "a mapping"]),
        (b"project: a\nproject: b\n", ["line 2, column 1", "'project'", "twice", "line 1"]),
        (b"columns: {id: a, id: b}\n", ["line 1, column 18", "'id'", "twice"]),
        (b"project: a\ncolumns:\n\tid: id\n", ["line 3", "tab", "spaces"]),
        (b"project: [a\ntask: b\n", ["line 2"]),
        (b"project: 'a\n", ["quoted scalar"]),
        (b"project: a\n---\nproject: b\n", ["line 2, column 1", "second document"]),
        (b"project: !!python/object/apply:os.system [ls]\n", ["line 1, column 10", "tag", "python"]),
        (b"project: &a [*a]\n", ["line 1, column 14", "*a refers to itself"]),
        (b"project: *b\n", ["line 1, column 10", "*b is not defined"]),
        (b"? [a]\n: b\n", ["key must be plain text"]),
        (b"&x a: 1\n*x : 2\n", ["line 2, column 1", "alias"]),
        (b"project: a\x00b\n", ["line 1, column 11"]),
        (b"project: caf\xe9\n", ["line 1, column 13", "0xe9", "UTF-8"]),
        ("project: a\n".encode("utf-16"), ["UTF-16", "UTF-8"]),
        (b"a: " + b"[" * 5000, ["line 1", "deep"]),
        (b"a: " + b"{a: " * 5000, ["line 1", "deep"]),
        (b"<<: {project: a}\n", ["unknown key '<<'"]),
        (b"project: @a\n", ["line 1, column 10"]),
    ],
)
def test_what_is_not_the_yaml_of_a_specification_is_named_with_its_place(
    tmp_path: Path, content: bytes, named: list[str]
) -> None:
    message = refusal(written(tmp_path, content))
    assert "specification.yaml" in message
    assert all(part in message for part in named), message


def test_aliases_are_read_and_a_bomb_of_them_is_refused_at_once() -> None:
    aliased = changed('where: "has_negation = 1"', 'where: &negated "has_negation = 1"')
    aliased = changed('where: "has_negation = 1 AND words > 20"', "where: *negated", aliased)
    assert load_specification(aliased).scenarios[2].where == "has_negation = 1"
    levels = [f"x{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    start = time.process_time()
    assert "200,000 values" in refusal("\n".join(["x0: &a0 [a, b]", *levels]))
    assert time.process_time() - start < 1


def test_a_file_of_more_than_five_megabytes_is_refused_unread(tmp_path: Path) -> None:
    path = written(tmp_path, TEXT + "#" * 5_000_000)
    assert "5,000,000" in refusal(path)
    assert "5,000,000" in refusal(TEXT + "#" * 5_000_000)


def test_a_file_that_is_not_there_is_named_with_the_nearest(tmp_path: Path) -> None:
    written(tmp_path, TEXT)
    assert "Did you mean 'specification.yaml'?" in refusal(tmp_path / "specifications.yaml")
    assert "could not be read" in refusal(str(tmp_path / "nowhere" / "a.yml"))
    assert "could not be read" in refusal(tmp_path)
    assert "could not be read" in refusal("no-such-file.yaml")


def test_half_of_a_surrogate_pair_is_named_with_its_place() -> None:
    assert "line 2, column 9" in refusal("project: a\ntitle: a\ud800\n")


@pytest.mark.parametrize("source", [None, 5, ["project"], b"project: a"])
def test_what_is_no_specification_is_named(source: object) -> None:
    assert type(source).__name__ in refusal(source)


def test_a_mapping_of_what_yaml_cannot_hold_is_refused() -> None:
    assert "(columns.id): found object" in refusal({"columns": {"id": object()}})
    assert "(margin): found inf" in refusal({"margin": float("inf")})
    assert "(minimum_examples): found int" in refusal({"minimum_examples": 10**400})
    assert "(title): found 'a\\ud800'" in refusal({"title": "a\ud800"})
    endless: dict = {}
    endless["columns"] = endless
    assert "holds itself" in refusal(endless)


def test_a_scenario_name_of_five_thousand_characters_is_refused() -> None:
    assert "found 5,000 characters; expected at most 200" in refusal(changed("The June outage", "x" * 5000))


def test_detection_and_scored_tasks_need_no_label() -> None:
    for task in ("detection", "scored"):
        text = f"project: p\ntask: {task}\ncolumns: {{id: id}}\nmetrics: [accuracy]\n"
        message = refusal(text)
        assert f"is not a metric of {task}" in message
        assert "'label' is missing" not in message
