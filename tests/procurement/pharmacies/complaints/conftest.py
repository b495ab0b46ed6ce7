"""Complaints happen in the world of the finder."""

import pytest

from tests.procurement.pharmacies.finder.world import finder_world


@pytest.fixture
def world(engine):
    """A province with places, a bureau and a fund agency."""
    return finder_world(engine)
