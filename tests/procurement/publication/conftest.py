"""Rounds for the tests of publication."""

import pytest

from tests.procurement.awards.world import announced_round


@pytest.fixture
def awarded(engine):
    """A round that is on notice, with a revival accepted and a tie decided."""
    return announced_round(engine)
