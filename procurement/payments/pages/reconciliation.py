"""Reconciliation: what differs between invoices, claims, instructions and the books."""

from typing import Any

from litestar import Response, get

from procurement.payments.ledger_checks import verify
from procurement.payments.pages.finding import seen_by, shown
from procurement.payments.reading.scope import Scope, Side
from procurement.payments.reconciliation import Concern, ReconciliationFault, reconcile
from procurement.web import Visit, reads


@get("/payments/reconciliation", include_in_schema=False)
@reads
def show_faults(visit: Visit) -> Response[Any]:
    """List what does not agree, as far as it is the visitor's concern."""
    scope = seen_by(visit)
    return shown(
        visit,
        "reconciliation",
        scope,
        rows=_faults(visit, scope),
        # Whole books are compared for those who look after them, not for one company.
        broken=verify(visit.session) if scope.is_regional else (),
    )


def _faults(visit: Visit, scope: Scope) -> list[ReconciliationFault]:
    session, own = visit.session, scope.organisation_id
    if scope.side is Side.HOSPITAL:
        return [
            fault
            for one in scope.organisations
            for fault in reconcile(session, concern=Concern(hospital_id=one))
        ]
    if scope.side is Side.COMPANY:
        return reconcile(session, concern=Concern(seller_id=own))
    if scope.side is Side.AGENCY:
        return reconcile(session, concern=Concern(agency_id=own))
    return reconcile(session, concern=Concern(region=scope.division))


ROUTES = (show_faults,)
"""Handlers of these pages."""
