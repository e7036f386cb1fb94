"""What the library says of a situation, page by page: the pages must say the same."""

from functools import cache, cached_property
from pathlib import Path

from verb_cases import demo  # noqa: F401

from plainview import narrative
from plainview.audit import log
from plainview.collecting.listing import data_wanted
from plainview.differences import diff_evaluations
from plainview.errors.judged import judge
from plainview.errors.suggestions import suggested_scenarios
from plainview.exceptions import InputError
from plainview.explanations.surrogate import errors_surrogate
from plainview.exposure import Exposure, exposure
from plainview.narrative.assessments import claimed_beside
from plainview.narrative.collecting import wanted_answer
from plainview.narrative.differences import differences_answer, nothing_before
from plainview.narrative.explanations import explanations_answer
from plainview.narrative.logs import log_answer
from plainview.narrative.robustness import checks_answer, moved_answer
from plainview.narrative.suggestions import large_error, suggestions_answer
from plainview.narrative.thresholds import threshold_answer
from plainview.narrative.what_if import unchanged
from plainview.narrative.wholes import not_met_answer
from plainview.planning import plan
from plainview.quantities import plain
from plainview.readiness import Readiness
from plainview.records import Evaluation
from plainview.report import Report, release_report
from plainview.requirements import ranked
from plainview.robustness import checks_of
from plainview.robustness.reading import movements
from plainview.scores import scored, scored_classes
from plainview.specification import load_specification
from plainview.store import open_store
from plainview.thresholds import measures_at, threshold_grid


class Place:
    """What the library says of a case; the pages must say the same."""

    def __init__(self, folder: Path, asked: dict[str, str]) -> None:
        self.asked, self.scenario = asked, asked.get("scenario")
        self.folder = folder

    @cached_property
    def store(self):
        return open_store(self.folder)

    @cached_property
    def evaluation(self) -> Evaluation:
        newest = max(self.store.evaluations(), key=lambda found: found.published_at)
        project = self.asked.get("project") or newest.project
        return self.store.evaluation(project, self.asked.get("release") or self.store.releases(project)[-1].release)

    @property
    def logged(self) -> str:
        if not self.folder.exists():
            return log_answer([])
        return log_answer(log(self.store.evaluations(), self.store.events()))

    @property
    def name(self) -> str:
        return self.evaluation.release

    @cached_property
    def report(self) -> Report:
        return release_report(self.store, self.evaluation.project, self.name, baseline=self.asked.get("baseline"))

    @property
    def metrics(self) -> tuple[str, ...]:
        return self.report.specification.metric_keys

    @property
    def metric(self) -> str:
        return self.asked.get("metric") or self.metrics[0]

    @property
    def scenario_title(self) -> str:
        return "All examples" if self.scenario == "all" else str(self.scenario)

    @property
    def estimated(self) -> str:
        rows = {(row.scenario, row.metric): row for row in self.report.results}
        return narrative.result_sentence(rows[self.scenario, self.metric], self.report.specification)

    @property
    def behaves(self) -> str:
        order = ["Fail", "No evidence", "Watch", "Pass"]  # the worst of several requirements on one scenario counts
        states: dict[str, str] = {}
        for row in self.report.standings:
            if row.metric == self.metric:
                states[row.scenario] = min(states.get(row.scenario, "Pass"), row.state, key=order.index)
        mine = [row for row in self.report.results if row.metric == self.metric]
        few = [row for row in mine if row.status == "too few examples"]
        return narrative.behaviours_answer(self.metric, list(states.values()), len(mine), len(few))

    @property
    def demands(self) -> str:
        return narrative.requirements_answer(ranked(self.report.standings), self.report.specification)

    @property
    def compare_title(self) -> str:
        before = self.report.baseline
        if before is None or before.release == self.name:
            return f"Compare {self.name}"
        title = f"{self.name} compared with {before.release}"
        return f"{self.scenario_title}, {title}" if self.scenario else title

    @property
    def compare_answer(self) -> str:
        before, line = self.report.baseline, self.store.releases(self.evaluation.project)
        if len(line) == 1:
            return f"{self.name} is the only release, so there is nothing to compare."
        if before is None:
            return f"{self.name} is the first release: choose a later one to compare it with."
        if before.release == self.name:
            return f"{self.name} is compared with itself: choose another release."
        if not self.scenario:
            return self.report.comparison.headline
        rows = {(row.scenario, row.metric): row for row in self.report.comparison.results}
        return narrative.change_sentence(rows[self.scenario, self.metric], self.report.specification)

    @property
    def trend(self) -> str:
        line, wanted = self.store.releases(self.evaluation.project), self.scenario or "all"
        specification = self.store.specification_text(self.evaluation)
        ends = []
        metric = self.asked.get("metric") or self.store.results(self.evaluation)[0].metric
        for one in line:
            found = [row for row in self.store.results(one) if (row.scenario, row.metric) == (wanted, metric)]
            ends.append((one.release, found[0].value))
        sets = [one.test_set.examples_digest for one in line]
        breaks = [one.release for one, now, was in zip(line[1:], sets[1:], sets, strict=False) if now != was]
        unit = "minutes" if "unit: minutes" in specification else ""
        return narrative.trend_answer(metric, unit, ends[0], ends[-1], len(line), breaks, scenario=wanted)

    @property
    def robust(self) -> str:
        found = checks_of(self.store, self.evaluation.project, self.name)
        said = checks_answer(found)
        if not found.results:
            return said
        before = self.report.baseline
        if before is None or before.release == self.name:
            return said
        _, capabilities = movements(self.store, checks_of(self.store, before.project, before.release), found)
        moved = moved_answer([*capabilities.values()], before.release, self.name)
        return f"{said} {moved}" if moved else said

    @property
    def tried(self) -> str:
        specification = load_specification(self.store.specification_text(self.evaluation))
        if specification.task not in ("classification", "regression"):
            return "This page is for answers that are one class or one number."
        first = self.store.examples(self.evaluation)[specification.columns.id][0]
        answer = self.store.predictions(self.evaluation)["prediction"][0]
        if specification.task == "regression":
            return unchanged(first, self.name, plain(answer), unit=specification.unit or "")
        return unchanged(first, self.name, answer)

    @property
    def planned(self) -> str:
        changes = self.report.comparison.results if self.report.comparison else ()
        plans = plan(self.report.specification, self.metric, self.report.results, changes, margin=None)
        counted = self.report.specification.counted_by(self.metric)[1]
        return narrative.planning_answer(plans, self.metric, self.report.specification.unit or "", counted)

    @property
    def thresholds(self) -> str:
        found = scored_classes(load_specification(self.store.specification_text(self.evaluation)))
        if not found:
            return "Nothing says how sure an answer is, so there is no threshold to set."
        side = scored(self.store, self.evaluation, found[0], self.scenario or "all")
        before = self.report.baseline
        sides = [side] + [scored(self.store, one, found[0], self.scenario or "all") for one in [before] if one]
        grid = threshold_grid(sides)
        rows = measures_at(side, grid).to_dicts()
        looked = side.in_use if side.in_use is not None else 0.5
        at = min(rows, key=lambda row: abs(row["threshold"] - looked))
        bars = {row.metric.key: row.at_least for row in self.report.specification.requirements}
        targets = tuple(bars.get(f"{name}[{found[0]}]") or 0.9 for name in ("recall", "precision"))
        return threshold_answer(self.name, found[0], at, in_use=side.in_use is not None, rows=rows, targets=targets)

    @property
    def errors(self) -> str:
        try:
            found = suggested_scenarios(self.store, self.evaluation)
        except InputError:
            return "This page is for answers that are right or wrong one by one."
        return suggestions_answer(found, self.name, large=large_error(found.bar, self.report.specification.unit or ""))

    @property
    def patterns(self) -> str:
        if "right or wrong one by one" in self.errors:
            return self.errors
        return "No error pattern is documented yet."

    @property
    def differences_title(self) -> str:
        before = self.report.baseline
        if before is None or before.release == self.name:
            return f"Differences of {self.name}"
        return f"Differences between {before.release} and {self.name}"

    @property
    def differences(self) -> str:
        before, line = self.report.baseline, self.store.releases(self.evaluation.project)
        if before is None or before.release == self.name:
            return nothing_before(self.name, alone=len(line) == 1)
        try:
            return differences_answer(diff_evaluations(self.store, before, self.evaluation))
        except InputError:
            return "This page is for answers that are the same or different one by one."

    @property
    def explained(self) -> str:
        try:
            found = errors_surrogate(judge(self.store, self.evaluation))
        except InputError:
            return "This page is for answers that are right or wrong one by one."
        groups = suggested_scenarios(self.store, self.evaluation) if found.tells else None
        return explanations_answer(found, groups, self.name)

    @property
    def wanted(self) -> str:
        return wanted_answer(data_wanted(self.store, self.evaluation).wants, self.name)

    @property
    def exposed(self) -> list[Exposure]:
        specification = self.report.specification
        named = any(scenario.traffic for scenario in specification.scenarios)
        return exposure(specification, self.report.results) if named else []

    @property
    def exposure_answer(self) -> str:
        return narrative.exposure_answer(self.exposed, self.metrics[0], self.report.specification.unit or "")

    @cached_property
    def matures(self) -> str:
        return claimed_beside(
            Readiness(self.store, self.evaluation.project, release=self.name).standing("error-analysis")
        )

    @property
    def portfolio(self) -> str:
        return _portfolio(self.folder)


@cache
def _portfolio(folder: Path) -> str:
    store, states, urgent, not_met = open_store(folder), [], [], {"must": 0, "should": 0, "could": 0}
    for project in store.projects():
        latest = store.releases(project)[-1]
        try:
            standings = release_report(store, project, latest.release).standings
        except OSError:  # damaged: nothing is known of it
            standings = ()
        states.append(_state(standings))
        urgent += [latest.title] if states[-1] == "Fail" else []
        for row in standings:
            not_met[row.priority] += row.status == "not met"
    return " ".join(filter(None, [narrative.portfolio_answer(states, sorted(urgent)), not_met_answer(not_met)]))


def _state(standings) -> str:
    """The state of a project: never a pass without evidence."""
    if all(row.status == "no evidence" for row in standings):
        return "No evidence"
    if any((row.status, row.priority) == ("not met", "must") for row in standings):
        return "Fail"
    return "Pass" if all(row.status == "met" for row in standings) else "Watch"
