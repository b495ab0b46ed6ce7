"""Time stamps of a trusted service (RFC 3161)."""

from datetime import UTC, datetime

from asn1crypto import cms, tsp  # type: ignore[import-untyped]  # the package ships no types
from rfc3161_client import (
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from procurement.accounts.certificates.authorities import Authorities
from procurement.errors import RefusedError


class TimeStampError(RefusedError):
    """A time stamp does not hold."""

    def __init__(self) -> None:
        """Say what was expected."""
        super().__init__(
            zh="时间戳无效：须由本平台认可的时间戳服务签发，且针对同一内容。",
            en="The time stamp does not hold: expected one of an accepted service, of the same "
            "content.",
        )


def verify_time_stamp(message: bytes, response: bytes, *, authorities: Authorities) -> datetime:
    """Check a time stamp of a message.

    Args:
        message: What was stamped.
        response: The service's answer in DER (``TimeStampResp``).
        authorities: Who may issue certificates of time stamping services.

    Returns:
        The moment that the service vouches for.

    Raises:
        TimeStampError: It does not hold.
    """
    try:
        stamped = decode_timestamp_response(response)
        return _verify(stamped, message, authorities)
    except (VerificationError, ValueError) as refusal:
        raise TimeStampError from refusal


def time_of_token(token: bytes, *, message: bytes, authorities: Authorities) -> datetime:
    """Check a time stamp that travels within a signature, without the service's answer around it.

    Args:
        token: The token in DER (a CMS ``ContentInfo``).
        message: What was stamped.
        authorities: As in `verify_time_stamp`.

    Returns:
        The moment that the service vouches for.

    Raises:
        TimeStampError: It does not hold.
    """
    try:
        content = cms.ContentInfo.load(token, strict=True)
        answer = tsp.TimeStampResp(
            {"status": {"status": "granted"}, "time_stamp_token": content}
        ).dump()
    except (ValueError, TypeError) as refusal:
        raise TimeStampError from refusal
    return verify_time_stamp(message, answer, authorities=authorities)


def _verify(stamped: TimeStampResponse, message: bytes, authorities: Authorities) -> datetime:
    if not authorities.roots:
        raise TimeStampError
    builder = VerifierBuilder()
    for root in authorities.roots:
        builder = builder.add_root_certificate(root)
    for intermediate in authorities.intermediates:
        builder = builder.add_intermediate_certificate(intermediate)
    if not builder.build().verify_message(stamped, message):
        raise TimeStampError
    return stamped.tst_info.gen_time.astimezone(UTC)
