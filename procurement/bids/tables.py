"""The tables of sealed bids: keys, papers, the log, and the opening; most only grow.

What is sealed, logged and opened belongs to a sitting of a round: 0 = the bids, from 1 on second
answers.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procurement.bids.kinds import BidVerdict, OpeningWay, PaperKind, PaperStatus, SealVerdict
from procurement.database import Base, DecimalText, Moment


class PlatformKey(Base):
    """A key with which this installation signs: receipts as server, manifests for a bureau."""

    __tablename__ = "platform_key"
    __table_args__ = (UniqueConstraint("owner", "suite"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(String(40))
    """``server``, or ``bureau`` and the id of its organisation."""
    suite: Mapped[str] = mapped_column(String(10))
    public_key: Mapped[str] = mapped_column(String(130))
    """Hexadecimal."""
    sealed_key: Mapped[str] = mapped_column(Text)
    """Its seed, sealed with `Settings.secret_key`."""
    made_at: Mapped[datetime] = mapped_column(Moment)


class KeyholderKey(Base):
    """The public keys that a keyholder made for one round; the newest of a seat counts."""

    __tablename__ = "keyholder_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    seat: Mapped[int]
    """Share index of the holder, from 1."""
    suite: Mapped[str] = mapped_column(String(10))
    public_key: Mapped[str] = mapped_column(String(130))
    """Hexadecimal: shares are sealed to it."""
    signing_key: Mapped[str] = mapped_column(String(130))
    """Hexadecimal: the holder signs the shares that he posts with its private half."""
    proof: Mapped[str] = mapped_column(Text)
    """Signature of the signing key over both keys, round and seat."""
    made_at: Mapped[datetime] = mapped_column(Moment)


class Rehearsal(Base):
    """An envelope without a bid, by which the keyholders show that they can open."""

    __tablename__ = "rehearsal"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    manifest: Mapped[str] = mapped_column(Text)
    """The trial manifest under which it was sealed."""
    envelope: Mapped[str] = mapped_column(Text)
    sealed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    sealed_at: Mapped[datetime] = mapped_column(Moment)


class RehearsalShare(Base):
    """What one keyholder unsealed in a rehearsal."""

    __tablename__ = "rehearsal_share"

    id: Mapped[int] = mapped_column(primary_key=True)
    rehearsal_id: Mapped[int] = mapped_column(ForeignKey("rehearsal.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    seat: Mapped[int]
    post: Mapped[str] = mapped_column(Text)
    """As signed by the holder."""
    fits: Mapped[bool]
    """The share has the hash that the envelope names."""
    posted_at: Mapped[datetime] = mapped_column(Moment)


class Manifest(Base):
    """What a bid is sealed under: rulebook, lots, ceilings, moments, keys; signed."""

    __tablename__ = "manifest"
    __table_args__ = (UniqueConstraint("round_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    sitting: Mapped[int] = mapped_column(default=0, server_default="0")
    version: Mapped[int]
    """From 1; an amendment of lots, ceilings or moments makes the next, and so does a sitting."""
    document: Mapped[str] = mapped_column(Text)
    """Canonical JSON with its signature, byte for byte."""
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(Moment)


class EligibilityPaper(Base):
    """A paper that a manufacturer hands in before bidding; a better one names it as replaced."""

    __tablename__ = "eligibility_paper"

    id: Mapped[int] = mapped_column(primary_key=True)
    """Random, as it stands in addresses: it tells nobody how many others applied."""
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[PaperKind] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    number: Mapped[str | None] = mapped_column(String(100))
    """Number of a certificate, as printed on it."""
    expires_on: Mapped[date | None]
    """Last day of a certificate."""
    file_name: Mapped[str] = mapped_column(String(200))
    file_digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the file, which is stored under it."""
    file_bytes: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(100))
    seal_verdict: Mapped[SealVerdict] = mapped_column(String(20))
    seal_words: Mapped[str] = mapped_column(Text, default="")
    """Who sealed it and when, or what is wrong, in the words of the check."""
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("eligibility_paper.id"))
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(Moment)


class PaperStep(Base):
    """A step in the check of a manufacturer's papers; the newest says where they stand."""

    __tablename__ = "paper_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    status: Mapped[PaperStatus] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, default="")
    """What is missing, or why it was rejected."""
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    """Until when a deficiency can be made good."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    happened_at: Mapped[datetime] = mapped_column(Moment)


class Sitting(Base):
    """A sitting of second answers: its own manifest, clock, log and opening.

    The bids themselves are the sitting 0, which has no row: its times are the round's.
    """

    __tablename__ = "sitting"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    """From 1, in the order in which they were called."""
    closes_at: Mapped[datetime] = mapped_column(Moment)
    """Answers are acknowledged before; who has not answered by then has not accepted."""
    opens_at: Mapped[datetime] = mapped_column(Moment)
    called_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    called_at: Mapped[datetime] = mapped_column(Moment)


class SittingQuestion(Base):
    """A question that a manufacturer is asked in a sitting; it alone and the bureau see it."""

    __tablename__ = "sitting_question"
    __table_args__ = (UniqueConstraint("sitting_id", "lot", "bid", "question"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    lot: Mapped[str] = mapped_column(String(30))
    bid: Mapped[str] = mapped_column(String(300))
    """Identifier of the bid in its lot, as the evaluation names it."""
    product: Mapped[str | None] = mapped_column(String(300))
    """Which of the manufacturer's bids in the lot it is, where it has several."""
    question: Mapped[str] = mapped_column(String(40))
    """`bidding.bid_sheet.QuestionKind`."""
    price: Mapped[Decimal | None] = mapped_column(DecimalText)
    """The price offered, in yuan per minimal unit, if any."""


class LogLeaf(Base):
    """A leaf of a round's log, sealed with the platform's key until the round is closed.

    Who sent it, when, what and whether it is a leaf at all stands in ``sealed`` only: besides
    leaves there are cover rows, so that whoever reads the table cannot count bids.
    """

    __tablename__ = "log_leaf"

    id: Mapped[int] = mapped_column(primary_key=True)
    """Order in the log; never shown."""
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    sitting: Mapped[int] = mapped_column(default=0, server_default="0")
    chain_tag: Mapped[str] = mapped_column(String(64), unique=True)
    """Keyed digest of round, organisation and version: two leaves of one bidder show no link to
    who does not know the platform's key, and no two can follow the same one."""
    request_tag: Mapped[str] = mapped_column(String(64), unique=True)
    """Keyed digest of round, organisation and idempotency key."""
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Refusal(Base):
    """A signed refusal of what came too late or under a manifest that was replaced."""

    __tablename__ = "refusal"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    sitting: Mapped[int] = mapped_column(default=0, server_default="0")
    request_tag: Mapped[str] = mapped_column(String(64), unique=True)
    """As in `LogLeaf`."""
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Checkpoint(Base):
    """The final signed checkpoint of the log of a round's sitting."""

    __tablename__ = "checkpoint"
    __table_args__ = (UniqueConstraint("round_id", "sitting"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    sitting: Mapped[int] = mapped_column(default=0, server_default="0")
    document: Mapped[str] = mapped_column(Text)
    """Canonical JSON with size and root, signed."""
    leaves: Mapped[str] = mapped_column(Text)
    """The digests of all leaves in order, joined with spaces."""
    standing: Mapped[str] = mapped_column(Text)
    """Those that are opened: each bidder's last leaf, unless it is a withdrawal."""
    made_at: Mapped[datetime] = mapped_column(Moment)


class PostponementNotice(Base):
    """The outage rule moved closing and opening: the signed notice."""

    __tablename__ = "postponement_notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), unique=True)
    document: Mapped[str] = mapped_column(Text)
    issued_at: Mapped[datetime] = mapped_column(Moment)


class SharePost(Base):
    """Shares that a keyholder posted after the opening time, for some or all bids."""

    __tablename__ = "share_post"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    sitting: Mapped[int] = mapped_column(default=0, server_default="0")
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    seat: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """The signed post, sealed with the platform's key: k posts together would open bids."""
    shares: Mapped[int]
    """How many shares it holds."""
    faults: Mapped[str] = mapped_column(Text)
    """Digests of envelopes whose share has the wrong hash, joined with spaces."""
    posted_at: Mapped[datetime] = mapped_column(Moment)


class RevealCall(Base):
    """All bidders are asked for their content keys, as too few keyholders came."""

    __tablename__ = "reveal_call"
    __table_args__ = (UniqueConstraint("round_id", "sitting"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    sitting: Mapped[int] = mapped_column(default=0, server_default="0")
    due_at: Mapped[datetime] = mapped_column(Moment)
    """Who has not revealed by then has withdrawn; nothing is opened before."""
    reason: Mapped[str] = mapped_column(Text)
    called_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    called_at: Mapped[datetime] = mapped_column(Moment)


class RevealedKey(Base):
    """A content key that its bidder revealed, checked against the hash in the envelope."""

    __tablename__ = "revealed_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    sitting: Mapped[int] = mapped_column(default=0, server_default="0")
    leaf_id: Mapped[int] = mapped_column(ForeignKey("log_leaf.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """The key, sealed with the platform's key until all are opened."""
    revealed_at: Mapped[datetime] = mapped_column(Moment)


class Opening(Base):
    """The opening of a round's bids: all of them in one transaction."""

    __tablename__ = "opening"
    __table_args__ = (UniqueConstraint("round_id", "sitting"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    sitting: Mapped[int] = mapped_column(default=0, server_default="0")
    way: Mapped[OpeningWay] = mapped_column(String(20))
    seats: Mapped[str] = mapped_column(String(200))
    """Seats whose shares served, joined with spaces."""
    opened_at: Mapped[datetime] = mapped_column(Moment)


class OpenedBid(Base):
    """A bid as it came out of its envelope."""

    __tablename__ = "opened_bid"

    id: Mapped[int] = mapped_column(primary_key=True)
    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    sitting: Mapped[int] = mapped_column(default=0, server_default="0")
    leaf_id: Mapped[int] = mapped_column(ForeignKey("log_leaf.id"), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    verdict: Mapped[BidVerdict] = mapped_column(String(20))
    fault: Mapped[str | None] = mapped_column(String(40))
    """`bidding.sealing.Fault`: what the bidder sealed wrongly."""
    content: Mapped[str | None] = mapped_column(Text)
    """Canonical JSON of the bid; None where it could not be opened."""
    content_key: Mapped[str | None] = mapped_column(String(130))
    """Hexadecimal: with it anyone entitled opens the envelope again."""
