"""Pages and interface of second answers: who is asked answers, and nobody reads it early."""

import json
import secrets
from decimal import Decimal

import pytest

from bidding.sealing import (
    InclusionProof,
    check_record,
    proves_inclusion,
    read_log,
    read_manifest,
    read_proof,
    read_record,
    reveal_key,
)
from procurement.accounts.tables import Person
from procurement.bids.jobs import HANDLERS
from procurement.bids.opening.shares import envelopes_to_unseal
from procurement.bids.sittings import opened_answers
from procurement.bids.tasks import waiting_for
from procurement.clock import now
from procurement.database import database_moment, transaction
from procurement.jobs import Worker, run_due_jobs
from procurement.settings import Settings
from procurement.timetable.service import Ticker
from tests.procurement.bids.answering import (
    OFFER,
    answer,
    asked,
    call,
    close,
    end_sitting,
    evaluated,
    no,
    unseal,
    yes,
)
from tests.procurement.bids.test_pages import holder, officer, visitor
from tests.procurement.bids.world import SECRET
from tests.procurement.platform import running_platform


@pytest.fixture
def platform(engine, tmp_path):
    with running_platform(engine, tmp_path) as running:
        yield running


@pytest.fixture
def asking(bidding):
    """Three makers of an evaluated round, of which the first two are asked."""
    world, manifest = bidding
    firms = evaluated(world, manifest)
    return world, call(world, *(asked(firm) for firm in firms[:2])), firms


def at(world, path=""):
    return f"/rounds/{world.name}/answers/1{path}"


def of(platform, world, maker):
    return visitor(platform, world, maker.person_id)


def machine(platform, world, person_id):
    with transaction(world.engine) as session:
        person = session.get_one(Person, person_id)
    return platform.with_token(person)


def test_who_is_asked_sees_the_question_and_the_clock_and_nobody_else_does(platform, asking):
    world, _, (first, _, third) = asking
    page = of(platform, world, first).get(at(world))
    assert page.status_code == 200 and "wasm-unsafe-eval" in page.headers["content-security-policy"]
    assert str(OFFER) in page.text and "逾期未答复视为不接受" in page.text
    unasked = of(platform, world, third).get(at(world))
    assert "没有向贵单位提出问题" in unasked.text and str(OFFER) not in unasked.text
    for visit in (platform.nobody(), officer(platform, world), holder(platform, world, 1)):
        assert visit.get(at(world)).status_code in (303, 403)
    assert of(platform, world, first).get(f"/rounds/{world.name}/answers/2").status_code == 404
    listed = platform.nobody().get(f"/rounds/{world.name}/answers").text
    assert "正在答复" in listed and at(world, "/receipts") not in listed
    assert (
        at(world, "/receipts")
        in of(platform, world, first).get(f"/rounds/{world.name}/answers").text
    )


def test_a_sealed_answer_is_acknowledged_and_kept(platform, asking):
    world, manifest, (first, _, third) = asking
    firm = of(platform, world, first)
    assert firm.get(at(world, "/manifest.json")).content == manifest.to_bytes()
    envelope = first.seal(manifest, yes())
    how = {"content": envelope.to_bytes(), "headers": {"idempotency-key": "a"}}
    receipt = firm.post(at(world), **how)
    assert receipt.status_code == 200 and receipt.json()["type"] == "receipt/1"
    assert firm.post(at(world), **how).content == receipt.content
    assert "第 1 版" in firm.get(at(world)).text
    page = firm.get(at(world, "/receipts")).text
    assert envelope.digest in page and "答复" in page
    kept = firm.get(at(world, f"/receipts/{envelope.digest}/manifest"))
    assert kept.content == manifest.to_bytes()
    # Receipts of bids and of answers are kept apart.
    assert envelope.digest not in firm.get(f"/rounds/{world.name}/receipts").text
    rival = of(platform, world, third)
    assert rival.get(at(world, f"/receipts/{envelope.digest}/receipt")).status_code == 404
    body = third.seal(manifest, yes()).to_bytes()
    refused = rival.post(at(world), content=body, headers={"idempotency-key": "b"})
    assert refused.status_code == 409 and "没有向贵单位提出问题" in refused.json()["message"]


def test_log_and_opening_of_a_sitting_are_shown_in_their_time(platform, asking, tmp_path):
    world, manifest, (first, second, _) = asking
    answer(world, first, manifest, yes(price=Decimal("6.789")))
    answer(world, second, manifest, no())
    nobody = platform.nobody()
    assert "答复截止之后公布日志" in nobody.get(at(world, "/log")).text
    assert "答复尚未截止" in nobody.get(at(world, "/opening")).text
    assert nobody.get(at(world, "/log.json")).status_code == 409
    close(world)
    assert first.last in nobody.get(at(world, "/log")).text
    seat = holder(platform, world, 1)
    page = seat.get(at(world, "/opening")).text
    assert "开启并提交份额" in page and "提出开标" not in page
    assert len(seat.get(at(world, "/opening/envelopes")).json()["items"]) == 2
    posted = seat.post(
        at(world, "/opening/shares"),
        content=world.posting(manifest, [leaf.envelope for leaf in _leaves(world)], 1).to_bytes(),
    )
    assert posted.json() == {"shares": 2, "wrong": []}
    for number in (2, 4):
        unseal(world, manifest, number)
    assert "6.789" not in officer(platform, world).get(at(world, "/opening")).text
    work(world, tmp_path)
    opened = officer(platform, world).get(at(world, "/opening")).text
    assert "6.789" in opened and "是否接受按所列价格中选" in opened
    record = nobody.get(at(world, "/opening/record.json"))
    check_record(read_record(record.content))
    assert "已开启" in nobody.get(f"/rounds/{world.name}/answers").text


def _leaves(world):
    with world.read() as session:
        return envelopes_to_unseal(
            session,
            round_=world.round(session),
            after=0,
            limit=100,
            secret_key=SECRET,
            sitting=1,
        )


def work(world, folder):
    """Do what is due of this stage; later stages' jobs find nobody here."""
    settings = Settings(folder, str(world.engine.url), secret_key=SECRET)
    run_due_jobs(Worker(world.engine, settings, HANDLERS, now))


def test_the_clock_closes_a_sitting_and_the_quorum_opens_it(platform, asking, tmp_path):
    world, manifest, (first, *_) = asking
    answer(world, first, manifest, yes())
    ticker = Ticker(world.engine, SECRET)
    ticker.tick()
    assert platform.nobody().get(at(world, "/log.json")).status_code == 409
    end_sitting(world)
    ticker.tick()
    assert platform.nobody().get(at(world, "/log.json")).json()["leaves"] == [first.last]
    for seat in (1, 2, 3):
        unseal(world, manifest, seat)
    work(world, tmp_path)
    with world.read() as session:
        given = opened_answers(session, round_id=world.round_id)
    assert [one.answer for one in given] == [True, False]


def test_machines_do_all_of_it(platform, asking):
    world, manifest, (first, second, _) = asking
    base = f"/api/v1/rounds/{world.name}/answers"
    firm = machine(platform, world, first.person_id)
    (listed,) = firm.get(base).json()["items"]
    assert listed["status"] == "taking" and listed["asked"] is True
    questions = firm.get(f"{base}/1").json()
    assert questions["items"] == [
        {
            "lot": "L01",
            "bid": first.name,
            "question": "revive",
            "product": None,
            "price": str(OFFER),
        }
    ]
    assert read_manifest(firm.get(f"{base}/1/manifest").content).digest == manifest.digest
    envelope = first.seal(manifest, yes())
    sent = firm.post(f"{base}/1", content=envelope.to_bytes(), headers={"idempotency-key": "one"})
    assert sent.status_code == 201 and sent.json()["type"] == "receipt/1"
    (entry,) = firm.get(f"{base}/1/receipts").json()["items"]
    assert entry["receipt"] == f"{base}/1/receipts/{envelope.digest}"
    assert firm.get(entry["receipt"]).json() == sent.json()
    assert firm.get(f"{base}/1/receipts/{envelope.digest}/proof").status_code == 204
    close(world)
    log = read_log(firm.get(f"{base}/1/log").content)
    proof = read_proof(firm.get(f"{base}/1/receipts/{envelope.digest}/proof").content)
    assert isinstance(proof, InclusionProof)
    assert proves_inclusion(proof, log[0])
    late = machine(platform, world, second.person_id).post(
        f"{base}/1",
        content=second.seal(manifest, yes()).to_bytes(),
        headers={"idempotency-key": "late"},
    )
    assert late.status_code == 409 and late.json()["reason"] == "late"
    seat = machine(platform, world, world.holder_actors[0].person_id)
    assert len(seat.get(f"{base}/1/envelopes").json()["items"]) == 1
    posting = world.posting(manifest, [envelope], 1)
    assert seat.post(f"{base}/1/shares", content=posting.to_bytes()).json()["shares"] == 1
    bureau = machine(platform, world, world.officers[0].id)
    due = {"due_at": "2100-01-01T00:00:00Z", "reason": "two are ill"}
    assert bureau.post(f"{base}/1/reveal-call", json=due).status_code == 201
    made = reveal_key(first.secrets[0], signing_key=first.key, random_bytes=secrets.token_bytes)
    assert firm.post(f"{base}/1/reveals", content=made.to_bytes()).status_code == 204
    state = firm.get(f"{base}/1/opening").json()
    assert state["bids"] == 1 and state["opened_at"] is None
    assert firm.get(f"{base}/1/opening/record").status_code == 409
    assert firm.get(f"{base}/7/log").status_code == 404


def test_what_waits_for_whom(asking):
    world, manifest, (first, _, third) = asking

    def links(actor):
        with world.read() as session:
            tasks = waiting_for(session, actor=actor, moment=database_moment(session))
            return {task.link for task in tasks}

    assert links(first.actor) == {at(world)}
    assert links(third.actor) == set()
    answer(world, first, manifest, yes())
    assert links(world.holder_actors[0]) == set()
    close(world)
    assert links(first.actor) == set()
    assert links(world.holder_actors[0]) == {at(world, "/opening")}
    unseal(world, manifest, 1)
    assert links(world.holder_actors[0]) == set()


@pytest.mark.parametrize("path", ["", "/receipts", "/log", "/opening"])
def test_pages_of_a_sitting_are_there_in_english_too(platform, asking, path):
    world, _, (first, *_) = asking
    page = of(platform, world, first).get(at(world, path) + "?lang=en")
    assert page.status_code == 200 and '<html lang="en"' in page.text
    listed = platform.nobody().get(f"/rounds/{world.name}/answers?lang=en").text
    assert "Second answers" in listed


def test_no_answer_is_read_before_its_opening(platform, asking):
    world, manifest, (first, second, _) = asking
    price = "6.18033"
    answer(world, first, manifest, yes(price=Decimal(price)))
    people = (
        platform.nobody(),
        officer(platform, world),
        visitor(platform, world, world.evaluator.person_id),
        holder(platform, world, 1),
        of(platform, world, second),
    )
    for stage in ("taking", "closed"):
        if stage == "closed":
            close(world)
            unseal(world, manifest, 1)
        for visit in people:
            for path in ("", "/receipts", "/log", "/opening", "/opening/record.json"):
                said = visit.get(at(world, path)).text
                assert price not in said and json.dumps(price) not in said
