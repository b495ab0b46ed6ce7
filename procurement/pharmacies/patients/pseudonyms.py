"""How a patient is known here: by a pseudonym that only this installation can make.

The insured number is typed or sent, turned into the pseudonym, and kept nowhere.
"""

import hashlib
import hmac
import re

from procurement.catalogue.rules.codes import normal_code
from procurement.errors import FieldFault, InvalidInputError

FIELD = "insured_number"
_LABEL = b"jicai/patient-pseudonym/1"
_FORM = re.compile(r"[0-9A-Z]{6,24}")
_IDENTITY = re.compile(r"[0-9]{17}[0-9X]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def pseudonym_of(insured_number: str, *, secret_key: bytes) -> str:
    """Return the pseudonym of an insured number.

    Args:
        insured_number: As typed.
        secret_key: `procurement.settings.Settings.secret_key`; another installation's key makes
            other pseudonyms.

    Raises:
        InvalidInputError: It cannot be such a number. The number itself is not repeated.

    Examples:
        >>> one = pseudonym_of("AB 123456", secret_key=bytes(32))
        >>> one == pseudonym_of("ab123456", secret_key=bytes(32)), len(one)
        (True, 64)
        >>> one == pseudonym_of("ab123456", secret_key=bytes([1] * 32))
        False
    """
    plain = normal_code(insured_number)
    fault = number_fault(insured_number)
    if fault is not None:
        raise InvalidInputError([fault])
    key = hmac.digest(secret_key, _LABEL, hashlib.sha256)
    return hmac.new(key, plain.encode(), hashlib.sha256).hexdigest()


def number_fault(insured_number: str) -> FieldFault | None:
    """Return what is wrong with an insured number, if anything.

    Eighteen characters are read as an identity number (GB 11643), whose last one checks the rest:
    a mistyped number would make another patient.

    Examples:
        >>> number_fault("000000199001010001").en
        'The check digit does not fit: compare the number.'
        >>> number_fault("AB123456") is None
        True
    """
    plain = normal_code(insured_number)
    if not _FORM.fullmatch(plain):
        zh = "须为 6 至 24 位字母或数字。"
        return FieldFault(FIELD, zh, "Expected 6 to 24 letters or digits.")
    if len(plain) == 18 and (not _IDENTITY.fullmatch(plain) or check_digit(plain) != plain[-1]):
        zh = "校验位不符，请核对号码。"
        return FieldFault(FIELD, zh, "The check digit does not fit: compare the number.")
    return None


def check_digit(number: str) -> str:
    """Return the last character that an identity number must have.

    Args:
        number: At least its first 17 digits.

    Examples:
        >>> check_digit("00000019900101000")
        'X'
    """
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return _CHECKS[total % 11]
