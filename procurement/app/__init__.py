"""The web application: all stages joined."""

from procurement.app.make import make_app, run_on

__all__ = ["make_app", "run_on"]
