"""What a test does where something that it needs is not here."""

import os

import pytest


def skip_unless_ci(reason: str) -> None:
    """Skip the test; where CI=true nothing may be missing, so fail it there."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
