"""Fixtures of sealed bids."""

import pytest

from tests.procurement.bids.world import World


@pytest.fixture
def world(engine):
    """A drafted round with its keyholders, on both databases."""
    return World(engine)


@pytest.fixture
def bidding(world):
    """A round in bidding, and the manifest that bids are sealed under."""
    manifest = world.prepare()
    return world, manifest
