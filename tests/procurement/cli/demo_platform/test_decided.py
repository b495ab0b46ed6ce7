"""The demo's round that is decided: what came out is what the command line says of the example."""

import json
import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from bidding.bid_sheet import Choice
from bidding.evaluate import evaluate
from bidding.report_json import report_document
from bidding.sealing import check_receipt, read_receipt
from procurement.accounts.tables import Organisation, Person
from procurement.agreements.states import AgreementStatus
from procurement.agreements.tables import Agreement, Distribution
from procurement.awards.evaluation import report_numbered, require_report
from procurement.awards.fixing import award_of, awarded_bids
from procurement.awards.regions.tables import RegionPreference
from procurement.awards.tables import AwardedBid
from procurement.bids.keyholders.manifests import require_manifest
from procurement.bids.opening.evidence import opened_bids
from procurement.bids.opening.service import find_opening
from procurement.bids.submission.close import final_log
from procurement.bids.tables import SharePost
from procurement.cli.demo import EXAMPLE
from procurement.cli.demo_platform.agreeing import NOMINATED_IN
from procurement.cli.demo_platform.cast import LOSER, MARK, REPLACED, SEALED, WITH_ACCOUNT
from procurement.cli.demo_platform.decided import NAME
from procurement.cli.demo_platform.regions import region_codes
from procurement.database import make_engine, snapshot
from procurement.rounds.document.versions import rules_in_force
from procurement.rounds.folder import govern
from procurement.rounds.service import find_round
from procurement.rounds.tables import Lot, RoundEvent, RoundEventKind, RoundStatus
from procurement.settings import resource_folder
from tests.procurement.cli.demo_platform.test_platform import account, served, signed_in

ADDRESS = f"/rounds/{NAME}"


@pytest.fixture
def session(demo_once):
    """Return a session on the demo's database, which nobody changes."""
    engine = make_engine(f"sqlite:///{demo_once / 'jicai.sqlite3'}")
    with snapshot(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def round_(session):
    """Return the round."""
    found = find_round(session, name=NAME)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def example():
    """Return the example's bid sheet, with the volumes of the round's regions."""
    return govern(resource_folder("examples") / EXAMPLE).folder.round


def as_in_the_example(document, example):
    """The lots of a report of the platform, with the names that the example writes."""
    written = json.dumps(document["lots"], ensure_ascii=False).replace(MARK, "")
    for name, code in region_codes(example).items():
        written = written.replace(f'"{code}"', f'"{name}"')
    return in_order(json.loads(written))


def in_order(lots):
    """Lots whose allocations stand in one order, however regions are written."""
    for lot in lots:
        lot["allocations"].sort(key=lambda one: (one["region"], one["strength"], one["bid"] or ""))
        for outcome in lot["outcomes"]:
            outcome["region_names"] = outcome["region_names"] and sorted(outcome["region_names"])
    return lots


def evaluated(session, round_, example, choices=()):
    """The lots of the example as the rules in force decide them, outside of the platform."""
    rules = rules_in_force(session, round_=round_)
    sheet = replace(example, options=rules.options, choices=tuple(choices))
    document = report_document(evaluate(sheet, rules.rulebook))
    return in_order(json.loads(json.dumps(document["lots"], default=str)))


def preferred(session, example):
    """The lists of preferences that winners handed in, as choices for the evaluation."""
    names = {code: name for name, code in region_codes(example).items()}
    rows = session.execute(
        select(Lot.code, AwardedBid.bid, RegionPreference.position, RegionPreference.region)
        .join(AwardedBid, AwardedBid.id == RegionPreference.awarded_bid_id)
        .join(Lot, Lot.id == AwardedBid.lot_id)
    )
    return [Choice(lot, bid.removesuffix(MARK), at, names[code]) for lot, bid, at, code in rows]


def test_its_award_is_what_the_rules_say_of_the_example(session, round_, example):
    award = award_of(session, round_id=round_.id)
    assert award is not None
    report = report_numbered(session, report_id=award.report_id)
    assert report.pending == []
    assert report.left_out == []
    assert as_in_the_example(report.document, example) == evaluated(session, round_, example)


def test_the_example_evaluated_by_the_command_line_selects_the_same(jicai, session, round_):
    said = json.loads(jicai("evaluate", "--json", resource_folder("examples") / EXAMPLE).out)
    selected = {
        (lot["lot"], one["bid"], one["rank"], one["declared_price"], one["status"])
        for lot in said["lots"]
        for one in lot["outcomes"]
        if one["selected"]
    }
    report = require_report(session, round_id=round_.id)
    assert selected == {
        (lot["lot"], one["bid"].removesuffix(MARK), *(one[k] for k in FIGURES))
        for lot in report.lots
        for one in lot["outcomes"]
        if one["selected"]
    }
    assert len(awarded_bids(session, round_id=round_.id)) == len(selected) == 29


FIGURES = ("rank", "declared_price", "status")


def test_its_regions_are_those_that_the_preferences_give(session, round_, example):
    """Winners who choose in turn by their lists get what the evaluation gives for the lists."""
    choices = preferred(session, example)
    assert {choice.lot for choice in choices} == {lot.lot for lot in example.lots}
    report = require_report(session, round_id=round_.id)
    expected = evaluated(session, round_, example, choices)
    assert as_in_the_example(report.document, example) == expected
    assert all(one["bid"] is not None for lot in expected for one in lot["allocations"])


def test_it_went_through_every_status_and_two_officers_took_the_steps_of_two(session, round_):
    events = session.scalars(
        select(RoundEvent)
        .where(RoundEvent.round_id == round_.id, RoundEvent.kind == RoundEventKind.STATUS)
        .order_by(RoundEvent.id)
    ).all()
    statuses = list(RoundStatus)
    drafted, running = map(statuses.index, (RoundStatus.DRAFT, RoundStatus.RUNNING))
    expected = statuses[drafted : running + 1]
    # Nobody is asked anything in the example.
    expected.remove(RoundStatus.SECOND_ANSWERS)
    assert [events[0].status_from, *(event.status_to for event in events)] == expected
    by_two = [event for event in events if event.second_person_id is not None]
    assert [event.status_to for event in by_two] == ["published", "opened", "awarded"]
    for event in by_two:
        people = (event.person_id, event.second_person_id)
        assert {session.get_one(Person, one).user for one in people} == {"officer-1", "officer-2"}


def test_four_of_seven_keyholders_opened_it(session, round_, example):
    opening = find_opening(session, round_id=round_.id)
    assert opening is not None
    assert (opening.way, opening.seats) == ("shares", "1 2 4 6")
    posts = session.scalars(select(SharePost).where(SharePost.round_id == round_.id)).all()
    assert [(post.seat, post.faults) for post in posts] == [(1, ""), (2, ""), (4, ""), (6, "")]
    bidders = {bid.manufacturer + MARK for bid in example.bids}
    opened = opened_bids(session, round_id=round_.id)
    assert {owner.name for _bid, owner in opened} == bidders
    assert {bid.verdict for bid, _owner in opened} == {"opened"}
    # One firm replaced its bid.
    assert len(final_log(session, round_id=round_.id).leaves) == len(bidders) + 1


def test_a_firm_that_bid_is_in_the_final_log(demo_once, session, round_):
    manifest = require_manifest(session, round_id=round_.id)
    leaves = final_log(session, round_id=round_.id).leaves
    receipts = sorted((demo_once / "demo-keys").glob(f"*-{NAME}-*-receipt.json"))
    users = [path.name.partition(f"-{NAME}")[0] for path in receipts]
    twice = f"maker-{WITH_ACCOUNT.index(REPLACED) + 1}"
    assert users == sorted([twice, *(f"maker-{number}" for number in (1, 2, 3, 4, 5, 7))])
    for path in receipts:
        receipt = read_receipt(path.read_bytes())
        check_receipt(receipt, manifest)
        assert receipt.envelope in leaves


def test_one_hospital_and_its_suppliers_signed_and_others_have_still_to(session):
    found = session.execute(
        select(Organisation.name, Agreement.status).join(
            Organisation, Organisation.id == Agreement.hospital_id
        )
    ).all()
    by_status = {status: {name for name, one in found if one == status} for _, status in found}
    other, own = NOMINATED_IN.values()
    assert by_status[AgreementStatus.SIGNED] == {own.full_name}
    assert by_status[AgreementStatus.OPEN] == {other.full_name}
    assert by_status[AgreementStatus.WAITING].isdisjoint({own.full_name, other.full_name})
    assert set(session.scalars(select(Distribution.status))) == {"confirmed", "nominated"}


def test_an_unprinted_account_has_a_password_that_nobody_knows(demo_once, session):
    people = session.scalars(select(Person)).all()
    kept = json.loads((demo_once / "demo-keys" / "accounts.json").read_text("utf-8"))
    printed = {one["user"] for one in kept["accounts"]}
    silent = [person for person in people if person.user not in printed]
    assert len(silent) == 31
    assert {person.user.partition("-")[0] for person in silent} == {"maker"}


@pytest.mark.parametrize(
    ("user", "path", "said"),
    [
        ("officer-1", "/evaluation", "45 个报价"),
        ("maker-1", "/result", SEALED),
        ("maker-7", "/objections", "L18"),
        ("maker-2", "/regions", REPLACED),
        ("hospital", "/agreements", SEALED),
        ("distributor-2", "/distributors", SEALED),
        ("notary", "/opening", LOSER),
    ],
)
def test_its_pages_show_how_it_came_out(demo_data, monkeypatch, user, path, said):
    with served(demo_data, monkeypatch) as platform:
        answer = signed_in(platform, account(demo_data, user)).get(f"{ADDRESS}{path}")
    assert answer.status_code == 200
    assert said in answer.text


def test_who_lost_reads_its_letter_and_no_other(demo_data, monkeypatch):
    with served(demo_data, monkeypatch) as platform:
        visitor = signed_in(platform, account(demo_data, "maker-7"))
        letters = visitor.get(f"{ADDRESS}/letters").text
        (link,) = re.findall(f'href="({ADDRESS}/letters/L18/[0-9]+)"', letters)
        letter = visitor.get(link)
    assert "江苏亚邦爱普森" not in letters
    # The price that the README's example names.
    assert "24.0953" in letter.text


def test_its_evidence_holds_without_the_platform(demo_data, monkeypatch, jicai, tmp_path):
    with served(demo_data, monkeypatch) as platform:
        evidence = platform.nobody().get(f"{ADDRESS}/evidence.zip")
    file = tmp_path / "evidence.zip"
    file.write_bytes(evidence.content)
    said = jicai("verify", "--lang", "en", file)
    assert said.status == 0
    assert "Evaluating again gives the report, byte for byte." in said.out
    assert "FAILS 0" in said.out
