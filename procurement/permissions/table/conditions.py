"""Conditions of cells, and the groups of roles that rows name."""

from enum import StrEnum

from procurement.permissions.roles import Role


class Condition(StrEnum):
    """When a role may act; each is decided in ``decide.py`` from the subject alone."""

    ALWAYS = "always"
    OWN = "own"
    """The thing belongs to the actor's organisation."""
    GROUP = "group"
    """The actor's organisation reports for the one whose thing it is."""
    REGION = "region"
    """The thing lies in the region of the actor's bureau (a national bureau's is all)."""
    LEAD = "lead"
    """The actor's bureau leads the round."""
    MEMBER = "member"
    """The actor's region takes part in the round."""
    NAMED = "named"
    """The round names the actor's organisation as keyholder or observer."""
    SECOND = "second"
    """The actor's bureau leads the round, and another person proposed."""
    PUBLISHED = "published"
    """It is published."""
    APPOINTED = "appointed"
    """The actor was appointed for it, as the person and not as the organisation."""


Cell = tuple[Condition, ...]

ALWAYS: Cell = (Condition.ALWAYS,)
OWN: Cell = (Condition.OWN,)
OWN_OR_GROUP: Cell = (Condition.OWN, Condition.GROUP)
REGION: Cell = (Condition.REGION,)
LEAD: Cell = (Condition.LEAD,)
LEAD_OR_REGION: Cell = (Condition.LEAD, Condition.REGION)
NAMED: Cell = (Condition.NAMED,)
PUBLISHED: Cell = (Condition.PUBLISHED,)
APPOINTED: Cell = (Condition.APPOINTED,)
# A round that is still a draft is seen by those who lead it or are named in it.
LEAD_OR_PUBLISHED: Cell = (Condition.LEAD, Condition.PUBLISHED)
NAMED_OR_PUBLISHED: Cell = (Condition.NAMED, Condition.PUBLISHED)

SIGNED_IN = tuple(role for role in Role if role is not Role.PUBLIC)
RATED = (Role.MANUFACTURER, Role.DISTRIBUTOR)
OBJECTING = (Role.MANUFACTURER, Role.HOSPITAL, Role.DISTRIBUTOR, Role.PHARMACY)
OF_A_BUREAU = (Role.OFFICER, Role.EVALUATOR, Role.SUPERVISOR)
# Who may be appointed to the groups, the review and the table of a negotiation.
EXPERTS = (Role.OFFICER, Role.EVALUATOR)
NAMED_IN_ROUND = (Role.KEYHOLDER, Role.NOTARY, Role.INSPECTOR)

READ_ROUND: dict[Role, Cell] = {
    Role.PUBLIC: PUBLISHED,
    **dict.fromkeys(OF_A_BUREAU, LEAD_OR_PUBLISHED),
    **dict.fromkeys(NAMED_IN_ROUND, NAMED_OR_PUBLISHED),
}

READ_PATIENT: dict[Role, Cell] = {
    Role.DOCTOR: APPOINTED,
    Role.PHARMACY: OWN,
    Role.FUND_AGENCY: REGION,
}
