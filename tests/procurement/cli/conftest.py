"""Runs the command line as a user does, and keeps what it says."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from procurement.cli import main


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def faults(self) -> list[str]:
        """Lines on standard error of a command that refused its input and printed nothing."""
        assert self.status == 2
        assert self.out == ""
        assert "Traceback" not in self.err
        return self.err.splitlines()


Jicai = Callable[..., Said]


@pytest.fixture
def jicai(capsys) -> Jicai:
    """Return a function that runs one command and returns its status and its two outputs."""

    def run(*arguments) -> Said:
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as exit_:  # argparse ends the process by itself
            status = int(exit_.code or 0)
        printed = capsys.readouterr()
        return Said(status, printed.out, printed.err)

    return run


@pytest.fixture
def own_data(tmp_path, monkeypatch):
    """Return an empty folder that the commands take for their data."""
    folder = tmp_path / "data"
    monkeypatch.setenv("JICAI_DATA", str(folder))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return folder


@pytest.fixture(scope="session")
def demo_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder of one ``jicai demo``; nobody changes it."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JICAI_DATA", str(folder))
        patch.delenv("DATABASE_URL", raising=False)
        assert main(["demo"]) == 0
    return folder


@pytest.fixture
def demo_data(demo_once: Path, own_data: Path) -> Path:
    """Return a copy of that folder, which the commands take for their data."""
    shutil.copytree(demo_once, own_data)
    return own_data
