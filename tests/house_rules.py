"""Rules of this house that no general tool knows; `make lint` runs this file.

Each check takes the source of one file and returns its faults as sentences. The rules and their
reasons are in CONTRIBUTING.md.
"""

import ast
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

FILE_LINES_MAX = 400
TEST_FILE_LINES_MAX = 600
FUNCTION_LINES_MAX = 50
# A test is one story, told from its beginning to its end.
TEST_FUNCTION_LINES_MAX = 80

# Names that say nothing of what is inside; such files collect everything.
EMPTY_NAMES = frozenset({"utils", "helpers", "common", "misc", "manager", "data", "info"})

# One request, one transaction, decided at the edge: nobody else commits. An exception gets a line
# here with its reason.
MAY_COMMIT: frozenset[str] = frozenset()

VISIBLE_DOT_FILES = frozenset({".ci", ".gitignore", ".npmrc"})

FUNCTION_TYPES = (ast.FunctionDef, ast.AsyncFunctionDef)


def file_faults(path: Path, source: str) -> Iterator[str]:
    """Yield the faults of one Python file; `path` is relative to the checkout."""
    lines = len(source.splitlines())
    limit = TEST_FILE_LINES_MAX if path.parts[0] == "tests" else FILE_LINES_MAX
    if lines > limit:
        yield f"{path}: {lines} lines, at most {limit}: split it by use case"
    if path.stem in EMPTY_NAMES:
        yield f"{path}: {path.stem!r} says nothing: name the file after what it holds"
    tree = ast.parse(source)
    yield from (f"{path}:{line}: {fault}" for line, fault in sorted(_tree_faults(path, tree)))


def _tree_faults(path: Path, tree: ast.Module) -> Iterator[tuple[int, str]]:
    may_commit = path.parts[0] == "tests" or path.as_posix() in MAY_COMMIT
    limit = TEST_FUNCTION_LINES_MAX if path.parts[0] == "tests" else FUNCTION_LINES_MAX
    # A migration's function is a list of columns; splitting it would hide the table.
    is_migration = path.parts[:2] == ("migrations", "versions")
    for node in ast.walk(tree):
        if isinstance(node, FUNCTION_TYPES):
            if not is_migration:
                yield from _length_faults(node, limit)
            yield from _import_faults(node)
        elif isinstance(node, ast.Name | ast.alias | ast.Attribute) and _is_type_checking(node):
            yield node.lineno, "TYPE_CHECKING: imports point one way, import it plainly"
        elif isinstance(node, ast.Call) and _commits(node) and not may_commit:
            yield node.lineno, "commit: the transaction belongs to the edge"


def _length_faults(
    function: ast.FunctionDef | ast.AsyncFunctionDef, limit: int
) -> Iterator[tuple[int, str]]:
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    # The docstring is documentation; the limit is about how much one has to hold in mind.
    if ast.get_docstring(function) is not None:
        documentation = function.body[0]
        lines -= (documentation.end_lineno or 0) - documentation.lineno + 1
    if lines > limit:
        yield function.lineno, f"{function.name} has {lines} lines, at most {limit}"


def _import_faults(
    function: ast.FunctionDef | ast.AsyncFunctionDef,
) -> Iterator[tuple[int, str]]:
    for node in _own_nodes(function):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node.lineno, f"import inside {function.name}: move it to the top"


def _own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    # Without nested functions, which report their own imports.
    for child in ast.iter_child_nodes(function):
        if not isinstance(child, FUNCTION_TYPES):
            yield child
            yield from _own_nodes(child)


def _is_type_checking(node: ast.Name | ast.alias | ast.Attribute) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", None)
    return "TYPE_CHECKING" in (name, getattr(node, "name", None))


def _commits(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == "commit"


def committed_files(root: Path = ROOT) -> tuple[Path, ...]:
    """List the files that are committed or would be, relative to the checkout."""
    if not (root / ".git").exists():
        # An unpacked archive, perhaps within somebody else's repository.
        return tuple(_files_without_git(root))
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listing = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        # git is missing, or refuses a checkout that belongs to another user.
        return tuple(_files_without_git(root))
    names = sorted(set(listing.stdout.split("\0")) - {""})
    return tuple(Path(name) for name in names if (root / name).is_file())


def _files_without_git(root: Path) -> Iterator[Path]:
    # Everything but what tools and the platform write beside the sources.
    written = {"__pycache__", "node_modules", "vendor", "jicai-data", "build", "dist"}
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        hidden = any(part.startswith(".") and part not in VISIBLE_DOT_FILES for part in parts)
        if path.is_file() and not hidden and not written.intersection(parts):
            yield path.relative_to(root)


def all_faults(files: Iterable[Path], root: Path = ROOT) -> list[str]:
    """Collect the faults of all Python files among `files`."""
    return [
        fault
        for path in files
        if path.suffix == ".py"
        for fault in file_faults(path, (root / path).read_text(encoding="utf-8"))
    ]


def main() -> int:
    """Print every fault; return the exit status."""
    faults = all_faults(committed_files())
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    sys.stdout.write(f"House rules: {len(faults)} faults\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
