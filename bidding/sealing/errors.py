"""What sealing refuses. No message repeats a value, so that none can carry a price or a key."""

from datetime import datetime

from bidding.errors import BiddingError


class SealingError(BiddingError):
    """Base of all refusals of sealing, receipts, log and opening."""


class FormatError(SealingError):
    """A document has another form than its specification says.

    Examples:
        >>> str(FormatError("envelope.shares[2].seat", "a whole number from 1 to 20"))
        'envelope.shares[2].seat: expected a whole number from 1 to 20'
    """

    def __init__(self, where: str, expected: str) -> None:
        """Keep the place in the document and what was expected there."""
        super().__init__(f"{where}: expected {expected}")
        self.where = where
        self.expected = expected


class SignatureError(SealingError):
    """A signature does not fit the document, or is not by the key that was expected."""

    def __init__(self, where: str, whose: str) -> None:
        """Keep the document and whose signature was expected."""
        super().__init__(f"{where}: expected the signature of {whose}")
        self.where = where
        self.whose = whose


class MismatchError(SealingError):
    """Two documents do not belong together."""

    def __init__(self, where: str, expected: str) -> None:
        """Keep the place and what it should have agreed with."""
        super().__init__(f"{where}: expected {expected}")
        self.where = where
        self.expected = expected


class TooEarlyError(SealingError):
    """A holder is asked to unseal before the opening time."""

    def __init__(self, opens_at: datetime) -> None:
        """Keep the opening time."""
        super().__init__(f"shares are unsealed from {opens_at.isoformat()} on, not before")
        self.opens_at = opens_at


class UnsealError(SealingError):
    """A box does not open with this holder's key, or was not made for this envelope."""

    def __init__(self, seat: int, cause: str) -> None:
        """Keep the seat and what is wrong with its box."""
        super().__init__(f"the share of seat {seat} cannot be unsealed: {cause}")
        self.seat = seat
        self.cause = cause


class KeyFileError(SealingError):
    """A key file does not open: the passphrase is wrong, or the file was changed."""

    def __init__(self) -> None:
        """Say what to look at."""
        super().__init__("the key file does not open: the passphrase is wrong or it was changed")
