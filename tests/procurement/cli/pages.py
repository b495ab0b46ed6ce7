"""Pages of documentation whose commands are run: what they show is what is printed now."""

import doctest
import re
from collections.abc import Iterator
from pathlib import Path

_CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PROMPT = re.compile(r"\$ (?:\.venv/bin/)?jicai (.*)")
_LEFT_OUT = "…"

Example = tuple[list[str], list[str]]
"""Arguments of one ``jicai`` command, and the lines that the page shows of its output."""


def console_examples(page: Path) -> Iterator[Example]:
    """Yield the ``jicai`` commands in a page's console blocks; others (make) are left alone."""
    for block in _CONSOLE.findall(page.read_text(encoding="utf-8")):
        command: list[str] | None = None
        shown: list[str] = []
        for line in [*block.splitlines(), "$ "]:
            if not line.startswith("$ "):
                shown.append(line)
                continue
            if command is not None:
                yield command, shown
            prompt = _PROMPT.fullmatch(line)
            command, shown = prompt[1].split() if prompt else None, []


def run_python_examples(page: Path) -> int:
    """Run the Python examples of a page; returns how many there are, and fails on a difference."""
    result = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert result.failed == 0
    return result.attempted


def assert_prints(arguments: list[str], shown: list[str], printed: str) -> None:
    """Check that the lines shown are the output, but for what a line ``…`` leaves out."""
    lines = printed.splitlines()
    position = 0
    for number, part in enumerate(_parts(shown)):
        found = next(
            (at for at in range(position, len(lines)) if lines[at : at + len(part)] == part), None
        )
        assert found is not None, f"jicai {' '.join(arguments)} does not print {part}"
        assert number > 0 or found == 0 or not part
        position = found + len(part)
    if shown and shown[-1] != _LEFT_OUT:
        assert position == len(lines), f"jicai {' '.join(arguments)} prints more than shown"


def _parts(shown: list[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for line in shown:
        if line == _LEFT_OUT:
            parts.append([])
        else:
            parts[-1].append(line)
    return parts
