"""The web application: all stages joined."""

from procurement.app.make import make_app

__all__ = ["make_app"]
