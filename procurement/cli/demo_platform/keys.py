"""Keys of the demo: keyholders', firms', and the certificates that bind the firms' keys.

No private half of them goes into the database. The demo's certificate authority exists for as long
as it issues; its own private key is written nowhere, so that nobody can issue in its name later.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from bidding.sealing import SigningKey, suite
from procurement.accounts.certificates.authorities import FOLDER, Authorities, read_authorities
from procurement.accounts.certificates.key_binding import KeyBinding, binding_statement
from procurement.accounts.certificates.service import begin_binding, bind_signing_key
from procurement.cli.demo_platform.cast import MARK, Institution
from procurement.cli.demo_platform.scene import Scene

SUITE = "intl-1"
LIFE = timedelta(days=400)
ROOT_FILE = "demo-root.pem"
_EARLIER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class DemoAuthority:
    """A certificate authority that lives as long as the set-up."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def trusted_in(self, data: Path) -> Authorities:
        """Let the installation trust this authority, and return all whom it trusts."""
        folder = data / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ROOT_FILE).write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        return read_authorities(folder)


def new_authority(moment: datetime) -> DemoAuthority:
    """Make the authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"电子认证机构{MARK}")
    certificate = _certificate(name, key.public_key(), name, key, moment=moment, is_authority=True)
    return DemoAuthority(key, certificate)


def bind_key(
    scene: Scene,
    firm: Institution,
    key: SigningKey,
    *,
    authority: DemoAuthority,
    authorities: Authorities,
) -> None:
    """Bind a firm's signing key, as its administrator does on the page.

    Args:
        scene: The set-up.
        firm: The manufacturer.
        key: Its key.
        authority: Issues the firm's certificate, which seals the statement.
        authorities: Whom the installation trusts.
    """
    organisation, moment = scene.organisation(firm), scene.moment
    challenge = begin_binding(scene.session, organisation_id=organisation.id, moment=moment)
    public = key.public.hex()
    statement = binding_statement(
        organisation, suite=SUITE, public_key=public, challenge=challenge
    ).encode()
    binding = KeyBinding(
        suite=SUITE,
        public_key=public,
        challenge=challenge,
        key_signature=suite(SUITE)
        .sign(key.pair, message=statement, random_bytes=secrets.token_bytes)
        .hex(),
        seal=_sealed(authority, organisation.name, organisation.credit_code or "", statement),
    )
    bind_signing_key(
        scene.session,
        actor=scene.actor(firm),
        binding=binding,
        authorities=authorities,
        moment=scene.moment,
    )


def _sealed(authority: DemoAuthority, name: str, credit_code: str, paper: bytes) -> bytes:
    """Issue a certificate and seal one paper with it: a detached signature, in DER."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _certificate(
        _name(name, credit_code),
        key.public_key(),
        authority.certificate.subject,
        authority.key,
        moment=authority.certificate.not_valid_before_utc + _EARLIER,
    )
    builder = pkcs7.PKCS7SignatureBuilder().set_data(paper)
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    return builder.add_signer(certificate, key, hashes.SHA256()).sign(
        serialization.Encoding.DER, options
    )


def _name(organisation: str, credit_code: str = "") -> x509.Name:
    parts = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
    ]
    if credit_code:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, credit_code))
    return x509.Name(parts)


def _certificate(
    subject: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    moment: datetime,
    is_authority: bool = False,
) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        # A little earlier: the clocks of the database and of this machine may differ.
        .not_valid_before(moment - _EARLIER)
        .not_valid_after(moment + LIFE)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(issuer_key, hashes.SHA256())
    )
