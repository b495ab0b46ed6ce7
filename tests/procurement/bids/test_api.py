"""The interface of sealed bids: all that the pages do, with tokens and one form of errors."""

import secrets
from datetime import timedelta

import pytest

from bidding.sealing import (
    InclusionProof,
    canonical_bytes,
    check_record,
    proves_inclusion,
    read_checkpoint,
    read_log,
    read_manifest,
    read_proof,
    read_record,
    read_submission,
    reveal_key,
)
from bidding.sealing.signing import with_signature
from procurement.accounts.tables import Person
from procurement.bids.jobs import HANDLERS
from procurement.bids.keyholders.checks import PUBLICATION
from procurement.clock import now
from procurement.database import transaction
from procurement.jobs import Worker, enqueue, run_due_jobs
from procurement.rounds.tables import RoundStatus
from procurement.settings import Settings
from tests.procurement.bids.test_opening import decide, end_reveal
from tests.procurement.bids.world import SECRET, statement_of
from tests.procurement.platform import running_platform

PDF = ("paper.pdf", b"%PDF-1.7 scan", "application/pdf")


@pytest.fixture
def platform(engine, tmp_path):
    with running_platform(engine, tmp_path) as running:
        yield running


class Machines:
    """Machines with tokens of people of a world, and the work that jobs do."""

    def __init__(self, platform, world, folder):
        self.platform, self.world, self.folder = platform, world, folder

    def of(self, person_id):
        with transaction(self.world.engine) as session:
            person = session.get_one(Person, person_id)
        return self.platform.with_token(person)

    def holder(self, seat):
        return self.of(self.world.holder_actors[seat - 1].person_id)

    def at(self, path):
        return f"/api/v1/rounds/{self.world.name}/{path}"

    def work(self):
        settings = Settings(self.folder, str(self.world.engine.url), secret_key=SECRET)
        run_due_jobs(Worker(self.world.engine, settings, HANDLERS, now))


@pytest.fixture
def machines(platform, world, tmp_path):
    return Machines(platform, world, tmp_path)


def signed(statement):
    return canonical_bytes(with_signature(statement.unsigned(), statement.signature))


def test_keys_and_rehearsal(machines):
    world = machines.world
    for seat, key in enumerate(world.keys, start=1):
        answer = machines.holder(seat).post(
            machines.at("keys"), content=signed(statement_of(key, world.name, seat))
        )
        assert answer.status_code == 201
        assert answer.json()["sealing_key"] == key.sealing_pair.public.hex()
    officer = machines.of(world.officers[0].id)
    assert len(officer.get(machines.at("keys")).json()["items"]) == 5
    assert officer.post(machines.at("rehearsal")).json()["exists"]
    for seat in (1, 2, 3):
        documents = machines.holder(seat).get(machines.at("rehearsal/documents")).json()
        trial = read_manifest(canonical_bytes(documents["manifest"]))
        envelope = read_submission(canonical_bytes(documents["envelope"]))
        posting = world.posting(trial, [envelope], seat)
        state = machines.holder(seat).post(
            machines.at("rehearsal/shares"), content=posting.to_bytes()
        )
        assert seat in state.json()["fitting"]
    assert officer.get(machines.at("rehearsal")).json()["has_opened"]


def test_a_malformed_statement_is_a_problem_with_its_field(machines):
    answer = machines.holder(1).post(machines.at("keys"), content=b'{"type":"x"}')
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert [error["field"] for error in answer.json()["errors"]] == ["keys"]


def test_a_bid_from_manifest_to_proof(machines):
    world = machines.world
    world.prepare()
    maker = world.new_maker()
    firm = machines.of(maker.person_id)
    manifest = read_manifest(firm.get(machines.at("manifest")).content)
    envelope = maker.seal(manifest)
    key = {"idempotency-key": "first"}
    receipt = firm.post(machines.at("bids"), content=envelope.to_bytes(), headers=key)
    assert receipt.status_code == 201
    again = firm.post(machines.at("bids"), content=envelope.to_bytes(), headers=key)
    assert (again.status_code, again.content) == (201, receipt.content)
    other = maker.seal(manifest).to_bytes()
    assert firm.post(machines.at("bids"), content=other, headers=key).status_code == 422
    assert firm.post(machines.at("bids"), content=other).status_code == 422
    listed = firm.get(machines.at("receipts")).json()
    assert [item["envelope"] for item in listed["items"]] == [envelope.digest]
    assert listed["items"][0]["proof"] is None and listed["next_cursor"] is None
    assert firm.get(listed["items"][0]["receipt"]).content == receipt.content
    own = machines.at(f"receipts/{envelope.digest}")
    assert firm.get(f"{own}/envelope").content == envelope.to_bytes()
    assert firm.get(f"{own}/proof").status_code == 204
    world.close()
    checkpoint = read_checkpoint(firm.get(machines.at("checkpoint")).content)
    proof = read_proof(firm.get(f"{own}/proof").content)
    assert isinstance(proof, InclusionProof)
    assert isinstance(proof, InclusionProof)
    assert proves_inclusion(proof, checkpoint)
    assert read_log(firm.get(machines.at("log")).content)[1] == (envelope.digest,)
    late = firm.post(machines.at("bids"), content=other, headers={"idempotency-key": "late"})
    assert (late.status_code, late.json()["type"]) == (409, "refusal/1")
    assert len(firm.get(machines.at("receipts")).json()["refusals"]) == 1


def test_whoever_may_not_submit_is_told_so_and_strangers_learn_nothing(machines):
    world = machines.world
    world.prepare()
    maker, rival = world.new_maker(), world.new_maker()
    body = {"content": b"{}", "headers": {"idempotency-key": "k"}}
    assert machines.platform.nobody().post(machines.at("bids"), **body).status_code in (401, 403)
    assert machines.of(world.officers[0].id).post(machines.at("bids"), **body).status_code == 403
    manifest = read_manifest(machines.of(maker.person_id).get(machines.at("manifest")).content)
    envelope = maker.seal(manifest)
    assert world.submit(maker, envelope).is_receipt
    own = machines.at(f"receipts/{envelope.digest}")
    assert machines.of(rival.person_id).get(own).status_code == 404
    assert machines.of(world.officers[0].id).get(own).status_code == 403
    firm = machines.of(maker.person_id)
    missing = firm.post(
        "/api/v1/rounds/nothing/bids",
        content=envelope.to_bytes(),
        **{"headers": {"idempotency-key": "k"}},
    )
    assert missing.status_code == 404


def test_nothing_of_the_log_is_given_before_closing(machines):
    world = machines.world
    world.prepare()
    for path in ("log", "checkpoint", "opening"):
        assert machines.platform.nobody().get(machines.at(path)).status_code == 409


def post_shares(machines, seats):
    world = machines.world
    for seat in seats:
        holder = machines.holder(seat)
        envelopes, cursor = [], None
        while True:
            query = {"page_size": 1} | ({} if cursor is None else {"cursor": cursor})
            page = holder.get(machines.at("envelopes"), params=query).json()
            envelopes += [read_submission(canonical_bytes(one)) for one in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        manifest = read_manifest(holder.get(machines.at("manifest")).content)
        posting = world.posting(manifest, envelopes, seat)
        answer = holder.post(machines.at("shares"), content=posting.to_bytes())
        assert answer.status_code == 201
        assert answer.json() == {"seat": seat, "shares": len(envelopes), "wrong": []}


def test_the_opening_by_shares_is_done_by_a_job_once_all_is_there(machines):
    world = machines.world
    manifest = world.prepare()
    for _ in range(2):
        world.bid(world.new_maker(), manifest)
    world.close()
    post_shares(machines, (1, 2, 3))
    machines.work()
    officer = machines.of(world.officers[0].id)
    state = officer.get(machines.at("opening")).json()
    assert state["shares_suffice"] and state["opened_at"] is None
    assert officer.get(machines.at("opening/record")).status_code == 409
    decide(world)
    # The next posting asks again; a decision queues the job by itself.
    post_shares(machines, (4,))
    machines.work()
    assert officer.get(machines.at("opening")).json()["opened_at"] is not None
    check_record(read_record(officer.get(machines.at("opening/record")).content))
    assert machines.holder(5).get(machines.at("envelopes")).status_code == 409


def test_an_odd_cursor_is_refused(machines):
    world = machines.world
    world.prepare()
    world.close()
    for cursor in ("x", "-1", "99999999999", "²"):
        answer = machines.holder(1).get(machines.at("envelopes"), params={"cursor": cursor})
        assert answer.status_code == 422


def test_the_fallback_by_revealed_keys(machines):
    world = machines.world
    manifest = world.prepare()
    maker = world.new_maker()
    world.bid(maker, manifest)
    world.close()
    officer = machines.of(world.officers[0].id)
    bare = {"due_at": "2100-01-01T00:00:00", "reason": "x"}
    assert officer.post(machines.at("reveal-call"), json=bare).status_code == 422
    due_at = (now() + timedelta(hours=1)).isoformat()
    body = {"due_at": due_at, "reason": "三方未到场"}
    assert officer.post(machines.at("reveal-call"), json=body).status_code == 201
    reveal = reveal_key(maker.secrets[-1], signing_key=maker.key, random_bytes=secrets.token_bytes)
    firm = machines.of(maker.person_id)
    assert firm.post(machines.at("reveals"), content=reveal.to_bytes()).status_code == 204
    decide(world)
    machines.work()
    assert officer.get(machines.at("opening")).json()["opened_at"] is None
    end_reveal(world)
    world.open()
    assert officer.get(machines.at("opening")).json()["opened_at"] is not None


def test_papers_by_machine(machines):
    world = machines.world
    world.prepare()
    maker = world.new_maker(admitted=False)
    firm = machines.of(maker.person_id)
    for kind in ("application", "authorisation", "certificate", "promise"):
        form = {"kind": kind, "title": kind, "expires_on": "2031-01-01"}
        answer = firm.post(machines.at("papers"), data=form, files={"file": PDF})
        assert answer.status_code == 201, answer.text
    assert firm.post(machines.at("papers/submission")).json()["status"] == "submitted"
    evaluator = machines.of(world.evaluator.person_id)
    (applicant,) = evaluator.get(machines.at("applicants")).json()["items"]
    assert applicant["organisation"] == maker.name
    review = machines.at(f"applicants/{maker.id}/reviews")
    assert evaluator.post(review, json={"status": "lost"}).status_code == 422
    assert evaluator.post(review, json={"status": "admitted"}).status_code == 201
    assert evaluator.post(review, json={"status": "admitted"}).status_code == 409
    listed = firm.get(machines.at("papers")).json()
    assert (listed["status"], len(listed["items"])) == ("admitted", 4)
    file = machines.at(f"papers/{listed['items'][0]['id']}/file")
    assert evaluator.get(file).content == PDF[1]
    assert machines.of(world.new_maker().person_id).get(file).status_code == 404


def test_the_jobs_sign_the_manifest_cover_the_log_and_close(machines):
    world = machines.world
    world.hand_over_all_keys()
    world.rehearse()
    with transaction(world.engine) as session:
        round_ = world.round(session)
        assert list(PUBLICATION.contents(session, round_)) == ["keys"]
        enqueue(session, kind="sign-manifest", payload={"round_id": round_.id}, moment=now())
        round_.status = RoundStatus.BIDDING
    machines.work()
    assert machines.platform.nobody().get(machines.at("manifest")).status_code == 200
    world.end_bidding()
    with transaction(world.engine) as session:
        enqueue(session, kind="close-round", payload={"round_id": world.round_id}, moment=now())
    machines.work()
    assert machines.platform.nobody().get(machines.at("log")).json()["leaves"] == []
