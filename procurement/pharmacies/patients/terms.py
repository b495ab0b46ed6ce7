"""What the insured of a fund are entitled to, as their agency gives it, with its basis."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from pricing.money import CENT
from procurement.accounts.divisions import NATION, is_division
from procurement.audit import record
from procurement.database import MONEY_MAX
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor
from procurement.pharmacies.listed.kinds import DrugState
from procurement.pharmacies.listed.service import lists_above
from procurement.pharmacies.listed.tables import ListPeriod
from procurement.pharmacies.patients.area_rules import read_rules, rules_on
from procurement.pharmacies.patients.errors import NoRulesError, NoTermsError, SelfPayMissingError
from procurement.pharmacies.patients.tables import NOTE_LENGTH_MAX, BenefitTerms
from procurement.pharmacies.rules.benefit import Fund, Terms
from procurement.pharmacies.rules.benefit_columns import SHARE_STEPS

STATES = (DrugState.DUAL_SEPARATE, DrugState.DUAL)


@dataclass(frozen=True, slots=True)
class NewTerms:
    """Benefit of a fund's insured for drugs in a state, from a day on.

    Attributes:
        region: Pooling area.
        fund: Which fund.
        drug_state: State of the drug on the list.
        fund_ratio: Share that the fund pays, with up to four decimals.
        deductible: Yuan in a natural year, over both channels.
        fund_cap: Most yuan that the fund pays in a natural year; None: no cap.
        starts_on: First day.
        document: The document that states it.
    """

    region: str
    fund: Fund
    drug_state: DrugState
    fund_ratio: Decimal
    deductible: Decimal
    fund_cap: Decimal | None
    starts_on: date
    document: str


def give_terms(session: Session, *, new: NewTerms, actor: Actor, moment: datetime) -> BenefitTerms:
    """Give the benefit of a fund's insured; in both channels it is the same.

    Raises:
        InvalidInputError: With every fault: also less than a document in force guarantees.
    """
    faults = [*_faults(new), *_below_guarantee(session, new)]
    if faults:
        raise InvalidInputError(faults)
    row = BenefitTerms(
        region=new.region,
        fund=new.fund,
        drug_state=new.drug_state,
        fund_ratio=new.fund_ratio,
        deductible=new.deductible,
        fund_cap=new.fund_cap,
        starts_on=new.starts_on,
        document=new.document,
        given_by=actor.person_id,
        given_at=moment,
    )
    session.add(row)
    session.flush()
    record(
        session,
        actor=actor,
        action="give-benefit-terms",
        subject=f"region/{new.region}",
        facts={
            "fund": new.fund,
            "state": new.drug_state,
            "ratio": str(new.fund_ratio),
            "deductible": str(new.deductible),
            "cap": "" if new.fund_cap is None else str(new.fund_cap),
            "starts": new.starts_on.isoformat(),
            "document": new.document,
        },
        moment=moment,
    )
    return row


def terms_on(
    session: Session, *, region: str, fund: Fund, state: DrugState, day: date
) -> BenefitTerms:
    """Return the benefit of a fund's insured on a day; a city without its own has its province's.

    Raises:
        NoTermsError: Nobody gave any.
    """
    for above in lists_above(region):
        found = session.scalars(
            select(BenefitTerms)
            .where(
                BenefitTerms.region == above,
                BenefitTerms.fund == fund,
                BenefitTerms.drug_state == state,
                BenefitTerms.starts_on <= day,
            )
            .order_by(BenefitTerms.starts_on.desc(), BenefitTerms.id.desc())
            .limit(1)
        ).one_or_none()
        if found is not None:
            return found
    raise NoTermsError(region)


def is_paid_straight_from_the_pool(session: Session, *, region: str, day: date) -> bool:
    """Whether a document in force in a pooling area states how drugs are paid separately.

    Jiangsu's document of 2022 pays them straight from the pool: the patient pays nothing first.
    """
    try:
        rules = read_rules(rules_on(session, region=region, day=day))
    except NoRulesError:
        return False
    has_share = rules.value("separate.ratio_min") is not None
    return has_share and rules.value("separate.has_deductible") is False


def applied_terms(row: BenefitTerms, period: ListPeriod, fund: Fund, *, is_pooled: bool) -> Terms:
    """Join what the area gives with what the list says of the drug.

    A share that the list states for the drug's separate payment goes before the area's.

    Args:
        row: What the area gives.
        period: What the list says.
        fund: The patient's.
        is_pooled: Whether a document in force pays separate drugs straight from the pool: then
            nothing is paid first of them, where the list states nothing else.

    Raises:
        SelfPayMissingError: Nothing says what is paid first.
    """
    stated = {Fund.EMPLOYEE: period.employee_share, Fund.RESIDENT: period.resident_share}[fund]
    first = period.self_pay_share
    if first is None:
        if period.state != DrugState.DUAL_SEPARATE or not is_pooled:
            raise SelfPayMissingError
        first = Decimal(0)
    return Terms(row.fund_ratio if stated is None else stated, first, row.deductible, row.fund_cap)


def _faults(new: NewTerms) -> Iterator[FieldFault]:
    if new.region == NATION or not is_division(new.region):
        yield FieldFault("region", "须为省、市或县的代码。", "Expected a division code.")
    if new.drug_state not in STATES:
        yield FieldFault("drug_state", "须为双通道类别。", "Expected a dual-channel state.")
    if not 0 <= new.fund_ratio <= 1 or new.fund_ratio * SHARE_STEPS % 1:
        zh, en = "须为 0 至 1，至多四位小数。", "Expected 0 to 1 with up to 4 decimals."
        yield FieldFault("fund_ratio", zh, en)
    for field, amount in (("deductible", new.deductible), ("fund_cap", new.fund_cap)):
        if amount is not None and not (0 <= amount <= MONEY_MAX and amount % CENT == 0):
            yield FieldFault(
                field, "须为元，至多两位小数。", "Expected yuan with up to 2 decimals."
            )
    if not 0 < len(new.document) <= NOTE_LENGTH_MAX:
        yield FieldFault("document", "须写明依据，至多 500 字。", "Expected 1 to 500 characters.")


def _below_guarantee(session: Session, new: NewTerms) -> Iterator[FieldFault]:
    if new.drug_state is not DrugState.DUAL_SEPARATE:
        return
    try:
        rules = read_rules(rules_on(session, region=new.region, day=new.starts_on))
    except NoRulesError:
        return
    least = rules.value("separate.ratio_min")
    if isinstance(least, Mapping) and new.fund_ratio < Decimal(str(least[new.fund])):
        zh, en = f"文件规定不低于 {least[new.fund]}。", f"A document guarantees {least[new.fund]}."
        yield FieldFault("fund_ratio", zh, en)
    if rules.value("separate.has_deductible") is False and new.deductible:
        zh, en = "文件规定单独支付不设起付线。", "Separate payment knows no deductible."
        yield FieldFault("deductible", zh, en)
