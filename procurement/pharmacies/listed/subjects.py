"""What permissions ask about the list and its decisions."""

from datetime import date

from procurement.permissions import Actor, Subject
from procurement.pharmacies.listed.finding import is_published
from procurement.pharmacies.listed.tables import ListDecision, ListImport


def own_list(actor: Actor) -> Subject:
    """The list of the actor's own bureau."""
    return Subject(bureau_id=actor.organisation_id, regions=(actor.region,))


def decision_subject(decision: ListDecision, *, day: date) -> Subject:
    """A decision: the bureau's own, public once its notice is, confirmed by a second person."""
    return Subject(
        bureau_id=decision.bureau_id,
        regions=(decision.region,),
        proposed_by=decision.proposed_by,
        is_public=is_published(decision, day=day),
    )


def import_subject(upload: ListImport) -> Subject:
    """An uploaded list: of the bureau that uploaded it."""
    return Subject(bureau_id=upload.bureau_id, regions=(upload.region,))
