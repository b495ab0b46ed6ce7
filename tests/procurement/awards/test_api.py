"""The interface of awards: the whole way from evaluation to award, and what it shows to whom."""

from datetime import timedelta

import pytest

from procurement.accounts.tables import OrganisationKind, Person
from procurement.awards.jobs import HANDLERS
from procurement.bids.opening.disclosure import Disclosure
from procurement.clock import now
from procurement.database import database_moment, transaction
from procurement.jobs import Worker, run_due_jobs
from procurement.permissions import Role
from procurement.rounds.document.amended import amend_rules
from procurement.rounds.document.versions import rules_in_force
from procurement.rounds.tables import ParticipantPart, RoundParticipant, RoundStatus
from procurement.settings import Settings
from tests.procurement.awards.world import (
    announced_round,
    awarded_round,
    decided_round,
    evaluated_round,
)
from tests.procurement.bids.world import SECRET
from tests.procurement.platform import running_platform
from tests.procurement.rounds.world import new_organisation, new_person

PDF = {"file": ("evidence.pdf", b"%PDF-1.7 scan", "application/pdf")}


class Machines:
    """Tokens of the people of a world."""

    def __init__(self, platform, world, folder):
        self.platform, self.world, self.folder = platform, world, folder

    def of(self, person_id):
        with transaction(self.world.engine) as session:
            person = session.get_one(Person, person_id)
        # A token is written in a transaction of its own.
        return self.platform.with_token(person)

    @property
    def officer(self):
        return self.of(self.world.officer.person_id)

    @property
    def second(self):
        return self.of(self.world.second.person_id)

    def maker(self, letter):
        return self.of(self.world.maker(letter).person_id)

    def observer(self):
        """Somebody of an observer whom the round names."""
        with transaction(self.world.engine) as session:
            home = new_organisation(session, OrganisationKind.OBSERVER, "公证处")
            person = new_person(session, home, Role.NOTARY)
            session.add(
                RoundParticipant(
                    round_id=self.world.round_id,
                    organisation_id=home.id,
                    part=ParticipantPart.OBSERVER,
                    seat=1,
                )
            )
        return self.platform.with_token(person)

    def stranger(self):
        """Somebody of a manufacturer that did not bid."""
        return self.of(self.world.new_maker().person_id)

    def at(self, path):
        return f"/api/v1/rounds/{self.world.name}/{path}"

    def work(self):
        settings = Settings(self.folder, str(self.world.engine.url), secret_key=SECRET)
        run_due_jobs(Worker(self.world.engine, settings, HANDLERS, now))


@pytest.fixture
def machines_in(engine, tmp_path):
    """Make the machines of a world."""
    with running_platform(engine, tmp_path) as platform:
        yield lambda build: Machines(platform, build(engine), tmp_path)


def confirm(machines, proposal, digest):
    answer = machines.second.post(
        machines.at(f"proposals/{proposal}/confirm"), json={"digest": digest}
    )
    assert answer.status_code == 201, answer.text


def test_from_the_evaluation_to_the_award_by_machine(machines_in):
    machines = machines_in(evaluated_round)
    world, officer = machines.world, machines.officer
    a, c = world.maker("A").name, world.maker("C").name
    report = officer.get(machines.at("evaluation")).json()
    (tied,) = [lot for lot in report["lots"] if lot["lot"] == "L02"]
    assert [one["bid"] for one in tied["pending"]] == [a, c]
    body = {"lot": "L02", "question": "tie", "answers": {a: True, c: False}, "reason": "先过评"}
    proposed = officer.post(machines.at("bureau-answers"), json=body)
    assert proposed.status_code == 201, proposed.text
    confirm(machines, **proposed.json())
    machines.work()
    newer = officer.get(machines.at("evaluation")).json()
    assert newer["report_digest"] != report["report_digest"]
    older = {"report": report["report_digest"]}
    asked = officer.get(machines.at("evaluation"), params=older).json()
    assert asked == report and asked["evaluated_at"] < newer["evaluated_at"]
    assert machines.maker("A").get(machines.at("evaluation"), params=older).status_code == 404
    unknown = officer.get(machines.at("evaluation"), params={"report": "0" * 64})
    assert unknown.status_code == 404
    called = officer.post(machines.at("second-answers"), json={"minutes": 30})
    assert called.status_code == 201, called.text
    assert officer.post(machines.at("evaluation")).status_code == 409


def test_from_the_notice_to_the_award_by_machine(machines_in):
    machines = machines_in(decided_round)
    world, officer = machines.world, machines.officer
    assert officer.post(machines.at("evaluation")).status_code == 202
    machines.work()
    with world.read() as session:
        closes_at = database_moment(session) + timedelta(days=1)
    notice = officer.post(machines.at("award-notices"), json={"closes_at": closes_at.isoformat()})
    assert (notice.status_code, notice.json()["number"]) == (201, 1)
    body = {"step": "fix-award", "about": "2027-01-01"}
    early = officer.post(machines.at("proposals"), json=body)
    assert early.status_code == 409 and "the notice still runs" in early.json()["detail"]
    world.end_notice()
    proposal = officer.post(machines.at("proposals"), json=body).json()
    confirm(machines, proposal["id"], proposal["digest"])
    award = machines.platform.nobody().get(machines.at("award")).json()
    assert (award["notice"], award["starts_on"]) == (1, "2027-01-01")
    assert {one["lot"] for one in award["winners"]} == {"L01", "L02", "L03"}
    listed = machines.platform.nobody().get(machines.at("award-notices")).json()
    assert [one["is_current"] for one in listed["items"]] == [True]


def test_an_objection_with_file_answer_service_and_appeal(machines_in):
    machines = machines_in(announced_round)
    world = machines.world
    firm, officer = machines.maker("D"), machines.officer
    with world.read() as session:
        name = session.get_one(Person, world.maker("D").person_id).name
    nameless = firm.post(machines.at("objections"), json={"text": "换算有误", "signed_by": ""})
    assert nameless.status_code == 422
    assert [one["field"] for one in nameless.json()["errors"]] == ["signed_by"]
    filed = firm.post(
        machines.at("objections"), json={"text": "换算有误", "signed_by": name, "lot": "L01"}
    )
    assert filed.status_code == 201, filed.text
    own = machines.at(f"objections/{filed.json()['id']}")
    stored = firm.post(f"{own}/files", files=PDF)
    assert stored.status_code == 201, stored.text
    for reader in (firm, officer, machines.observer()):
        file = reader.get(f"{own}/files/{stored.json()['id']}")
        assert file.content == PDF["file"][1]
    for other in (machines.maker("E"), machines.stranger()):
        assert other.get(own).status_code == 404
        assert other.get(f"{own}/files/{stored.json()['id']}").status_code == 404
        assert other.get(machines.at("objections")).json()["items"] == []
    answered = officer.post(f"{own}/answer", json={"verdict": "rejected", "text": "换算无误"})
    assert answered.json()["answer"]["verdict"] == "rejected"
    with world.read() as session:
        served_at = database_moment(session).isoformat()
    served = officer.post(
        f"{own}/services", json={"paper": "answer", "way": "post", "served_at": served_at}
    )
    assert [one["way"] for one in served.json()["services"]] == ["platform", "platform", "post"]
    appealed = firm.post(f"{own}/appeal", json={"text": "不服"})
    assert appealed.json()["appeal"]["answer"] is None
    supervisor = machines.of(world.supervisor.person_id)
    decided = supervisor.post(f"{own}/appeal/answer", json={"verdict": "upheld", "text": "成立"})
    assert decided.json()["appeal"]["answer"]["verdict"] == "upheld"
    with world.read() as session:
        assert world.round(session).status == RoundStatus.EVALUATED


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("award-notices", {"closes_at": "2020-01-01T00:00:00Z"}),
        ("award-notices", {"closes_at": "2030-01-01T00:00:00"}),
        ("second-answers", {"minutes": -5}),
        ("second-answers", {"minutes": 10**12}),
        ("bureau-answers", {"lot": "L01", "question": "tie", "answers": {}, "reason": ""}),
        ("bureau-answers", {"lot": "L\u0000", "question": "tie", "answers": {}, "reason": "x"}),
    ],
)
def test_bad_input_is_a_problem_and_changes_nothing(machines_in, path, body):
    machines = machines_in(decided_round)
    answer = machines.officer.post(machines.at(path), json=body)
    assert answer.status_code in (404, 409, 422), answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    with machines.world.read() as session:
        assert machines.world.round(session).status == RoundStatus.EVALUATED


@pytest.fixture
def disclosed(monkeypatch):
    """Let the rules in force say who sees the prices."""

    def say(value):
        def changed(session, *, round_):
            known = rules_in_force(session, round_=round_)
            changes = {"disclosure.prices": _raw(value)}
            return amend_rules(known.rulebook, known.options, changes)

        monkeypatch.setattr("procurement.bids.opening.disclosure.rules_in_force", changed)

    return say


def _raw(value):
    return "none" if value is Disclosure.UNKNOWN else value.value


SEES_ALL = {
    Disclosure.PUBLIC: {"bureau", "observer", "winner", "loser", "stranger", "public"},
    Disclosure.PARTIES: {"bureau", "observer", "winner", "loser"},
    Disclosure.COURT: {"bureau", "observer"},
    Disclosure.UNKNOWN: {"bureau", "observer"},
}


@pytest.mark.parametrize("disclosure", list(Disclosure))
def test_each_role_sees_what_the_rulebook_discloses_and_nothing_else(
    machines_in, disclosed, disclosure
):
    machines = machines_in(awarded_round)
    disclosed(disclosure)
    readers = {
        "bureau": machines.of(machines.world.evaluator.person_id),
        "observer": machines.observer(),
        "winner": machines.maker("A"),
        "loser": machines.maker("D"),
        "stranger": machines.stranger(),
        "public": machines.platform.nobody(),
    }
    own = {"winner": machines.world.maker("A").name, "loser": machines.world.maker("D").name}
    for role, reader in readers.items():
        sees_all = role in SEES_ALL[disclosure]
        report = reader.get(machines.at("evaluation")).json()
        assert (report["scope"] == "all") == sees_all, role
        priced = {
            one["bid"]
            for lot in report["lots"]
            for one in lot["outcomes"]
            if one["declared_price"] is not None
        }
        award = reader.get(machines.at("award")).json()
        awarded = {one["bid"] for one in award["winners"] if one["prices"] is not None}
        if sees_all:
            assert len(priced) == 6 and len(awarded) == 5, role
        else:
            assert priced == ({own[role]} if role in own else set()), role
            assert awarded == ({own[role]} if role == "winner" else set()), role


@pytest.mark.parametrize("disclosure", list(Disclosure))
def test_a_letter_is_for_its_addressee_and_the_bureau_whatever_is_disclosed(
    machines_in, disclosed, disclosure
):
    machines = machines_in(announced_round)
    disclosed(disclosure)
    loser = machines.world.maker("D")
    about = {"organisation_id": loser.id}
    own = machines.maker("D").get(machines.at("letters/L03"))
    assert own.json()["bids"][0]["needed_pack_price"] == "14.99"
    of_bureau = machines.officer.get(machines.at("letters/L03"), params=about)
    assert of_bureau.json() == own.json()
    pdf = machines.maker("D").get(machines.at("letters/L03/pdf"))
    assert (pdf.headers["content-type"], pdf.content[:4]) == ("application/pdf", b"%PDF")
    for reader in (machines.maker("A"), machines.maker("E"), machines.stranger()):
        assert reader.get(machines.at("letters/L03"), params=about).status_code == 404
        assert reader.get(machines.at("letters/L03/pdf"), params=about).status_code == 404
    assert machines.observer().get(machines.at("letters/L03"), params=about).status_code == 403
    assert machines.platform.nobody().get(machines.at("letters")).status_code == 401
    mine = machines.maker("D").get(machines.at("letters")).json()["items"]
    assert mine == [
        {"organisation_id": loser.id, "lot": "L01"},
        {"organisation_id": loser.id, "lot": "L03"},
    ]
    assert len(machines.officer.get(machines.at("letters")).json()["items"]) == 4


def test_before_the_notice_a_bidder_sees_its_own_part_and_others_nothing(machines_in):
    machines = machines_in(evaluated_round)
    for reader in (machines.platform.nobody(), machines.stranger()):
        assert reader.get(machines.at("evaluation")).status_code == 404
    own = machines.maker("F").get(machines.at("evaluation")).json()
    assert own["scope"] == "own"
    assert [lot["lot"] for lot in own["lots"]] == ["L03"]
    assert [one["bid"] for one in own["lots"][0]["outcomes"]] == [machines.world.maker("F").name]
    assert machines.maker("F").get(machines.at("award")).status_code == 404


def test_the_schema_describes_it(machines_in):
    machines = machines_in(evaluated_round)
    paths = machines.platform.nobody().get("/openapi.json").json()["paths"]
    described = [path for path in paths if "/objections" in path or "/letters" in path]
    assert len(described) >= 9
    report = paths["/api/v1/rounds/{name}/evaluation"]["get"]
    assert report["summary"] and report["tags"] == ["awards"]
