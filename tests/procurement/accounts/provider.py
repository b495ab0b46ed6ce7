"""A small OpenID provider on 127.0.0.1, for tests."""

import base64
import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "jicai", "a client secret"  # a test's own


# Made once, as making one takes its time.
KEY = RSAKey.generate_key(2048, {"kid": "1"})


@dataclass
class Provider:
    """What it was asked, and what it is to say."""

    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: KEY)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    signed_with: RSAKey | None = None
    discovery: dict[str, str] = field(default_factory=dict)
    redeemed: list[str] = field(default_factory=list)

    def authorize(self, address: str, **claims: Any) -> str:
        """Let the person in and send the browser back: returns the address it goes to."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_hex(8)
        self.codes[code] = query
        self.claims = claims
        return f"{query['redirect_uri']}?code={code}&state={query['state']}"

    def token(self, form: dict[str, str], client: str) -> tuple[int, dict[str, Any]]:
        """Redeem a code, once, for whoever has the verifier."""
        query = self.codes.pop(form.get("code", ""), None)
        challenge = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        expected = base64.urlsafe_b64encode(challenge).decode().rstrip("=")
        if query is None or client != f"{CLIENT}:{SECRET}" or query["code_challenge"] != expected:
            return 400, {"error": "invalid_grant"}
        self.redeemed.append(form["code"])
        told = {
            "iss": self.issuer,
            "aud": CLIENT,
            "nonce": query["nonce"],
            **self.claims,
        }
        key = self.signed_with or self.key
        token = jwt.encode({"alg": "RS256", "kid": "1"}, told, key)
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": token}

    def document(self) -> dict[str, str]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            **self.discovery,
        }


@contextmanager
def running_provider() -> Iterator[Provider]:
    provider = Provider()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path == "/.well-known/openid-configuration":
                self._answer(200, provider.document())
            elif self.path == "/keys":
                public = provider.key.as_dict(private=False)
                self._answer(200, {"keys": [public]})
            else:
                self._answer(404, {})

        def do_POST(self):
            length = int(self.headers.get("content-length", "0"))
            body = parse_qs(self.rfile.read(length).decode())
            client = base64.b64decode(self.headers["authorization"].split()[1]).decode()
            form = {name: values[0] for name, values in body.items()}
            self._answer(*provider.token(form, client))

        def _answer(self, status, document):
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
