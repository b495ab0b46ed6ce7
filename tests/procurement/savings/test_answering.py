"""Hospitals answer their statements; the bureau reports, publishes, and pays once."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from procurement.database import transaction
from procurement.errors import InvalidInputError, StaleError
from procurement.notices.tables import Notice
from procurement.payments.ledger_checks import verify
from procurement.payments.paying_tables import PaymentInstruction
from procurement.payments.states import InstructionStatus
from procurement.permissions import NotFoundForActorError
from procurement.savings import jobs
from procurement.savings.distribution.planning import PlannedPart, plan_distribution, plan_of
from procurement.savings.paying import paying
from procurement.savings.paying.paying import (
    NoAgencyError,
    NotPaidError,
    StillPublicError,
    close_settlement,
    payments_of,
    start_paying,
)
from procurement.savings.publishing import publishing
from procurement.savings.publishing.public_table import (
    COLUMNS,
    HOSPITAL,
    PAYABLE,
    check_uploaded,
    checked,
    public_table,
)
from procurement.savings.publishing.publishing import (
    MisprintError,
    publication_of,
    published_settlements,
    withdraw_publication,
)
from procurement.savings.publishing.reporting import (
    AnsweredError,
    latest_report,
    report_settlement,
    return_report,
    take_note,
)
from procurement.savings.statements.answering import (
    UnansweredError,
    confirm_statement,
    remind_hospitals,
)
from procurement.savings.statements.content import statements_of
from procurement.savings.states import Verdict, WrongStateError
from procurement.savings.tables import SavingsSettlement
from procurement.savings.tasks import waiting_for
from tests.procurement.savings.world import YEAR_END

UNTIL = date(2028, 1, 17)
AFTER = YEAR_END + timedelta(days=8)


@pytest.fixture
def sent(world):
    """Return a world whose hospitals have their statements."""
    world.buy_agreed()
    return world.computed().send()


@pytest.fixture
def public(sent):
    """Return a world whose table is public."""
    return sent.confirm_all().report().publish(UNTIL)


def texts_of(world, actor):
    with transaction(world.engine) as session:
        return [task.en for task in waiting_for(session, actor=actor, moment=world.moment)]


def test_a_hospital_sees_its_statement_once_it_was_sent(world):
    world.buy_agreed()
    world.computed()
    hospital = world.hospitals[0]
    with pytest.raises(NotFoundForActorError):
        world.statement(hospital.id, with_unsent=False)
    assert not texts_of(world, hospital.actor)
    world.send(answer_by=date(2028, 1, 15))
    assert world.statement(hospital.id, with_unsent=False).answer_by == date(2028, 1, 15)
    assert len(texts_of(world, hospital.actor)) == 1
    with transaction(world.engine) as session:
        told = session.scalars(select(Notice.organisation_id)).all()
    assert {one.id for one in world.hospitals} <= set(told)


def test_exactly_what_was_shown_is_confirmed(sent):
    hospital = sent.hospitals[0]
    with pytest.raises(StaleError):
        sent.do(confirm_statement, hospital_id=hospital.id, digest="0" * 64, actor=hospital.actor)
    sent.confirm(hospital.id)
    assert sent.statement(hospital.id).confirmed_by == hospital.person.name
    with pytest.raises(WrongStateError):
        sent.confirm(hospital.id)


def test_nothing_is_reported_before_every_hospital_answered(sent):
    with pytest.raises(UnansweredError):
        sent.report()
    assert sent.do(remind_hospitals) == len(sent.hospitals)
    sent.confirm_all()
    hospital = sent.hospitals[0]
    sent.object_to(hospital)
    with pytest.raises(UnansweredError):
        sent.report()
    sent.decide(Verdict.REJECTED, "无依据")
    assert sent.statement(hospital.id).status == "decided"
    sent.report()
    report = sent.read(latest_report)
    assert (report.hospitals, report.unanswered) == (6, 0)
    assert report.employee + report.resident == report.amount


def test_who_lets_the_time_pass_does_not_hold_up_the_others(world):
    world.buy_agreed()
    world.computed().send(answer_by=date(2028, 1, 11))
    with pytest.raises(UnansweredError):
        world.report()
    world.moment = AFTER
    with pytest.raises(InvalidInputError):
        world.report()
    world.do(report_settlement, to_bureau_id=world.national.id, note="逾期未复视为无异议")
    assert world.read(latest_report).unanswered == len(world.hospitals)


def test_the_bureau_above_takes_note_of_a_report_or_returns_it(sent):
    sent.confirm_all()
    with pytest.raises(InvalidInputError):
        sent.do(report_settlement, to_bureau_id=sent.agency.id, note="")
    sent.do(report_settlement, to_bureau_id=sent.national.id, note="")
    assert len(texts_of(sent, sent.national.actor)) == 1
    sent.do(return_report, reason="请核对参保占比", actor=sent.national.actor)
    sent.do(report_settlement, to_bureau_id=sent.national.id, note="")
    sent.do(take_note, actor=sent.national.actor)
    with pytest.raises(AnsweredError):
        sent.do(take_note, actor=sent.national.actor)
    assert not texts_of(sent, sent.national.actor)
    sent.publish()


def test_a_county_reports_to_a_bureau_above(sent):
    sent.confirm_all()
    with transaction(sent.engine) as session:
        bureau = session.get_one(type(sent.bureau), sent.bureau.id)
        bureau.region = "340123"
    with pytest.raises(InvalidInputError):
        sent.report()
    sent.do(report_settlement, to_bureau_id=sent.national.id, note="")


def test_the_table_is_public_with_its_parameters_for_the_given_term(public):
    view = public.read(publication_of)
    assert view.row.until == UNTIL
    assert [row[HOSPITAL] for row in view.rows][-1] == "合计"
    assert len(view.rows) == len(public.hospitals) + 1
    assert {one["key"] for one in view.parameters} >= {"negative_base", "bands", "indicators"}
    assert [row["家数"] for row in view.bands] == ["6", "0", "0", "6"]
    with transaction(public.engine) as session:
        assert [one.name for one in published_settlements(session)] == ["anhui-2027"]


def test_a_table_that_contradicts_itself_is_not_published(sent, monkeypatch):
    sent.confirm_all().report()

    def misprinted(session, *, settlement):
        table = public_table(session, settlement=settlement)
        rows = [{**row, PAYABLE: "1.00"} for row in table.rows]
        return checked(rows, table.bands)

    monkeypatch.setattr(publishing, "public_table", misprinted)
    with pytest.raises(MisprintError) as refusal:
        sent.publish()
    assert "合计" in refusal.value.zh
    with pytest.raises(NotFoundForActorError):
        sent.read(publication_of)


def test_a_table_that_somebody_typed_is_checked_against_itself_and_the_statements(public):
    rows = list(public.read(publication_of).rows)
    text = ",".join(COLUMNS) + "\n"
    text += "".join(",".join(row[name] for name in COLUMNS) + "\n" for row in rows)
    assert public.read(check_uploaded, content=text.encode()) == ((), ())
    amount = rows[0][PAYABLE]
    misprints, differences = public.read(
        check_uploaded, content=text.replace(amount, "0.01", 1).encode()
    )
    assert misprints
    assert differences
    with pytest.raises(InvalidInputError):
        public.read(check_uploaded, content=b"a,b\n1,2\n")


def test_the_term_of_publicity_and_its_document_must_be_given(sent):
    sent.confirm_all().report()
    with pytest.raises(InvalidInputError):
        sent.publish(date(2028, 1, 9))
    with pytest.raises(InvalidInputError):
        sent.do(publishing.publish, until=UNTIL, basis=" ")


def test_an_objection_to_what_is_public_takes_it_back(public):
    public.do(withdraw_publication, reason="公示期内收到异议")
    with pytest.raises(NotFoundForActorError):
        public.read(publication_of)
    public.report().publish()


def test_nothing_is_paid_before_the_term_has_ended_or_without_an_agency(public):
    with pytest.raises(StillPublicError):
        public.start(start_paying, actor=public.agency.actor)
    public.moment = AFTER
    with transaction(public.engine) as session:
        session.execute(update(SavingsSettlement).values(agency_id=None))
    with pytest.raises(NoAgencyError):
        public.start(start_paying, actor=public.agency.actor)


def test_both_funds_pay_every_hospital_once_however_often_the_job_is_killed(public, monkeypatch):
    public.moment = AFTER
    assert len(texts_of(public, public.agency.actor)) == 1
    run_id = public.start(start_paying, actor=public.agency.actor)
    seen = []

    def killed_in_the_third(session, *, run, moment):
        step = paying.pay_step(session, run=run, moment=moment)
        seen.append(step)
        if len(seen) == 3:
            raise KeyboardInterrupt  # after it was written, before it is committed
        return step

    with monkeypatch.context() as patch:
        patch.setattr(jobs, "pay_step", killed_in_the_third)
        with pytest.raises(KeyboardInterrupt):
            public.job(run_id)
    assert public.job(run_id).status == "done"
    public.job(run_id)
    run_id = public.start(start_paying, actor=public.agency.actor)
    assert public.job(run_id).total == 0
    statements = {row.hospital_id: row for row in public.read(statements_of)}
    with transaction(public.engine) as session:
        instructions = session.scalars(select(PaymentInstruction)).all()
        assert not verify(session)
    assert len(instructions) == len(public.hospitals)
    for one in instructions:
        statement = statements[one.payee_id]
        assert (one.employee, one.resident) == (statement.employee, statement.resident)
        assert one.amount == statement.payable


def test_a_cancelled_instruction_is_given_again_and_all_must_be_paid(public):
    public.moment = AFTER
    public.job(public.start(start_paying, actor=public.agency.actor))
    with pytest.raises(NotPaidError):
        public.do(close_settlement, actor=public.agency.actor)
    with transaction(public.engine) as session:
        first = session.scalars(select(PaymentInstruction)).first()
        assert first is not None
        first.status = InstructionStatus.CANCELLED
        hospital_id = first.hospital_id
    run = public.job(public.start(start_paying, actor=public.agency.actor))
    assert (run.total, run.status) == (1, "done")
    rows = public.read(payments_of)
    again = next(row for row in rows if row.payment.hospital_id == hospital_id)
    assert again.payment.key.endswith("/2")
    with transaction(public.engine) as session:
        wanted = PaymentInstruction.status != "cancelled"
        session.execute(update(PaymentInstruction).where(wanted).values(status="paid"))
    assert len(texts_of(public, public.agency.actor)) == 1
    public.do(close_settlement, actor=public.agency.actor)
    with pytest.raises(WrongStateError):
        public.start(start_paying, actor=public.agency.actor)


def test_a_plan_of_distribution_adds_up_to_the_cent(public):
    hospital = public.hospitals[0]
    payable = public.statement(hospital.id).payable
    parts = [
        PlannedPart("药学部", "", "0.01"),
        PlannedPart("内科", "", "", "1"),
        PlannedPart("外科", "", "", "2"),
    ]
    given = {"hospital_id": hospital.id, "basis": "院内办法", "actor": hospital.actor}
    public.do(plan_distribution, parts=parts, **given)
    view = public.read(plan_of, hospital_id=hospital.id)
    assert sum(part.amount for part in view.parts) == payable
    assert view.parts[0].amount == Decimal("0.01")
    exact = [PlannedPart("全院", "", str(payable))]
    public.do(plan_distribution, parts=exact, **given)
    assert public.read(plan_of, hospital_id=hospital.id).plan.number == 2


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [PlannedPart("", "", "1.00")],
        [PlannedPart("药学部", "", "0.001")],
        [PlannedPart("药学部", "", "1.00", "1")],
        [PlannedPart("药学部", "", "", "")],
        [PlannedPart("药学部", "", "", "0")],
        [PlannedPart("药学部", "", "9999999.00")],
        [PlannedPart("药学部", "", "0.01")],
    ],
)
def test_a_plan_that_does_not_add_up_is_refused(public, parts):
    hospital = public.hospitals[0]
    with pytest.raises(InvalidInputError):
        public.do(
            plan_distribution,
            hospital_id=hospital.id,
            basis="院内办法",
            parts=parts,
            actor=hospital.actor,
        )
