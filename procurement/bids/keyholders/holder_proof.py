"""The statement with which a keyholder hands over the public halves of a key; pure.

The holder signs it in the browser, with the signing key that it names: whoever hands over keys
holds them, and nobody can hand over another holder's keys for another seat or round.
"""

from dataclasses import dataclass

from bidding.sealing.canonical import parse_json
from bidding.sealing.errors import FormatError
from bidding.sealing.reading import Fields, binary_text
from bidding.sealing.signing import Document, check_signature, read_head, take_signature
from bidding.sealing.suites import suite

KIND = "holder-key/1"
SIZE_MAX = 10_000
SEAT_MAX = 255


@dataclass(frozen=True, slots=True)
class HolderStatement:
    """Public keys for one seat of one round, signed by the signing key among them.

    Attributes:
        suite_name: The suite of both keys.
        round_name: The round's short name.
        seat: The holder's seat, from 1.
        sealing_key: Shares are sealed to it.
        signing_key: Checks what the holder signs.
        signature: By that key, of everything above.
    """

    suite_name: str
    round_name: str
    seat: int
    sealing_key: bytes
    signing_key: bytes
    signature: bytes = b""

    def unsigned(self) -> Document:
        """The document that the holder signs."""
        return {
            "type": KIND,
            "suite": self.suite_name,
            "round": self.round_name,
            "seat": self.seat,
            "sealing_key": binary_text(self.sealing_key),
            "signing_key": binary_text(self.signing_key),
        }


def read_statement(text: bytes | str) -> HolderStatement:
    """Read a statement from anybody, strictly, and check its signature and its sealing key.

    Raises:
        FormatError: It has another form, or the sealing key is weak.
        SignatureError: It is not signed by the key that it names.
    """
    fields = Fields(parse_json(text, where="keys", size_max=SIZE_MAX), "keys")
    chosen = read_head(fields, KIND)
    statement = HolderStatement(
        suite_name=chosen.name,
        round_name=fields.text("round"),
        seat=fields.whole("seat", 1, SEAT_MAX),
        sealing_key=fields.binary("sealing_key", size=chosen.sealing_key_size),
        signing_key=fields.binary("signing_key", size=chosen.signing_key_size),
        signature=take_signature(fields, chosen),
    )
    if not suite(chosen.name).is_sealing_key(statement.sealing_key):
        raise FormatError("keys.sealing_key", "a sound public key")
    check_signature(
        statement.unsigned(),
        public=statement.signing_key,
        signature=statement.signature,
        whose="the key that it names",
    )
    return statement
