"""What permissions ask about an organisation."""

from procurement.accounts.divisions import NATION
from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.permissions import Actor, Subject


def organisation_subject(organisation: Organisation, *, actor: Actor) -> Subject:
    """Return an organisation as permissions see it.

    Args:
        organisation: Whichever.
        actor: Who asks; see `subject_in`.
    """
    return subject_in(
        organisation.region,
        kind=OrganisationKind(organisation.kind),
        actor=actor,
        organisation_id=organisation.id,
    )


def subject_in(
    region: str, *, kind: OrganisationKind, actor: Actor, organisation_id: int | None = None
) -> Subject:
    """Return an organisation that may not be registered yet.

    An overseas holder lies in no region of China: every bureau may register it and its relations.

    Examples:
        >>> subject_in("340000", kind=OrganisationKind.HOSPITAL, actor=Actor()).regions
        ('340000',)
        >>> anhui = Actor(region="340000")
        >>> subject_in("000000", kind=OrganisationKind.MANUFACTURER, actor=anhui).regions
        ('340000',)
    """
    is_overseas = kind is OrganisationKind.MANUFACTURER and region == NATION
    return Subject(
        organisation_id=organisation_id, regions=(actor.region if is_overseas else region,)
    )
