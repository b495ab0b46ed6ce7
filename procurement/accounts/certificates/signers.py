"""Whose certificate it is: the organisation's name and credit codes in it."""

import re
import unicodedata
from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import NameOID

from procurement.accounts.organisations.credit_codes import ALPHABET, is_credit_code
from procurement.accounts.tables import Organisation

# Where authorities write an organisation's code: attributes of the subject, and extensions of
# GM/T 0015, whose last numbers differ from one authority to the next.
_CODE_ATTRIBUTES = (
    NameOID.ORGANIZATION_IDENTIFIER,
    NameOID.SERIAL_NUMBER,
    NameOID.ORGANIZATIONAL_UNIT_NAME,
    NameOID.USER_ID,
)
_CODE_EXTENSIONS = ("1.2.156.10260.4.", "1.2.86.11.7.")

_CODE = re.compile(rf"(?<![0-9A-Z])[{ALPHABET}]{{18}}(?![0-9A-Z])")


@dataclass(frozen=True, slots=True)
class Signer:
    """An organisation as a certificate names it.

    Attributes:
        name: Organisation, or the common name where it names none.
        credit_codes: Unified social credit codes that it carries, with right check characters.
        subject: The whole subject, as RFC 4514 writes it.
        issuer: The authority's subject.
    """

    name: str
    credit_codes: frozenset[str]
    subject: str
    issuer: str


def signer_of(certificate: x509.Certificate) -> Signer:
    """Read whose certificate it is."""
    subject = certificate.subject
    names = subject.get_attributes_for_oid(
        NameOID.ORGANIZATION_NAME
    ) or subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return Signer(
        name=str(names[0].value) if names else "",
        credit_codes=frozenset(
            code
            for text in (*_attribute_texts(subject), *_extension_texts(certificate))
            for code in _CODE.findall(text.upper())
            if is_credit_code(code)
        ),
        subject=subject.rfc4514_string(),
        issuer=certificate.issuer.rfc4514_string(),
    )


def is_of(signer: Signer, organisation: Organisation) -> bool:
    """Tell whether a certificate is an organisation's.

    The credit code decides; an overseas organisation, which has none, is known by its name.
    """
    if organisation.credit_code is not None:
        return organisation.credit_code in signer.credit_codes
    return _plain(signer.name) == _plain(organisation.name)


def _attribute_texts(subject: x509.Name) -> list[str]:
    return [
        str(attribute.value)
        for oid in _CODE_ATTRIBUTES
        for attribute in subject.get_attributes_for_oid(oid)
    ]


def _extension_texts(certificate: x509.Certificate) -> list[str]:
    texts = []
    for extension in certificate.extensions:
        if extension.oid.dotted_string.startswith(_CODE_EXTENSIONS) and isinstance(
            extension.value, x509.UnrecognizedExtension
        ):
            # A string of some ASN.1 type: its letters stand in clear behind tag and length.
            texts.append(extension.value.value.decode("latin-1"))
    return texts


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
