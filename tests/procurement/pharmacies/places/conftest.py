"""A city with places, on a fresh database of each kind."""

import pytest

from tests.procurement.pharmacies.designation.world import DesignationWorld


@pytest.fixture
def world(engine):
    """Return a city with a hospital and two pharmacies."""
    return DesignationWorld(engine).settle_in()
