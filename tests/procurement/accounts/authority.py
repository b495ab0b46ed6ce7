"""A certificate authority for tests: issues certificates, seals papers, stamps times."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from asn1crypto import algos, cms, core, keys, tsp  # type: ignore[import-untyped]  # no types
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from bidding.sealing.suites import KeyPair, suite
from procurement.accounts.certificates.authorities import Authorities
from tests.procurement.world import MOMENT

DAY = timedelta(days=1)
SHA256, SHA512, SM3 = "2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.3", "1.2.156.10197.1.401"
SIGNATURES = {
    "rsa": "1.2.840.113549.1.1.11",
    "ecdsa": "1.2.840.10045.4.3.2",
    "ed25519": "1.3.101.112",
    "sm2": "1.2.156.10197.1.501",
}
HASH_OF_KIND = {"rsa": SHA256, "ecdsa": SHA256, "ed25519": SHA512, "sm2": SM3}
CREDIT_CODE_EXTENSION = "1.2.156.10260.4.1.4"

_serials = count(1)


@dataclass(frozen=True)
class Key:
    """A key of some kind, and how it signs."""

    kind: str
    info: keys.PublicKeyInfo
    sign: Callable[[bytes], bytes]
    private: Any = None


@dataclass(frozen=True)
class Holder:
    """Somebody with a certificate."""

    key: Key
    certificate: asn1.Certificate
    above: tuple[asn1.Certificate, ...] = ()

    @property
    def x509(self) -> x509.Certificate:
        return x509.load_der_x509_certificate(self.certificate.dump())

    @property
    def pem(self) -> bytes:
        return self.x509.public_bytes(serialization.Encoding.PEM)


@dataclass(frozen=True)
class Issuing:
    """What a certificate says, besides whose it is."""

    credit_code: str = ""
    is_authority: bool = False
    path_length: int | None = None
    usage: frozenset[str] = frozenset({"digital_signature", "non_repudiation"})
    extended: tuple[str, ...] = ()
    code_in_extension: bool = False
    critical_oddity: bool = False
    since: datetime = MOMENT - 30 * DAY
    until: datetime = MOMENT + 335 * DAY
    extra: dict[str, str] = field(default_factory=dict)


PLAIN = Issuing()
AUTHORITY = Issuing(
    is_authority=True,
    usage=frozenset({"key_cert_sign", "crl_sign"}),
    until=MOMENT + 3650 * DAY,
)


def new_key(kind: str) -> Key:
    if kind == "sm2":
        pair = suite("sm-1").signing_pair(secrets.token_bytes(32))
        return Key(kind, _sm2_info(pair.public), _sm2_signer(pair), pair)
    private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
    if kind == "rsa":
        rsa_key = private = rsa.generate_private_key(65537, 2048)
        sign = lambda message: rsa_key.sign(message, padding.PKCS1v15(), hashes.SHA256())  # noqa: E731
    elif kind == "ecdsa":
        ec_key = private = ec.generate_private_key(ec.SECP256R1())
        sign = lambda message: ec_key.sign(message, ec.ECDSA(hashes.SHA256()))  # noqa: E731
    else:
        ed_key = private = ed25519.Ed25519PrivateKey.generate()
        sign = ed_key.sign
    encoded = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return Key(kind, keys.PublicKeyInfo.load(encoded), sign, private)


def new_root(
    kind: str = "ed25519", *, name: str = "测试电子认证机构", issuing: Issuing = AUTHORITY
):
    """A self-signed authority."""
    key = new_key(kind)
    return Holder(key, _certificate(name, key, issuer_name=name, issuer=key, issuing=issuing))


def issue(
    issuer: Holder, name: str, *, kind: str = "", issuing: Issuing = PLAIN, key: Key | None = None
) -> Holder:
    """A certificate of an organisation, or of an authority below."""
    own = key or new_key(kind or issuer.key.kind)
    certificate = _certificate(
        name, own, issuer_name=issuer.certificate.subject, issuer=issuer.key, issuing=issuing
    )
    is_root = issuer.certificate.subject == issuer.certificate.issuer
    above = () if is_root else (issuer.certificate, *issuer.above)
    return Holder(own, certificate, above)


def trusting(*roots: Holder, between: tuple[Holder, ...] = ()) -> Authorities:
    return Authorities(
        roots=tuple(each.x509 for each in roots), intermediates=tuple(each.x509 for each in between)
    )


def revocation_list(
    root: Holder, revoked: Holder, moment: datetime
) -> x509.CertificateRevocationListBuilder:
    """Make a list, to be signed, by which an authority takes a certificate back."""
    entry = (
        x509.RevokedCertificateBuilder()
        .serial_number(revoked.x509.serial_number)
        .revocation_date(moment)
        .build()
    )
    return (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.x509.subject)
        .last_update(moment)
        .next_update(moment + 2 * DAY)
        .add_revoked_certificate(entry)
    )


def seal(
    holder: Holder,
    document: bytes,
    *,
    signed_at: datetime | None = MOMENT,
    stamp: Callable[[bytes], bytes] | None = None,
    national_names: bool = False,
    attached: bool = False,
) -> bytes:
    """A CMS signature of a document."""
    hash_name = HASH_OF_KIND[holder.key.kind]
    data = "1.2.156.10197.6.1.4.2.1" if national_names else "1.2.840.113549.1.7.1"
    attributes = [
        _attribute("content_type", cms.ContentType(data)),
        _attribute("message_digest", core.OctetString(digest(document, hash_name))),
    ]
    if signed_at is not None:
        attributes.append(_attribute("signing_time", cms.Time({"utc_time": signed_at})))
    signer = _signer_info(holder, attributes, hash_name)
    if stamp is not None:
        token = cms.ContentInfo.load(stamp(signer["signature"].native))
        signer["unsigned_attrs"] = [_attribute("signature_time_stamp_token", token)]
    signed = _signed_data(holder, signer, hash_name, data, document if attached else None)
    if not national_names:
        return _dumped(cms.ContentInfo({"content_type": "signed_data", "content": signed}))
    return _dumped(NationalFrame({"content_type": "1.2.156.10197.6.1.4.2.2", "content": signed}))


class NationalFrame(core.Sequence):  # type: ignore[misc]  # no types
    _fields = [  # noqa: RUF012 - asn1crypto reads it from the class
        ("content_type", core.ObjectIdentifier),
        ("content", cms.SignedData, {"explicit": 0}),
    ]


def time_stamp(holder: Holder, message: bytes, *, moment: datetime) -> bytes:
    """The answer of a time stamping service (``TimeStampResp``)."""
    token = cms.ContentInfo.load(stamp_token(holder, moment)(message))
    return _dumped(tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}))


def stamp_token(holder: Holder, moment: datetime) -> Callable[[bytes], bytes]:
    """A function that stamps a message at a moment and returns the token alone."""

    def stamp(message: bytes) -> bytes:
        told = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": "1.2.3.4",
                "message_imprint": {
                    "hash_algorithm": {"algorithm": "sha256"},
                    "hashed_message": hashlib.sha256(message).digest(),
                },
                "serial_number": next(_serials),
                "gen_time": moment,
            }
        ).dump()
        certificate_digest = hashlib.sha256(holder.certificate.dump()).digest()
        signing = tsp.SigningCertificateV2({"certs": [{"cert_hash": certificate_digest}]})
        attributes = [
            _attribute("content_type", cms.ContentType("tst_info")),
            _attribute("message_digest", core.OctetString(digest(told, SHA256))),
            _attribute("signing_certificate_v2", signing),
        ]
        signer = _signer_info(holder, attributes, SHA256)
        signed = _signed_data(holder, signer, SHA256, "tst_info", told)
        return _dumped(cms.ContentInfo({"content_type": "signed_data", "content": signed}))

    return stamp


def digest(document: bytes, hash_name: str) -> bytes:
    if hash_name == SM3:
        return suite("sm-1").hash(document)
    return hashlib.new("sha256" if hash_name == SHA256 else "sha512", document).digest()


def _signer_info(holder: Holder, attributes: list[cms.CMSAttribute], hash_name: str):
    signed = cms.CMSAttributes(attributes)
    return cms.SignerInfo(
        {
            "version": "v1",
            "sid": {
                "issuer_and_serial_number": {
                    "issuer": holder.certificate.issuer,
                    "serial_number": holder.certificate.serial_number,
                }
            },
            "digest_algorithm": {"algorithm": hash_name},
            "signed_attrs": signed,
            "signature_algorithm": {"algorithm": SIGNATURES[holder.key.kind]},
            "signature": holder.key.sign(signed.dump()),
        }
    )


def _signed_data(
    holder: Holder, signer: cms.SignerInfo, hash_name: str, data: str, content: bytes | None
) -> cms.SignedData:
    inner: dict[str, object] = {"content_type": data}
    if content is not None:
        inner["content"] = content if data != "tst_info" else core.ParsableOctetString(content)
    return cms.SignedData(
        {
            "version": "v3" if data == "tst_info" else "v1",
            "digest_algorithms": [{"algorithm": hash_name}],
            "encap_content_info": inner,
            "certificates": [
                cms.CertificateChoices({"certificate": each})
                for each in (holder.certificate, *holder.above)
            ],
            "signer_infos": [signer],
        }
    )


def _attribute(name: str, value: core.Asn1Value) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": name, "values": [value]})


def _certificate(
    name: str, key: Key, *, issuer_name: str | asn1.Name, issuer: Key, issuing: Issuing
) -> asn1.Certificate:
    algorithm = algos.SignedDigestAlgorithm({"algorithm": SIGNATURES[issuer.kind]})
    above = _name(issuer_name, {}) if isinstance(issuer_name, str) else issuer_name
    body = asn1.TbsCertificate(
        {
            "version": "v3",
            "serial_number": next(_serials),
            "signature": algorithm,
            "issuer": above,
            "validity": {
                "not_before": asn1.Time({"utc_time": issuing.since}),
                "not_after": asn1.Time({"utc_time": issuing.until}),
            },
            "subject": _name(name, _subject_parts(issuing)),
            "subject_public_key_info": key.info,
            "extensions": _extensions(issuing),
        }
    )
    return asn1.Certificate(
        {
            "tbs_certificate": body,
            "signature_algorithm": algorithm,
            "signature_value": issuer.sign(body.dump()),
        }
    )


def _subject_parts(issuing: Issuing) -> dict[str, str]:
    parts = dict(issuing.extra)
    if issuing.credit_code and not issuing.code_in_extension:
        parts["organization_identifier"] = issuing.credit_code
    return parts


def _name(organisation: str, parts: dict[str, str]) -> asn1.Name:
    return asn1.Name.build(
        {"country_name": "CN", "organization_name": organisation, **parts}, use_printable=False
    )


def _extensions(issuing: Issuing) -> list[dict[str, object]]:
    made: list[dict[str, object]] = [
        {
            "extn_id": "basic_constraints",
            "critical": True,
            "extn_value": asn1.BasicConstraints(
                {"ca": issuing.is_authority, "path_len_constraint": issuing.path_length}
            ),
        },
        {
            "extn_id": "key_usage",
            "critical": True,
            "extn_value": asn1.KeyUsage(set(issuing.usage)),
        },
    ]
    if issuing.extended:
        purposes = asn1.ExtKeyUsageSyntax(list(issuing.extended))
        made.append({"extn_id": "extended_key_usage", "critical": True, "extn_value": purposes})
    if issuing.code_in_extension:
        value = core.ParsableOctetString(core.PrintableString(issuing.credit_code).dump())
        made.append({"extn_id": CREDIT_CODE_EXTENSION, "critical": False, "extn_value": value})
    if issuing.critical_oddity:
        value = core.ParsableOctetString(core.Null().dump())
        made.append({"extn_id": "1.2.3.4.5", "critical": True, "extn_value": value})
    return made


def _sm2_info(point: bytes) -> keys.PublicKeyInfo:
    curve = core.ObjectIdentifier("1.2.156.10197.1.301").dump()
    kind = core.ObjectIdentifier("1.2.840.10045.2.1").dump()
    algorithm = _sequence(kind + curve)
    return keys.PublicKeyInfo.load(_sequence(algorithm + core.OctetBitString(point).dump()))


def _sm2_signer(pair: KeyPair) -> Callable[[bytes], bytes]:
    def sign(message: bytes) -> bytes:
        joined = suite("sm-1").sign(pair, message=message, random_bytes=secrets.token_bytes)
        halves = (joined[:32], joined[32:])
        return _sequence(b"".join(core.Integer(int.from_bytes(each)).dump() for each in halves))

    return sign


def _sequence(content: bytes) -> bytes:
    length = len(content)
    if length < 128:
        return b"\x30" + bytes([length]) + content
    size = (length.bit_length() + 7) // 8
    return b"\x30" + bytes([0x80 | size]) + length.to_bytes(size) + content


def _dumped(structure: core.Asn1Value) -> bytes:
    return bytes(structure.dump())
