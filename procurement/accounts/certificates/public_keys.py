"""Public keys of certificates, and the signatures that are accepted from them.

RSA from 2048 bits (PKCS#1 v1.5 and PSS), ECDSA on the NIST curves and Ed25519 belong to suite
``intl-1``; SM2 with SM3 is suite ``sm-1``. Hashes are SHA-256, SHA-384, SHA-512 and SM3; older
ones are refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from asn1crypto import core, keys  # type: ignore[import-untyped]  # the package ships no types
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from bidding.sealing.suites import suite

RSA_BITS_MIN = 2048
CURVES = ("secp256r1", "secp384r1", "secp521r1")

SM2_CURVE = "1.2.156.10197.1.301"
SM2_WITH_SM3 = "1.2.156.10197.1.501"
SM2_SIGNATURES = (SM2_WITH_SM3, "1.2.156.10197.1.301.1", SM2_CURVE)
SM2_SCALAR = 32

HASHES: Mapping[str, hashes.HashAlgorithm] = {
    "2.16.840.1.101.3.4.2.1": hashes.SHA256(),
    "2.16.840.1.101.3.4.2.2": hashes.SHA384(),
    "2.16.840.1.101.3.4.2.3": hashes.SHA512(),
    "1.2.156.10197.1.401": hashes.SM3(),
}
"""Accepted hashes by the dotted names of their algorithms."""

RSA_PSS = "1.2.840.113549.1.1.10"

_Key = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | bytes


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that checks signatures.

    Attributes:
        suite: ``intl-1`` or ``sm-1``.
        key: Of the library; the 65 bytes of a point for SM2.
    """

    suite: str
    key: _Key

    @property
    def sealing_bytes(self) -> bytes | None:
        """The key as sealed bids write it, or None for a key that cannot sign bids."""
        if isinstance(self.key, bytes):
            return self.key
        if isinstance(self.key, ed25519.Ed25519PublicKey):
            raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
            return self.key.public_bytes(*raw)
        return None

    def verifies(
        self,
        signature: bytes,
        *,
        message: bytes,
        hash_name: str | None,
        is_pss: bool = False,
    ) -> bool:
        """Tell whether a signature of a message was made with this key.

        Args:
            signature: As certificates and CMS carry it.
            message: What was signed.
            hash_name: Dotted name of the hash; None where the key itself decides (Ed25519, SM2).
            is_pss: The RSA padding is PSS with a salt as long as the hash.
        """
        if isinstance(self.key, bytes):
            return _verifies_sm2(self.key, signature, message)
        algorithm = HASHES.get(hash_name or "")
        try:
            if isinstance(self.key, ed25519.Ed25519PublicKey):
                self.key.verify(signature, message)
            elif algorithm is None or isinstance(algorithm, hashes.SM3):
                return False
            elif isinstance(self.key, rsa.RSAPublicKey):
                self.key.verify(signature, message, _padding(algorithm, is_pss), algorithm)
            else:
                self.key.verify(signature, message, ec.ECDSA(algorithm))
        except InvalidSignature:
            return False
        return True


def public_key_of(certificate: x509.Certificate) -> PublicKey | None:
    """Return the key of a certificate, or None if it is of no accepted kind or too short."""
    point = _sm2_point(certificate)
    if point is not None:
        return PublicKey("sm-1", point)
    try:
        key = certificate.public_key()
    except (UnsupportedAlgorithm, ValueError):
        return None
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= RSA_BITS_MIN:
        return PublicKey("intl-1", key)
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in CURVES:
        return PublicKey("intl-1", key)
    if isinstance(key, ed25519.Ed25519PublicKey):
        return PublicKey("intl-1", key)
    return None


def is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Tell whether a certificate names an issuer and carries its signature."""
    if certificate.issuer != issuer.subject:
        return False
    return is_signed_by(certificate, issuer, signed=certificate.tbs_certificate_bytes)


def is_signed_by(
    carrier: x509.Certificate | x509.CertificateRevocationList,
    issuer: x509.Certificate,
    *,
    signed: bytes,
) -> bool:
    """Tell whether the signature of a certificate or revocation list is the issuer's."""
    key = public_key_of(issuer)
    if key is None:
        return False
    algorithm = carrier.signature_algorithm_oid.dotted_string
    if (algorithm in SM2_SIGNATURES) != isinstance(key.key, bytes):
        return False
    return key.verifies(
        carrier.signature,
        message=signed,
        hash_name=_signature_hash(carrier),
        is_pss=algorithm == RSA_PSS,
    )


def digest(document: bytes, *, hash_name: str) -> bytes | None:
    """Return the digest of a document by an accepted hash, or None for any other hash."""
    algorithm = HASHES.get(hash_name)
    if algorithm is None:
        return None
    hasher = hashes.Hash(algorithm)
    hasher.update(document)
    return hasher.finalize()


def _signature_hash(
    carrier: x509.Certificate | x509.CertificateRevocationList,
) -> str | None:
    try:
        algorithm = carrier.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return None
    names = [name for name, known in HASHES.items() if isinstance(algorithm, type(known))]
    return names[0] if names else None


def _sm2_point(certificate: x509.Certificate) -> bytes | None:
    encoded = certificate.public_bytes(serialization.Encoding.DER)
    info: keys.PublicKeyInfo = asn1_x509.Certificate.load(encoded)["tbs_certificate"][
        "subject_public_key_info"
    ]
    parameters = info["algorithm"]["parameters"]
    if info.algorithm != "ec" or parameters.chosen.contents is None:
        return None
    is_sm2 = parameters.name == "named" and parameters.chosen.dotted == SM2_CURVE
    return bytes(info["public_key"].native) if is_sm2 else None


def _padding(algorithm: hashes.HashAlgorithm, is_pss: bool) -> padding.PSS | padding.PKCS1v15:
    if is_pss:
        return padding.PSS(padding.MGF1(algorithm), padding.PSS.DIGEST_LENGTH)
    return padding.PKCS1v15()


def _verifies_sm2(point: bytes, signature: bytes, message: bytes) -> bool:
    try:
        pair = core.SequenceOf.load(signature, spec=core.Integer, strict=True)
        scalars = [part.native for part in pair]
    except (ValueError, TypeError):
        return False
    limit = 1 << (8 * SM2_SCALAR)
    if len(scalars) != 2 or not all(
        isinstance(scalar, int) and 0 < scalar < limit for scalar in scalars
    ):
        return False
    joined = b"".join(scalar.to_bytes(SM2_SCALAR) for scalar in scalars)
    return suite("sm-1").verify(point, message=message, signature=joined)
