"""Carrying out what is due, by the database's clock."""

from sqlalchemy import Engine


def tick(engine: Engine) -> None:
    """Carry out every event that is due; called again and again by the workers."""
