"""The one place that decides whether somebody may act."""

from collections.abc import Callable, Mapping

from procurement.errors import RefusedError
from procurement.permissions.actions import Action
from procurement.permissions.actor import Actor, Subject
from procurement.permissions.table import PERMISSIONS, Condition

ALL_REGIONS = "000000"
NOTHING = Subject()


class NotPermittedError(RefusedError):
    """No role of the actor may do this, whatever it is about."""

    def __init__(self, action: Action) -> None:
        """Keep the action."""
        super().__init__(
            zh="没有办理此事的权限；如有需要，请联系本机构管理员。",
            en="You may not do this; ask your organisation's administrator if you should.",
        )
        self.action = action


class NotFoundForActorError(RefusedError):
    """The thing does not exist, or is not the actor's to see: a stranger cannot tell which."""

    def __init__(self) -> None:
        """Say nothing about what was looked for."""
        super().__init__(zh="没有找到该页面，或无权查看。", en="Not found, or not yours to see.")


def permit(actor: Actor, action: Action, subject: Subject = NOTHING) -> None:
    """Let the actor pass, or raise.

    Args:
        actor: Who acts.
        action: What is to be done.
        subject: What it is about.

    Raises:
        NotPermittedError: None of the actor's roles may do this at all (403).
        NotFoundForActorError: A role may, but not with this thing (404).

    Examples:
        >>> permit(Actor(), Action.READ_CATALOGUE)
        >>> permit(Actor(), Action.DRAFT_ROUND)
        Traceback (most recent call last):
        ...
        procurement.permissions.decide.NotPermittedError: You may not do this; ask your \
organisation's administrator if you should.
    """
    cells = [PERMISSIONS[action][role] for role in actor.roles if role in PERMISSIONS[action]]
    if not cells:
        raise NotPermittedError(action)
    if not any(_HOLDS[condition](actor, subject) for cell in cells for condition in cell):
        raise NotFoundForActorError


def is_permitted(actor: Actor, action: Action, subject: Subject = NOTHING) -> bool:
    """Tell whether `permit` would let the actor pass, for pages that show what can be done.

    Examples:
        >>> is_permitted(Actor(), Action.DRAFT_ROUND)
        False
    """
    try:
        permit(actor, action, subject)
    except (NotPermittedError, NotFoundForActorError):
        return False
    return True


def covers(region: str, other: str) -> bool:
    """Tell whether one administrative division contains another, or is the same.

    Examples:
        >>> covers("340000", "341523"), covers("341500", "340100"), covers("000000", "340000")
        (True, False, True)
    """
    if region == ALL_REGIONS:
        return True
    trimmed = region
    # Trailing pairs of zeros mean "all of it": 340000 is a province, 341500 a city.
    while trimmed.endswith("00"):
        trimmed = trimmed[:-2]
    return other.startswith(trimmed)


def _is_lead(actor: Actor, subject: Subject) -> bool:
    return subject.bureau_id is not None and subject.bureau_id == actor.organisation_id


_HOLDS: Mapping[Condition, Callable[[Actor, Subject], bool]] = {
    Condition.ALWAYS: lambda actor, subject: True,
    Condition.OWN: lambda actor, subject: (
        subject.organisation_id is not None and subject.organisation_id == actor.organisation_id
    ),
    Condition.GROUP: lambda actor, subject: (
        subject.group_lead_id is not None and subject.group_lead_id == actor.organisation_id
    ),
    Condition.REGION: lambda actor, subject: any(
        covers(actor.region, region) for region in subject.regions
    ),
    Condition.LEAD: _is_lead,
    Condition.MEMBER: lambda actor, subject: any(
        covers(region, actor.region) for region in subject.regions
    ),
    Condition.NAMED: lambda actor, subject: actor.organisation_id in subject.named,
    Condition.SECOND: lambda actor, subject: (
        _is_lead(actor, subject)
        and subject.proposed_by is not None
        and subject.proposed_by != actor.person_id
    ),
    Condition.PUBLISHED: lambda actor, subject: subject.is_public,
    Condition.APPOINTED: lambda actor, subject: actor.person_id in subject.appointed,
}
