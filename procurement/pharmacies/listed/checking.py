"""What the rules of a list ask of a decision; every fault at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from pricing.stated_rules import StatedRules
from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.catalogue.kinds import ProductKind
from procurement.catalogue.tables import GenericProduct, Product
from procurement.errors import FieldFault
from procurement.permissions import Level
from procurement.pharmacies.listed.errors import CityListError, LaterDecisionError, OtherListError
from procurement.pharmacies.listed.finding import generics_of
from procurement.pharmacies.listed.kinds import (
    CONTROL_NAMES,
    STATE_NAMES,
    ChangeKind,
    Control,
    DecisionKind,
    DrugState,
)
from procurement.pharmacies.listed.planning import (
    Held,
    Plan,
    PlanFaultError,
    after_plan,
    days_en,
    days_zh,
    drug_of_line,
    held_of,
    plan_line,
    rows_of_decision,
    undone,
)
from procurement.pharmacies.listed.rules.books import rules_of_list
from procurement.pharmacies.listed.rules.criteria import unmet_criteria
from procurement.pharmacies.listed.rules.spans import first_overlap
from procurement.pharmacies.listed.tables import ListDecision, ListedDrug, ListPeriod
from procurement.pharmacies.listed.terms import DecisionDraft, LineDraft, Terms

_SHARES = {"employee_share": "employee", "resident_share": "resident"}


@dataclass(frozen=True, slots=True)
class LineFault:
    """What is wrong with a line of a decision.

    Attributes:
        position: Of the line, from 1.
        fault: At which field, and why.
    """

    position: int
    fault: FieldFault


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft that was checked.

    Attributes:
        rules: Of the list.
        plans: What the lines do, in their order; as far as they can be carried out.
        faults: Everything that is wrong.
    """

    rules: StatedRules
    plans: Sequence[Plan]
    faults: Sequence[LineFault]


def check_region(session: Session, *, bureau_id: int, region: str, day: date) -> StatedRules:
    """Return the rules of a list, if the bureau may decide on it.

    Args:
        session: Any session.
        bureau_id: Who decides.
        region: Whose list.
        day: From which the decision holds.

    Raises:
        OtherListError: It is another region's, or the nation's, which has none.
        CityListError: The province makes the list and cities may not change it.
    """
    bureau = session.get_one(Organisation, bureau_id)
    if bureau.kind != OrganisationKind.BUREAU or bureau.region != region:
        raise OtherListError(region)
    if bureau.level == Level.NATIONAL or region == "000000":
        raise OtherListError(region)
    rules = rules_of_list(region, day)
    may_change = rules.value("list.cities_may_change") if rules.knows(_CITIES) else None
    if may_change is False and not region.endswith("0000"):
        raise CityListError(region, rules.rulebook.id)
    return rules


_CITIES = "list.cities_may_change"


def check_draft(session: Session, *, draft: DecisionDraft) -> Checked:
    """Check a draft by the rules and against what is on the list.

    Args:
        session: Any session.
        draft: What is to be decided.

    Returns:
        What its lines would do, and everything that is wrong with them.

    Raises:
        OtherListError: The bureau has no such list.
        CityListError: Cities may not change it.
        LaterDecisionError: A later decision rests on that which it corrects.
    """
    rules = check_region(
        session, bureau_id=draft.bureau_id, region=draft.region, day=draft.in_force_from
    )
    faults = list(_overlaps_within(draft))
    generics = generics_of(session, draft.lines)
    for position, line in enumerate(draft.lines, start=1):
        generic = generics[line.generic_product_id]
        faults += [
            LineFault(position, fault) for fault in _faults(session, draft, line, generic, rules)
        ]
    plans = _plans(session, draft, faults)
    return Checked(rules, plans, sorted(faults, key=lambda one: one.position))


def in_order(draft: DecisionDraft) -> list[tuple[int, LineDraft]]:
    """Return lines with their positions as they are carried out: the earlier period first."""
    numbered = enumerate(draft.lines, start=1)
    return sorted(numbered, key=lambda one: (one[1].span(draft.in_force_from).starts_on, one[0]))


def _plans(session: Session, draft: DecisionDraft, faults: list[LineFault]) -> list[Plan]:
    """What the lines do one after the other, by position; what cannot be done is a fault."""
    standing: dict[tuple[int, str], list[Held]] = {}
    plans: dict[int, Plan] = {}
    told = {one.position for one in faults if one.fault.field == "starts_on"}
    for position, line in in_order(draft):
        if position in told:
            continue
        key = (line.generic_product_id, line.brand)
        try:
            if key not in standing:
                standing[key] = held_before(session, draft=draft, line=line)
            plans[position] = plan_of(draft=draft, line=line, held=standing[key])
        except PlanFaultError as refused:
            faults.append(LineFault(position, refused.fault))
            continue
        standing[key] = after_plan(standing[key], plans[position])
    return [plans[position] for position in sorted(plans)]


def held_before(session: Session, *, draft: DecisionDraft, line: LineDraft) -> list[Held]:
    """Return a drug's periods before a draft: for a correction as if that had not been decided.

    Raises:
        PlanFaultError: The decision to be corrected says nothing about the drug.
        LaterDecisionError: A later decision rests on it.
    """
    drug = drug_of_line(session, region=draft.region, line=line)
    held = held_of(session, drug=drug)
    if draft.corrects_id is None:
        return held
    rows = correctable(session, drug=drug, corrects_id=draft.corrects_id)
    return undone(session, held=held, rows=rows)


def plan_of(*, draft: DecisionDraft, line: LineDraft, held: Sequence[Held]) -> Plan:
    """Say what a line of a draft does to a drug's periods.

    Raises:
        PlanFaultError: It cannot be carried out.
    """
    if draft.corrects_id is not None and line.terms is None:
        # The decision never was: what it undid is all there is.
        return Plan(line, ChangeKind.CORRECT, line.span(draft.in_force_from), None, None, None)
    plan = plan_line(line, in_force_from=draft.in_force_from, held=held)
    return plan if draft.corrects_id is None else replace(plan, kind=ChangeKind.CORRECT)


def correctable(session: Session, *, drug: ListedDrug | None, corrects_id: int) -> list[ListPeriod]:
    """Return what a decision wrote about a drug, if nothing rests on it.

    Raises:
        PlanFaultError: It says nothing about the drug.
        LaterDecisionError: A later decision changed what it wrote.
    """
    rows = [] if drug is None else rows_of_decision(session, drug=drug, decision_id=corrects_id)
    if drug is None or not rows:
        raise PlanFaultError(
            FieldFault(
                "name",
                "被更正的决定没有这一药品。",
                "The decision to be corrected says nothing about this drug.",
            )
        )
    ids = [row.id for row in rows]
    later = session.scalars(
        select(ListPeriod).where(
            ListPeriod.replaces_id.in_(ids), ListPeriod.decision_id != corrects_id
        )
    ).first()
    if later is not None:
        decision = session.get_one(ListDecision, later.decision_id)
        raise LaterDecisionError(drug.generic_product.name, decision.number, decision.in_force_from)
    return rows


def _overlaps_within(draft: DecisionDraft) -> Iterator[LineFault]:
    """Lines about the same drug whose days overlap: a decision says one thing of a day."""
    by_drug: dict[tuple[int, str], list[int]] = {}
    for position, line in enumerate(draft.lines):
        by_drug.setdefault((line.generic_product_id, line.brand), []).append(position)
    for positions in by_drug.values():
        spans = [draft.lines[one].span(draft.in_force_from) for one in positions]
        found = first_overlap(spans)
        if found is None:
            continue
        first, second = found
        yield LineFault(
            positions[second] + 1,
            FieldFault(
                "starts_on",
                f"与本表第 {positions[first] + 1} 条同一药品的期间重叠："
                f"{days_zh(spans[second])}，{days_zh(spans[first])}。",
                f"Overlaps entry {positions[first] + 1} on the same drug: "
                f"{days_en(spans[second])}, {days_en(spans[first])}.",
            ),
        )


def _faults(
    session: Session,
    draft: DecisionDraft,
    line: LineDraft,
    generic: GenericProduct,
    rules: StatedRules,
) -> Iterator[FieldFault]:
    if generic.kind == ProductKind.CONSUMABLE:
        yield FieldFault("name", "医用耗材不在双通道名单之内。", "It is a consumable, not a drug.")
    yield from _brand_faults(session, line, generic, rules)
    if line.terms is None:
        return
    yield from _state_faults(line.control, line.terms, rules)
    yield from _share_faults(line.terms, rules)
    if draft.kind is DecisionKind.ADJUSTMENT and line.terms.state is not DrugState.ORDINARY:
        agreement = (line.terms.agreement_starts_on, line.terms.agreement_ends_on)
        for unmet in unmet_criteria(
            line.terms.state,
            {one.criterion for one in line.evidence},
            rules,
            agreement=agreement,
            day=draft.in_force_from,
        ):
            yield FieldFault("evidence", f"{unmet.zh}。", f"{unmet.en[0].upper()}{unmet.en[1:]}.")


def _brand_faults(
    session: Session, line: LineDraft, generic: GenericProduct, rules: StatedRules
) -> Iterator[FieldFault]:
    if not line.brand:
        return
    if rules.knows("list.covers") and rules.value("list.covers") == "generic-and-form":
        yield FieldFault(
            "brand",
            "名单涵盖同通用名、同剂型的全部产品，不得只列一个品牌。",
            "The list covers every product of the generic and form: no single brand is listed.",
        )
    known = select(Product.id).where(
        Product.generic_product_id == generic.id, Product.brand == line.brand
    )
    if session.scalars(known.limit(1)).first() is None:
        yield FieldFault(
            "brand",
            f"目录中没有“{generic.name}”的商品名“{line.brand}”。",
            f"The catalogue has no product of {generic.name} with the brand {line.brand}.",
        )


def _state_faults(control: Control, terms: Terms, rules: StatedRules) -> Iterator[FieldFault]:
    states = rules.value("list.states") if rules.knows("list.states") else None
    if states is not None and terms.state.value not in cast("Sequence[str]", states):
        zh, en = STATE_NAMES[terms.state]
        yield FieldFault(
            "state",
            f"规则书 {rules.rulebook.id} 的名单没有“{zh}”这一类别。",
            f"The list of rulebook {rules.rulebook.id} has no state “{en}”.",
        )
    excluded = rules.value("list.excluded") if rules.knows("list.excluded") else None
    if control.value in cast("Sequence[str]", excluded or ()):
        zh, en = CONTROL_NAMES[control]
        yield FieldFault(
            "control",
            f"{zh}不得列入名单（{rules.cite('list.excluded')}）。",
            f"A drug that is {en} stays off the list ({rules.cite('list.excluded')}).",
        )


def _share_faults(terms: Terms, rules: StatedRules) -> Iterator[FieldFault]:
    least = rules.table("separate.ratio_min") if rules.knows("separate.ratio_min") else {}
    for name, fund in _SHARES.items():
        given: Decimal | None = getattr(terms, name)
        if given is None:
            continue
        floor = cast("Decimal | None", least.get(fund))
        if terms.state is not DrugState.DUAL_SEPARATE:
            yield FieldFault(
                name,
                "只有单独支付药品才有单独支付比例。",
                "Only a drug that is paid for separately has such a share.",
            )
        elif floor is not None and given < floor:
            yield FieldFault(
                name,
                f"不得低于 {floor:%}（{rules.cite('separate.ratio_min')}）。",
                f"It may not be below {floor:%} ({rules.cite('separate.ratio_min')}).",
            )
