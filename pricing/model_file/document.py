"""``model.toml`` as tables that know the places of their keys and note faults."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from pricing.faults import FaultList, quoted
from pricing.model_file.files import MODEL_TOML, Files, text_of
from pricing.model_file.places import KeyPath, Place, places_of

_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_DOTS_MAX = 16


@dataclass(slots=True)
class Document:
    """The files of a model while they are being read.

    Attributes:
        files: All files by name.
        faults: Where faults are noted.
        used: Names of the tables that the model names.
        tree: What ``model.toml`` holds.
        places: Line and column of its values.
    """

    files: Files
    faults: FaultList
    used: set[str] = field(default_factory=lambda: {MODEL_TOML})
    tree: Mapping[str, object] = field(default_factory=dict)
    places: Mapping[KeyPath, tuple[int, int]] = field(default_factory=dict)

    def place(self, path: KeyPath) -> Place:
        """The place of a key, or of the nearest table around it."""
        for length in range(len(path), 0, -1):
            found = self.places.get(path[:length])
            if found is not None:
                return Place(MODEL_TOML, *found, ".".join(path))
        return Place(MODEL_TOML, 1, 1, ".".join(path))

    @property
    def top(self) -> "Section":
        """The top level of the file."""
        return Section(self, (), self.tree)


def parse_document(files: Files, faults: FaultList) -> Document | None:
    """Parse ``model.toml``; none, with a fault, where it is not TOML."""
    try:
        text = text_of(files[MODEL_TOML])
    except ValueError:
        faults.add(MODEL_TOML, "不是 UTF-8 文本；应为 UTF-8", "is not UTF-8 text: expected UTF-8")
        return None
    fault = _dots_fault(text)
    try:
        if fault is None:
            tree = tomllib.loads(text)
            return Document(files, faults, tree=tree, places=places_of(text.replace("\r\n", "\n")))
    except tomllib.TOMLDecodeError as error:
        fault = _toml_fault(text, str(error))
    except RecursionError:
        fault = Place(MODEL_TOML, 1), "嵌套过深", "holds lists or tables nested too deep"
    except ValueError:
        fault = Place(MODEL_TOML, 1), "含有过大的数", "holds a number that is too large"
    if fault is not None:
        faults.add(*fault)
    return None


def _dots_fault(text: str) -> tuple[Place, str, str] | None:
    # The memory for reading a key grows with the square of its parts.
    for number, line in enumerate(text.split("\n"), start=1):
        key = line.partition("=")[0] if not line.lstrip().startswith("[") else line
        if key.count(".") > _DOTS_MAX and '"' not in key and "#" not in key:
            limit = f"{_DOTS_MAX}"
            return (
                Place(MODEL_TOML, number),
                f"键的层数过多；最多 {limit} 个点",
                f"has a key of very many parts: expected at most {limit} dots",
            )
    return None


def _toml_fault(text: str, message: str) -> tuple[Place, str, str]:
    found = _AT.search(message)
    line = int(found[1]) if found and found[1] else text.count("\n") + 1
    column = int(found[2]) if found and found[2] else 1
    cause = _AT.sub("", message)
    return (
        Place(MODEL_TOML, line, column),
        f'不是 TOML（{cause}）；应为如 title = "…" 的行',
        f'is not TOML ({cause}): expected lines like title = "…"',
    )


@dataclass(frozen=True, slots=True)
class Section:
    """One table of ``model.toml``.

    Attributes:
        document: The whole.
        path: Keys that lead to it.
        raw: What it holds.
        name: Its path in messages and inputs where that differs from the keys.
    """

    document: Document
    path: KeyPath
    raw: Mapping[str, object]
    name: str = ""

    @property
    def faults(self) -> FaultList:
        """Where faults are noted."""
        return self.document.faults

    def place(self, *keys: str) -> Place:
        """The place of a key in it, or of the table itself."""
        place = self.document.place((*self.path, *keys))
        return replace(place, key=".".join((self.name, *keys))) if self.name else place

    def fault(self, key: str, zh: str, en: str) -> None:
        """Note a fault of a key, or of the whole table where the key is empty."""
        self.faults.add(self.place(*([key] if key else [])), zh, en)

    def input_path(self, key: str) -> str:
        """The path of an input in it."""
        prefix = self.name or ".".join(self.path)
        return f"{prefix}.{key}" if prefix else key

    def check_keys(self, *known: str) -> None:
        """Note every key that is not among the known ones."""
        for key in self.raw:
            if key not in known:
                near = get_close_matches(key, known, 1)
                hint_zh, hint_en = (
                    (f"是否指 {near[0]}？", f" (did you mean {near[0]}?)") if near else ("", "")
                )
                self.fault(
                    key,
                    f"未知的键{hint_zh}；应为 {'、'.join(known)}",
                    f"unknown key{hint_en}: expected {', '.join(known)}",
                )

    def text(self, key: str, default: str | None = None) -> str:
        """A text; it must be there unless there is a default."""
        value = self.raw.get(key, default)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if value is None:
            self.fault(key, f'缺少；应为一行 {key} = "…"', f'is missing: expected {key} = "…"')
        elif value != default:
            self.fault(
                key, f"{quoted(value)} 不是文本；应为文本", f"{quoted(value)}: expected a text"
            )
        return default or ""

    def choice(self, key: str, choices: Sequence[str], default: str | None = None) -> str:
        """One of some words."""
        value = self.text(key, default)
        if value and value not in choices:
            words = " | ".join(choices)
            self.fault(
                key, f"为 {quoted(value)}；应为 {words}", f"{quoted(value)}: expected {words}"
            )
            return default or choices[0]
        return value or choices[0]

    def whole(self, key: str, *, least: int, most: int, default: int | None = None) -> int:
        """A whole number in a range."""
        value = self.raw.get(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        expected = f"{least}–{most}"
        if value is None:
            self.fault(
                key,
                f"缺少；应为 {expected} 的整数",
                f"is missing: expected a whole number, {expected}",
            )
        else:
            self.fault(
                key,
                f"{quoted(value)}；应为 {expected} 的整数",
                f"{quoted(value)}: expected a whole number, {expected}",
            )
        return least

    def section(self, key: str) -> "Section | None":
        """A table inside it; none where the key is missing or, with a fault, is no table."""
        value = self.raw.get(key)
        if isinstance(value, Mapping):
            return Section(self.document, (*self.path, key), value)
        if value is not None:
            self.fault(key, f"{quoted(value)}；应为表", f"{quoted(value)}: expected a table")
        return None

    def sections(self, key: str) -> Iterator["Section"]:
        """The tables of a list of tables."""
        value = self.raw.get(key, ())
        if not isinstance(value, Sequence) or isinstance(value, str):
            self.fault(key, f"应为 [[{key}]]", f"expected tables [[{key}]]")
            return
        for number, entry in enumerate(value):
            if isinstance(entry, Mapping):
                yield Section(self.document, (*self.path, key, str(number)), entry)
            else:
                self.fault(key, f"应为 [[{key}]]", f"expected tables [[{key}]]")

    def named_sections(self, key: str) -> Iterator[tuple[str, "Section"]]:
        """The tables inside a table, by their names."""
        outer = self.section(key)
        for name in outer.raw if outer is not None else ():
            inner = outer.section(name) if outer is not None else None
            if inner is not None:
                yield name, inner
