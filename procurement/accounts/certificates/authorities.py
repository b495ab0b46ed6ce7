"""Certificate authorities that the installation trusts, and chains of certificates up to them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from procurement.accounts.certificates.public_keys import is_issued_by, is_signed_by, public_key_of
from procurement.errors import JicaiError, RefusedError

FOLDER = "authorities"
TIME_STAMPING_FOLDER = "time-stamping"
CHAIN_LENGTH_MAX = 6
OTHERS_MAX = 8

_CERTIFICATES = (".pem", ".crt", ".cer", ".der")
_REVOCATIONS = (".crl",)
_PEM = b"-----BEGIN"

# Extensions that the checks below understand; any other one that is critical refuses the
# certificate, as RFC 5280 asks.
_UNDERSTOOD = frozenset(
    {
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.CERTIFICATE_POLICIES,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
    }
)

# A server's certificate is no organisation's seal, though the same authority may issue both.
_FOR_MACHINES = frozenset(
    {
        ExtendedKeyUsageOID.SERVER_AUTH,
        ExtendedKeyUsageOID.TIME_STAMPING,
        ExtendedKeyUsageOID.OCSP_SIGNING,
    }
)


class BadAuthorityError(JicaiError):
    """A file in the folder of authorities is neither a certificate nor a revocation list."""

    def __init__(self, file: Path) -> None:
        """Keep the file."""
        super().__init__(f"{file.name}: expected X.509 certificates or a revocation list")
        self.file = file


class ChainError(RefusedError):
    """A certificate does not lead to a trusted authority."""


@dataclass(frozen=True, slots=True)
class Authorities:
    """Whom the installation trusts.

    Attributes:
        roots: Self-signed certificates; a chain ends at one of them.
        intermediates: Certificates between; they are trusted only through a root.
        revocations: Lists of certificates that their issuers took back.
    """

    roots: tuple[x509.Certificate, ...] = ()
    intermediates: tuple[x509.Certificate, ...] = ()
    revocations: tuple[x509.CertificateRevocationList, ...] = ()


def read_authorities(folder: Path) -> Authorities:
    """Read the certificates and revocation lists of a folder; a missing folder trusts nobody.

    Args:
        folder: Usually ``authorities/`` of the data folder, or its folder ``time-stamping/``.
            Certificates end in .pem, .crt, .cer or .der, revocation lists in .crl.

    Returns:
        The authorities.

    Raises:
        BadAuthorityError: A file cannot be read.

    Examples:
        >>> read_authorities(Path("/nowhere")).roots
        ()
    """
    certificates: list[x509.Certificate] = []
    revocations: list[x509.CertificateRevocationList] = []
    for file in sorted(folder.iterdir()) if folder.is_dir() else ():
        content = file.read_bytes() if file.is_file() else b""
        try:
            if file.suffix in _CERTIFICATES:
                certificates += load_certificates(content)
            elif file.suffix in _REVOCATIONS:
                revocations.append(_load_revocations(content))
        except ValueError as refusal:
            raise BadAuthorityError(file) from refusal
    roots = tuple(each for each in certificates if each.subject == each.issuer)
    between = tuple(each for each in certificates if each.subject != each.issuer)
    return Authorities(roots, between, tuple(revocations))


def load_certificates(content: bytes) -> list[x509.Certificate]:
    """Read one DER certificate, or any number in PEM.

    Raises:
        ValueError: There is none.
    """
    if _PEM in content:
        return x509.load_pem_x509_certificates(content)
    return [x509.load_der_x509_certificate(content)]


def verify_chain(
    certificate: x509.Certificate,
    *,
    others: Sequence[x509.Certificate],
    authorities: Authorities,
    moment: datetime,
) -> tuple[x509.Certificate, ...]:
    """Find the way from a certificate to a trusted root and check every step of it.

    Checked are signatures, days of validity, the right to issue, lengths of paths, key usage,
    critical extensions, and revocation as far as lists are configured.

    Args:
        certificate: The signer's.
        others: Certificates that came along; they need not be trusted.
        authorities: Whom the installation trusts.
        moment: The moment at which all must have been valid.

    Returns:
        The certificates from the signer's to the root.

    Raises:
        ChainError: There is no such way; says why for the signer's own certificate.
    """
    _check_signer(certificate, moment=moment)
    if len(others) > OTHERS_MAX:
        raise ChainError(zh="随附证书过多。", en="Too many certificates came along.")
    between = (*authorities.intermediates, *others)
    chain = _extend((certificate,), between, authorities.roots, moment, _Issues())
    if chain is None:
        raise ChainError(
            zh="证书不是由本平台认可的电子认证机构签发，或签发链已失效。",
            en="The certificate does not lead to an authority that this platform accepts, or the "
            "chain is not valid at that moment.",
        )
    for issued, issuer in pairwise(chain):
        revoked_at = _revoked_at(issued, issuer, authorities.revocations)
        if revoked_at is not None and revoked_at <= moment:
            raise ChainError(
                zh="证书已被签发机构吊销。", en="The authority has revoked the certificate."
            )
    return chain


def find_revocation(certificate: x509.Certificate, authorities: Authorities) -> datetime | None:
    """Return when its issuer took a certificate back, by the lists that are configured.

    Args:
        certificate: Of an issuer that is among the authorities; of another one nothing is known.
        authorities: Whom the installation trusts, with their lists.

    Returns:
        The day and hour that the list states, in UTC; None if no list names it.
    """
    issuers = (*authorities.roots, *authorities.intermediates)
    stated = (
        _revoked_at(certificate, issuer, authorities.revocations)
        for issuer in issuers
        if issuer.subject == certificate.issuer
    )
    return min(filter(None, stated), default=None)


def fingerprint(certificate: x509.Certificate) -> str:
    """Return the SHA-256 of a certificate, hexadecimal."""
    return certificate.fingerprint(hashes.SHA256()).hex()


class _Issues:
    """Who issued whom, asked once for each pair: strangers may send many cross-signed ones."""

    def __init__(self) -> None:
        self._known: dict[tuple[bytes, bytes], bool] = {}

    def __call__(self, issuer: x509.Certificate, issued: x509.Certificate) -> bool:
        pair = (issuer.fingerprint(hashes.SHA256()), issued.fingerprint(hashes.SHA256()))
        if pair not in self._known:
            self._known[pair] = is_issued_by(issued, issuer)
        return self._known[pair]


def _extend(
    chain: tuple[x509.Certificate, ...],
    between: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    moment: datetime,
    issues: _Issues,
) -> tuple[x509.Certificate, ...] | None:
    for root in roots:
        if _may_issue(root, chain, moment) and issues(root, chain[-1]):
            return (*chain, root)
    if len(chain) >= CHAIN_LENGTH_MAX:
        return None
    for issuer in between:
        fits = issuer not in chain and _may_issue(issuer, chain, moment)
        if fits and issues(issuer, chain[-1]):
            longer = _extend((*chain, issuer), between, roots, moment, issues)
            if longer is not None:
                return longer
    return None


def _may_issue(
    issuer: x509.Certificate, chain: tuple[x509.Certificate, ...], moment: datetime
) -> bool:
    try:
        constraints = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    # The signer's own certificate does not count, nor do those that renew an authority's key.
    below = sum(1 for each in chain[1:] if each.subject != each.issuer)
    fits = constraints.path_length is None or below <= constraints.path_length
    usage = _key_usage(issuer)
    may_sign = usage is None or usage.key_cert_sign
    return constraints.ca and fits and may_sign and _is_valid(issuer, moment)


def _check_signer(certificate: x509.Certificate, *, moment: datetime) -> None:
    if public_key_of(certificate) is None:
        raise ChainError(
            zh="证书的密钥算法或长度不被接受。",
            en="The certificate's kind or length of key is not accepted.",
        )
    if not certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc:
        raise ChainError(
            zh="证书尚未生效或已过期。", en="The certificate is not yet or no longer valid."
        )
    if not _is_valid(certificate, moment):
        raise ChainError(
            zh="证书含有无法识别的关键扩展。",
            en="The certificate has a critical extension that is not understood.",
        )
    usage = _key_usage(certificate)
    signs = usage is None or usage.digital_signature or usage.content_commitment
    if not signs or _is_for_machines(certificate):
        raise ChainError(
            zh="该证书不能用于签名（可能是加密证书或服务器证书）。",
            en="The certificate is not for signing; it may be one for encryption or for a server.",
        )


def _is_valid(certificate: x509.Certificate, moment: datetime) -> bool:
    in_time = certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc
    try:
        critical = {each.oid for each in certificate.extensions if each.critical}
    except (ValueError, x509.DuplicateExtension):
        return False
    return in_time and critical <= _UNDERSTOOD


def _key_usage(certificate: x509.Certificate) -> x509.KeyUsage | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None


def _is_for_machines(certificate: x509.Certificate) -> bool:
    try:
        usages = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return _FOR_MACHINES.issuperset(usages)


def _revoked_at(
    issued: x509.Certificate,
    issuer: x509.Certificate,
    revocations: Iterable[x509.CertificateRevocationList],
) -> datetime | None:
    for listed in revocations:
        if listed.issuer != issuer.subject or not is_signed_by(
            listed, issuer, signed=listed.tbs_certlist_bytes
        ):
            continue
        entry = listed.get_revoked_certificate_by_serial_number(issued.serial_number)
        if entry is not None:
            return entry.revocation_date_utc
    return None


def _load_revocations(content: bytes) -> x509.CertificateRevocationList:
    if _PEM in content:
        return x509.load_pem_x509_crl(content)
    return x509.load_der_x509_crl(content)
