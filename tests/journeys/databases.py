"""On which databases a journey goes: each takes minutes, so that one run takes one of the two."""

import os

import pytest


def goes_on(database: str) -> pytest.MarkDecorator:
    """Mark a journey: on one database, on both by ``make soak`` (``JICAI_JOURNEYS=all``)."""
    everywhere = os.environ.get("JICAI_JOURNEYS") == "all"
    databases = ["sqlite", "postgresql"] if everywhere else [database]
    return pytest.mark.parametrize("engine", databases, indirect=True)
