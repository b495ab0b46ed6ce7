"""Whatever happens in whatever order: the ledger sums to zero, and no yuan is lost or made."""

import os

import numpy as np
from hypothesis import settings, strategies
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from procurement.payments.rules.ledger import Book
from tests.procurement.payments.rules.economy import Economy

EVENTS = int(os.environ.get("JICAI_LEDGER_EVENTS", "100000"))
BURST = 200
"""Events between two looks at the whole book."""
STEPS = 10


class Ledger(RuleBasedStateMachine):
    """Bursts of events on a book in memory."""

    def __init__(self):
        super().__init__()
        self.economy = Economy(Book())

    @rule(seed=strategies.integers(0, 2**32 - 1))
    def happen(self, seed):
        self.economy.run(np.random.default_rng(seed), BURST)

    @invariant()
    def nothing_is_lost(self):
        self.economy.check()


def test_the_pure_ledger_conserves_money_over_any_events():
    # Every example runs all its steps, with the same seeds in every run.
    examples = -(-EVENTS // (BURST * STEPS))
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            derandomize=True,
            deadline=None,
            database=None,
        ),
    )
