"""A round in volume reporting on a fresh database of each kind."""

import pytest

from procurement.database import transaction
from tests.procurement.volumes.world import new_world


@pytest.fixture
def world(engine):
    """Return a world whose rows are stored."""
    with transaction(engine) as session:
        return new_world(session)
