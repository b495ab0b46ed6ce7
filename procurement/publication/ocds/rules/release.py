"""Releases: the sections joined, with the parties that they name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from procurement.publication.ocds.rules.contracting import contract_of, parties_of
from procurement.publication.ocds.rules.deciding import awards_of, bids_of
from procurement.publication.ocds.rules.facts import (
    ContractFacts,
    Organisation,
    Roles,
    RoundFacts,
)
from procurement.publication.ocds.rules.identifiers import release_id
from procurement.publication.ocds.rules.json_text import Document
from procurement.publication.ocds.rules.tendering import planning_of, tender_of
from procurement.publication.ocds.rules.values import given, moment_of


@dataclass(frozen=True, slots=True)
class Head:
    """What a release begins with.

    Attributes:
        ocid: Of the process.
        number: Of the release within it, from 1.
        date: When what it tells happened, aware.
        tags: Codes of releaseTag.
    """

    ocid: str
    number: int
    date: datetime
    tags: Sequence[str]

    def fields(self) -> Document:
        """Return the fields that every release has."""
        return {
            "ocid": self.ocid,
            "id": release_id(self.ocid, self.number),
            "date": moment_of(self.date),
            "tag": list(self.tags),
            "initiationType": "tender",
            "language": "zh",
        }


def round_release(head: Head, facts: RoundFacts) -> Document:
    """Return the release that tells how a round stands: all of it but the contracts.

    Args:
        head: What it begins with.
        facts: As everybody may know them at that moment.
    """
    return {
        **head.fields(),
        **given(
            parties=_parties(_of_round(facts)),
            planning=planning_of(facts),
            tender=tender_of(facts),
            bids=bids_of(facts),
            awards=awards_of(facts),
            relatedProcesses=_related(facts),
        ),
    }


def contract_release(head: Head, contracts: Sequence[ContractFacts]) -> Document:
    """Return a release about some agreements of a round; it says nothing of the others.

    Args:
        head: What it begins with.
        contracts: As everybody may know them.
    """
    named = (party for one in contracts for party in parties_of(one))
    return {
        **head.fields(),
        "parties": _parties(named),
        "contracts": [contract_of(one) for one in contracts],
    }


def _of_round(facts: RoundFacts) -> Iterable[tuple[Organisation, Roles]]:
    if facts.bureau is not None:
        yield facts.bureau, ("procuringEntity",)
    for bid in facts.bids or ():
        yield bid.bidder, ("tenderer",)
    for award in facts.awards or ():
        yield award.supplier, ("tenderer", "supplier")


def _parties(named: Iterable[tuple[Organisation, Roles]]) -> list[Document]:
    roles: dict[Organisation, dict[str, None]] = {}
    # Once for each way in which somebody is named, not for each of its bids.
    for organisation, parts in dict.fromkeys(named):
        roles.setdefault(organisation, {}).update(dict.fromkeys(parts))
    return [
        _party(organisation, list(parts))
        for organisation, parts in sorted(roles.items(), key=lambda item: item[0].party_id)
    ]


def _party(organisation: Organisation, roles: list[str]) -> Document:
    identifiers = [given(scheme=scheme, id=code) for scheme, code in organisation.identifiers]
    main = {**identifiers[0], "legalName": organisation.name} if identifiers else None
    address = {"region": organisation.region, "countryName": "中国"}
    return given(
        id=organisation.party_id,
        name=organisation.name,
        identifier=main,
        additionalIdentifiers=identifiers[1:],
        address=address if organisation.region else None,
        roles=roles,
    )


def _related(facts: RoundFacts) -> list[Document]:
    if facts.follows is None:
        return []
    return [
        {
            "id": "follows",
            "relationship": ["renewalProcess"],
            "scheme": "ocid",
            "identifier": facts.follows,
        }
    ]
