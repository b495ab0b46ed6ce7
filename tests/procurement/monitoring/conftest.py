"""A bureau that watches a region, on a fresh database of each kind."""

import pytest

from tests.procurement.monitoring.world import MonitoringWorld
from tests.procurement.platform import running_platform


@pytest.fixture
def world(engine):
    """Return a region that is watched."""
    return MonitoringWorld(engine)


@pytest.fixture
def platform(engine, world, tmp_path):
    """Yield the running platform, by the world's clock."""
    with running_platform(engine, tmp_path, clock=lambda: world.moment) as running:
        yield running
