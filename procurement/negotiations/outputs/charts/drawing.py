"""From the marks of a picture to SVG, for a page and for paper."""

from functools import lru_cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from procurement.negotiations.outputs.charts.marks import Picture
from procurement.settings import resource_folder

PAPER_WIDTH = 640
"""Pixels across on paper, which takes no percentage of a page."""


def draw(picture: Picture, *, language: str) -> Markup:
    """Draw a picture for a page, as wide as the place it is put in.

    Examples:
        >>> from procurement.negotiations.outputs.charts.marks import Words
        >>> one = Picture("one", "A < B", "words", 20, [Words(50, 10, "text", "middle")])
        >>> svg = draw(one, language="en")
        >>> "A &lt; B" in svg, 'width="100%"' in svg
        (True, True)
    """
    return _drawn(picture, "100%", language)


def draw_on_paper(picture: Picture, *, language: str) -> str:
    """Draw a picture for paper, with a width of its own."""
    return str(_drawn(picture, str(PAPER_WIDTH), language))


def _drawn(picture: Picture, width: str, language: str) -> Markup:
    return Markup(  # noqa: S704 - made by an environment that escapes
        _template().render(
            picture=picture, id=f"picture-{picture.name}", width=width, language=language
        )
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(resource_folder("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("negotiations/outputs/picture.svg")
