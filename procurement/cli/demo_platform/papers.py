"""Papers of the demo: one page that says what it stands for, and that it is none."""

from datetime import datetime

import typst


def print_demo_paper(title: str, moment: datetime) -> bytes:
    """Print a page in Latin letters, so that every machine can: its font comes with the printer.

    Args:
        title: What a real paper would be.
        moment: Stands in the file's properties.
    """
    source = (
        f"#set page(width: 148mm, height: 105mm, margin: 15mm)\n= {title}\n"
        "This page stands for a scanned paper with its stamp. It belongs to the demonstration "
        "and says nothing."
    )
    printed = typst.compile(
        source.encode(),
        format="pdf",
        timestamp=moment.replace(microsecond=0),
        ignore_system_fonts=True,
    )
    if not isinstance(printed, bytes):
        raise TypeError("typst gave pages instead of one PDF")
    return printed
