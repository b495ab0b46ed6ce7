"""The pages of payments in a real browser: every width, both languages, every role."""

import shutil
from datetime import date, timedelta

import pytest

from procurement.accounts.tables import Person
from procurement.database import make_engine, transaction
from procurement.payments.bank_file.exporting import Wanted, export_bank_file, hand_out
from procurement.payments.bank_file.tables import BankFormat
from procurement.payments.claims import lines_of
from procurement.payments.objections import raise_objection
from procurement.payments.tables import Claim
from tests.browser.accessibility import grave_findings, overflow
from tests.browser.looking import WIDTHS
from tests.browser.pictures import keep_picture
from tests.procurement.payments.world import APRIL_2, KEY, payments_world
from tests.procurement.platform import running_platform

NOW = APRIL_2 + timedelta(days=2)

PLACES = (
    ("hospital", "", "overview"),
    ("hospital", "/goods", "goods"),
    ("hospital", "/claims/{objected}", "claim-objected"),
    ("hospital", "/months/{month}", "month"),
    ("hospital", "/ledger", "ledger"),
    ("seller", "", "overview"),
    ("seller", "/months/{month}", "month"),
    ("seller", "/claims", "claims"),
    ("seller", "/claims/{paid}", "claim-paid"),
    ("seller", "/accounts", "accounts"),
    ("seller", "/receivables", "receivables"),
    ("agency", "", "overview"),
    ("agency", "/months", "months"),
    ("agency", "/months/new?rulebook=direct-heilongjiang-2025", "month-new"),
    ("agency", "/months/{month}", "month"),
    ("agency", "/months/{month}/offsets/{hospital}", "offset"),
    ("agency", "/instructions/{drafted}", "instruction"),
    ("agency", "/bank-files", "bank-files"),
    ("agency", "/bank-files/{file}", "bank-file"),
    ("agency", "/prepayments/new?rulebook=prepayment-national-2021", "prepayment-new"),
    ("agency", "/reserve", "reserve"),
    ("agency", "/reconciliation", "reconciliation"),
    ("second", "/instructions", "instructions"),
    ("bureau", "/receivables", "receivables"),
    ("hospital", "/ledger/postings/{posting}", "posting"),
)


@pytest.fixture
def world(sqlite_template, tmp_path):
    engine = make_engine(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'jicai.sqlite3')}")
    yield payments_world(engine)
    engine.dispose()


def busy(world):
    """One claim paid, one objected to, one instructed, goods that nobody claimed."""
    for one in (world.hospital, world.seller):
        world.account(one)
    account = world.account(world.agency)
    world.receive(10)
    month = world.month()
    paid = world.claim(month)
    world.reconcile(paid)
    world.owe("1234.56")
    world.fill(500)
    world.set_off(month)
    first = world.instructions()
    for one in first:
        world.confirm(one)
    file = exported(world, first, account)
    world.bank(first[0])
    world.receive(7)
    second = world.claim(month)
    world.reconcile(second)
    world.set_off(month)
    drafted = world.instructions()[0]
    world.receive(3)
    objected = world.claim(month)
    with transaction(world.engine) as session:
        claim = session.get_one(Claim, objected)
        raise_objection(
            session,
            claim=claim,
            line_id=lines_of(session, claim_id=claim.id)[0].id,
            reason="验收时少一盒，已在验收单注明。",
            actor=world.hospital.actor,
            moment=NOW,
        )
    world.receive(5)
    return {
        "month": month,
        "paid": paid,
        "objected": objected,
        "drafted": drafted,
        "file": file,
        "hospital": world.hospital.id,
        "posting": 1,
    }


def exported(world, instructions, account):
    with transaction(world.engine) as session:
        wanted = Wanted(instructions, account, BankFormat.XML, date(2027, 4, 8))
        file = export_bank_file(
            session,
            agency_id=world.agency.id,
            wanted=wanted,
            key=KEY,
            actor=world.agency.actor,
            moment=APRIL_2,
        )
        hand_out(session, file=file, again=False, key=KEY, actor=world.agency.actor, moment=APRIL_2)
        return file.id


def test_pages_of_payments_are_readable_everywhere(world, site, tmp_path, pictures):
    places = busy(world)
    actors = {
        "hospital": world.hospital.actor,
        "seller": world.seller.actor,
        "agency": world.agency.actor,
        "second": world.second(world.agency),
        "bureau": world.orders.officer,
    }
    with running_platform(world.engine, tmp_path, clock=lambda: NOW) as platform:
        visitors = {}
        for name, actor in actors.items():
            with transaction(world.engine) as session:
                person = session.get_one(Person, actor.person_id)
            visitors[name] = platform.signed_in(person)
        for name, place, title in PLACES:
            for language in ("zh", "en"):
                address = f"/payments{place.format(**places)}"
                joint = "&" if "?" in address else "?"
                answer = visitors[name].get(f"{address}{joint}lang={language}")
                assert answer.status_code == 200, (name, address, answer.text[-1500:])
                look(site, answer.text, pictures / f"payments-{name}-{title}-{language}.png")


def look(site, html, picture):
    page = site.show(html)
    assert page.locator("h1").count() == 1
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        keep_picture(page, picture.with_stem(f"{picture.stem}-{width}"))
        assert overflow(page) == [], (picture.stem, width)
    assert grave_findings(page) == [], picture.stem
    assert site.complaints == []
