"""What binds a signing key: the statement, the key's signature of it, the certificate's seal."""

import base64
import binascii
import re
from dataclasses import dataclass

from bidding.sealing.suites import SUITES
from procurement.accounts.tables import Organisation
from procurement.errors import FieldFault

_PEM = re.compile(rb"-----BEGIN [A-Z0-9 ]+-----(.+?)-----END [A-Z0-9 ]+-----", re.DOTALL)
_HEX = re.compile(r"(?:[0-9a-f]{2})+")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyBinding:
    """What an organisation sends to bind a key.

    Attributes:
        suite: ``intl-1`` or ``sm-1``.
        public_key: Hexadecimal, as sealed bids write it.
        challenge: From `begin_binding`.
        key_signature: By the key, of `binding_statement`, hexadecimal.
        seal: By the certificate, of `binding_statement`: detached CMS in DER, PEM or base64.
    """

    suite: str
    public_key: str
    challenge: str
    key_signature: str
    seal: bytes


def binding_statement(
    organisation: Organisation, *, suite: str, public_key: str, challenge: str
) -> str:
    """Return the sentence that both signatures cover, byte for byte in UTF-8.

    Examples:
        >>> maker = Organisation(name="演示制药有限公司", credit_code="91350100M000100Y43")
        >>> print(binding_statement(maker, suite="intl-1", public_key="ab", challenge="cd"), end="")
        Jicai signing key
        organisation: 演示制药有限公司
        credit code: 91350100M000100Y43
        suite: intl-1
        public key: ab
        challenge: cd
        This key signs the organisation's bids. 本机构的申报文件由此密钥签名。
    """
    return (
        "Jicai signing key\n"
        f"organisation: {organisation.name}\n"
        f"credit code: {organisation.credit_code or '-'}\n"
        f"suite: {suite}\n"
        f"public key: {public_key}\n"
        f"challenge: {challenge}\n"
        "This key signs the organisation's bids. 本机构的申报文件由此密钥签名。\n"
    )


def read_seal(content: bytes) -> bytes:
    r"""Return the DER of a signature that comes as DER, PEM or base64; anything else as it is.

    Examples:
        >>> read_seal(b"MAMCAQE="), read_seal(b"0\x03\x02\x01\x01")
        (b'0\x03\x02\x01\x01', b'0\x03\x02\x01\x01')
    """
    framed = _PEM.search(content)
    text = framed.group(1) if framed else content
    try:
        return base64.b64decode(b"".join(text.split()), validate=True)
    except binascii.Error:
        return content


def key_faults(binding: KeyBinding, statement: bytes) -> list[FieldFault]:
    """Say what is wrong with a key and its signature of the statement."""
    suite = SUITES.get(binding.suite)
    if suite is None:
        return [FieldFault("suite", "密码套件须为 intl-1 或 sm-1。", "Expected intl-1 or sm-1.")]
    public, signature = _octets(binding.public_key), _octets(binding.key_signature)
    if public is None or len(public) != suite.signing_key_size:
        return [
            FieldFault(
                "public_key",
                f"公钥须为 {suite.signing_key_size} 字节的小写十六进制。",
                f"Expected {suite.signing_key_size} bytes in lower-case hexadecimal.",
            )
        ]
    if signature is None or not suite.verify(public, message=statement, signature=signature):
        return [
            FieldFault(
                "key_signature",
                "密钥对声明的签名不正确。",
                "The key's signature of the statement is not right.",
            )
        ]
    return []


def _octets(text: str) -> bytes | None:
    # One way of writing only: the text is part of what is signed, and unique in its column.
    return bytes.fromhex(text) if _HEX.fullmatch(text) else None
