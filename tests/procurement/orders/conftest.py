"""A round whose cycle runs, on a fresh database of each kind."""

import pytest

from tests.procurement.orders.desks import Desks
from tests.procurement.orders.world import running_round
from tests.procurement.platform import running_platform


@pytest.fixture
def world(engine):
    """Return a round whose cycle runs."""
    return running_round(engine)


@pytest.fixture
def desks(engine, world, tmp_path):
    """Return the people of a running round at their pages."""
    with running_platform(engine, tmp_path, clock=lambda: world.moment) as platform:
        yield Desks(platform, world)
