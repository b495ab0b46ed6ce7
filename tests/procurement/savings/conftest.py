"""A region to settle, on a fresh database of each kind."""

import pytest

from tests.procurement.savings.world import savings_world


@pytest.fixture
def world(engine, tmp_path):
    """Return a region whose first term is over, and nothing is settled."""
    return savings_world(engine, tmp_path)
