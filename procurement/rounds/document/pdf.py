"""Print a document as PDF, by Typst, with the fonts of the system."""

import json
from dataclasses import asdict
from datetime import datetime
from functools import cache

import typst

from procurement.errors import RefusedError
from procurement.rounds.document.paper import Paper
from procurement.settings import resource_folder

FONTS = ("Noto Serif CJK SC", "Noto Sans CJK SC")
"""Chinese faces of the page: text and headings."""

TEMPLATE = "document.typ"


class FontsMissingError(RefusedError):
    """The machine lacks the Chinese fonts of the document."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        """Keep which ones, and say what to install."""
        names = ", ".join(missing)
        super().__init__(
            zh=f"本机缺少中文字体 {names}，不能生成 PDF。请安装思源宋体、思源黑体（Debian、Ubuntu："
            "apt-get install fonts-noto-cjk），或者下载 Word 文件。",
            en=f"This machine lacks the Chinese fonts {names}, so that no PDF can be made. Install "
            "them (Debian, Ubuntu: apt-get install fonts-noto-cjk), or take the Word file.",
        )
        self.missing = missing


def print_pdf(paper: Paper, *, moment: datetime) -> bytes:
    """Print a document as PDF: equal papers give equal bytes on one machine.

    Args:
        paper: The document in one language.
        moment: When the version was made; stands in the file's properties.

    Raises:
        FontsMissingError: The machine lacks the fonts.
    """
    missing = missing_fonts(families())
    if missing:
        raise FontsMissingError(missing)
    printed = typst.compile(
        str(resource_folder("templates") / "rounds" / TEMPLATE),
        format="pdf",
        sys_inputs={"paper": json.dumps(asdict(paper), ensure_ascii=False)},
        # Typst takes whole seconds only.
        timestamp=moment.replace(microsecond=0),
    )
    if not isinstance(printed, bytes):
        raise TypeError("typst gave pages instead of one PDF")
    return printed


@cache
def families() -> frozenset[str]:
    """The families of fonts on this machine; looked up once."""
    return frozenset(typst.Fonts(include_embedded_fonts=False).families())


def missing_fonts(present: frozenset[str]) -> tuple[str, ...]:
    """The fonts of the document that are not among those present.

    Examples:
        >>> missing_fonts(frozenset(FONTS))
        ()
    """
    return tuple(font for font in FONTS if font not in present)
