"""Whose fulfilment a visitor looks at: the own, the own supplies, or that of a region."""

from dataclasses import dataclass

from procurement.accounts.divisions import is_division
from procurement.agreements.at_edge import typed_id
from procurement.agreements.tables import AgreementTerm
from procurement.china_days import day_in_china
from procurement.orders.fulfilment.listing import OVERSEERS, Watched, running_terms, watched_by
from procurement.orders.fulfilment.rules.region_rules import contains
from procurement.orders.fulfilment.scope import By, Scope
from procurement.permissions import Action, NotFoundForActorError, Role
from procurement.rounds.tables import Round
from procurement.web import Visit

_OF_A_BUREAU = (
    By.HOSPITAL,
    By.PRODUCT,
    By.GROUP,
    By.COUNTY,
    By.CITY,
    By.PROVINCE,
    By.SUPPLIER,
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a visitor looks at.

    Attributes:
        round: Of the term.
        scope: Of it what the visitor sees.
        ways: By what it may be summed; the first is where one begins.
        by: By what it is summed now.
    """

    round: Round
    scope: Scope
    ways: tuple[By, ...]
    by: By

    @property
    def address(self) -> str:
        """The parameters that name it."""
        return f"term={self.scope.term.id}"


def seen_by(visit: Visit) -> Seen | None:
    """Say what a visitor looks at; None before the first cycle runs.

    Raises:
        NotFoundForActorError: A term or region that is not there or not the visitor's.
        NotPermittedError: None of the visitor's roles may read fulfilment.
    """
    visit.require_ever(Action.READ_FULFILMENT)
    found = term_asked(visit)
    if found is None:
        return None
    round_, term = found
    day = day_in_china(visit.moment)
    whole = watched_by(visit.session, actor=visit.actor, day=day, round_=round_)
    lot = typed_id(visit.query.get("lot", "")) or None
    scope = whole.scope(term, day, region=_asked_region(visit, whole), lot_id=lot)
    ways, by = _ways(visit, whole), visit.query.get("by", "")
    return Seen(round_, scope, ways, By(by) if by in ways else ways[0])


def terms_begun(visit: Visit) -> list[tuple[Round, AgreementTerm]]:
    """The terms that have begun, the one that began last first."""
    day = day_in_china(visit.moment)
    return [one for one in running_terms(visit.session) if one[1].starts_on <= day]


def term_asked(visit: Visit) -> tuple[Round, AgreementTerm] | None:
    """The term that is asked for, else the newest; None before the first.

    Raises:
        NotFoundForActorError: There is no such term.
    """
    found, asked = terms_begun(visit), visit.query.get("term", "")
    if not asked:
        return found[0] if found else None
    chosen = next((one for one in found if one[1].id == typed_id(asked)), None)
    if chosen is None:
        raise NotFoundForActorError
    return chosen


def is_of_a_bureau(visit: Visit) -> bool:
    """Tell whether the visitor looks after a region: a bureau's, or a fund agency's."""
    return bool(OVERSEERS & visit.actor.roles)


def only_delivers(visit: Visit) -> bool:
    """Tell whether the visitor agrees no volumes: a distributor."""
    others = {Role.HOSPITAL, Role.MANUFACTURER}
    return not is_of_a_bureau(visit) and not visit.actor.roles & others


def term_choices(visit: Visit) -> list[tuple[int, str]]:
    """The terms that can be chosen, by id and name."""
    return [
        (
            term.id,
            visit.text(
                f"{round_.title} 第 {term.number} 期", f"{round_.title}, term {term.number}"
            ),
        )
        for round_, term in terms_begun(visit)
    ]


def _ways(visit: Visit, whole: Watched) -> tuple[By, ...]:
    """By what the visitor may sum; a hospital alone is one row."""
    if is_of_a_bureau(visit):
        return _OF_A_BUREAU
    if Role.HOSPITAL in visit.actor.roles:
        leads = len(whole.hospital_ids or ()) > 1
        return (By.PRODUCT, By.SUPPLIER, By.HOSPITAL) if leads else (By.PRODUCT, By.SUPPLIER)
    return (By.PRODUCT, By.HOSPITAL, By.CITY, By.PROVINCE)


def _asked_region(visit: Visit, whole: Watched) -> str:
    """The division that is asked for; all of it where none is.

    Raises:
        NotFoundForActorError: It lies elsewhere.
    """
    region = visit.query.get("region", "") or whole.region
    if not (is_division(region) and contains(whole.region, region)):
        raise NotFoundForActorError
    return region
