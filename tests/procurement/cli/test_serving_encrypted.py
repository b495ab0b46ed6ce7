"""A process that serves HTTPS itself, as strict mode asks where a proxy is on another machine."""

import ssl
import subprocess
import sys
from http.client import HTTPConnection, HTTPException, HTTPSConnection

import pytest

from tests.procurement.database.test_encrypted import certificate
from tests.server import KEY, environment, first_line, free_port


@pytest.fixture
def server(engine, tmp_path):
    """A server in strict mode on PostgreSQL's socket or SQLite, with a certificate."""
    certificate(tmp_path, "authority", "An authority")
    certificate(tmp_path, "another", "Another authority")
    certificate(tmp_path, "inside", "localhost", issuer="authority")
    listed = tmp_path / "leaked.txt"
    listed.write_text(f"{'0' * 40}:1\n")
    port = free_port()
    command = [sys.executable, "-m", "procurement.cli", "serve", "--port", str(port)]
    command += ["--host", "0.0.0.0"]  # noqa: S104 - what a certificate is asked for
    command += ["--tls-certificate", str(tmp_path / "inside.pem")]
    command += ["--tls-key", str(tmp_path / "inside.key")]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            command,
            env={
                **environment(engine, tmp_path),
                "JICAI_STRICT": "1",
                "JICAI_ADDRESS": "https://jicai.example",
                "JICAI_SECRET_KEY": KEY.hex(),
                "JICAI_LEAKED_PASSWORDS": str(listed),
                "JICAI_SCANNER": "unix:///run/clamav/clamd.ctl",
            },
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        assert first_line(process) == f"jicai: ready at https://0.0.0.0:{port}\n", (
            tmp_path / "log"
        ).read_text()
        yield tmp_path, port
    finally:
        process.terminate()
        process.communicate()


def health(folder, port, *, authority=""):
    """Ask over TLS, believing one authority; without one, in the clear."""
    connection: HTTPConnection
    if authority:
        context = ssl.create_default_context(cafile=str(folder / f"{authority}.pem"))
        connection = HTTPSConnection("localhost", port, timeout=30, context=context)
    else:
        connection = HTTPConnection("localhost", port, timeout=30)
    try:
        connection.request("GET", "/health")
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.getheader("strict-transport-security")
    finally:
        connection.close()


def test_a_process_with_a_certificate_is_known_by_it_and_answers_nobody_in_the_clear(server):
    folder, port = server
    status, transport = health(folder, port, authority="authority")
    assert status == 200
    assert transport.startswith("max-age=")
    with pytest.raises(ssl.SSLCertVerificationError):
        health(folder, port, authority="another")
    with pytest.raises((OSError, HTTPException)):
        health(folder, port)
