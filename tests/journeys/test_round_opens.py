"""A round opens: from an empty database to a closed log, by people at browsers."""

import json
import subprocess
import sys

import pytest

from tests.journeys.people import Town, invite, register
from tests.procurement.world import credit_code
from tests.server import environment, running_server

REGION = "340000"
MAKERS = ("甲制药", "乙制药", "丙制药", "丁制药", "戊制药")
HOSPITALS = ("第一医院", "第二医院", "县医院")


@pytest.fixture
def town(engine, tmp_path, chromium, pictures):
    folder = pictures / "journey"
    folder.mkdir(exist_ok=True)
    with running_server(engine, tmp_path) as server:
        town = Town(chromium, server.address, folder)
        town.environment = {**environment(engine, tmp_path), "JICAI_ADDRESS": server.address}
        yield town
        town.close()


def jicai(town, *words: str) -> str:
    """Run the command on the same database."""
    command = [sys.executable, "-m", "procurement.cli", *words]
    done = subprocess.run(command, env=town.environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_round_opens(town):
    officer, second, evaluator = bureau(town)
    hospitals = organisations(town, officer, "hospital", HOSPITALS, start=100)
    assert len(hospitals) == len(HOSPITALS)
    assert second.user != evaluator.user


def bureau(town):
    """The first officer comes by the command line, the others by his invitation."""
    said = json.loads(
        jicai(
            town,
            *("invite", "--json", "--name", "省药品集中采购办公室", "--region", REGION),
            *("--credit-code", credit_code(1), "--person", "经办人甲", "--user", "jia@bureau.test"),
        )
    )
    officer = town.join(said["link"], "经办人甲", "jia@bureau.test")
    officer.go("/account")
    officer.photograph("account")
    officer.go("/organisations")
    officer.page.get_by_role("link", name="省药品集中采购办公室").first.click()
    officer.organisation = "/" + officer.page.url.split("/", 3)[3]
    link = invite(officer, officer.organisation, "经办人乙", "yi@bureau.test", "officer")
    second = town.join(link, "经办人乙", "yi@bureau.test")
    link = invite(officer, officer.organisation, "评审人", "ping@bureau.test", "evaluator")
    return officer, second, town.join(link, "评审人", "ping@bureau.test")


def organisations(town, officer, kind, names, *, start, region=REGION):
    """Register organisations and let the first person of each join; by name."""
    joined = {}
    for number, name in enumerate(names, start=start):
        address = register(officer, kind, name, credit_code(number), region)
        role = "keyholder" if kind == "keyholder" else kind
        user = f"{kind}{number}@example.test"
        link = invite(officer, address, name + "经办", user, role, "administrator")
        joined[name] = town.join(link, name + "经办", user)
        joined[name].organisation = address
    return joined
