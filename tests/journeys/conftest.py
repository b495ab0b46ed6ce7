"""Journeys use a real server, a real database and a real browser."""

from tests.browser.conftest import chromium, pictures

__all__ = ["chromium", "pictures"]
