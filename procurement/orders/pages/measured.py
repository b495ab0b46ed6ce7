"""What stands beside progress: the measure of use, and how hospitals pay."""

from procurement.orders.fulfilment.hooks import installed_paid_on
from procurement.orders.fulfilment.parameters import rules_of
from procurement.orders.fulfilment.paying import PaidRow, Received, paid_in_time, received_lines
from procurement.orders.fulfilment.rules.crossings import USE_MEASURE
from procurement.orders.fulfilment.rules.use import AMOUNT, UNITS
from procurement.orders.fulfilment.scope import Scope
from procurement.web import Visit


def measure_of(visit: Visit, scope: Scope) -> str:
    """What shares of use are of, where a rule of the region says; else units."""
    rules = rules_of(visit.session, region=scope.region, day=scope.day)
    return AMOUNT if rules.knows(USE_MEASURE) and rules.word(USE_MEASURE) == AMOUNT else UNITS


def payers(visit: Visit, scope: Scope) -> dict[int, PaidRow]:
    """How the hospitals of a scope pay; nobody where no stage tells of payments."""
    paid_on = installed_paid_on()
    if paid_on is None:
        return {}
    received = Received(
        since=scope.term.starts_on,
        until=scope.last_day,
        day=scope.day,
        region=scope.region,
        term_id=scope.term.id,
        hospital_ids=scope.hospital_ids,
    )
    lines = received_lines(visit.session, received=received)
    paid = paid_on(visit.session, lines)
    found = paid_in_time(visit.session, received=received, paid_on=paid)
    return {one.hospital_id: one for one in found}
