"""What may open a connection or start a program is known, and written down."""

import ast
import re
from collections.abc import Iterator
from functools import cache

from tests.house_rules import ROOT

PACKAGES = ("procurement", "bidding", "pricing", "rulebooks")

# Libraries that open connections, and the standard library's ways to do so or to start a program.
REACHING = (
    *("socket", "ssl", "asyncio", "select", "selectors", "socketserver", "subprocess", "pty"),
    *("urllib.request", "http.client", "http.server", "smtplib", "ftplib", "poplib", "imaplib"),
    *("telnetlib", "xmlrpc", "multiprocessing", "ctypes"),
    "importlib.util",  # to load a library that need not be there
    *("httpx", "requests", "aiohttp", "urllib3", "websockets", "psycopg", "pyspark"),
    "opentelemetry.exporter",
)

# On the way in: the event loop that the server runs us on.
ON_THE_WAY_IN = {"procurement/app/make.py"}

PAGE = ROOT / "docs" / "security" / "connections.md"


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the platform."""
    paths = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8")) for path in paths}


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{name.name}" for name in node.names)


def is_reaching(name: str) -> bool:
    return any(name == one or name.startswith(f"{one}.") for one in REACHING)


def test_every_module_that_could_open_a_connection_or_start_a_program_is_named_in_the_page():
    reaching = {path for path, tree in modules().items() if any(map(is_reaching, imported(tree)))}
    named = set(re.findall(r"`(procurement/[\w/]+\.py)`", PAGE.read_text("utf-8")))
    assert named == reaching - ON_THE_WAY_IN


def calls(tree: ast.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def test_no_command_is_given_to_a_shell():
    started = []
    for path, tree in modules().items():
        for call in calls(tree):
            name = ast.unparse(call.func)
            assert not re.fullmatch(r"os\.(system|popen|exec\w*|spawn\w*|posix_spawn\w*)", name), (
                path
            )
            assert not any(word.arg == "shell" for word in call.keywords), path
            if name.startswith("subprocess."):
                # A list, or a name that holds one; a text would be taken apart by somebody.
                assert isinstance(call.args[0], ast.List | ast.Name), path
                started.append(path)
    assert set(started) == {"procurement/cli/serve.py", "procurement/recovery/postgresql_dump.py"}


def test_nothing_is_executed_that_was_text():
    for path, tree in modules().items():
        names = {ast.unparse(call.func) for call in calls(tree)}
        assert names.isdisjoint({"eval", "exec", "compile", "__import__", "pickle.loads"}), path


def test_what_must_not_be_guessed_is_not_drawn_by_a_generator_for_games():
    drawing = {
        path
        for path, tree in modules().items()
        if any(name == "random" or name.startswith("random.") for name in imported(tree))
    }
    assert drawing == set()


def test_redirects_of_others_are_followed_nowhere():
    for path, tree in modules().items():
        assert not any(
            word.arg == "follow_redirects" and ast.unparse(word.value) != "False"
            for call in calls(tree)
            for word in call.keywords
        ), path
