"""A keyholder's key: one seed, from which the sealing pair and the signing pair are derived."""

from dataclasses import dataclass

from bidding.sealing.errors import FormatError
from bidding.sealing.manifest import Holder
from bidding.sealing.signing import SigningKey
from bidding.sealing.suites import KeyPair, RandomBytes, Suite, suite
from bidding.sealing.suites.interface import SEED_SIZE


@dataclass(frozen=True, slots=True)
class HolderKey:
    """The secret of a keyholder.

    Attributes:
        suite_name: The suite of the rounds that it serves.
        seed: 32 bytes; all that a key file or the paper words keep.

    Examples:
        >>> key = HolderKey("intl-1", bytes(32))
        >>> key
        HolderKey('intl-1', ...)
        >>> key.sealing_pair.public != key.signing_key.public
        True
    """

    suite_name: str
    seed: bytes

    def __repr__(self) -> str:
        """Without the seed, so that no log can hold it."""
        return f"HolderKey({self.suite_name!r}, ...)"

    @property
    def suite(self) -> Suite:
        """The suite itself."""
        return suite(self.suite_name)

    @property
    def sealing_pair(self) -> KeyPair:
        """Shares are sealed to its public half."""
        if len(self.seed) != SEED_SIZE:
            raise FormatError("seed", f"{SEED_SIZE} bytes")
        return self.suite.sealing_pair(self.seed)

    @property
    def signing_key(self) -> SigningKey:
        """Signs the shares that the holder posts."""
        return SigningKey(self.suite_name, self.seed)

    def as_holder(self, *, seat: int, organisation: str) -> Holder:
        """The public half, as a manifest names it."""
        return Holder(seat, organisation, self.sealing_pair.public, self.signing_key.public)


def new_holder_key(suite_name: str, *, random_bytes: RandomBytes) -> HolderKey:
    """A fresh key.

    Args:
        suite_name: The suite of the rounds that it will serve.
        random_bytes: `secrets.token_bytes`.
    """
    return HolderKey(suite(suite_name).name, random_bytes(SEED_SIZE))
