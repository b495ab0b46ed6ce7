"""Papers are complete and valid before they are checked, and deficiencies have an end."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from procurement.accounts.tables import OrganisationKind
from procurement.bids.kinds import PaperKind, PaperStatus
from procurement.bids.papers.service import (
    PapersClosedError,
    PaperStepError,
    applicants,
    hand_in_paper,
    paper_standing,
    papers_of,
    review_papers,
    steps_of,
    submit_papers,
)
from procurement.bids.rules import PAPER_ID_MAX, NewPaper
from procurement.bids.tables import PaperStep
from procurement.database import transaction
from procurement.errors import InvalidInputError
from procurement.files import StoredFileMissingError, read_file, store, store_file
from procurement.permissions import Role
from tests.procurement.rounds.world import (
    actor_of,
    new_organisation,
    new_person,
    new_round,
    publish_round,
)

PDF = b"%PDF-1.7 scanned with a stamp"


class Papers:
    """A published round, a manufacturer and an evaluator."""

    def __init__(self, session, data):
        self.session, self.data = session, data
        self.round = publish_round(session, new_round(session))
        assert self.round.published_at is not None
        self.moment: datetime = self.round.published_at + timedelta(days=1)
        self.maker = new_organisation(session, OrganisationKind.MANUFACTURER, "甲药业")
        self.manager = actor_of(session, new_person(session, self.maker, Role.MANUFACTURER))
        bureau = new_organisation(session, OrganisationKind.BUREAU, "评审办公室")
        self.evaluator = actor_of(session, new_person(session, bureau, Role.EVALUATOR))

    def paper(self, kind, **changes):
        facts = {"title": kind, "file_name": f"{kind}.pdf", "content": PDF + kind.encode()}
        if kind == PaperKind.CERTIFICATE:
            facts["expires_on"] = date(2028, 1, 1)
        return NewPaper(kind=kind, **{**facts, **changes})

    def hand_in(self, kind, **changes):
        return hand_in_paper(
            self.session,
            round_=self.round,
            actor=self.manager,
            paper=self.paper(kind, **changes),
            data=self.data,
            moment=self.moment,
        )

    def submit(self):
        for kind in PaperKind:
            self.hand_in(kind)
        return self.hand_over()

    def hand_over(self):
        return submit_papers(
            self.session, round_=self.round, actor=self.manager, moment=self.moment
        )

    def review(self, status, reason="", due_at=None):
        step = PaperStep(organisation_id=self.maker.id, status=status, reason=reason, due_at=due_at)
        return review_papers(
            self.session, round_=self.round, step=step, actor=self.evaluator, moment=self.moment
        )

    def standing(self, moment=None):
        return paper_standing(
            self.session,
            round_id=self.round.id,
            organisation_id=self.maker.id,
            moment=moment or self.moment,
        )

    def present(self):
        return papers_of(self.session, round_id=self.round.id, organisation_id=self.maker.id)


@pytest.fixture
def papers(engine, tmp_path):
    with transaction(engine) as session:
        yield Papers(session, tmp_path)


def faults_of(raised):
    return [fault.field for fault in raised.value.faults]


def test_ids_of_papers_tell_nobody_how_many_there_are(papers):
    ids = [papers.hand_in(PaperKind.PROMISE).id for _ in range(5)]
    assert all(1 <= one <= PAPER_ID_MAX for one in ids)
    # By chance once in a hundred million runs.
    assert max(ids) - min(ids) > 100


def test_complete_papers_are_handed_in_checked_and_admitted(papers):
    assert papers.standing().status is PaperStatus.COLLECTING
    papers.submit()
    assert papers.standing().status is PaperStatus.SUBMITTED
    papers.review(PaperStatus.ADMITTED)
    assert papers.standing().status is PaperStatus.ADMITTED
    steps = steps_of(papers.session, round_id=papers.round.id, organisation_id=papers.maker.id)
    assert [step.status for step in steps] == ["submitted", "admitted"]


def test_the_file_is_kept_under_its_digest(papers):
    paper = papers.hand_in(PaperKind.PROMISE)
    assert read_file(papers.data, paper.file_digest) == PDF + b"promise"
    (papers.data / "files" / paper.file_digest[:2] / paper.file_digest).write_bytes(b"changed")
    with pytest.raises(StoredFileMissingError):
        read_file(papers.data, paper.file_digest)


def test_papers_cannot_be_handed_in_while_a_kind_is_missing(papers):
    papers.hand_in(PaperKind.APPLICATION)
    with pytest.raises(InvalidInputError) as raised:
        papers.hand_over()
    assert faults_of(raised) == ["authorisation", "certificate", "promise"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"expires_on": None}, "expires_on"),
        ({"expires_on": date(2026, 12, 16)}, "expires_on"),
        ({"title": ""}, "title"),
        ({"title": "长" * 201}, "title"),
        ({"content": b""}, "file"),
        ({"content": b"MZ a program"}, "file"),
        ({"content": b"%PDF-" + bytes(20 * 2**20)}, "file"),
        ({"kind": "price"}, "kind"),
        ({"replaces_id": 999}, "replaces_id"),
    ],
)
def test_a_wrong_paper_is_refused_at_its_field(papers, changes, field):
    with pytest.raises(InvalidInputError) as raised:
        papers.hand_in(**{"kind": PaperKind.CERTIFICATE, **changes})
    assert faults_of(raised) == [field]
    assert papers.present() == []


def test_a_certificate_that_holds_on_the_day_of_the_opening_is_taken(papers):
    # Bids are opened on 17 December in China.
    papers.hand_in(PaperKind.CERTIFICATE, expires_on=date(2026, 12, 17))
    assert len(papers.present()) == 1


def test_a_deficiency_can_be_made_good_until_its_deadline(papers):
    papers.submit()
    due_at = papers.moment + timedelta(hours=2)
    papers.review(PaperStatus.DEFICIENT, "授权书缺少骑缝章", due_at)
    assert papers.standing().may_change
    old = next(one for one in papers.present() if one.kind == PaperKind.AUTHORISATION)
    papers.hand_in(PaperKind.AUTHORISATION, replaces_id=old.id, content=PDF + b"better")
    assert [paper.id for paper in papers.present()] != [old.id]
    assert old.id not in {paper.id for paper in papers.present()}
    papers.hand_over()
    assert papers.standing().status is PaperStatus.SUBMITTED


def test_after_the_deadline_nothing_can_be_completed(papers):
    papers.submit()
    papers.review(PaperStatus.DEFICIENT, "缺页", papers.moment + timedelta(hours=2))
    papers.moment += timedelta(hours=2)
    standing = papers.standing()
    assert standing.is_overdue and not standing.may_change
    with pytest.raises(PapersClosedError):
        papers.hand_over()
    with pytest.raises(PapersClosedError):
        papers.hand_in(PaperKind.PROMISE)


@pytest.mark.parametrize(
    ("reason", "due_in", "field"),
    [
        ("", timedelta(hours=1), "reason"),
        ("缺页", None, "due_at"),
        ("缺页", timedelta(0), "due_at"),
    ],
)
def test_a_notice_of_deficiency_says_what_is_missing_and_until_when(papers, reason, due_in, field):
    papers.submit()
    due_at = None if due_in is None else papers.moment + due_in
    with pytest.raises(InvalidInputError) as raised:
        papers.review(PaperStatus.DEFICIENT, reason, due_at)
    assert faults_of(raised) == [field]


def test_a_deficiency_cannot_be_completed_after_bids_close(papers):
    papers.submit()
    with pytest.raises(InvalidInputError) as raised:
        papers.review(PaperStatus.DEFICIENT, "缺页", papers.round.closes_at + timedelta(seconds=1))
    assert faults_of(raised) == ["due_at"]


def test_a_rejection_needs_its_reason(papers):
    papers.submit()
    with pytest.raises(InvalidInputError):
        papers.review(PaperStatus.REJECTED)


def test_papers_that_were_not_handed_in_cannot_be_admitted(papers):
    with pytest.raises(PaperStepError):
        papers.review(PaperStatus.ADMITTED)


def test_papers_under_check_cannot_be_changed(papers):
    papers.submit()
    with pytest.raises(PapersClosedError):
        papers.hand_in(PaperKind.PROMISE)


def test_whoever_checks_sees_all_who_applied(papers):
    assert applicants(papers.session, round_id=papers.round.id, moment=papers.moment) == []
    papers.submit()
    seen = applicants(papers.session, round_id=papers.round.id, moment=papers.moment)
    assert [(maker.name, standing.status) for maker, standing in seen] == [
        ("甲药业", PaperStatus.SUBMITTED)
    ]


def test_a_stored_file_and_the_folders_that_lead_to_it_are_on_the_disk(tmp_path, monkeypatch):
    synced: list[Path] = []
    monkeypatch.setattr(store, "sync_folder", synced.append)
    digest = store_file(tmp_path, PDF)
    assert synced == [tmp_path / "files" / digest[:2], tmp_path / "files", tmp_path]
