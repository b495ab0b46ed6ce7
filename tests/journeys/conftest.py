"""Journeys use a real server, a real database and a real browser."""

import pytest

from tests.journeys.people import Town
from tests.server import environment, running_server


@pytest.fixture
def town(engine, tmp_path, chromium, pictures):
    folder = pictures / "journey"
    folder.mkdir(exist_ok=True)
    with running_server(engine, tmp_path) as server:
        town = Town(chromium, server.address, folder)
        town.environment = {**environment(engine, tmp_path), "JICAI_ADDRESS": server.address}
        yield town
        town.close()
