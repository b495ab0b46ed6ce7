"""The wheel holds everything that the platform reads at run time."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house_rules import ROOT, committed_files

# Folder in the checkout, and where the wheel has it.
SHIPPED = {
    "procurement": "procurement",
    "bidding": "bidding",
    "pricing": "pricing",
    "rulebooks": "rulebooks",
    "migrations": "procurement/migrations",
    "templates": "procurement/templates",
    "static": "procurement/static",
    "locale": "procurement/locale",
    "examples": "procurement/examples",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (file,) = folder.glob("*.whl")
    with zipfile.ZipFile(file) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def test_the_wheel_holds_every_committed_file_of_the_shipped_folders(wheel):
    expected = {
        Path(SHIPPED[path.parts[0]], *path.parts[1:]).as_posix()
        for path in committed_files()
        if path.parts[0] in SHIPPED
    }
    assert expected - wheel == set()


def test_the_wheel_holds_nothing_else(wheel):
    assert {name.partition("/")[0] for name in wheel} == {
        "procurement",
        "bidding",
        "pricing",
        "rulebooks",
    }
