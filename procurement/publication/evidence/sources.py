"""The documents of a bundle, as far as its reader may see them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from bidding.sealing import Manifest, canonical_bytes
from bidding.sealing.evidence.decision import RulebookText
from procurement.accounts.tables import Organisation
from procurement.awards.announcing import current_notice
from procurement.awards.evaluation import current_report, report_numbered
from procurement.awards.fixing import award_of
from procurement.awards.report_view import ReportView
from procurement.bids.keyholders.manifests import manifests_of, require_manifest
from procurement.bids.keyholders.postponements import find_postponement
from procurement.bids.opening.kept import KeptOpening, kept_opening
from procurement.bids.opening.service import find_opening
from procurement.bids.periods import BIDS
from procurement.bids.sittings import sittings_of
from procurement.bids.submission.close import find_final_log
from procurement.bids.submission.gate import bidder_name
from procurement.bids.submission.receipts import receipts_of, refusals_of
from procurement.rounds.document.rulebook_text import text_of
from procurement.rounds.document.versions import IN_FORCE, newest_version
from procurement.rounds.tables import Round
from rulebooks import load_rulebook

Document = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a bundle is made.

    Attributes:
        sees_all: Every bid with its price; the report as well.
        conducts: Belongs to the lead bureau or observes: sees a report before its notice.
        organisation_id: Whose own bids are in it in any case.
    """

    sees_all: bool
    conducts: bool = False
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """What every document is read from.

    Attributes:
        session: Any session.
        round_: The round.
        secret_key: `Settings.secret_key`.
        folder: Where openings are kept once they were repeated.
    """

    session: Session
    round_: Round
    secret_key: bytes
    folder: Path

    @property
    def manifest(self) -> Manifest:
        """The manifest of the bids, the last one."""
        return require_manifest(self.session, round_id=self.round_.id)

    def bidder(self, organisation_id: int) -> str:
        """How envelopes name an organisation."""
        organisation = self.session.get_one(Organisation, organisation_id)
        return bidder_name(organisation.credit_code, organisation_id)


def sitting_numbers(ground: Ground) -> tuple[int, ...]:
    """The bids, and every sitting of second answers."""
    called = sittings_of(ground.session, round_id=ground.round_.id)
    return (BIDS, *(one.number for one in called))


def _name(sitting: int, part: str) -> str:
    return f"{part}.json" if sitting == BIDS else f"answers-{sitting}-{part}.json"


def public_documents(ground: Ground) -> Iterator[Document]:
    """Manifests, the notice of an outage, final logs and the rules: what anybody may see."""
    about = {"round_id": ground.round_.id}
    for sitting in sitting_numbers(ground):
        for row in manifests_of(ground.session, sitting=sitting, **about):
            yield _name(sitting, f"manifest-{row.version}"), row.document.encode()
        log = find_final_log(ground.session, sitting=sitting, **about)
        if log is not None:
            yield _name(sitting, "log"), canonical_bytes(log.document())
    notice = find_postponement(ground.session, **about)
    if notice is not None:
        yield "postponement.json", notice.document.encode()
    yield "rulebook.json", rulebook_text(ground).to_bytes()


def rulebook_text(ground: Ground) -> RulebookText:
    """The rules of the round as they were frozen, with what amendments changed."""
    version = newest_version(ground.session, round_=ground.round_)
    if version is None or version.kind not in IN_FORCE:
        return RulebookText(ground.round_.rulebook, text_of(load_rulebook(ground.round_.rulebook)))
    return RulebookText(ground.round_.rulebook, version.rulebook_text, version.amended)


def openings(ground: Ground) -> dict[int, KeptOpening]:
    """The records of all openings, by sitting."""
    found = {}
    for sitting in sitting_numbers(ground):
        opened = find_opening(ground.session, round_id=ground.round_.id, sitting=sitting)
        if opened is not None:
            found[sitting] = kept_opening(
                ground.session,
                round_=ground.round_,
                secret_key=ground.secret_key,
                folder=ground.folder,
                sitting=sitting,
            )
    return found


def opening_documents(
    records: Mapping[int, KeptOpening], bidder: str | None = None
) -> Iterator[Document]:
    """The openings; for one bidder as far as it may see them."""
    for sitting, kept in records.items():
        if bidder is None:
            yield _name(sitting, "opening"), kept.content
            continue
        seen = kept.record.only(bidder)
        if seen.submissions:
            yield _name(sitting, "opening"), seen.to_bytes()


def own_documents(ground: Ground, organisation_id: int) -> Iterator[Document]:
    """What one bidder was given: receipts, proofs and refusals."""
    about = {"round_id": ground.round_.id, "organisation_id": organisation_id}
    for sitting in sitting_numbers(ground):
        own = receipts_of(ground.session, secret_key=ground.secret_key, sitting=sitting, **about)
        for one in own:
            version = one.leaf.version
            yield _name(sitting, f"envelope-{version}"), one.leaf.body.encode()
            yield _name(sitting, f"receipt-{version}"), one.leaf.receipt.encode()
            if one.proof is not None:
                yield _name(sitting, f"proof-{version}"), one.proof.to_bytes()
        refused: Sequence[str] = refusals_of(
            ground.session, secret_key=ground.secret_key, sitting=sitting, **about
        )
        for number, document in enumerate(refused, start=1):
            yield _name(sitting, f"refusal-{number}"), document.encode()


def report_of(ground: Ground, reader: Reader) -> ReportView | None:
    """The report of the award, else that on notice; before, the newest for who conducts."""
    about = {"round_id": ground.round_.id}
    award = award_of(ground.session, **about)
    if award is not None:
        return report_numbered(ground.session, report_id=award.report_id)
    notice = current_notice(ground.session, **about)
    if notice is not None and not reader.conducts:
        return report_numbered(ground.session, report_id=notice.report_id)
    return current_report(ground.session, **about) if reader.conducts else None
