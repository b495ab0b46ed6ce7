"""Rated firms object and repair, bureaus answer, and the highest grades are public."""

from datetime import date

import pytest
from sqlalchemy import select

from procurement.accounts.tables import OrganisationKind
from procurement.audit import entries_about
from procurement.credit_rating.applications import (
    AlreadyAnsweredError,
    NewApplication,
    StillOpenError,
    answer_application,
    applications_of,
    file_application,
    unanswered,
)
from procurement.credit_rating.grades import grade_of
from procurement.credit_rating.publishing import public_grades, publish_notice
from procurement.credit_rating.reading import measures_done
from procurement.credit_rating.repair import AlreadyClearedError
from procurement.credit_rating.tables import CreditMatter
from procurement.credit_rating.words import ApplicationKind, GradeWord
from procurement.database import transaction
from procurement.errors import InvalidInputError
from procurement.files import NewFile, read_file
from procurement.notices import notices_of
from procurement.permissions import Actor, Role
from tests.procurement.credit_rating.test_service import MATTER, OFFICER, recorded
from tests.procurement.platform import running_platform
from tests.procurement.world import MOMENT, new_organisation, new_person

TODAY = date(2026, 11, 22)
PDF = NewFile("整改报告.pdf", b"%PDF-1.7 report")


@pytest.fixture
def session(engine):
    with transaction(engine) as opened:
        firm = new_organisation(opened, OrganisationKind.MANUFACTURER, name="甲药业")
        opened.info["firm"] = new_person(opened, firm, roles=(Role.MANUFACTURER,))
        yield opened


def actor(session) -> Actor:
    person = session.info["firm"]
    return Actor(
        person_id=person.id,
        organisation_id=person.organisation_id,
        roles=frozenset({Role.MANUFACTURER}),
    )


def filed(session, tmp_path, matter, kind=ApplicationKind.OBJECTION, **changed):
    wanted = {
        "kind": kind,
        "text": "判决已被再审撤销。",
        "signed_by": session.info["firm"].name,
        **changed,
    }
    return file_application(
        session,
        matter_id=matter.id,
        wanted=NewApplication(**wanted),
        actor=actor(session),
        folder=tmp_path,
        moment=MOMENT,
    )


def answered(session, application, *, is_upheld):
    return answer_application(
        session,
        application_id=application.id,
        is_upheld=is_upheld,
        text="经核实。",
        actor=OFFICER,
        moment=MOMENT,
    )


def word(session, matter):
    found = grade_of(
        session,
        organisation_id=matter.organisation_id,
        region="340000",
        on_date=date(2027, 1, 1),
    )
    return found.word


def test_an_objection_that_is_upheld_withdraws_the_grade(session, tmp_path):
    matter = recorded(session)
    assert word(session, matter) == GradeWord.SERIOUS
    application = filed(session, tmp_path, matter, files=(PDF,))
    assert [one.id for one, _ in unanswered(session)] == [application.id]
    answered(session, application, is_upheld=True)
    assert word(session, matter) == GradeWord.NONE
    assert unanswered(session) == []
    (card,) = applications_of(session, matter_id=matter.id)
    assert card.answer is not None and card.answer.is_upheld
    assert read_file(tmp_path, card.files[0].file_digest) == PDF.content
    actions = [one.action for one in entries_about(session, subject=f"credit-matter/{matter.id}")]
    assert actions[-3:] == ["apply-for-credit", "answer-credit-application", "clear-credit-matter"]
    told = notices_of(session, organisation_id=matter.organisation_id)
    assert any("答复" in one.zh for one in told)


def test_a_rejected_objection_changes_nothing_and_may_be_raised_again(session, tmp_path):
    matter = recorded(session)
    application = filed(session, tmp_path, matter)
    with pytest.raises(StillOpenError):
        filed(session, tmp_path, matter)
    answered(session, application, is_upheld=False)
    assert word(session, matter) == GradeWord.SERIOUS
    with pytest.raises(AlreadyAnsweredError):
        answered(session, application, is_upheld=True)
    filed(session, tmp_path, matter)


def test_accepted_measures_are_recorded_and_the_grade_stays_until_it_is_cleared(session, tmp_path):
    matter = recorded(session)
    repair = filed(session, tmp_path, matter, ApplicationKind.REPAIR, measures=(1, 4), files=(PDF,))
    answered(session, repair, is_upheld=True)
    assert sorted(measures_done(session, matter_id=matter.id)) == [1, 4]
    assert word(session, matter) == GradeWord.SERIOUS


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"text": " "}, ["text"]),
        ({"signed_by": "别人"}, ["signed_by"]),
        ({"files": (NewFile("x.exe", b"MZ"),)}, ["files"]),
        ({"kind": ApplicationKind.REPAIR}, ["measures", "files"]),
        ({"kind": ApplicationKind.REPAIR, "measures": (3,), "files": (PDF,)}, ["measures"]),
    ],
    ids=["empty", "name", "kind-of-file", "nothing-done", "unknown-measure"],
)
def test_what_is_wrong_is_said_at_once(session, tmp_path, changed, fields):
    matter = recorded(session)
    with pytest.raises(InvalidInputError) as refused:
        filed(session, tmp_path, matter, **changed)
    assert [fault.field for fault in refused.value.faults] == fields


def test_a_grade_that_is_over_takes_no_application(session, tmp_path):
    matter = recorded(session)
    answered(session, filed(session, tmp_path, matter), is_upheld=True)
    with pytest.raises(AlreadyClearedError):
        filed(session, tmp_path, matter)


def test_nobody_applies_for_another_firm(engine, tmp_path):
    with transaction(engine) as session:
        new_organisation(session, OrganisationKind.MANUFACTURER, name=MATTER["organisation"])
        other = new_organisation(session, OrganisationKind.MANUFACTURER, name="乙药业")
        stranger = new_person(session, other, roles=(Role.MANUFACTURER,))
        matter_id = recorded(session).id
    with running_platform(engine, tmp_path) as platform:
        typed = {"kind": "objection", "text": "a", "signed_by": stranger.name}
        address = f"/credit/matters/{matter_id}/applications"
        assert platform.signed_in(stranger).post(address, data=typed).status_code == 404
        by_machine = platform.with_token(stranger).post(f"/api/v1{address}", json=typed)
        assert by_machine.status_code == 404


def test_only_the_two_highest_grades_in_force_are_public(session, tmp_path):
    low = recorded(session, cumulated="20000", region="330000")
    high = recorded(session)
    publish_notice(
        session,
        matter_id=high.id,
        text="现予公告。",
        served_on=date(2026, 12, 7),
        basis="青海：公告 15 日视为送达",
        actor=OFFICER,
        moment=MOMENT,
    )
    (shown,) = public_grades(session, on_date=TODAY)
    assert (shown.matter.id, shown.organisation.name) == (high.id, "甲药业")
    assert [one.text for one in shown.notices] == ["现予公告。"]
    assert low.grade == GradeWord.DISHONEST
    answered(session, filed(session, tmp_path, high), is_upheld=True)
    assert public_grades(session, on_date=date(2027, 1, 1)) == []


@pytest.mark.parametrize(
    ("served_on", "basis", "field"),
    [(date(2026, 1, 1), "x", "served_on"), (date(2027, 1, 1), "", "basis"), (None, "x", "basis")],
)
def test_a_day_of_service_needs_its_rule(session, served_on, basis, field):
    matter = recorded(session)
    with pytest.raises(InvalidInputError) as refused:
        publish_notice(
            session,
            matter_id=matter.id,
            text="公告",
            served_on=served_on,
            basis=basis,
            actor=OFFICER,
            moment=MOMENT,
        )
    assert [fault.field for fault in refused.value.faults] == [field]


def test_firm_and_bureau_at_their_pages(engine, tmp_path):
    with transaction(engine) as session:
        firm = new_organisation(session, OrganisationKind.MANUFACTURER, name=MATTER["organisation"])
        bureau = new_organisation(session, OrganisationKind.BUREAU, region="340000")
        maker = new_person(session, firm, roles=(Role.MANUFACTURER,))
        clerk = new_person(session, bureau, roles=(Role.OFFICER,))
        matter_id = recorded(session).id
    with running_platform(engine, tmp_path) as platform:
        at_firm, at_bureau = platform.signed_in(maker), platform.signed_in(clerk)
        page = f"/credit/matters/{matter_id}"
        assert "提出异议或申请修复" in at_firm.get(page).text
        typed = {"kind": "repair", "text": "已整改。", "measures": "1", "signed_by": maker.name}
        refused = at_firm.post(f"{page}/applications", data=typed)
        assert refused.status_code == 422
        assert "已整改。" in refused.text
        sent = at_firm.post(
            f"{page}/applications",
            data=typed,
            files={"file_1": (PDF.name, PDF.content, "application/pdf")},
        )
        assert sent.status_code == 303, sent.text
        assert "答复信用评价申请" in at_bureau.get("/").text
        application_id = _only_application(engine)
        file_id = 1
        address = f"/credit/applications/{application_id}/files/{file_id}"
        assert at_bureau.get(address).content == PDF.content
        assert platform.nobody().get(address).status_code in (303, 401, 403)
        told = at_bureau.post(
            f"/credit/applications/{application_id}/answer",
            data={"verdict": "upheld", "answer": "予以认定。"},
        )
        assert told.status_code == 303
        published = at_bureau.post(f"{page}/notices", data={"notice": "公告全文。"})
        assert published.status_code == 303
        public = platform.nobody().get("/credit/public")
        assert "公告全文。" in public.text and "甲药业" in public.text
        listed = platform.nobody().get("/api/v1/credit/public").json()["items"]
        assert [(one["firm"], one["grade"]) for one in listed] == [("甲药业", "serious")]
        assert "Published credit grades" in platform.nobody().get("/credit/public?lang=en").text


def _only_application(engine) -> int:
    with transaction(engine) as session:
        matter = session.scalars(select(CreditMatter)).one()
        (card,) = applications_of(session, matter_id=matter.id)
        return card.application.id
