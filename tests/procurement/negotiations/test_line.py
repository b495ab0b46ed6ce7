"""From a dossier to a signed price: the whole line through the services."""

from decimal import Decimal

from procurement.database import snapshot
from procurement.negotiations.kinds import DossierStatus
from procurement.negotiations.sessions.deals import find_record
from procurement.negotiations.sessions.scheduling import require_session
from procurement.negotiations.sessions.standards import standards_of
from tests.procurement.negotiations.world import NegotiationWorld


def test_a_dossier_goes_from_its_draft_to_a_signed_price(engine):
    world = NegotiationWorld(engine).agreed()
    with snapshot(engine) as session:
        dossier = world.dossier(session)
        assert dossier.status == DossierStatus.AGREED
        [(standard, _, price)] = standards_of(session, campaign_id=world.campaign_id)
        assert (price.kind, price.pack_price, price.pack_units) == (
            "payment-standard",
            Decimal(120),
            30,
        )
        assert (standard.starts_on, standard.ends_on) == (
            dossier.campaign.starts_on,
            dossier.campaign.ends_on,
        )
        kept = find_record(session, talk=require_session(session, dossier=dossier))
        assert kept is not None and kept.maximum_price >= Decimal(120)
