"""Manufacturers of a simulated round: what they seal, and what was acknowledged of it."""

import secrets
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random  # noqa: TID251 - seeded, so that every run can be repeated

from bidding.sealing import (
    Bid,
    BidLine,
    Manifest,
    Receipt,
    ReceiptSecret,
    Submission,
    read_receipt,
    reveal_key,
)
from tests.procurement.bids.world import Maker
from tests.simulation.network import Letter, Network

CEILINGS = {
    "L01": {"1mg": Decimal("12.5")},
    "L02": {"250mg": Decimal("0.32"), "500mg": Decimal("0.544")},
    "L03": {"80mg": Decimal(5)},
}
"""By lot and strength, yuan a unit, as `tests.procurement.awards.world` makes the lots."""

PACKS = (7, 10, 12, 14, 28)
CENT = Decimal("0.01")
JSON = {"content-type": "application/json"}
WITHDRAWS = OVERTAKES = 0.1


@dataclass(frozen=True, slots=True)
class Version:
    """Something that was sealed.

    Attributes:
        sealed: As sent.
        bid: What is inside; None in a withdrawal.
        secret: With which it can be revealed; None for a withdrawal.
    """

    sealed: Submission
    bid: Bid | None
    secret: ReceiptSecret | None


@dataclass
class Bidder:
    """A manufacturer at its machine.

    Attributes:
        maker: Its keys.
        token: Its machine's.
        versions: What was acknowledged, in order.
        receipts: For it.
        is_late: It was told that it came too late.
    """

    maker: Maker
    token: str
    versions: list[Version] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    is_late: bool = False

    @property
    def standing(self) -> Version | None:
        """What counts: the last version, unless it is a withdrawal."""
        last = self.versions[-1] if self.versions else None
        return None if last is None or last.bid is None else last

    def act(self, network: Network, path: str, manifest: Manifest) -> None:
        """Bid, bid better or withdraw; now and then the next version overtakes this one."""
        random = network.site.random
        if self.standing is not None and random.random() < WITHDRAWS:
            self._send(network, path, self._withdrawal(manifest))
            return
        first = self._version(manifest, draw_bid(random))
        if random.random() >= OVERTAKES:
            self._send(network, path, first)
            return
        self.maker.sent(first.sealed)
        second = self._version(manifest, draw_bid(random))
        refused = self._post(network, path, second)
        assert refused.status == 409, refused.body
        for version in (first, second):
            self._send(network, path, version)

    def reveal(self, network: Network, path: str) -> Letter:
        """Reveal the key of what stands."""
        standing = self.standing
        assert standing is not None and standing.secret is not None
        revealed = reveal_key(
            standing.secret, signing_key=self.maker.key, random_bytes=secrets.token_bytes
        )
        return network.post(self.token, path, content=revealed.to_bytes(), headers=JSON)

    def _version(self, manifest: Manifest, bid: Bid) -> Version:
        sealed = self.maker.seal(manifest, bid)
        return Version(sealed, bid, self.maker.secrets[-1])

    def _withdrawal(self, manifest: Manifest) -> Version:
        return Version(self.maker.withdraw(manifest), None, None)

    def _post(self, network: Network, path: str, version: Version) -> Letter:
        body = version.sealed.to_bytes()
        key = version.sealed.digest[:40]
        return network.post(self.token, path, key=key, content=body, headers=JSON)

    def _send(self, network: Network, path: str, version: Version) -> None:
        if self.is_late:
            return
        letter = self._post(network, path, version)
        document = read_receipt(letter.body)
        assert isinstance(document, Receipt) == (letter.status == 201)
        if not isinstance(document, Receipt):
            assert document.reason == "late"
            self.is_late = True
            return
        assert document.envelope == version.sealed.digest
        self.maker.sent(version.sealed)
        self.versions.append(version)
        self.receipts.append(document)


def draw_bid(random: Random) -> Bid:
    """Draw what a manufacturer declares: in some lots one strength each, also above a ceiling."""
    lots = random.sample(sorted(CEILINGS), random.randint(1, len(CEILINGS)))
    return Bid(lines=tuple(_line(random, lot) for lot in sorted(lots)))


def _line(random: Random, lot: str) -> BidLine:
    strength = random.choice(sorted(CEILINGS[lot]))
    units = random.choice(PACKS)
    share = Decimal(random.randint(20, 104)) / 100
    price = max((CEILINGS[lot][strength] * units * share).quantize(CENT), CENT)
    return BidLine(lot, strength, pack_units=units, pack_price=price)
