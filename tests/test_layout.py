"""The tree is the one that the architecture describes, and names nothing of one machine."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.house_rules import ROOT, committed_files

PACKAGES = ("procurement", "bidding", "pricing", "rulebooks")

TOP_LEVEL = {
    *PACKAGES,
    *("templates", "static", "migrations", "tests", "examples", "benchmarks", "docs", "locale"),
    *("docker", ".ci", ".gitignore", ".npmrc", "Makefile", "pyproject.toml", "package.json"),
    *("package-lock.json", "requirements.lock", "requirements-dev.lock", "README.md"),
    "requirements-node.lock",
    "requirements-spark.lock",
    *("CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"),
}

# Written so that the patterns do not match themselves.
OF_ONE_MACHINE = re.compile(
    r"pypi[.]org|python[h]osted|registry[.]npm|npm[m]irror|[i]ndex-url"
    r"|/wor[k]/|/roo[t]/|/hom[e]/|/User[s]/"
)

# `make lock` says which option keeps the addresses out.
MAY_NAME_IT = {Path("Makefile"): {"index-url"}, Path("tests/test_layout.py"): {"index-url"}}


def test_the_top_level_holds_only_what_the_architecture_names():
    assert {path.parts[0] for path in committed_files()} - TOP_LEVEL == set()


def test_no_file_names_a_registry_or_a_path_of_one_machine():
    named = {}
    for path in committed_files():
        text = (ROOT / path).read_bytes().decode("utf-8", errors="ignore")
        named[path] = set(OF_ONE_MACHINE.findall(text)) - MAY_NAME_IT.get(path, set())
    assert {path: names for path, names in named.items() if names} == {}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_has_a_hash_for_every_package_and_no_address(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    pins = re.findall(r"^[a-z0-9][\w.-]*==", text, re.M)
    hashed = re.findall(r"^[a-z0-9][\w.-]*==.* \\\n    --hash=sha256:[0-9a-f]{64}", text, re.M)
    assert len(hashed) == len(pins) > 0
    assert "://" not in text


def test_the_development_lock_repeats_every_version_of_the_first():
    pins = [
        set(re.findall(r"^[a-z0-9][\w.-]*==\S+", (ROOT / lock).read_text("utf-8"), re.M))
        for lock in ("requirements.lock", "requirements-dev.lock")
    ]
    assert pins[0] <= pins[1]


def test_lock_formats_that_name_a_registry_are_not_committed():
    names = {path.name for path in committed_files()}
    assert names.isdisjoint({"uv.lock", "pylock.toml"})
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text("utf-8")


def test_every_package_is_checked_for_the_direction_of_its_imports():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    layers = {contract["id"]: contract for contract in settings["contracts"]}
    assert tuple(settings["root_packages"]) == PACKAGES
    assert tuple(layers["packages"]["layers"]) == PACKAGES


@pytest.mark.parametrize("package", PACKAGES)
def test_every_folder_of_python_files_is_a_package(package):
    files = [path for path in committed_files() if path.suffix == ".py"]
    folders = {path.parent for path in files if path.parts[0] == package}
    missing = [str(folder) for folder in folders if not (ROOT / folder / "__init__.py").exists()]
    assert missing == []


def test_every_ruff_exemption_in_the_configuration_has_its_reason():
    lines = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    start = lines.index("ignore = [")
    assert all("#" in line for line in lines[start + 1 : lines.index("]", start)])
