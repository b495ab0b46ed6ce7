"""Prepayment of a round, its passing on and clearing; revolving money; retained savings."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from procurement.accounts.divisions import province_of
from procurement.audit.tables import AuditEntry
from procurement.credit_rating.tables import CreditMatter
from procurement.database import transaction
from procurement.orders.invoices.tables import InvoiceLine
from procurement.payments.account_kinds import Account, AccountKind, Fund
from procurement.payments.agreed_amounts import agreed_amount
from procurement.payments.errors import (
    AmountUnexpectedError,
    GradeBarredError,
    NothingLeftError,
    RuleMissingError,
)
from procurement.payments.facts import paid_on
from procurement.payments.goods import open_goods, take_over_invoices
from procurement.payments.ledger import NewPosting, balance, post
from procurement.payments.prepaying import (
    Clearing,
    Given,
    PassedOn,
    clear_prepayment,
    give_prepayment,
    record_pass,
)
from procurement.payments.reserve import Repaying, repay_reserve
from procurement.payments.retained import RetainedPay, pay_retained
from procurement.payments.returned_payments import post_set_aside, set_aside
from procurement.payments.revolving import (
    RevolvingBack,
    RevolvingGiven,
    give_revolving,
    take_revolving_back,
)
from procurement.payments.rules.events import Event, prepayment_passed_on
from procurement.payments.rules.ledger import KeyReusedError, OverdrawnError
from procurement.payments.rules.prepayment import RatioTooLowError
from procurement.payments.states import BankOutcome, InstructionStatus, PassStep, WrongStateError
from procurement.payments.tables import (
    GoodsPayable,
    PaymentInstruction,
    Prepayment,
    PrepaymentPass,
)

K = AccountKind
MOMENT = datetime(2027, 3, 1, 4, tzinfo=UTC)
TIANJIN = "prepayment-tianjin-2019"


def held(world, kind, owner, counterpart=None, fund=Fund.NONE):
    with world.read() as session:
        return balance(session, account=Account(kind, owner, counterpart, fund))


def give(world, rulebook=TIANJIN, ratio=None, seller=None, **parameters):
    given = Given(
        agency_id=world.agency.id,
        hospital_id=world.hospital.id,
        term_id=world.orders.term_id,
        rulebook=rulebook,
        document="预付通知 1",
        parameters=parameters or {"prepay.fund": "employee"},
        ratio=None if ratio is None else Decimal(ratio),
        seller_id=seller,
    )
    with transaction(world.engine) as session:
        row = give_prepayment(session, given=given, actor=world.agency.actor, moment=MOMENT)
        return row.id, row.instruction_id


def passed(world, prepayment, **facts):
    known = {
        "prepayment_id": prepayment,
        "step": PassStep.HOSPITAL_TO_DISTRIBUTOR,
        "payer_id": world.hospital.id,
        "payee_id": world.seller.id,
        "paid_on": date(2027, 4, 14),
        "voucher": "V1",
        "voucher_digest": "0" * 64,
        **facts,
    }
    with transaction(world.engine) as session:
        return record_pass(
            session, passed=PassedOn(**known), actor=world.hospital.actor, moment=MOMENT
        ).id


def test_tianjin_prepays_half_and_the_hospital_passes_it_on_within_five_working_days(world):
    world.account(world.hospital)
    prepayment, instruction = give(world)
    with world.read() as session:
        row = session.get_one(Prepayment, prepayment)
        term = {"term_id": world.orders.term_id, "hospital_id": world.hospital.id}
        agreed = agreed_amount(session, **term)
        assert agreed > 0
        assert row.amount == (agreed / 2).quantize(Decimal("0.01"))
        amount = row.amount
    with pytest.raises(WrongStateError):
        passed(world, prepayment, amount=Decimal(1))
    world.pay(instruction)
    assert held(world, K.OWN_MONEY, world.hospital.id) == amount
    with pytest.raises(AmountUnexpectedError):
        passed(world, prepayment, amount=amount + 1)
    one = passed(world, prepayment, amount=amount)
    with world.read() as session:
        row = session.get_one(PrepaymentPass, one)
        # The bank paid on Thursday, 8 April 2027.
        assert row.due_on == date(2027, 4, 15)
    assert held(world, K.PREPAID_TO_SELLER, world.hospital.id, world.seller.id) == amount
    maker = world.orders.maker.id
    facts = {"step": PassStep.DISTRIBUTOR_TO_MAKER, "payer_id": world.seller.id}
    two = passed(
        world, prepayment, payee_id=maker, amount=Decimal(100), paid_on=date(2027, 4, 20), **facts
    )
    with world.read() as session:
        row = session.get_one(PrepaymentPass, two)
        assert (row.due_on, row.paid_on > row.due_on) == (date(2027, 4, 19), True)
    assert world.faults() == []


def test_a_voucher_names_one_payment_and_passing_on_is_on_record(world):
    world.account(world.hospital)
    prepayment, instruction = give(world)
    world.pay(instruction)
    passed(world, prepayment, amount=Decimal(10))
    with pytest.raises(KeyReusedError):
        passed(world, prepayment, amount=Decimal(20))
    passed(world, prepayment, amount=Decimal(20), voucher="V2")
    with world.read() as session:
        noted = session.query(AuditEntry).filter_by(action="pass-prepayment-on")
        assert noted.count() == 2
    assert world.faults() == []


def test_a_return_of_what_was_used_waits_and_lets_the_other_results_pass(world):
    for one in (world.hospital, world.seller):
        world.account(one)
    parameters = {"prepay.fund": "resident", "prepay.ratio": "0.30"}
    _, first = give(world, "prepayment-yibin", seller=world.seller.id, **parameters)
    second = revolving(world)
    world.pay(first, second)
    world.receive(1)
    with transaction(world.engine) as session:
        take_over_invoices(session, moment=world.orders.moment)
    world.bank(first, second, outcome=BankOutcome.RETURNED)
    assert world.instructions(InstructionStatus.RETURNED) == [second]
    assert world.instructions(InstructionStatus.PAID) == [first]
    with world.read() as session:
        row = session.get_one(PaymentInstruction, first)
        assert set_aside(session, instruction=row) is not None
        other = session.get_one(PaymentInstruction, second)
        assert set_aside(session, instruction=other) is None

    def post_back():
        with transaction(world.engine) as session:
            row = session.get_one(PaymentInstruction, first)
            post_set_aside(
                session,
                instruction=row,
                version=row.version,
                actor=world.agency.actor,
                moment=MOMENT,
            )

    with pytest.raises(OverdrawnError):
        post_back()
    # The distributor has as much again.
    with transaction(world.engine) as session:
        new = NewPosting(
            kind=Event.PREPAYMENT_PASSED_ON,
            key="more",
            subject="x",
            entries=prepayment_passed_on(world.hospital.id, world.seller.id, Decimal(30)),
        )
        post(session, new=new, actor=None, moment=MOMENT)
    post_back()
    assert world.instructions(InstructionStatus.RETURNED) == [first, second]
    with pytest.raises(NothingLeftError):
        post_back()
    assert world.faults() == []


def test_what_moves_revolving_money_reserve_and_prepayments_is_on_record_once(world):
    world.account(world.hospital)
    world.pay(revolving(world))
    world.owe("300")
    back = RevolvingBack(
        agency_id=world.agency.id,
        hospital_id=world.hospital.id,
        fund=Fund.EMPLOYEE,
        amount=Decimal(300),
        document="归还 1",
        by_offset=True,
    )
    for _ in range(2):
        world.fill("100")
        with transaction(world.engine) as session:
            take_revolving_back(session, back=back, actor=world.agency.actor, moment=MOMENT)
    with world.read() as session:
        noted = [one.action for one in session.query(AuditEntry)]
    assert [noted.count(one) for one in ("fill-reserve", "take-revolving-money-back")] == [1, 1]


def test_what_was_prepaid_pays_the_first_deliveries(world):
    world.account(world.seller)
    parameters = {"prepay.fund": "resident", "prepay.ratio": "0.30"}
    _, instruction = give(world, "prepayment-yibin", seller=world.seller.id, **parameters)
    world.pay(instruction)
    prepaid = held(world, K.PREPAID_TO_SELLER, world.hospital.id, world.seller.id)
    assert prepaid > 0
    packs = int(prepaid / 30) + 2
    world.receive(packs)
    with transaction(world.engine) as session:
        assert take_over_invoices(session, moment=world.orders.moment) == 1
        assert take_over_invoices(session, moment=world.orders.moment) == 0
    with world.read() as session:
        (one,) = open_goods(session, hospital_id=world.hospital.id)
        assert one.left == packs * 30 - prepaid
    assert held(world, K.PREPAID_TO_SELLER, world.hospital.id, world.seller.id) == 0
    # The agency gets it back from what the fund owes, by a document of its own.
    world.owe(prepaid, Fund.RESIDENT)
    clearing = Clearing(
        agency_id=world.agency.id,
        hospital_id=world.hospital.id,
        fund=Fund.RESIDENT,
        amount=prepaid,
        document="冲销单 1",
    )
    with transaction(world.engine) as session:
        first = clear_prepayment(
            session, clearing=clearing, actor=world.agency.actor, moment=MOMENT
        )
        again = clear_prepayment(
            session, clearing=clearing, actor=world.agency.actor, moment=MOMENT
        )
        assert first is again
    assert held(world, K.PREPAID, world.agency.id, world.hospital.id) == 0
    with world.read() as session:
        assert session.query(AuditEntry).filter_by(action="clear-prepayment").count() == 1
    assert world.faults() == []


def test_a_delivery_wholly_prepaid_is_paid_on_the_day_it_is_taken_over(world):
    world.account(world.seller)
    parameters = {"prepay.fund": "resident", "prepay.ratio": "0.30"}
    _, instruction = give(world, "prepayment-yibin", seller=world.seller.id, **parameters)
    world.pay(instruction)
    world.receive(1)
    with transaction(world.engine) as session:
        take_over_invoices(session, moment=world.orders.moment)
    with world.read() as session:
        goods = session.query(GoodsPayable).one()
        line = session.get_one(InvoiceLine, goods.invoice_line_id).receipt_line_id
        assert paid_on(session, [line]) == {line: world.orders.day}
        assert open_goods(session) == []


@pytest.mark.parametrize(
    ("rulebook", "ratio", "parameters", "refusal"),
    [
        ("prepayment-national-2021", "0.29", {"prepay.fund": "employee"}, RatioTooLowError),
        (TIANJIN, "0.4", {"prepay.fund": "employee"}, RatioTooLowError),
        ("prepayment-national-2021", None, {"prepay.fund": "employee"}, RuleMissingError),
        ("prepayment-national-2021", "0.3", {"prepay.way": "hospital"}, RuleMissingError),
    ],
)
def test_a_share_that_is_not_the_rulebooks_is_refused(world, rulebook, ratio, parameters, refusal):
    with pytest.raises(refusal):
        give(world, rulebook, ratio, **parameters)


def test_a_term_is_prepaid_once(world):
    give(world)
    with pytest.raises(KeyReusedError):
        give(world)


def revolving(world, amount="1000", document="周转金通知 1", **parameters):
    known = {
        "revolving.limit": "1500",
        "revolving.grades": ["none", "minor"],
        "prepay.fund": "employee",
    }
    given = RevolvingGiven(
        agency_id=world.agency.id,
        hospital_id=world.hospital.id,
        agreement="XY2027-001",
        amount=Decimal(amount),
        document=document,
        rulebook="prepayment-revolving-liaoning-2021",
        parameters={**known, **parameters},
    )
    with transaction(world.engine) as session:
        return give_revolving(
            session, given=given, actor=world.agency.actor, moment=MOMENT
        ).instruction_id


def test_revolving_money_is_given_up_to_the_limit_and_comes_back(world):
    world.account(world.hospital)
    with pytest.raises(AmountUnexpectedError):
        revolving(world, "1501")
    world.pay(revolving(world))
    with pytest.raises(AmountUnexpectedError):
        revolving(world, "501", "周转金通知 2")
    assert held(world, K.OWN_MONEY, world.hospital.id) == 1000
    world.owe("300")
    for number, (amount, by_offset) in enumerate((("300", True), ("700", False))):
        back = RevolvingBack(
            agency_id=world.agency.id,
            hospital_id=world.hospital.id,
            fund=Fund.EMPLOYEE,
            amount=Decimal(amount),
            document=f"归还 {number}",
            by_offset=by_offset,
        )
        with transaction(world.engine) as session:
            take_revolving_back(session, back=back, actor=world.agency.actor, moment=MOMENT)
    assert held(world, K.REVOLVING, world.agency.id, world.hospital.id) == 0
    assert held(world, K.OWN_MONEY, world.hospital.id) == 300
    with transaction(world.engine) as session, pytest.raises(OverdrawnError):
        more = RevolvingBack(
            agency_id=world.agency.id,
            hospital_id=world.hospital.id,
            fund=Fund.EMPLOYEE,
            amount=Decimal(1),
            document="归还 3",
            by_offset=False,
        )
        take_revolving_back(session, back=more, actor=world.agency.actor, moment=MOMENT)
    assert world.faults() == []


def test_a_credit_grade_outside_those_given_gets_no_revolving_money(world):
    with transaction(world.engine) as session:
        session.add(
            CreditMatter(
                organisation_id=world.hospital.id,
                region=province_of(world.hospital.organisation.region),
                matter="promise",
                circumstances="",
                basis="judgement",
                document="x",
                found_on=date(2026, 1, 1),
                description="",
                scale="credit-2025",
                grade="serious",
                clause="x",
                reason="x",
                is_by_rule=True,
                in_force_from=date(2026, 1, 1),
                recorded_at=MOMENT,
            )
        )
    with pytest.raises(GradeBarredError):
        revolving(world)


def test_retained_savings_are_never_paid_twice(world):
    world.account(world.hospital)
    retained = RetainedPay(
        key="settlement-1/hospital-2",
        hospital_id=world.hospital.id,
        agency_id=world.agency.id,
        employee=Decimal("12.34"),
        resident=Decimal("0.01"),
    )
    ids = set()
    for _ in range(2):
        with transaction(world.engine) as session:
            row = pay_retained(session, retained=retained, actor=world.agency.actor, moment=MOMENT)
            ids.add(row.id)
    (one,) = ids
    world.pay(one)
    assert held(world, K.OWN_MONEY, world.hospital.id) == Decimal("12.35")
    with transaction(world.engine) as session:
        again = pay_retained(session, retained=retained, actor=world.agency.actor, moment=MOMENT)
        assert again.id == one
    for wrong, refusal in (
        ({"resident": Decimal("0.02")}, KeyReusedError),
        ({"key": "other", "employee": Decimal("0.001")}, AmountUnexpectedError),
        ({"key": "other", "employee": Decimal(0), "resident": Decimal(0)}, NothingLeftError),
    ):
        facts = {name: getattr(retained, name) for name in RetainedPay.__slots__} | wrong
        with transaction(world.engine) as session, pytest.raises(refusal):
            pay_retained(
                session,
                retained=RetainedPay(**facts),
                actor=world.agency.actor,
                moment=MOMENT,
            )
    assert world.faults() == []


def test_who_owes_the_reserve_nothing_cannot_pay_it_back(world):
    for hospital in (world.hospital.id, 2_000_000):
        repaying = Repaying(
            agency_id=world.agency.id, hospital_id=hospital, amount=Decimal(1), voucher="V1"
        )
        with transaction(world.engine) as session, pytest.raises(AmountUnexpectedError):
            repay_reserve(session, repaying=repaying, actor=world.agency.actor, moment=MOMENT)
