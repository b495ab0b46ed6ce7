"""Where in the text of a TOML file each key has its value: for the messages of faults.

The reader of the standard library tells no places. This scanner runs after it, on text that is
sound, and only follows keys, strings and brackets.
"""

import re
import tomllib
from bisect import bisect_right
from dataclasses import dataclass, field

KeyPath = tuple[str, ...]
"""Keys from the top of the file; entries of lists by their number from 0."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_STRING = re.compile(
    r'"{3}(?:\\[\s\S]|[^\\])*?"{3,5}'
    + r"|'{3}[\s\S]*?'{3,5}"
    + r'|"(?:\\.|[^"\\\n])*"|'
    + r"'[^'\n]*'"
)
_BARE_KEY = re.compile(r"[\w-]+")
_BARE_VALUE = re.compile(r"[^,\]}#\n]*")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file, as messages show it.

    Attributes:
        file: Name of the file in the model's folder.
        line: From 1.
        column: Character in the line from 1, or the name of the column of a table.
        key: The key or path that it holds, if any.

    Examples:
        >>> print(Place("model.toml", 12, 9, "population.size"))
        model.toml:12:9: population.size
        >>> print(Place("mono.csv", 3, "probability"))
        mono.csv:3: probability
    """

    file: str
    line: int
    column: int | str = 1
    key: str = ""

    def __str__(self) -> str:
        """File, line, column and key."""
        mark = ":" if isinstance(self.column, int) else ": "
        place = f"{self.file}:{self.line}{mark}{self.column}"
        return f"{place}: {self.key}" if self.key else place


def places_of(text: str) -> dict[KeyPath, tuple[int, int]]:
    r"""Line and column, both from 1, of the value of every key; of a table, of its header.

    Args:
        text: TOML that the standard library reads.

    Examples:
        >>> places_of("[a]\nb = { c = 1 }\n[[d]]\ne = [2, 3]\n")[("a", "b", "c")]
        (2, 11)
        >>> places_of("[a]\nb = { c = 1 }\n[[d]]\ne = [2, 3]\n")[("d", "0", "e", "1")]
        (4, 9)
    """
    scanner = _Scanner(text)
    scanner.file()
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    lines = {path: bisect_right(starts, at) for path, at in scanner.found.items()}
    return {
        path: (lines[path], at - starts[lines[path] - 1] + 1) for path, at in scanner.found.items()
    }


@dataclass(slots=True)
class _Scanner:
    text: str
    at: int = 0
    found: dict[KeyPath, int] = field(default_factory=dict)
    entries: dict[KeyPath, int] = field(default_factory=dict)
    """Tables in a list so far, by the path of the list."""

    def file(self) -> None:
        prefix: KeyPath = ()
        self.skip(_BLANK)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                prefix = self.header()
            else:
                self.entry(prefix)
            self.skip(_BLANK)

    def header(self) -> KeyPath:
        start, is_list = self.at, self.text.startswith("[[", self.at)
        self.at += 2 if is_list else 1
        keys = self.keys()
        self.at = self.text.index("]]" if is_list else "]", self.at) + (2 if is_list else 1)
        path: KeyPath = ()
        for number, key in enumerate(keys):
            path = (*path, key)
            if is_list and number == len(keys) - 1:
                self.entries[path] = self.entries.get(path, -1) + 1
                self.found.setdefault(path, start)
            if path in self.entries:
                path = (*path, str(self.entries[path]))
        self.found.setdefault(path, start)
        return path

    def entry(self, prefix: KeyPath) -> None:
        keys = self.keys()
        self.at = self.text.index("=", self.at) + 1
        for depth in range(1, len(keys)):
            self.found.setdefault((*prefix, *keys[:depth]), self.at)
        self.value((*prefix, *keys))

    def keys(self) -> KeyPath:
        keys = []
        while True:
            self.skip(_SPACE)
            keys.append(self.key())
            self.skip(_SPACE)
            if not self.text.startswith(".", self.at):
                return tuple(keys)
            self.at += 1

    def key(self) -> str:
        quoted = _STRING.match(self.text, self.at)
        if quoted is not None:
            self.at = quoted.end()
            return str(tomllib.loads(f"key = {quoted[0]}")["key"])
        bare = _BARE_KEY.match(self.text, self.at)
        self.at = bare.end() if bare else self.at + 1
        return bare[0] if bare else ""

    def value(self, path: KeyPath) -> None:
        self.skip(_SPACE)
        self.found[path] = self.at
        opening = self.text[self.at : self.at + 1]
        if opening == "[":
            self.list(path)
        elif opening == "{":
            self.table(path)
        else:
            self.skip(_STRING) if opening in ('"', "'") else self.skip(_BARE_VALUE)

    def list(self, path: KeyPath) -> None:
        self.at += 1
        number = 0
        while not self.closes("]"):
            self.value((*path, str(number)))
            number += 1
        self.at += 1

    def table(self, path: KeyPath) -> None:
        self.at += 1
        while not self.closes("}"):
            self.entry(path)
        self.at += 1

    def closes(self, bracket: str) -> bool:
        self.skip(_BLANK)
        if self.text.startswith(",", self.at):
            self.at += 1
            self.skip(_BLANK)
        return self.at >= len(self.text) or self.text[self.at] == bracket

    def skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.at)
        if match is not None:
            self.at = match.end()
