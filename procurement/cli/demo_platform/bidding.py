"""Bids of the demo: eligibility papers, their check, and envelopes sealed by their firms."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bidding.sealing import (
    Bid,
    BidLine,
    Envelope,
    Manifest,
    ReceiptSecret,
    SigningKey,
    seal_bid,
)
from procurement.bids.kinds import PAPER_NAMES, PaperKind, PaperStatus
from procurement.bids.papers.service import hand_in_paper, review_papers, submit_papers
from procurement.bids.rules import NewPaper
from procurement.bids.submission.gate import bidder_name
from procurement.bids.submission.submit import submit_bid
from procurement.bids.tables import PaperStep
from procurement.china_days import day_in_china
from procurement.cli.demo_platform.cast import (
    BUREAU,
    REPLACED,
    Institution,
    maker,
)
from procurement.cli.demo_platform.papers import print_demo_paper
from procurement.cli.demo_platform.scene import Scene
from procurement.errors import RefusedError
from procurement.rounds.document.acknowledge import acknowledge
from procurement.rounds.document.versions import newest_version
from procurement.rounds.tables import Round

EVALUATOR = 2
"""Place of the evaluator among the bureau's people."""

CERTIFICATE_LIFE = timedelta(days=1000)


@dataclass(frozen=True, slots=True)
class SealedFile:
    """What a firm keeps of a bid, to be written into the folder of keys.

    Attributes:
        name: Of the file.
        content: Receipt or receipt secret.
    """

    name: str
    content: bytes


def check_papers(
    scene: Scene, round_: Round, *, admitted: Sequence[str], waiting: Sequence[str] = ()
) -> None:
    """Hand in the papers of some firms and admit most of them.

    Args:
        scene: The set-up.
        round_: A published round.
        admitted: Firms whose papers are checked and admitted, and that acknowledge the document.
        waiting: Firms whose papers are handed in, and no more.
    """
    printed = {
        kind: print_demo_paper(en.capitalize(), scene.moment)
        for kind, (_zh, en) in PAPER_NAMES.items()
    }
    firms = (*admitted, *waiting)
    for number, firm in enumerate(firms, start=1):
        institution = maker(firm)
        _hand_in(scene, round_, institution, printed)
        if number <= len(admitted):
            _admit(scene, round_, institution)
            _acknowledge(scene, round_, institution)


def _hand_in(
    scene: Scene, round_: Round, firm: Institution, printed: Mapping[PaperKind, bytes]
) -> None:
    actor = scene.actor(firm)
    for kind, content in printed.items():
        zh, _en = PAPER_NAMES[kind]
        paper = NewPaper(
            kind=kind.value,
            title=zh,
            file_name=f"{zh}.pdf",
            content=content,
            expires_on=day_in_china(scene.moment + CERTIFICATE_LIFE)
            if kind is PaperKind.CERTIFICATE
            else None,
        )
        hand_in_paper(
            scene.session,
            round_=round_,
            actor=actor,
            paper=paper,
            data=scene.settings.data,
            moment=scene.moment,
        )
    submit_papers(scene.session, round_=round_, actor=actor, moment=scene.moment)


def _admit(scene: Scene, round_: Round, firm: Institution) -> None:
    step = PaperStep(
        status=PaperStatus.ADMITTED, organisation_id=scene.organisation(firm).id, reason=""
    )
    review_papers(
        scene.session,
        round_=round_,
        step=step,
        actor=scene.actor(BUREAU, EVALUATOR),
        moment=scene.moment,
    )


def _acknowledge(scene: Scene, round_: Round, firm: Institution) -> None:
    version = newest_version(scene.session, round_=round_)
    if version is not None:
        acknowledge(
            scene.session,
            round_=round_,
            version=version,
            actor=scene.actor(firm),
            moment=scene.moment,
        )


class TooLateError(RefusedError):
    """A bid came after the closing time."""

    def __init__(self, firm: str) -> None:
        """Name the firm."""
        super().__init__(
            zh=f"演示批次已截止，{firm}的申报未被接受：机器过慢，请重试。",
            en=f"The round closed before {firm} had bid: the machine is too slow, try again.",
        )


def seal_bids(
    scene: Scene, round_: Round, manifest: Manifest, keys: Mapping[str, SigningKey]
) -> list[SealedFile]:
    """Seal the example's bids of firms; one first seals a part, and replaces it.

    Args:
        scene: The set-up.
        round_: The round in bidding.
        manifest: In force.
        keys: Signing keys by firm: of those that are to bid.

    Returns:
        Receipts and receipt secrets, for the folder of keys.

    Raises:
        TooLateError: The round closed meanwhile.
    """
    files: list[SealedFile] = []
    for number, (firm, key) in enumerate(keys.items(), start=1):
        bidder = _Bidder(scene, round_, manifest, maker(firm), key)
        whole = Bid(tuple(_lines(scene, firm)))
        bids = [Bid(whole.lines[:1]), whole] if firm == REPLACED else [whole]
        previous: Envelope | None = None
        for bid in bids:
            previous, kept = bidder.submit(bid, previous)
            files += kept
        scene.progress.part(number, len(keys))
    return files


def _lines(scene: Scene, firm: str) -> Iterator[BidLine]:
    for bid in scene.example.bids:
        if bid.manufacturer != firm:
            continue
        for quote in bid.quotes:
            if quote.declared_price is not None:
                price = quote.declared_price
                yield BidLine(bid.lot, quote.strength, declared_price=price.pack_price)


@dataclass(frozen=True, slots=True)
class _Bidder:
    """A firm with its key, at one round."""

    scene: Scene
    round_: Round
    manifest: Manifest
    firm: Institution
    key: SigningKey

    def submit(self, bid: Bid, previous: Envelope | None) -> tuple[Envelope, list[SealedFile]]:
        """Seal a bid, in place of the one before, and send it as the page does."""
        organisation = self.scene.organisation(self.firm)
        envelope, secret = seal_bid(
            self.manifest,
            bid=bid,
            bidder=bidder_name(organisation.credit_code, organisation.id),
            version=1 if previous is None else previous.version + 1,
            replaces=None if previous is None else previous.digest,
            signing_key=self.key,
            random_bytes=secrets.token_bytes,
        )
        receipt = submit_bid(
            self.scene.session,
            round_name=self.round_.name,
            actor=self.scene.actor(self.firm),
            body=envelope.to_bytes(),
            key=envelope.digest,
            secret_key=self.scene.secret_key,
        )
        if not receipt.is_receipt:
            raise TooLateError(self.firm.name)
        return envelope, self._kept(secret, receipt.document)

    def _kept(self, secret: ReceiptSecret, receipt: str) -> list[SealedFile]:
        """Of firms whose sign-ins are printed."""
        if not self.firm.people:
            return []
        stem = f"{self.firm.people[0].user}-{self.round_.name}-version-{secret.version}"
        return [
            SealedFile(f"{stem}-receipt.json", receipt.encode()),
            SealedFile(f"{stem}-receipt-secret.json", secret.to_bytes()),
        ]
