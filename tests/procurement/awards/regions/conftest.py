"""An awarded round on a fresh database of each kind."""

import pytest

from tests.procurement.awards.regions.world import awarded_round


@pytest.fixture
def world(engine):
    """Return a round whose winners are to choose regions."""
    return awarded_round(engine)
