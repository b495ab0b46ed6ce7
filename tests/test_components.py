"""What the platform is made of is listed, and known faults of it stop a change."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.house_rules import ROOT

PAGE = ROOT / "docs" / "security" / "components.md"


@pytest.fixture(scope="module")
def inventory() -> dict[str, Any]:
    """What `make sbom` writes."""
    command = [sys.executable, str(ROOT / ".ci" / "sbom")]
    said = subprocess.run(command, capture_output=True, check=True)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(said.stdout.decode()) is None
    found: dict[str, Any] = json.loads(said.stdout)
    return found


def test_the_inventory_has_every_locked_package_with_its_version_and_every_digest(inventory):
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    listed = {one["purl"]: one for one in inventory["components"] if "pypi" in one["purl"]}
    pins = re.findall(r"^([a-z0-9][\w.-]*)(?:\[.+\])?==([^\s;\\]+)", lock, re.M)
    assert set(listed) == {f"pkg:pypi/{name}@{version}" for name, version in pins}
    digests = [
        reference["hashes"][0]["content"]
        for one in listed.values()
        for reference in one["externalReferences"]
    ]
    assert sorted(digests) == sorted(re.findall(r"sha256:([0-9a-f]{64})", lock))


def test_the_inventory_has_the_scripts_of_pages_and_not_those_of_tests(inventory):
    package = json.loads((ROOT / "package.json").read_text("utf-8"))
    listed = {one["name"] for one in inventory["components"] if "npm/" in one["purl"]}
    assert listed >= set(package["dependencies"])
    assert listed.isdisjoint(package["devDependencies"])


def audited(folder: Path, answer: str, *options: str) -> tuple[int, str]:
    """Run the audit with a stand-in for the program that asks the service."""
    # The folder's module is found before the installed one.
    (folder / "pip_audit.py").write_text(f"print({answer!r})")
    command = [sys.executable, str(ROOT / ".ci" / "audit"), *options, "requirements.lock"]
    said = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    return said.returncode, said.stdout + said.stderr


def answer_with(*fixes: list[str]) -> str:
    faults = [{"id": f"CVE-{number}", "fix_versions": fix} for number, fix in enumerate(fixes)]
    return json.dumps({"dependencies": [{"name": "granian", "version": "2.0", "vulns": faults}]})


def test_a_known_fault_that_can_be_mended_stops_a_change(tmp_path):
    status, said = audited(tmp_path, answer_with([], ["2.1"]))
    assert status == 1
    assert "granian 2.0: CVE-1, mended in 2.1" in said


def test_a_fault_that_nobody_has_mended_yet_is_said_and_stops_nothing(tmp_path):
    status, said = audited(tmp_path, answer_with([]))
    assert (status, "CVE-0, mended in no version yet" in said) == (0, True)


def test_where_nobody_answers_it_is_said_and_a_release_is_stopped(tmp_path):
    status, said = audited(tmp_path, "no answer")
    assert (status, "NOT DONE" in said) == (0, True)
    assert audited(tmp_path, "no answer", "--must")[0] == 1
    assert audited(tmp_path, answer_with(), "--must")[0] == 0


def test_the_page_has_a_time_limit_for_every_grade_and_every_component_that_needs_care():
    page = PAGE.read_text("utf-8")
    limits = dict(re.findall(r"^\| (\w+) \|.*\| (\d+) days? \|$", page, re.M))
    assert list(limits) == ["exploited", "critical", "high", "medium", "low"]
    days = [int(each) for each in limits.values()]
    assert days == sorted(days)
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    pinned = set(re.findall(r"^([a-z0-9][\w.-]*)(?:\[.+\])?==", lock, re.M))
    scripts = set(json.loads((ROOT / "package.json").read_text("utf-8"))["dependencies"])
    section = page.split("## Components that need care", 1)[1].split("\n## ", 1)[0]
    named = set(re.findall(r"`([a-z0-9-]+)`", section))
    assert named and named <= pinned | scripts
