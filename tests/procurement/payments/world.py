"""Goods that were delivered and invoiced, an agency with two persons, bank accounts, a month."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from procurement.accounts.tables import Organisation
from procurement.database import snapshot, transaction
from procurement.payments.account_kinds import Fund
from procurement.payments.bank_accounts import AccountDetails, confirm_account, propose_account
from procurement.payments.bank_results import Reported, ReportedFile, record_results
from procurement.payments.claims import Wanted, advance, apply_for
from procurement.payments.fund_payables import PayableFacts, record_fund_payable
from procurement.payments.instructions import confirm_instruction, mark_exported
from procurement.payments.ledger_checks import verify
from procurement.payments.months import NewMonth, open_month
from procurement.payments.offsets import instruct_month
from procurement.payments.reserve import Filling, fill_reserve
from procurement.payments.states import BankOutcome, ClaimStatus, InstructionStatus
from procurement.payments.tables import Claim, PaymentInstruction, SettlementMonth
from procurement.permissions import Role
from tests.procurement.agreements.world import Somebody
from tests.procurement.orders.invoices.selling import line, sent, submit
from tests.procurement.orders.world import OrdersWorld, running_round
from tests.procurement.rounds.world import actor_of, new_person

KEY = bytes(range(32))
MARCH = date(2027, 3, 1)
APRIL_2 = datetime(2027, 4, 2, 2, tzinfo=UTC)
PARAMETERS = {"direct.fund_order": ["employee", "resident"], "direct.refill": "after-goods"}
PACK = Decimal(30)
"""Price of a pack of 缬沙坦 (L03)."""

_STEPS = (ClaimStatus.HOSPITAL_CHECKED, ClaimStatus.AGENCY_CHECKED, ClaimStatus.RECONCILED)


class PaymentsWorld:
    """A running round whose goods are paid for."""

    def __init__(self, orders: OrdersWorld) -> None:
        self.orders = orders
        self.engine = orders.engine
        self.hospital, self.agency = orders.hospital, orders.agency
        self.seller = orders.distributor
        self.seconds: dict[int, Somebody] = {}
        with transaction(self.engine) as session:
            for one in (self.hospital, self.agency, self.seller):
                self.seconds[one.id] = self._second(session, one)
        self._invoices = 0
        self._files = 0
        self.moment = orders.moment

    def _second(self, session, one: Somebody) -> Somebody:
        (role,) = one.actor.roles - {Role.PUBLIC}
        organisation = session.get_one(Organisation, one.id)
        person = new_person(session, organisation, role)
        return Somebody(organisation, person, actor_of(session, person))

    def read(self):
        return snapshot(self.engine)

    def second(self, one: Somebody):
        """Another person of the same organisation."""
        return self.seconds[one.id].actor

    def receive(self, packs: int = 10) -> int:
        """Order, deliver, accept and invoice packs; return the invoice."""
        receipt = self.orders.buy(packs)
        self._invoices += 1
        number = f"2534200{self._invoices:013d}"
        invoice: int = submit(self.orders, sent(line(self.orders, receipt, packs), number=number))
        return invoice

    def account(self, one: Somebody, *, is_insurance: bool = False, number: str = "") -> int:
        """Give an organisation a confirmed account."""
        details = AccountDetails(
            holder=one.organisation.name,
            bank="中国银行合肥分行",
            number=number or f"6217000000{one.id:06d}",
            is_insurance=is_insurance,
        )
        with transaction(self.engine) as session:
            account = propose_account(
                session,
                organisation_id=one.id,
                details=details,
                secret_key=KEY,
                actor=one.actor,
                moment=self.moment,
            )
            confirm_account(session, account=account, actor=self.second(one), moment=self.moment)
            return account.id

    def month(self, rulebook: str = "direct-fujian-2017", parameters=None) -> int:
        """Open March 2027 at the agency."""
        given = PARAMETERS if parameters is None else parameters
        new = NewMonth(self.agency.id, MARCH, rulebook, given)
        with transaction(self.engine) as session:
            return open_month(session, new=new, actor=self.agency.actor, moment=self.moment).id

    def claim(self, month_id: int, *, goods_ids=(), moment=APRIL_2) -> int:
        """Apply for the seller's goods of a month; return the claim."""
        with transaction(self.engine) as session:
            return apply_for(
                session,
                month=session.get_one(SettlementMonth, month_id),
                wanted=Wanted(self.seller.id, self.hospital.id, goods_ids),
                actor=self.seller.actor,
                moment=moment,
            ).id

    def reconcile(self, claim_id: int, *, until=ClaimStatus.RECONCILED) -> None:
        """Let hospital, agency and company do their steps."""
        who = dict(zip(_STEPS, (self.hospital, self.agency, self.seller), strict=True))
        for step in _STEPS[: _STEPS.index(until) + 1]:
            with transaction(self.engine) as session:
                claim = session.get_one(Claim, claim_id)
                advance(
                    session,
                    claim=claim,
                    to=step,
                    version=claim.version,
                    actor=who[step].actor,
                    moment=APRIL_2 + timedelta(days=1),
                )

    def owe(self, amount, fund=Fund.EMPLOYEE, *, month=MARCH) -> int:
        """Record what a fund owes the hospital."""
        facts = PayableFacts(
            agency_id=self.agency.id,
            hospital_id=self.hospital.id,
            month=month,
            fund=fund,
            amount=Decimal(amount),
            document="结算单",
        )
        with transaction(self.engine) as session:
            return record_fund_payable(
                session, facts=facts, actor=self.agency.actor, moment=self.moment
            ).id

    def fill(self, amount, *, document="备用金拨款单 1") -> int:
        """Put money into the reserve."""
        filling = Filling(
            agency_id=self.agency.id, fund=Fund.NONE, amount=Decimal(amount), document=document
        )
        with transaction(self.engine) as session:
            return fill_reserve(
                session, filling=filling, actor=self.agency.actor, moment=self.moment
            ).id

    def set_off(self, month_id: int) -> int:
        """Set the hospital's claims off and draft instructions; return the offset."""
        with transaction(self.engine) as session:
            return instruct_month(
                session,
                month=session.get_one(SettlementMonth, month_id),
                hospital_id=self.hospital.id,
                actor=self.agency.actor,
                moment=APRIL_2,
            ).id

    def confirm(self, instruction_id: int) -> None:
        """Confirm an instruction as the second person."""
        with transaction(self.engine) as session:
            row = session.get_one(PaymentInstruction, instruction_id)
            confirm_instruction(
                session,
                instruction=row,
                version=row.version,
                actor=self.second(self.agency),
                moment=APRIL_2,
            )

    def export(self, *instruction_ids: int) -> None:
        """Put instructions into a file for the bank."""
        with transaction(self.engine) as session:
            rows = [session.get_one(PaymentInstruction, one) for one in instruction_ids]
            mark_exported(session, instructions=rows, moment=APRIL_2)

    def bank(self, *instruction_ids: int, outcome=BankOutcome.PAID, day=date(2027, 4, 8)) -> int:
        """Record that the bank paid or returned instructions."""
        self._files += 1
        with transaction(self.engine) as session:
            rows = [session.get_one(PaymentInstruction, one) for one in instruction_ids]
            results = [
                Reported(
                    number + 2,
                    row.sent_as,
                    outcome,
                    row.amount,
                    day,
                    f"B{row.sent_as}",
                    "账号有误",
                )
                for number, row in enumerate(rows)
            ]
            return record_results(
                session,
                agency_id=self.agency.id,
                file=ReportedFile("回单.csv", f"{self._files:064d}", results),
                actor=self.agency.actor,
                moment=APRIL_2 + timedelta(days=7),
            ).id

    def pay(self, *instruction_ids: int) -> None:
        """Confirm, export and let the bank pay instructions."""
        for one in instruction_ids:
            self.confirm(one)
        self.export(*instruction_ids)
        self.bank(*instruction_ids)

    def instructions(self, status=InstructionStatus.DRAFTED) -> list[int]:
        """Ids of instructions in a status, in order."""
        with self.read() as session:
            rows = session.query(PaymentInstruction).filter_by(status=status)
            return [row.id for row in rows.order_by(PaymentInstruction.id)]

    def faults(self):
        """What is wrong with the ledger."""
        with self.read() as session:
            return verify(session, deep=True)


def payments_world(engine) -> PaymentsWorld:
    """A running round, with two persons in each organisation that pays or is paid."""
    return PaymentsWorld(running_round(engine))
