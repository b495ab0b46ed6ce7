"""OpenID Connect, as far as signing in needs it: the code flow with PKCE, state and nonce.

Nothing here touches the database: requests to a directory are made outside of transactions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from authlib.oauth2.rfc7636 import (  # type: ignore[import-untyped]  # the package ships no types
    create_s256_code_challenge,
)
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]  # as above
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from procurement.errors import RefusedError

SCOPE = "openid profile email"
TIMEOUT_SECONDS = 5
ANSWER_BYTES_MAX = 256 * 1024
LEEWAY_SECONDS = 60
WELL_KNOWN = "/.well-known/openid-configuration"

# Signatures with a key that only the directory has; never a shared secret, never none.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")

# Each question occupies one of the few threads of the process for as long as the directory takes:
# one that hangs must not stop everything else, least of all bids in the last minute.
AT_ONCE = 2
_asking = BoundedSemaphore(AT_ONCE)

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class DirectoryError(RefusedError):
    """The directory does not answer, or not as the standard asks."""

    def __init__(self, cause: str) -> None:
        """Keep the cause, which is for the log and the audit, not for strangers."""
        super().__init__(
            zh="统一身份认证暂时无法使用，请稍后重试，或联系本单位的系统管理员。",
            en="The directory cannot be used now; try again later, or ask those who run it.",
        )
        self.cause = cause


@dataclass(frozen=True, slots=True)
class Provider:
    """Where a directory does what.

    Attributes:
        issuer: Its name, exactly as configured.
        authorization: Where browsers are sent.
        token: Where codes become tokens.
        keys: Where its public keys are.
    """

    issuer: str
    authorization: str
    token: str
    keys: str


@dataclass(frozen=True, slots=True)
class Client:
    """Who we are to a directory."""

    client_id: str
    client_secret: str
    return_address: str


@dataclass(frozen=True, slots=True)
class Claims:
    """What a directory says about a person.

    Attributes:
        subject: Its own name of the person, which never changes.
        email: In lower case; empty unless the directory says that it is verified.
        methods: How the person proved who he is (``amr``).
    """

    subject: str
    email: str
    methods: frozenset[str]


def is_acceptable_address(address: str) -> bool:
    """Tell whether an address is encrypted, or does not leave this machine.

    Examples:
        >>> is_acceptable_address("https://id.example.org"), is_acceptable_address("http://id.org")
        (True, False)
    """
    parts = urlsplit(address)
    is_plain_loopback = parts.scheme == "http" and parts.hostname in _LOOPBACK
    return bool(parts.hostname) and (parts.scheme == "https" or is_plain_loopback)


def discover(issuer: str) -> Provider:
    """Ask a directory where it does what.

    Args:
        issuer: Its configured name, an address.

    Raises:
        DirectoryError: It does not answer, or calls itself otherwise.
    """
    found = _ask("GET", issuer.rstrip("/") + WELL_KNOWN)
    provider = Provider(
        issuer=_text(found, "issuer"),
        authorization=_text(found, "authorization_endpoint"),
        token=_text(found, "token_endpoint"),
        keys=_text(found, "jwks_uri"),
    )
    addresses = (provider.authorization, provider.token, provider.keys)
    if provider.issuer != issuer or not all(map(is_acceptable_address, addresses)):
        raise DirectoryError("the directory calls itself otherwise, or has addresses in clear")
    return provider


def authorization_address(
    provider: Provider, client: Client, *, state: str, nonce: str, verifier: str
) -> str:
    """Return the address to send the browser to.

    Args:
        provider: The directory.
        client: Who we are.
        state: Comes back with the browser.
        nonce: Comes back within the token.
        verifier: PKCE: its hash goes out now, itself with the code.
    """
    query = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.return_address,
        "scope": SCOPE,
        "state": state,
        "nonce": nonce,
        "code_challenge": create_s256_code_challenge(verifier),
        "code_challenge_method": "S256",
    }
    joint = "&" if urlsplit(provider.authorization).query else "?"
    return f"{provider.authorization}{joint}{urlencode(query)}"


def redeem(
    provider: Provider, client: Client, *, code: str, nonce: str, verifier: str, now: int
) -> Claims:
    """Turn the code that the browser brought into what the directory says about the person.

    Args:
        provider: The directory.
        client: Who we are.
        code: From the browser.
        nonce: As sent.
        verifier: As hashed before.
        now: Seconds since 1970.

    Raises:
        DirectoryError: The directory refuses, or its token does not hold.
    """
    answer = _ask(
        "POST",
        provider.token,
        data={
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": client.return_address,
            "code_verifier": verifier,
        },
        auth=(client.client_id, client.client_secret),
    )
    keys: Any = _ask("GET", provider.keys)
    try:
        token = jwt.decode(
            _text(answer, "id_token"), KeySet.import_key_set(keys), algorithms=list(ALGORITHMS)
        )
        claims = CodeIDToken(
            token.claims,
            token.header,
            {"iss": {"essential": True, "value": provider.issuer}},
            {"nonce": nonce, "client_id": client.client_id},
        )
        claims.validate(now=now, leeway=LEEWAY_SECONDS)
    except (JoseError, ValueError, KeyError, TypeError) as refusal:
        raise DirectoryError(f"the token does not hold: {type(refusal).__name__}") from refusal
    if client.client_id not in _audiences(token.claims):
        raise DirectoryError("the token is for somebody else")
    return _claims(token.claims)


def _claims(claims: Mapping[str, Any]) -> Claims:
    email = claims.get("email")
    methods = claims.get("amr")
    return Claims(
        subject=_text(claims, "sub"),
        email=email.strip().lower()
        if isinstance(email, str) and claims.get("email_verified") is True
        else "",
        methods=frozenset(map(str, methods)) if isinstance(methods, list) else frozenset(),
    )


def _audiences(claims: Mapping[str, Any]) -> tuple[str, ...]:
    audience = claims.get("aud")
    return tuple(audience) if isinstance(audience, list) else (str(audience),)


def _ask(method: str, address: str, **options: Any) -> dict[str, Any]:  # noqa: ANN401 - httpx's
    if not _asking.acquire(blocking=False):
        raise DirectoryError("too many questions at once")
    try:
        return _answer(method, address, **options)
    finally:
        _asking.release()


def _answer(method: str, address: str, **options: Any) -> dict[str, Any]:  # noqa: ANN401 - httpx's
    try:
        with httpx.stream(
            method, address, timeout=TIMEOUT_SECONDS, follow_redirects=False, **options
        ) as answer:
            body = b"".join(_limited(answer))
            answer.raise_for_status()
        found = httpx.Response(200, content=body).json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as refusal:
        raise DirectoryError(f"no answer: {type(refusal).__name__}") from refusal
    if not isinstance(found, dict):
        raise DirectoryError("the answer is no object")
    return found


def _limited(answer: httpx.Response) -> list[bytes]:
    pieces, size = [], 0
    for piece in answer.iter_bytes():
        size += len(piece)
        if size > ANSWER_BYTES_MAX:
            raise ValueError("the answer is too long")
        pieces.append(piece)
    return pieces


def _text(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    if not isinstance(value, str) or not value:
        raise DirectoryError(f"{name} is missing")
    return value
