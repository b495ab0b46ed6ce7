"""Rounds of this stage on a fresh database of each kind."""

import pytest

from tests.procurement.agreements.world import agreed_round, chosen_round


@pytest.fixture
def chosen(engine):
    """Return a round whose regions are chosen."""
    return chosen_round(engine)


@pytest.fixture
def world(engine):
    """Return a round whose first agreements are drawn up."""
    return agreed_round(engine)
