"""Looking for what crosses a threshold, hospital by hospital, and noting what was found."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.agreements.tables import AgreedSupply, AgreedVolume, AgreementTerm
from procurement.orders.fulfilment.exemptions import Apart
from procurement.orders.fulfilment.parameters import given_rules
from procurement.orders.fulfilment.progress import ProgressRow, hospital_products, target_of
from procurement.orders.fulfilment.rules.crossings import (
    BEHIND,
    FAILED_IF,
    SHARE_MAX,
    SHARE_MIN,
    UNIT,
    USE_MEASURE,
    Crossing,
    behind,
    not_completed,
    not_entered,
    too_little_used,
    too_much_else,
)
from procurement.orders.fulfilment.rules.progress import Progress
from procurement.orders.fulfilment.rules.region_rules import GivenRule, RegionRules, significant
from procurement.orders.fulfilment.scope import By, Scope
from procurement.orders.fulfilment.states import NoticeAbout, NoticeStatus
from procurement.orders.fulfilment.tables import FulfilmentNotice
from procurement.orders.fulfilment.use import UseRow, used_by
from procurement.rounds.tables import Lot

INSTITUTION = "institution"
LIVE = (NoticeStatus.FOUND, NoticeStatus.OPEN, NoticeStatus.ANSWERED)

Place = tuple[int, int]
"""A hospital and a lot."""


@dataclass(frozen=True, slots=True)
class Found:
    """A crossing and whom it is about.

    Attributes:
        about: A hospital, manufacturer or distributor.
        organisation_id: Which.
        region: Division code.
        crossing: What was found.
        lot_id: The product, where it is about one.
        name: Of the product, in the finding's text.
    """

    about: NoticeAbout
    organisation_id: int
    region: str
    crossing: Crossing
    lot_id: int | None = None
    name: str = ""


@dataclass(slots=True)
class Searched:
    """What a search found, and what it could not look for.

    Attributes:
        found: Notices that were noted.
        known: Crossings that are noted already and not over.
        skipped: Rules that a threshold needs and nobody states: key, Chinese, English.
    """

    found: int = 0
    known: int = 0
    skipped: dict[str, tuple[str, str]] = field(default_factory=dict)


def hospitals_of(session: Session, *, term: AgreementTerm, region: str) -> Sequence[int]:
    """Return the hospitals of a region with agreed volumes in a term, by id."""
    wanted = (
        select(AgreedVolume.hospital_id)
        .join(AgreedSupply, AgreedSupply.id == AgreedVolume.supply_id)
        .join(Organisation, Organisation.id == AgreedVolume.hospital_id)
        .where(AgreedSupply.term_id == term.id, AgreedVolume.volume > 0)
        .distinct()
        .order_by(AgreedVolume.hospital_id)
    )
    if significant(region):
        wanted = wanted.where(Organisation.region.startswith(significant(region)))
    return session.scalars(wanted).all()


def search_hospitals(
    session: Session,
    *,
    term: AgreementTerm,
    hospital_ids: Sequence[int],
    day: date,
    moment: datetime,
) -> Searched:
    """Look for what some hospitals cross, and note it; what is noted already is not noted again.

    Args:
        session: Session of the caller's transaction.
        term: Of agreements.
        hospital_ids: Which hospitals.
        day: The last day that counts.
        moment: When, aware.
    """
    scope = Scope(term=term, day=day, hospital_ids=hospital_ids)
    search = _Search(session, scope)
    for one in search.found():
        note_found(session, searched=search.searched, found=one, term=term, day=day, moment=moment)
    return search.searched


def note_found(
    session: Session,
    *,
    searched: Searched,
    found: Found,
    term: AgreementTerm | None,
    day: date,
    moment: datetime,
) -> FulfilmentNotice | None:
    """Note a crossing for the officers of its region; None where a notice about it lives."""
    crossing = found.crossing
    if _is_known(session, found, term):
        searched.known += 1
        return None
    where = term.id if term else 0
    place = f"{found.about}:{found.organisation_id}:{found.lot_id or 0}:{found.region}"
    key = f"{crossing.measure}:{where}:{place}:{moment.date().isoformat()}"
    if session.scalar(select(FulfilmentNotice.id).where(FulfilmentNotice.key == key)):
        searched.known += 1
        return None
    colon_zh, colon_en = (f"{found.name}：", f"{found.name}: ") if found.name else ("", "")
    notice = FulfilmentNotice(
        kind=crossing.kind,
        about=found.about,
        organisation_id=found.organisation_id,
        region=found.region,
        round_id=term.round_id if term else None,
        term_id=term.id if term else None,
        lot_id=found.lot_id,
        measure=crossing.measure,
        measured=crossing.measured,
        threshold=crossing.threshold,
        measured_on=day,
        rulebook=crossing.rule.rulebook,
        clause=crossing.rule.cited[:120],
        is_verified=crossing.rule.is_verified,
        zh=colon_zh + crossing.zh,
        en=colon_en + crossing.en,
        key=key,
        status=NoticeStatus.FOUND,
        found_at=moment,
    )
    session.add(notice)
    session.flush()
    searched.found += 1
    return notice


def _is_known(session: Session, found: Found, term: AgreementTerm | None) -> bool:
    wanted = select(FulfilmentNotice.id).where(
        FulfilmentNotice.measure == found.crossing.measure,
        FulfilmentNotice.about == found.about,
        FulfilmentNotice.organisation_id == found.organisation_id,
        FulfilmentNotice.region == found.region,
        FulfilmentNotice.term_id.is_(None) if term is None else FulfilmentNotice.term_id == term.id,
        FulfilmentNotice.lot_id.is_(None)
        if found.lot_id is None
        else FulfilmentNotice.lot_id == found.lot_id,
        FulfilmentNotice.status.in_(LIVE),
    )
    return session.scalars(wanted).first() is not None


class _Search:
    """One look at some hospitals."""

    def __init__(self, session: Session, scope: Scope) -> None:
        self.searched = Searched()
        self._session = session
        self._scope = scope
        self._target = target_of(scope)
        self._rows = hospital_products(session, scope=scope)
        self._used = used_by(session, scope=scope, by=(By.HOSPITAL, By.PRODUCT))
        self._regions = self._divisions()
        self._names = self._products()
        self._rules: dict[str, RegionRules] = {}
        lots = self._names.keys()
        day = scope.day
        self._today = Apart(session, lot_ids=lots, since=day, until=day)
        # The whole term is judged at its end: what was apart in it is not judged by the rule.
        self._ever = Apart(session, lot_ids=lots, since=scope.term.starts_on, until=day)

    def found(self) -> Iterator[Found]:
        """What crosses a threshold, by hospital and product."""
        for place in sorted(self._rows):
            yield from self._of_product(place)
        for hospital in sorted({hospital for hospital, _ in self._rows}):
            yield from self._of_institution(hospital)
        for place in sorted((int(one[0]), int(one[1])) for one in self._used):
            yield from self._of_use(place)

    def _of_product(self, place: Place) -> Iterator[Found]:
        hospital, lot = place
        row, rules = self._rows[place], self._rules_of(hospital)
        if not row.progress.agreed:
            return
        crossings = [self._entry(place, row, rules)]
        if self._unit(rules) == By.PRODUCT:
            crossings += [self._behind(place, row, rules), self._not_completed(place, row, rules)]
        for crossing in filter(None, crossings):
            yield self._found(hospital, crossing, lot)

    def _of_institution(self, hospital: int) -> Iterator[Found]:
        rules = self._rules_of(hospital)
        if self._unit(rules) != INSTITUTION:
            return
        rows = {place: row for place, row in self._rows.items() if place[0] == hospital}
        today = _summed(
            row for place, row in rows.items() if not self._is_apart(self._today, place)
        )
        ever = _summed(row for place, row in rows.items() if not self._is_apart(self._ever, place))
        crossings = (
            behind(today, self._target, rules),
            not_completed(ever, self._target, rules),
        )
        for crossing in filter(None, crossings):
            yield self._found(hospital, crossing, None)

    def _of_use(self, place: Place) -> Iterator[Found]:
        hospital, lot = place
        rules = self._rules_of(hospital)
        if self._is_apart(self._today, place) or not self._has_measure(rules):
            return
        row: UseRow = self._used[place]
        measure = rules.word(USE_MEASURE)
        counted = rules.words("winning_use.counts") or ("winning",)
        exempt = rules.words("winning_use.exempt")
        share = row.share(measure, counts=counted, exempt=exempt)
        crossings = (too_little_used(share, rules), too_much_else(row.share(measure), rules))
        for crossing in filter(None, crossings):
            yield self._found(hospital, crossing, lot)

    def _entry(self, place: Place, row: ProgressRow, rules: RegionRules) -> Crossing | None:
        if self._is_apart(self._today, place):
            return None
        starts_on, day = self._scope.term.starts_on, self._scope.day
        return not_entered(starts_on, row.first_received_on, day, rules)

    def _behind(self, place: Place, row: ProgressRow, rules: RegionRules) -> Crossing | None:
        if self._is_apart(self._today, place):
            return None
        return behind(row.progress, self._target, rules)

    def _not_completed(self, place: Place, row: ProgressRow, rules: RegionRules) -> Crossing | None:
        if self._is_apart(self._ever, place):
            return None
        return not_completed(row.progress, self._target, rules)

    def _unit(self, rules: RegionRules) -> str | None:
        """Whose progress is judged; what nobody states is noted and not judged."""
        if not (rules.knows(BEHIND) or rules.knows(FAILED_IF)):
            return None
        return self._asked(rules, UNIT)

    def _has_measure(self, rules: RegionRules) -> bool:
        if not (rules.knows(SHARE_MIN) or rules.knows(SHARE_MAX)):
            self._asked(rules, SHARE_MAX)
            return False
        return self._asked(rules, USE_MEASURE) is not None

    def _asked(self, rules: RegionRules, key: str) -> str | None:
        rule = rules.found(key)
        if rule is None:
            self.searched.skipped[key] = rules.what(key)
            return None
        return str(rule.value)

    def _is_apart(self, apart: Apart, place: Place) -> bool:
        hospital, lot = place
        region = self._regions[hospital]
        return apart.of(lot_id=lot, hospital_id=hospital, region=region) is not None

    def _found(self, hospital: int, crossing: Crossing, lot: int | None) -> Found:
        name = self._names[lot] if lot is not None else ""
        region = self._regions[hospital]
        return Found(NoticeAbout.HOSPITAL, hospital, region, crossing, lot, name)

    def _rules_of(self, hospital: int) -> RegionRules:
        region = self._regions[hospital]
        if region not in self._rules:
            given: Sequence[GivenRule] = given_rules(self._session, region=region)
            self._rules[region] = RegionRules(region, self._scope.day, given=given)
        return self._rules[region]

    def _divisions(self) -> Mapping[int, str]:
        ids = {hospital for hospital, _ in self._rows} | {int(one[0]) for one in self._used}
        rows = self._session.execute(
            select(Organisation.id, Organisation.region).where(Organisation.id.in_(ids))
        )
        return {one: region for one, region in rows}

    def _products(self) -> Mapping[int, str]:
        lots = select(Lot.id, Lot.product).where(Lot.round_id == self._scope.term.round_id)
        return {one: product for one, product in self._session.execute(lots)}


def _summed(rows: Iterator[ProgressRow]) -> Progress:
    agreed = received = 0
    for row in rows:
        agreed += row.progress.agreed
        received += row.progress.received
    return Progress(agreed, received)
