"""The demo's platform: everybody signs in and finds something to do, and its keys are sound."""

import base64
import json
import re
import secrets
import stat
from contextlib import contextmanager
from decimal import Decimal

import pytest
from sqlalchemy import select

from bidding.sealing import (
    Bid,
    BidLine,
    check_receipt,
    read_key_file,
    read_manifest,
    read_receipt,
    read_receipt_secret,
    seal_bid,
    unlock_holder_key,
    unlock_signing_key,
)
from procurement.accounts.tables import Organisation
from procurement.app import stages
from procurement.bids.keyholders.manifests import require_manifest
from procurement.cli.demo_platform.decided import NAME as DECIDED_ROUND
from procurement.cli.demo_platform.publishing import HOOKS
from procurement.cli.demo_platform.set_up import OPEN_ROUND, REPORTING_ROUND
from procurement.clock import now
from procurement.database import make_engine, snapshot
from procurement.jobs import Job, JobStatus, Worker, run_due_jobs
from procurement.permissions import Role
from procurement.rounds.service import find_round
from procurement.settings import KEY_FILE, read_settings, with_installation_key
from procurement.web import SESSION_COOKIE
from tests.procurement.platform import running_platform

TASKS = {
    "officer-1": (f"/rounds/{REPORTING_ROUND}/volumes/reports?status=submitted",),
    "officer-2": (f"/rounds/{OPEN_ROUND}/proposals/",),
    "province": (
        f"/rounds/{REPORTING_ROUND}/volumes/reports?status=submitted",
        "/designations/applications/",
    ),
    "evaluator": (f"/rounds/{OPEN_ROUND}/papers",),
    "hospital": (f"/rounds/{REPORTING_ROUND}/volumes",),
    "hospital-2": (
        f"/rounds/{REPORTING_ROUND}/volumes",
        f"/rounds/{DECIDED_ROUND}/agreements?term=1",
    ),
    "group-lead": (f"/rounds/{DECIDED_ROUND}/agreements?term=1&amp;status=waiting",),
    "distributor-2": (f"/rounds/{DECIDED_ROUND}/distributors",),
    "keyholder-1": (f"/rounds/{REPORTING_ROUND}/keys",),
    "keyholder-7": (f"/rounds/{REPORTING_ROUND}/keys",),
    "maker-6": ("/organisations/",),
    "agency-1": ("/registrations",),
}
"""Links that stand on somebody's home page as work that waits."""


def kept(folder):
    return json.loads((folder / "demo-keys" / "accounts.json").read_text("utf-8"))


def account(folder, user):
    (found,) = (one for one in kept(folder)["accounts"] if one["user"] == user)
    return found


@contextmanager
def served(folder, monkeypatch):
    """Run the platform on the demo's data, with its own secret key."""
    key = (folder / KEY_FILE).read_bytes()
    monkeypatch.setattr("tests.procurement.platform.KEY", key)
    engine = make_engine(f"sqlite:///{folder / 'jicai.sqlite3'}")
    with running_platform(engine, folder) as platform:
        yield platform
    engine.dispose()


def signed_in(platform, one):
    """Somebody who signed in on the page with the printed password."""
    visitor = platform.nobody()
    answer = visitor.post("/sign-in", data={"user": one["user"], "password": one["password"]})
    assert answer.status_code == 303, one["user"]
    visitor.cookies[SESSION_COOKIE] = answer.cookies[SESSION_COOKIE]
    return visitor


def test_everybody_signs_in_with_the_printed_password(demo_data, monkeypatch):
    accounts = kept(demo_data)["accounts"]
    assert {one["role"] for one in accounts} == set(Role) - {Role.PUBLIC, Role.ADMINISTRATOR}
    with served(demo_data, monkeypatch) as platform:
        for one in accounts:
            home = signed_in(platform, one).get("/")
            assert home.status_code == 200
            assert one["name"] in home.text
            for link in TASKS.get(one["user"], ()):
                assert f'href="{link}' in home.text, one["user"]


def test_a_wrong_password_does_not_sign_in(demo_data, monkeypatch):
    with served(demo_data, monkeypatch) as platform:
        answer = platform.nobody().post(
            "/sign-in", data={"user": "officer-1", "password": "another one than that"}
        )
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("user", "path"),
    [
        ("officer-1", f"/rounds/{OPEN_ROUND}"),
        ("officer-1", f"/rounds/{REPORTING_ROUND}/volumes/reports"),
        ("province", f"/rounds/{REPORTING_ROUND}/volumes/reports"),
        ("hospital", f"/rounds/{OPEN_ROUND}/document"),
        ("group-lead", f"/rounds/{OPEN_ROUND}/volumes"),
        ("keyholder-2", f"/rounds/{OPEN_ROUND}/keys"),
        ("notary", f"/rounds/{OPEN_ROUND}"),
        ("maker-1", f"/rounds/{OPEN_ROUND}/receipts"),
        ("maker-4", f"/rounds/{OPEN_ROUND}/bid"),
        ("maker-5", f"/rounds/{OPEN_ROUND}/papers"),
        ("doctor-1", "/registrations"),
        ("agency-1", "/registrations"),
        ("pharmacy-1", "/designations"),
    ],
)
def test_its_pages_open(demo_data, monkeypatch, user, path):
    with served(demo_data, monkeypatch) as platform:
        assert signed_in(platform, account(demo_data, user)).get(path).status_code == 200


def test_the_public_finds_a_drug_and_who_has_it(demo_data, monkeypatch):
    with served(demo_data, monkeypatch) as platform:
        nobody = platform.nobody()
        found = nobody.get("/find?q=阿那曲唑")
        (address,) = set(re.findall(r'href="(/find/drugs/[0-9]+)[?"]', found.text))
        assert "示例药店一（演示）" in nobody.get(f"{address}?county=340103").text
        assert "阿那曲唑" in nobody.get("/dual-channel").text
        assert "示例药店一（演示）" in nobody.get("/designations").text


def test_its_published_document_prints_the_reported_volumes(demo_data, monkeypatch):
    with served(demo_data, monkeypatch) as platform:
        page = platform.nobody().get(f"/rounds/{OPEN_ROUND}/document")
    # Shanghai's 2,975,024 and Anhui's 411,737 of L01, less what the division among hospitals drops.
    assert "3,386,759" in page.text


def test_an_admitted_firm_seals_a_bid_with_its_key_file(demo_data, monkeypatch):
    key = unlock_signing_key(
        read_key_file((demo_data / "demo-keys" / "maker-4.json").read_bytes()),
        passphrase=kept(demo_data)["passphrase"],
    )
    address = f"/rounds/{OPEN_ROUND}"
    with served(demo_data, monkeypatch) as platform:
        visitor = signed_in(platform, account(demo_data, "maker-4"))
        manifest = read_manifest(visitor.get(f"{address}/manifest.json").content)
        lot = manifest.lots[0]
        envelope, _secret = seal_bid(
            manifest,
            bid=Bid((BidLine(lot.lot, lot.strengths[0].strength, Decimal("3.5")),)),
            bidder=credit_code_of(platform, account(demo_data, "maker-4")["organisation"]),
            version=1,
            replaces=None,
            signing_key=key,
            random_bytes=secrets.token_bytes,
        )
        answer = visitor.post(
            f"{address}/bid", content=envelope.to_bytes(), headers={"idempotency-key": "first"}
        )
    assert answer.status_code == 200, answer.text
    check_receipt(read_receipt(answer.content), manifest)


def credit_code_of(platform, name):
    with snapshot(platform.engine) as session:
        wanted = select(Organisation.credit_code).where(Organisation.name == name)
        return session.scalars(wanted).one()


def test_the_firms_hold_their_receipts(demo_data):
    folder = demo_data / "demo-keys"
    manifest = the_manifest(demo_data)
    receipts = sorted(path.name for path in folder.glob(f"*-{OPEN_ROUND}-*-receipt.json"))
    assert receipts == [
        f"maker-1-{OPEN_ROUND}-version-1-receipt.json",
        f"maker-2-{OPEN_ROUND}-version-1-receipt.json",
        f"maker-2-{OPEN_ROUND}-version-2-receipt.json",
        f"maker-3-{OPEN_ROUND}-version-1-receipt.json",
    ]
    for name in receipts:
        receipt = read_receipt((folder / name).read_bytes())
        check_receipt(receipt, manifest)
        secret = (folder / name.replace("receipt", "receipt-secret")).read_bytes()
        assert read_receipt_secret(secret).envelope == receipt.envelope


def the_manifest(folder):
    engine = make_engine(f"sqlite:///{folder / 'jicai.sqlite3'}")
    with snapshot(engine) as session:
        round_ = find_round(session, name=OPEN_ROUND)
        assert round_ is not None
        manifest = require_manifest(session, round_id=round_.id)
    engine.dispose()
    return manifest


def test_a_keyholders_file_opens_to_the_key_on_its_seat_and_the_database_lacks_it(demo_data):
    folder = demo_data / "demo-keys"
    key = unlock_holder_key(
        read_key_file((folder / "keyholder-3.json").read_bytes()),
        passphrase=kept(demo_data)["passphrase"],
    )
    holder = the_manifest(demo_data).holders[2]
    assert holder.sealing_key == key.sealing_pair.public
    content = (demo_data / "jicai.sqlite3").read_bytes()
    for hidden in (key.seed, kept(demo_data)["passphrase"].encode()):
        for written in (hidden, hidden.hex().encode(), base64.b64encode(hidden)):
            assert written not in content


def test_only_the_owner_reads_its_secrets(demo_data):
    folder = demo_data / "demo-keys"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_nobody_can_issue_certificates_in_the_name_of_its_authority(demo_data):
    (root,) = (demo_data / "authorities").iterdir()
    content = root.read_text("ascii")
    assert "BEGIN CERTIFICATE" in content
    assert "PRIVATE" not in content


def test_its_publication_has_the_parts_that_the_application_has():
    own, of_the_application = (
        {part.name for part in hooks.publication} for hooks in (HOOKS, stages.HOOKS)
    )
    assert own == of_the_application


def test_the_served_platform_finishes_the_work_that_is_queued(demo_data):
    settings = with_installation_key(read_settings({"JICAI_DATA": str(demo_data)}))
    engine = make_engine(settings.database_url)
    worker = Worker(engine, settings, stages.JOBS, now)
    before = the_manifest(demo_data).digest
    assert run_due_jobs(worker) > 0
    with snapshot(engine) as session:
        assert set(session.scalars(select(Job.status))) <= {JobStatus.DONE, JobStatus.QUEUED}
        assert session.scalars(select(Job.message).where(Job.message.is_not(None))).all() == []
    engine.dispose()
    assert the_manifest(demo_data).digest == before
