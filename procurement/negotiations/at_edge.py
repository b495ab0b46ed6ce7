"""What pages and interface of this stage share: whose thing is asked about, and trying a change."""

from collections.abc import Callable, Collection
from datetime import date
from typing import Any, TypeVar

from litestar import Response

from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.negotiations.campaigns.service import find_campaign
from procurement.negotiations.dossiers.filing import find_dossier
from procurement.negotiations.dossiers.steps import address_of
from procurement.negotiations.errors import NotDeclaredError
from procurement.negotiations.kinds import (
    PART_WORDS,
    STATUS_MARKS,
    STATUS_WORDS,
    TRACK_WORDS,
    DossierStatus,
    Part,
    Track,
)
from procurement.negotiations.subjects import (
    ALL_PARTS,
    appointed,
    campaign_subject,
    declarations,
    dossier_subject,
)
from procurement.negotiations.tables import Campaign, Dossier
from procurement.permissions import Action, NotFoundForActorError, Role
from procurement.rounds.at_edge import FormReader, attempt, faults_of, status_of, whole_of
from procurement.web import Visit, redirect, render

Word = TypeVar("Word")

Page = Callable[[RefusedError | None], Response[Any]]
"""Shows a page, with what was refused."""


def campaign_for(visit: Visit, name: str, action: Action) -> Campaign:
    """Return a campaign that the visitor may do something with.

    Raises:
        NotPermittedError: No role of the visitor may.
        NotFoundForActorError: There is no such campaign, or it is not the visitor's to see.
    """
    visit.require_ever(action)
    campaign = find_campaign(visit.session, name=name)
    visit.require(action, campaign_subject(visit.session, campaign))
    return campaign


def dossier_for(
    visit: Visit,
    name: str,
    dossier_id: int,
    action: Action,
    *,
    parts: Collection[Part] = ALL_PARTS,
) -> Dossier:
    """Return a dossier that the visitor may do something with.

    Args:
        visit: The request.
        name: Of the campaign in the address.
        dossier_id: Of the dossier in the address.
        action: What is to be done.
        parts: Which appointments count for it.

    Raises:
        NotPermittedError: Nobody is signed in, and the public may not.
        NotFoundForActorError: There is no such dossier, or it is not the visitor's to see; no role
            of the visitor may.
    """
    if visit.actor.person_id is not None and not visit.may_ever(action):
        # What others compute and seal is not even there for those who never may see it.
        raise NotFoundForActorError
    visit.require_ever(action)
    campaign = find_campaign(visit.session, name=name)
    dossier = find_dossier(visit.session, campaign=campaign, dossier_id=dossier_id)
    if dossier.status == DossierStatus.DRAFT and not _is_own(visit, dossier):
        # What a maker drafts nobody else sees, the bureau included.
        raise NotFoundForActorError
    visit.require(action, dossier_subject(visit.session, dossier, parts=parts))
    keep_apart(visit, dossier)
    return dossier


def keep_apart(visit: Visit, dossier: Dossier) -> None:
    """Keep away who has a conflict, as an officer too, and who was appointed and has not declared.

    Raises:
        NotFoundForActorError: A conflict was declared.
        NotDeclaredError: Nothing was declared.
    """
    person = visit.actor.person_id or 0
    if visit.actor.organisation_id != dossier.campaign.bureau_id:
        return
    declared = declarations(visit.session, dossier_id=dossier.id).get(person)
    if declared is not None and declared.has_conflict:
        raise NotFoundForActorError
    if declared is None and person in appointed(visit.session, dossier):
        raise NotDeclaredError


def _is_own(visit: Visit, dossier: Dossier) -> bool:
    is_maker = Role.MANUFACTURER in visit.actor.roles
    return is_maker and visit.actor.organisation_id == dossier.organisation_id


def done_or_shown(
    visit: Visit, change: Callable[[], object], address: str, page: Page
) -> Response[Any]:
    """Try a change; then go on to an address, or show the page again with what was refused."""
    refusal = attempt(visit, change)
    return redirect(address) if refusal is None else page(refusal)


def shown(
    visit: Visit, template: str, refusal: RefusedError | None, **context: object
) -> Response[Any]:
    """Show a page of this stage, with what was refused and what was typed."""
    values = context.pop("values", None)
    return render(
        visit,
        f"negotiations/{template}",
        status=200 if refusal is None else status_of(refusal),
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        values=visit.form if refusal is not None or values is None else values,
        **context,
    )


def about(visit: Visit, dossier: Dossier) -> dict[str, object]:
    """Return what every page of a dossier shows on its top."""
    status = DossierStatus(dossier.status)
    return {
        "campaign": dossier.campaign,
        "dossier": dossier,
        "here": address_of(dossier),
        "standing": (visit.text(*STATUS_WORDS[status]), STATUS_MARKS.get(status, "info")),
        "track": visit.text(*TRACK_WORDS[Track(dossier.track)]),
    }


def part_names(visit: Visit) -> dict[str, str]:
    """Return what people are appointed as, in the visitor's language."""
    return {part.value: visit.text(*words) for part, words in PART_WORDS.items()}


class Reader(FormReader):
    """Reads a form's fields, days included."""

    def day(self, name: str) -> date | None:
        """A day; None where the field is empty or wrong."""
        text = self.form.get(name, "")
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.faults.append(
                FieldFault(
                    name,
                    "须为日期，例如 2027-01-01。",
                    "Expected a date, such as 2027-01-01.",
                )
            )
            return None

    def long_text(self, name: str) -> str:
        """A text with its lines, without characters that no text has."""
        text = self.form.get(name, "").replace("\r\n", "\n")
        return "".join(one for one in text if one in "\n\t" or one.isprintable()).strip()


def one_of(words: Collection[Word], text: str, field: str) -> Word:
    """Return the word that a form names.

    Raises:
        InvalidInputError: It names none.
    """
    for word in words:
        if str(word) == text:
            return word
    raise InvalidInputError([FieldFault(field, "请选择。", "Choose one.")])


def version_of(visit: Visit) -> int:
    """Return the version that a form was made from.

    Raises:
        StaleError: It names none.
    """
    return Reader(visit.form).version
