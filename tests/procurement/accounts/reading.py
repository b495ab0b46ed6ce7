"""Reading what a page says."""

import re


def found(pattern: str, text: str) -> str:
    """The first group of a pattern that the text must have."""
    match = re.search(pattern, text)
    assert match is not None, f"no {pattern} in the page"
    return match[1]
