"""What a publisher remembers of a store: enough to know its own content again, and test sets that are there already."""

from collections import Counter
from collections.abc import Iterable

from plainview.records import Evaluation, StoredFile


class Known:
    """Evaluations as last seen. Some may be gone, and others have come: whoever uses one looks whether it is there."""

    def __init__(self, evaluations: Iterable[Evaluation] = ()) -> None:
        self.by_publish_key: dict[str, Evaluation] = {}
        self._by_test_set: dict[str, dict[StoredFile, Evaluation]] = {}
        self._count: Counter[str] = Counter()
        for each in evaluations:
            self.add(each)

    def add(self, evaluation: Evaluation) -> None:
        """Remember one more."""
        if self.by_publish_key.setdefault(evaluation.publish_key, evaluation) is evaluation:
            self._count[evaluation.project] += 1
        if evaluation.examples_file is not None:
            files = self._by_test_set.setdefault(evaluation.test_set.digest, {})
            files.setdefault(evaluation.examples_file, evaluation)

    def on_test_set(self, digest: str) -> list[Evaluation]:
        """For each file in which this test set is kept, one evaluation that names it."""
        return list(self._by_test_set.get(digest, {}).values())

    @property
    def total(self) -> int:
        """How many evaluations are remembered."""
        return self._count.total()

    def count(self, project: str) -> int:
        """How many evaluations of a project are remembered."""
        return self._count[project]
