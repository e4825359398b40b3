import pytest
from hypothesis import seed, settings, Phase
from hypothesis.stateful import run_state_machine_as_test
from tests.model.test_model import Histories, QUIET, ground  # noqa
def test_zz(ground):
    Histories.ground = ground
    M = type("M", (Histories,), {})
    M.ground = ground
    run_state_machine_as_test(M, settings=settings(QUIET, max_examples=400, stateful_step_count=50, phases=(Phase.generate,), database=None))
