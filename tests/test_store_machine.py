"""Any order of publishing, cleaning, sealing, rot and loss of caches, by wrong clocks: the store is what a list says."""

from benchmarks.faults.machine import StoreMachine
from hypothesis import HealthCheck, settings
from store_cases import own_cache  # noqa: F401

StoreMachine.TestCase.settings = settings(
    max_examples=20, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
)
TestStoreMachine = StoreMachine.TestCase
