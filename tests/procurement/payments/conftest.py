"""A running round whose goods are paid for, on a fresh database of each kind."""

import pytest

from tests.procurement.payments.world import payments_world


@pytest.fixture
def world(engine):
    """Return a round whose goods are paid for."""
    return payments_world(engine)
