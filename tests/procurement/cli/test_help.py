"""Every command explains itself, with an example that works."""

import re
import shlex

import pytest

from procurement.cli import main, serve
from procurement.cli.commands import COMMANDS
from procurement.database import open_database
from tests.house_rules import ROOT

NAMES = list(COMMANDS)

ENDLESS = {"serve"}
"""Commands that work until they are stopped; the browser tests start them."""

ELSEWHERE = {"back-up", "restore", "sandbox"}
"""Commands that write files where they are called, or want an installation of their own."""


def test_the_commands_of_the_interface_are_there():
    assert {"demo", "replay", "evaluate", "rulebooks"} <= set(NAMES)


def test_help_lists_every_command_in_one_line_each(jicai):
    said = jicai("--help")
    assert said.status == 0
    for name in NAMES:
        assert re.search(rf"^    {name}\b", said.out, re.M)


@pytest.mark.parametrize("name", NAMES)
def test_help_of_a_command_ends_in_an_example_of_it(jicai, name):
    said = jicai(name, "--help")
    assert said.status == 0
    example = re.search(r"^example:  (jicai .*)$", said.out, re.M)
    assert example is not None
    assert example[1].split()[1] == name
    assert "--json" in said.out
    assert "--lang" in said.out


def example_of(capsys, name):
    with pytest.raises(SystemExit):
        main([name, "--help"])
    (example,) = re.findall(r"^example:  jicai (.*)$", capsys.readouterr().out, re.M)
    return shlex.split(example)


@pytest.mark.usefixtures("demo_data")
@pytest.mark.parametrize("name", [name for name in NAMES if name not in ENDLESS | ELSEWHERE])
def test_the_example_of_a_command_works(capsys, monkeypatch, name):
    monkeypatch.chdir(ROOT)
    assert main(example_of(capsys, name)) == 0
    assert capsys.readouterr().out


def test_the_examples_of_whole_installations_work(capsys, monkeypatch, own_data, tmp_path):
    monkeypatch.chdir(tmp_path)
    open_database(f"sqlite:///{own_data / 'jicai.sqlite3'}").dispose()
    assert main(example_of(capsys, "back-up")) == 0
    for name in ("restore", "sandbox"):
        monkeypatch.setenv("JICAI_DATA", str(tmp_path / name))
        assert main(example_of(capsys, name)) == 0
        assert capsys.readouterr().out


def test_the_example_of_the_server_is_understood(capsys, monkeypatch):
    understood = []

    def note(arguments):
        understood.append(arguments)
        return 0

    monkeypatch.setattr(serve, "run", note)
    assert main(example_of(capsys, "serve")) == 0
    assert understood[0].port == 8000


def test_without_a_command_it_says_what_is_missing(jicai):
    said = jicai()
    assert said.faults[-1].endswith("the following arguments are required: COMMAND")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["reply"], "'reply'"),
        (["replay"], "FOLDER"),
        (["evaluate", "x", "--lang", "fr"], "'fr'"),
        (["evaluate", "x", "--encoding", "big5"], "'big5'"),
    ],
)
def test_a_wrong_argument_is_named(jicai, arguments, named):
    assert named in jicai(*arguments).faults[-1]
