"""The world that tests of convenience pharmacies act on."""

import pytest

from tests.procurement.pharmacies.coverage.world import visitor_of
from tests.procurement.pharmacies.finder.world import MOMENT, finder_world
from tests.procurement.platform import running_platform


@pytest.fixture
def world(engine):
    """A province with places and drugs."""
    return finder_world(engine)


@pytest.fixture
def platform(world, tmp_path):
    """The platform at the world's noon."""
    with running_platform(world.engine, tmp_path, clock=lambda: MOMENT) as running:
        yield running


@pytest.fixture
def visitor(world, platform):
    """Somebody of the world at a browser, or with a token."""
    return lambda name, **how: visitor_of(world, platform, name, **how)
