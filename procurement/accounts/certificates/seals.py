"""Seals on papers: detached CMS signatures (PKCS#7) of organisations, and their time stamps."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from asn1crypto import cms, core  # type: ignore[import-untyped]  # the package ships no types
from cryptography import x509

from procurement.accounts.certificates.authorities import Authorities, fingerprint, verify_chain
from procurement.accounts.certificates.public_keys import (
    RSA_PSS,
    SM2_SIGNATURES,
    PublicKey,
    digest,
    public_key_of,
)
from procurement.accounts.certificates.signers import Signer, signer_of
from procurement.accounts.certificates.time_stamps import time_of_token
from procurement.errors import RefusedError

SEAL_BYTES_MAX = 256 * 1024
SET_TAG = b"\x31"

_SIGNED_DATA = "1.2.840.113549.1.7.2"
_SM2_SIGNED_DATA = "1.2.156.10197.6.1.4.2.2"
_DATA = ("1.2.840.113549.1.7.1", "1.2.156.10197.6.1.4.2.1")
_CONTENT_TYPE = "1.2.840.113549.1.9.3"
_MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
_SIGNING_TIME = "1.2.840.113549.1.9.5"
_TIME_STAMP = "1.2.840.113549.1.9.16.2.14"

# Hashes that a signature's own name states; the others leave it to the digest algorithm.
_STATED_HASH = {
    "1.2.840.113549.1.1.11": "2.16.840.1.101.3.4.2.1",
    "1.2.840.113549.1.1.12": "2.16.840.1.101.3.4.2.2",
    "1.2.840.113549.1.1.13": "2.16.840.1.101.3.4.2.3",
    "1.2.840.10045.4.3.2": "2.16.840.1.101.3.4.2.1",
    "1.2.840.10045.4.3.3": "2.16.840.1.101.3.4.2.2",
    "1.2.840.10045.4.3.4": "2.16.840.1.101.3.4.2.3",
}
_ED25519 = "1.3.101.112"
_PLAIN = ("1.2.840.113549.1.1.1", "1.2.840.10045.2.1", RSA_PSS, _ED25519)
_ACCEPTED = frozenset({*_STATED_HASH, *_PLAIN, *SM2_SIGNATURES})

# What the two libraries raise on bytes that are no such structure.
_MALFORMED = (
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    IndexError,
    OverflowError,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)


class _ContentInfo(core.Sequence):  # type: ignore[misc]  # the package ships no types
    """The outer frame; national products name the same structure otherwise (GM/T 0010)."""

    _fields: ClassVar = [
        ("content_type", core.ObjectIdentifier),
        ("content", cms.SignedData, {"explicit": 0}),
    ]


class SealError(RefusedError):
    """A seal does not hold."""


@dataclass(frozen=True, slots=True)
class SealVerdict:
    """What a seal that holds says.

    Attributes:
        signer: Whose it is, by the certificate.
        certificate: The signer's certificate.
        suite: ``intl-1`` or ``sm-1``.
        signed_at: When the signer says that it was made; nobody vouches for it.
        stamped_at: When a trusted service saw it, or None without a time stamp.
    """

    signer: Signer
    certificate: x509.Certificate
    suite: str
    signed_at: datetime | None
    stamped_at: datetime | None

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, hexadecimal."""
        return fingerprint(self.certificate)


def verify_seal(
    document: bytes,
    signature: bytes,
    *,
    authorities: Authorities,
    moment: datetime,
    stamping: Authorities | None = None,
) -> SealVerdict:
    """Check a seal on a paper: by whom it is, and that nothing of the paper was changed since.

    Where a trusted time stamp covers the seal, the certificate must have been valid then; else it
    must be valid now.

    Args:
        document: The paper, byte for byte.
        signature: Detached CMS signature in DER, of one signer, with his certificate in it.
        authorities: Who may issue certificates of organisations.
        moment: Now.
        stamping: Who may issue certificates of time stamping services; None takes no stamps.

    Returns:
        Whose seal it is. Whether it is the right organisation's is asked with
        `procurement.accounts.certificates.signers.is_of`.

    Raises:
        SealError: It does not hold; says why.
        ChainError: The certificate is not accepted; says why.
    """
    if len(signature) > SEAL_BYTES_MAX:
        raise _refused("签章文件过大。", "The seal is too large.")
    try:
        return _verify(document, signature, authorities, moment, stamping)
    except _MALFORMED as refusal:
        raise _refused(
            "签章文件无法读取：须为 DER 编码的分离式 CMS（PKCS#7）签名。",
            "The seal cannot be read: expected a detached CMS (PKCS#7) signature in DER.",
        ) from refusal


def _verify(
    document: bytes,
    signature: bytes,
    authorities: Authorities,
    moment: datetime,
    stamping: Authorities | None,
) -> SealVerdict:
    signed = _signed_data(signature)
    _check_content(signed, document)
    signers = list(signed["signer_infos"])
    if len(signers) != 1:
        raise _refused("签章须恰有一名签署人。", "Expected exactly one signer.")
    certificates = _certificates(signed)
    certificate = _certificate_of(signers[0], certificates)
    key = public_key_of(certificate)
    if key is None:
        raise _refused("证书的密钥不被接受。", "The certificate's key is not accepted.")
    _check_signature(signers[0], document, key)
    stamped_at = _stamped_at(signers[0], stamping)
    verify_chain(
        certificate,
        others=[each for each in certificates if each != certificate],
        authorities=authorities,
        moment=stamped_at or moment,
    )
    signed_at = _signing_time(signers[0])
    return SealVerdict(signer_of(certificate), certificate, key.suite, signed_at, stamped_at)


def _signed_data(signature: bytes) -> cms.SignedData:
    outer = _ContentInfo.load(signature, strict=True)
    if outer["content_type"].dotted not in (_SIGNED_DATA, _SM2_SIGNED_DATA):
        raise _refused("不是签名数据。", "This is no signed data.")
    return outer["content"]


def _check_content(signed: cms.SignedData, document: bytes) -> None:
    inner = signed["encap_content_info"]
    if inner["content_type"].dotted not in _DATA:
        raise _refused("签名内容的类型不被接受。", "The kind of content is not accepted.")
    within = inner["content"].native
    if within is not None and within != document:
        raise _refused("签章属于另一份文件。", "The seal is of another paper.")


def _certificates(signed: cms.SignedData) -> list[x509.Certificate]:
    chosen = [] if signed["certificates"].native is None else list(signed["certificates"])
    plain = [each.chosen for each in chosen if each.name == "certificate"]
    return [x509.load_der_x509_certificate(each.dump()) for each in plain]


def _certificate_of(
    signer: cms.SignerInfo, certificates: list[x509.Certificate]
) -> x509.Certificate:
    found = [each for each in certificates if _names(signer["sid"], each)]
    if not found:
        raise _refused("签章中没有签署人的证书。", "The signer's certificate is not in the seal.")
    return found[0]


def _names(signer_id: cms.SignerIdentifier, certificate: x509.Certificate) -> bool:
    if signer_id.name == "subject_key_identifier":
        try:
            extension = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
        except x509.ExtensionNotFound:
            return False
        return extension.value.digest == bytes(signer_id.chosen.native)
    number = int(signer_id.chosen["serial_number"].native)
    issuer = bytes(signer_id.chosen["issuer"].dump())
    return certificate.serial_number == number and certificate.issuer.public_bytes() == issuer


def _check_signature(signer: cms.SignerInfo, document: bytes, key: PublicKey) -> None:
    hash_name = signer["digest_algorithm"]["algorithm"].dotted
    name = signer["signature_algorithm"]["algorithm"].dotted
    expected = digest(document, hash_name=hash_name)
    stated = _STATED_HASH.get(name, hash_name)
    is_national = key.suite == "sm-1"
    if expected is None or name not in _ACCEPTED or stated != hash_name:
        raise _refused("签名算法不被接受。", "The signature's algorithm is not accepted.")
    if (name in SM2_SIGNATURES) != is_national:
        raise _refused("签名算法与证书不符。", "The algorithm does not fit the certificate.")
    if _attribute(signer, _MESSAGE_DIGEST) != expected:
        raise _refused(
            "文件内容与签章不符：签章之后内容有改动，或签的是另一份文件。",
            "The paper is not the one that was sealed, or it was changed since.",
        )
    if _attribute_type(signer) not in _DATA:
        raise _refused("签名属性有误。", "The signed attributes are wrong.")
    if not key.verifies(
        signer["signature"].native,
        message=_signed_attributes(signer),
        hash_name=None if is_national else hash_name,
        is_pss=name == RSA_PSS,
    ):
        raise _refused("签名值不正确。", "The signature is not right.")


def _signed_attributes(signer: cms.SignerInfo) -> bytes:
    """The octets that are signed: a SET, in place of the tag that the attributes carry there."""
    return SET_TAG + bytes(signer["signed_attrs"].dump())[1:]


def _attribute_values(signer: cms.SignerInfo, name: str) -> list[core.Asn1Value]:
    attributes = signer["signed_attrs"]
    if attributes.native is None:
        raise _refused(
            "签章缺少签名属性（内容类型和摘要）。",
            "The seal lacks signed attributes (content type and digest).",
        )
    found = [each["values"] for each in attributes if each["type"].dotted == name]
    if len(found) > 1 or any(len(values) != 1 for values in found):
        raise _refused("签名属性重复。", "A signed attribute is repeated.")
    return [values[0] for values in found]


def _attribute(signer: cms.SignerInfo, name: str) -> object:
    values = _attribute_values(signer, name)
    return values[0].native if values else None


def _attribute_type(signer: cms.SignerInfo) -> str:
    values = _attribute_values(signer, _CONTENT_TYPE)
    return str(values[0].dotted) if values else ""


def _signing_time(signer: cms.SignerInfo) -> datetime | None:
    stated = _attribute(signer, _SIGNING_TIME)
    return stated.astimezone(UTC) if isinstance(stated, datetime) else None


def _stamped_at(signer: cms.SignerInfo, stamping: Authorities | None) -> datetime | None:
    attributes = signer["unsigned_attrs"]
    if stamping is None or attributes.native is None:
        return None
    tokens = [
        value.dump()
        for each in attributes
        if each["type"].dotted == _TIME_STAMP
        for value in each["values"]
    ]
    if not tokens:
        return None
    # A stamp covers the signature, so that it proves that the signature existed then.
    return time_of_token(tokens[0], message=signer["signature"].native, authorities=stamping)


def _refused(zh: str, en: str) -> SealError:
    return SealError(zh=zh, en=en)
