"""The durable search for what crosses a threshold: asked for, and again each month."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from pricing.stated_rules import RuleNotStatedError
from procurement.accounts.divisions import NATION, PROVINCES
from procurement.accounts.tables import Organisation
from procurement.agreements.tables import AgreementTerm
from procurement.audit import record
from procurement.china_days import day_in_china, first_moment
from procurement.jobs import enqueue
from procurement.notices import notify
from procurement.orders.fulfilment.changing import NOTICE_MAX
from procurement.orders.fulfilment.hooks import PaidOn
from procurement.orders.fulfilment.parameters import rules_of
from procurement.orders.fulfilment.paying import Received, paid_in_time, received_lines
from procurement.orders.fulfilment.rules.crossings import pays_late
from procurement.orders.fulfilment.rules.delivery_rate import Month
from procurement.orders.fulfilment.searching import Found, Searched, note_found
from procurement.orders.fulfilment.states import NoticeAbout
from procurement.orders.fulfilment.suppliers import SupplierRole, supplier_flags
from procurement.permissions import Actor

SEARCH_FULFILMENT_JOB = "search-fulfilment"


def ask_search(
    session: Session,
    *,
    term: AgreementTerm,
    region: str,
    actor: Actor,
    moment: datetime,
    monthly: bool = False,
) -> int:
    """Ask for a search of a term in a region; the caller has asked whether the actor may.

    Args:
        session: Session of the caller's transaction.
        term: Of agreements.
        region: Division code.
        actor: The officer; the bureau is told when it is done.
        moment: When, aware.
        monthly: Search again on the first day of each month until the term is over.

    Returns:
        The job's id; of a monthly search that was asked for before, that one's.
    """
    record(
        session,
        actor=actor,
        action="ask-fulfilment-search",
        subject=f"agreement-term/{term.id}",
        facts={"region": region, "monthly": str(monthly).lower()},
        moment=moment,
    )
    payload = {
        "term_id": term.id,
        "region": region,
        "organisation_id": actor.organisation_id or 0,
        "monthly": monthly,
    }
    # Asked for by hand it may run again at once: what is open may have been decided meanwhile.
    key = _monthly_key(term, region, day_in_china(moment)) if monthly else None
    return enqueue(session, kind=SEARCH_FULFILMENT_JOB, payload=payload, moment=moment, key=key)


def _monthly_key(term: AgreementTerm, region: str, day: date) -> str:
    return f"{SEARCH_FULFILMENT_JOB} {term.id} {region} {Month.of(day)}"


def ask_again(
    session: Session,
    *,
    term: AgreementTerm,
    payload: dict[str, object],
    day: date,
    moment: datetime,
) -> None:
    """Queue next month's search; the last one is on the first day after the term."""
    following = Month.of(day).before(-1).first
    if Month.of(day) > Month.of(term.ends_on):
        return
    key = _monthly_key(term, str(payload["region"]), following)
    enqueue(
        session,
        kind=SEARCH_FULFILMENT_JOB,
        payload=payload,
        moment=moment,
        run_at=first_moment(following),
        key=key,
    )


def search_suppliers(session: Session, *, region: str, day: date, moment: datetime) -> Searched:
    """Look for suppliers whose delivery rate stays too low until the last complete month.

    Each region with a rule of its own is looked at: for the nation, every province.
    """
    searched = Searched()
    until = Month.of(day).before(1)
    for one in _with_rules(region):
        rules = rules_of(session, region=one, day=day)
        for role in SupplierRole:
            try:
                flags = supplier_flags(session, role=role, rules=rules, until=until)
            except RuleNotStatedError as refusal:
                searched.skipped[refusal.key] = rules.what(refusal.key)
                continue
            for flag in flags:
                about, firm = NoticeAbout(role.value), flag.supplier.organisation_id
                found = Found(about, firm, one, flag.crossing)
                note_found(
                    session,
                    searched=searched,
                    found=found,
                    term=None,
                    day=until.last,
                    moment=moment,
                )
    return searched


def search_payments(
    session: Session,
    *,
    term: AgreementTerm,
    hospital_ids: Sequence[int],
    day: date,
    paid_on: PaidOn,
    moment: datetime,
) -> Searched:
    """Look for hospitals that have not paid what they accepted within a term."""
    searched = Searched()
    received = Received(
        since=term.starts_on,
        until=min(day, term.ends_on),
        day=day,
        region=NATION,
        term_id=term.id,
        hospital_ids=hospital_ids,
    )
    known = paid_on(session, received_lines(session, received=received))
    for row in paid_in_time(session, received=received, paid_on=known):
        rule = next(iter(row.rules.values()), None)
        crossing = rule and pays_late(row.share_in_time, row.overdue, rule.rule)
        if crossing:
            hospital = session.get_one(Organisation, row.hospital_id)
            found = Found(NoticeAbout.HOSPITAL, hospital.id, hospital.region, crossing)
            note_found(session, searched=searched, found=found, term=term, day=day, moment=moment)
    return searched


def tell_searched(
    session: Session,
    *,
    organisation_id: int,
    searched: Searched,
    moment: datetime,
    key: str,
) -> None:
    """Tell the bureau what was found, and which rules nobody states."""
    zh = f"履约检查完成：新发现 {searched.found} 项。"
    en = f"The check of fulfilment is done: {searched.found} new findings."
    if searched.skipped:
        zh += (
            "因无人载明而未检查：" + "；".join(text for text, _ in searched.skipped.values()) + "。"
        )
        en += " Not checked, since nobody states: "
        en += "; ".join(text for _, text in searched.skipped.values()) + "."
    if organisation_id:
        notify(
            session,
            organisation_id=organisation_id,
            zh=zh[:NOTICE_MAX],
            en=en[:NOTICE_MAX],
            link="/fulfilment/notices?status=found",
            moment=moment,
            key=key,
        )


def joined(parts: Sequence[Searched]) -> Searched:
    """Several searches as one."""
    whole = Searched()
    for part in parts:
        whole.found += part.found
        whole.known += part.known
        whole.skipped.update(part.skipped)
    return whole


def _with_rules(region: str) -> Iterator[str]:
    if region == NATION:
        yield from PROVINCES
    else:
        yield region
