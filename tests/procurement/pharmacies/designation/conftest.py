"""A city that designates, on a fresh database of each kind."""

import pytest

from tests.procurement.pharmacies.designation.desks import desks_of
from tests.procurement.pharmacies.designation.world import DesignationWorld


@pytest.fixture
def world(engine):
    """Return a city without any call."""
    return DesignationWorld(engine).settle_in()


@pytest.fixture
def desks(world, tmp_path):
    """Return the people of the city at their pages."""
    with desks_of(world, tmp_path) as opened:
        yield opened
