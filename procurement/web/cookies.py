"""Cookies: their names, and what every one of them has in common."""

from litestar.datastructures import Cookie

from procurement.settings import Settings

HOST_PREFIX = "__Host-"
"""A browser takes a cookie with this name only over HTTPS, for all paths, and from the very host:
no host beside or below it can put one of its own in its place."""


def cookie_name(name: str, settings: Settings) -> str:
    """Return a cookie's name where people reach the platform.

    A trial without HTTPS keeps the plain name: browsers refuse the other one there.

    Args:
        name: Its plain name.
        settings: Of the installation.

    Examples:
        >>> from pathlib import Path
        >>> trial = Settings(Path(), "")
        >>> live = Settings(Path(), "", public_address="https://jicai.example")
        >>> cookie_name("jicai_session", trial), cookie_name("jicai_session", live)
        ('jicai_session', '__Host-jicai_session')
    """
    return f"{HOST_PREFIX}{name}" if settings.is_https else name


def new_cookie(name: str, value: str, *, seconds: int, settings: Settings) -> Cookie:
    """Make a cookie that no script reads and no other site's form sends.

    Args:
        name: Its plain name.
        value: What it keeps.
        seconds: How long; 0 ends it.
        settings: Of the installation.
    """
    return Cookie(
        key=cookie_name(name, settings),
        value=value,
        max_age=seconds,
        path="/",
        httponly=True,
        secure=settings.is_https,
        samesite="lax",
    )
