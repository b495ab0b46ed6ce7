"""Drafting, changing, opening and concluding a campaign."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pricing.faults import ModelFaultsError
from pricing.payment_standard import in_force_for
from pricing.stated_rules import StatedRules
from procurement.accounts.tables import Organisation, Person
from procurement.audit import record
from procurement.database import MONEY_MAX
from procurement.errors import FieldFault, InvalidInputError, StaleError
from procurement.negotiations.campaigns.keys import seats_of
from procurement.negotiations.errors import CampaignStateError, NotNationalError
from procurement.negotiations.kinds import CampaignStatus
from procurement.negotiations.tables import Campaign, Seat
from procurement.permissions import Actor, Level, NotFoundForActorError, Role
from rulebooks import load_rulebook, rulebook_ids

NEGOTIATION_KIND = "negotiation"
RENEWAL_KIND = "renewal"
PREFIXES = {NEGOTIATION_KIND: "negotiation-", RENEWAL_KIND: "nrdl-renewal-"}
"""By which the ids of rulebooks of a kind begin."""

YEARS_KEY = "standard.years"
"""The rule that says how long a negotiated payment standard lasts."""

QUORUM_MIN = 2
HOLDERS_MAX = 20
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,58}")
_RESERVED = ("new",)
_YEARS = (2000, 2200)


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignFacts:
    """What a campaign says of itself; see `Campaign`. None where nothing was typed."""

    title: str
    year: int | None
    rulebook: str
    renewal_rulebook: str
    files_from: datetime | None
    files_until: datetime | None
    starts_on: date | None
    ends_on: date | None
    quorum: int | None
    pool: Decimal | None = None


def rulebooks_of(kind: str) -> list[tuple[str, str]]:
    """Return id and Chinese title of each rulebook of a kind, as forms offer them."""
    known = [load_rulebook(one) for one in rulebook_ids() if one.startswith(PREFIXES[kind])]
    return [(one.id, one.title.zh) for one in known]


def draft_campaign(
    session: Session, *, name: str, facts: CampaignFacts, actor: Actor, moment: datetime
) -> Campaign:
    """Draft the campaign of a catalogue year.

    Args:
        session: Session of the caller's transaction.
        name: Short name in addresses; it is never changed.
        facts: What it says.
        actor: An officer of the national bureau.
        moment: When.

    Raises:
        NotNationalError: The actor's bureau is not the national one.
        InvalidInputError: What is wrong or missing.
    """
    bureau = session.get(Organisation, actor.organisation_id)
    if bureau is None or bureau.level != Level.NATIONAL:
        raise NotNationalError
    faults = [*_name_faults(session, name), *_faults(facts)]
    if faults:
        raise InvalidInputError(faults)
    campaign = Campaign(
        name=name,
        bureau_id=bureau.id,
        drafted_by=actor.person_id,
        drafted_at=moment,
        **_columns(facts),
    )
    session.add(campaign)
    session.flush()
    _note(session, campaign, actor, "draft-campaign", moment)
    return campaign


def change_campaign(
    session: Session,
    *,
    campaign: Campaign,
    facts: CampaignFacts,
    version: int,
    actor: Actor,
    moment: datetime,
) -> None:
    """Change a campaign that is not open yet.

    Raises:
        CampaignStateError: It is open.
        StaleError: Somebody else changed it.
        InvalidInputError: What is wrong or missing.
    """
    _require_draft(campaign)
    if version != campaign.version:
        raise StaleError
    faults = [*_faults(facts)]
    if faults:
        raise InvalidInputError(faults)
    for column, value in _columns(facts).items():
        setattr(campaign, column, value)
    campaign.version += 1
    _note(session, campaign, actor, "change-campaign", moment)


def name_holders(
    session: Session,
    *,
    campaign: Campaign,
    organisation_ids: Sequence[int],
    actor: Actor,
    moment: datetime,
) -> None:
    """Name the organisations that hold the keys, seat by seat; keys made before are void.

    Raises:
        CampaignStateError: The campaign is open.
        InvalidInputError: One twice, too few or too many, or without a keyholder.
    """
    _require_draft(campaign)
    faults = [*_holder_faults(session, campaign, organisation_ids)]
    if faults:
        raise InvalidInputError(faults)
    session.execute(delete(Seat).where(Seat.campaign_id == campaign.id))
    session.add_all(
        Seat(campaign_id=campaign.id, seat=number, organisation_id=one)
        for number, one in enumerate(organisation_ids, start=1)
    )
    session.flush()
    _note(session, campaign, actor, "name-holders", moment)


def open_campaign(
    session: Session, *, campaign: Campaign, version: int, actor: Actor, moment: datetime
) -> None:
    """Open a campaign: makers see it, and hand in dossiers in its time.

    Args:
        session: Session of the caller's transaction.
        campaign: The campaign.
        version: That was seen; what is opened is what somebody has read.
        actor: An officer.
        moment: When.

    Raises:
        CampaignStateError: It is open already, or keys are missing.
        StaleError: Somebody else changed it.
    """
    _require_draft(campaign)
    if version != campaign.version:
        raise StaleError
    seats = seats_of(session, campaign_id=campaign.id)
    if len(seats) <= campaign.quorum or any(seat.key is None for seat in seats):
        raise CampaignStateError(
            zh=f"须指定至少 {campaign.quorum + 1} 方密钥持有人，且均已提交密钥。",
            en=f"At least {campaign.quorum + 1} keyholders must be named and have made their keys.",
        )
    campaign.status = CampaignStatus.OPEN
    campaign.version += 1
    session.flush()
    _note(session, campaign, actor, "open-campaign", moment)


def conclude_campaign(
    session: Session, *, campaign: Campaign, actor: Actor, moment: datetime
) -> None:
    """End a campaign: nothing more is handed in.

    Raises:
        CampaignStateError: It is not open.
    """
    if campaign.status != CampaignStatus.OPEN:
        raise CampaignStateError(zh="批次不在进行中。", en="The campaign is not under way.")
    campaign.status = CampaignStatus.CONCLUDED
    campaign.version += 1
    session.flush()
    _note(session, campaign, actor, "conclude-campaign", moment)


def find_campaign(session: Session, *, name: str) -> Campaign:
    """Return a campaign by its short name.

    Raises:
        NotFoundForActorError: There is none.
    """
    found = session.scalars(select(Campaign).where(Campaign.name == name)).one_or_none()
    if found is None:
        raise NotFoundForActorError
    return found


def campaigns_of(session: Session, *, actor: Actor) -> Sequence[Campaign]:
    """Return the campaigns that somebody may see, newest first."""
    rows = session.scalars(select(Campaign).order_by(Campaign.year.desc(), Campaign.id.desc()))
    held = set(
        session.scalars(
            select(Seat.campaign_id).where(Seat.organisation_id == actor.organisation_id)
        )
    )
    of_bureau = {Role.OFFICER, Role.EVALUATOR, Role.SUPERVISOR} & actor.roles
    return [
        one
        for one in rows
        if one.status != CampaignStatus.DRAFT
        or (of_bureau and one.bureau_id == actor.organisation_id)
        or (Role.KEYHOLDER in actor.roles and one.id in held)
    ]


def _require_draft(campaign: Campaign) -> None:
    if campaign.status != CampaignStatus.DRAFT:
        raise CampaignStateError(
            zh="谈判已经开始，不能再更改。", en="The campaign is open: it cannot change any more."
        )


def _columns(facts: CampaignFacts) -> dict[str, object]:
    return asdict(facts) | {
        "rulebook_digest": load_rulebook(facts.rulebook).digest,
        "renewal_digest": load_rulebook(facts.renewal_rulebook).digest,
    }


def _name_faults(session: Session, name: str) -> Iterator[FieldFault]:
    if not _NAME.fullmatch(name) or name in _RESERVED:
        yield FieldFault(
            "name",
            "须为 2 至 59 位小写字母、数字或连字符，例如 nrdl-2026。",
            "Expected 2 to 59 small letters, digits or hyphens, such as nrdl-2026.",
        )
    elif session.scalar(select(Campaign.id).where(Campaign.name == name)) is not None:
        yield FieldFault("name", "该代号已被使用。", "This name is taken.")


def _faults(facts: CampaignFacts) -> Iterator[FieldFault]:
    if not 1 <= len(facts.title) <= 200:
        yield FieldFault("title", "须为 1 至 200 字。", "Expected 1 to 200 characters.")
    if facts.year is None or not _YEARS[0] <= facts.year <= _YEARS[1]:
        yield FieldFault("year", "须为目录年度，例如 2026。", "Expected a year, such as 2026.")
    for field, kind in (("rulebook", NEGOTIATION_KIND), ("renewal_rulebook", RENEWAL_KIND)):
        if not _is_of(kind, getattr(facts, field)):
            yield FieldFault(field, "请选择规则。", "Choose a rulebook.")
    yield from _time_faults(facts)
    if facts.quorum is None or not QUORUM_MIN <= facts.quorum < HOLDERS_MAX:
        yield FieldFault("quorum", "须为 2 至 19。", "Expected 2 to 19.")
    if facts.pool is not None and not 0 <= facts.pool <= MONEY_MAX:
        yield FieldFault("pool", "须为不小于 0 的金额。", "Expected an amount from 0.")


def _time_faults(facts: CampaignFacts) -> Iterator[FieldFault]:
    for field in ("files_from", "files_until", "starts_on", "ends_on"):
        if getattr(facts, field) is None:
            yield FieldFault(field, "请填写。", "Fill this in.")
    first, last = facts.files_from, facts.files_until
    if first is not None and last is not None and last <= first:
        yield FieldFault("files_until", "须晚于开始时间。", "Expected a moment after the start.")
    if facts.starts_on and facts.ends_on and facts.ends_on <= facts.starts_on:
        yield FieldFault("ends_on", "须晚于起始日。", "Expected a day after the first one.")
    elif facts.starts_on and facts.ends_on:
        yield from _term_faults(facts.rulebook, facts.starts_on, facts.ends_on)


def _term_faults(rulebook: str, starts_on: date, ends_on: date) -> Iterator[FieldFault]:
    """Compare the last day with the rulebook's, where it states how long a standard lasts."""
    if not _is_of(NEGOTIATION_KIND, rulebook):
        return
    rules = StatedRules.of(rulebook)
    if not rules.knows(YEARS_KEY):
        return
    years = rules.count(YEARS_KEY)
    try:
        expected = in_force_for(starts_on, years).until
    except ModelFaultsError as refusal:
        yield from (FieldFault("ends_on", one.zh, str(one)) for one in refusal.faults)
        return
    if ends_on != expected:
        yield FieldFault(
            "ends_on",
            f"规则规定有效期 {years} 年，须为 {expected}，填写的是 {ends_on}。",
            f"The rulebook says {years} years: expected {expected}, got {ends_on}.",
        )


def _is_of(kind: str, rulebook: str) -> bool:
    return rulebook.startswith(PREFIXES[kind]) and rulebook in rulebook_ids()


def _holder_faults(
    session: Session, campaign: Campaign, organisation_ids: Sequence[int]
) -> Iterator[FieldFault]:
    if len(set(organisation_ids)) != len(organisation_ids):
        yield FieldFault("holders", "同一机构只能有一席。", "An organisation has one seat.")
    if not campaign.quorum < len(organisation_ids) <= HOLDERS_MAX:
        yield FieldFault(
            "holders",
            f"须指定 {campaign.quorum + 1} 至 {HOLDERS_MAX} 方。",
            f"Expected {campaign.quorum + 1} to {HOLDERS_MAX} organisations.",
        )
    having = {
        person.organisation_id
        for person in session.scalars(
            select(Person).where(Person.organisation_id.in_(organisation_ids), Person.is_active)
        )
        if Role.KEYHOLDER in person.roles.split()
    }
    if set(organisation_ids) - having:
        yield FieldFault(
            "holders", "所选机构没有密钥持有人。", "An organisation chosen has no keyholder."
        )


def _note(
    session: Session, campaign: Campaign, actor: Actor, action: str, moment: datetime
) -> None:
    record(
        session,
        actor=actor,
        action=action,
        subject=f"negotiation/{campaign.name}",
        facts={"version": str(campaign.version or 1)},
        moment=moment,
    )


def possible_holders(session: Session) -> Sequence[Organisation]:
    """Return the organisations in which somebody can hold a key, by name."""
    holding = [
        person.organisation_id
        for person in session.scalars(
            select(Person).where(Person.is_active, Person.roles.contains(Role.KEYHOLDER))
        )
        if Role.KEYHOLDER in person.roles.split()
    ]
    named = select(Organisation).where(Organisation.id.in_(set(holding)))
    return session.scalars(named.order_by(Organisation.name)).all()
