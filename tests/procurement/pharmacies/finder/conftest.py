"""The world that tests of the finder act on."""

import pytest

from tests.procurement.pharmacies.finder.world import finder_world


@pytest.fixture
def world(engine):
    """A province with places and drugs."""
    return finder_world(engine)
