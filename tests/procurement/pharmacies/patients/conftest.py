"""A pooling area on a fresh database of each kind."""

import pytest

from tests.procurement.pharmacies.patients.world import patient_world


@pytest.fixture
def world(engine):
    """Return a pooling area with its rules."""
    return patient_world(engine)
