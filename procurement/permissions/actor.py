"""Who acts, and on what."""

from dataclasses import dataclass, field

from procurement.permissions.roles import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or a machine with a token of a person) and what decides about permissions.

    Attributes:
        person_id: None for somebody who is not signed in.
        organisation_id: The organisation acted for; None together with ``person_id``.
        roles: All of them; `Role.PUBLIC` is always among them.
        region: Administrative division code of the organisation, 6 digits; ``000000`` = national.
        name: The person's name, for pages.
        organisation: The organisation's name, for pages.
        has_second_factor: The sign-in was confirmed by a second factor.
        by_token: Acts through the API.
    """

    person_id: int | None = None
    organisation_id: int | None = None
    roles: frozenset[Role] = frozenset({Role.PUBLIC})
    region: str = "000000"
    name: str = ""
    organisation: str = ""
    has_second_factor: bool = False
    by_token: bool = False

    @property
    def is_signed_in(self) -> bool:
        """Whether somebody is known behind it."""
        return self.person_id is not None


@dataclass(frozen=True, slots=True)
class Subject:
    """What an action is about, as far as permissions ask.

    Attributes:
        organisation_id: The organisation whose thing it is (a report's hospital, a bid's maker).
        group_lead_id: The lead hospital that reports for that organisation, if any.
        bureau_id: The bureau that leads the round concerned.
        regions: Division codes: where the organisation lies, or which regions take part.
        named: Organisations that the round names as keyholders or observers.
        proposed_by: The person who proposed what is to be confirmed.
        is_public: It is published.
        appointed: Persons who were appointed for it.
    """

    organisation_id: int | None = None
    group_lead_id: int | None = None
    bureau_id: int | None = None
    regions: tuple[str, ...] = ()
    named: frozenset[int] = field(default_factory=frozenset)
    proposed_by: int | None = None
    is_public: bool = False
    appointed: frozenset[int] = field(default_factory=frozenset)
