"""Print a document as PDF, by Typst, with the fonts of the system."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from functools import cache

import typst

from procurement.errors import RefusedError
from procurement.rounds.document.marking import is_rehearsal
from procurement.rounds.document.paper import Paper
from procurement.settings import resource_folder

FONTS = ("Noto Serif CJK SC", "Noto Sans CJK SC")
"""Chinese faces of the page: text and headings."""

TEMPLATE = "rounds/document.typ"
REHEARSAL_SHEET = "rounds/rehearsal.typ"


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
    return fill_template(TEMPLATE, inputs={"paper": asdict(paper)}, moment=moment)


def fill_template(template: str, *, inputs: Mapping[str, object], moment: datetime) -> bytes:
    """Fill a template in Chinese type and print it as PDF.

    Args:
        template: Below ``templates/``, such as ``rounds/document.typ``.
        inputs: What it says, by the names under which it reads them; handed over as JSON.
        moment: Stands in the file's properties.

    Raises:
        FontsMissingError: The machine lacks the fonts.
    """
    missing = missing_fonts(families())
    if missing:
        raise FontsMissingError(missing)
    said = {name: json.dumps(value, ensure_ascii=False) for name, value in inputs.items()}
    folder = resource_folder("templates")
    printed = typst.compile(
        str(folder / entry_of(template)),
        root=str(folder),
        format="pdf",
        sys_inputs={**said, "template": f"/{template}"},
        # Typst takes whole seconds only.
        timestamp=moment.replace(microsecond=0),
    )
    if not isinstance(printed, bytes):
        raise TypeError("typst gave pages instead of one PDF")
    return printed


def entry_of(template: str) -> str:
    """Return what is compiled for a template: in a rehearsal, the sheet that is marked as one.

    The marked sheet includes the template that the input ``template`` names.
    """
    return REHEARSAL_SHEET if is_rehearsal() else template


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
