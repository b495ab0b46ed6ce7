"""The proxy of `docker/`, run as it stands, before a stand-in for the platform.

What the file says is compared in `tests/test_docker.py` too, where no nginx is.
"""

import http.client
import re
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.house_rules import ROOT
from tests.procurement.database.test_encrypted import certificate
from tests.server import free_port

DEPLOYMENT = ROOT / "docs" / "deployment.md"
CONFIGURATION = ROOT / "docker" / "nginx.conf"
START_SECONDS = 30
NOTHING: Mapping[str, str] = {}
LAST = "location / { proxy_pass http://platform; }"
OPENSSL = shutil.which("openssl") or "openssl"


@dataclass
class Proxy:
    """A running nginx and what the platform behind it was asked."""

    plain: int
    encrypted: int
    asked: list[tuple[str, str, dict[str, str]]]

    def in_clear(self, method: str, address: str) -> http.client.HTTPResponse:
        """Ask without encryption."""
        connection = http.client.HTTPConnection("127.0.0.1", self.plain, timeout=30)
        return self._asked(connection, method, address, {})

    def ask(self, address: str, **headers: str) -> http.client.HTTPResponse:
        """Ask over TLS; whose certificate it is does not matter here."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self.encrypted, timeout=30, context=context
        )
        return self._asked(connection, "GET", address, headers)

    def _asked(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        address: str,
        headers: dict[str, str],
    ) -> http.client.HTTPResponse:
        connection.request(method, address, headers={"host": "jicai.example", **headers})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer


@contextmanager
def platform(
    asked: list[tuple[str, str, dict[str, str]]], context: ssl.SSLContext | None = None
) -> Iterator[int]:
    """Answer every request, and remember it; over TLS, where a context is given."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked.append((self.command, self.path, headers))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_said: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def adapted(folder: Path, *, behind: int, plain: int, encrypted: int) -> str:
    """The file as it stands, but for places: ports, certificate, who is behind."""
    text = CONFIGURATION.read_text("utf-8")
    for old, new in (
        ("listen 80 default_server", f"listen 127.0.0.1:{plain} default_server"),
        ("listen 443 ssl", f"listen 127.0.0.1:{encrypted} ssl"),
        ("/etc/nginx/tls/", f"{folder}/"),
        ("platform-1:8000", f"127.0.0.1:{behind}"),
        ("worker_processes auto", "worker_processes 1"),
    ):
        assert old in text
        text = text.replace(old, new)
    text = re.sub(r"^ *server platform-2:.*\n", "", text, flags=re.M)
    # A directive of its own since 1.25; before, a word of `listen`.
    text = text.replace("http2 on;", "")
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return f"pid {folder}/pid;\n" + text.replace("http {\n", f"http {{\n{paths}", 1)


@contextmanager
def running(
    folder: Path, *, context: ssl.SSLContext | None = None, changed: Mapping[str, str] = NOTHING
) -> Iterator[Proxy]:
    """Run nginx with the file of `docker/`, some of whose lines are others."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        pytest.skip("nginx is not installed: only the text of its file is checked")
    certificate(folder, "tls", "jicai.example")
    plain, encrypted = free_port(), free_port()
    asked: list[tuple[str, str, dict[str, str]]] = []
    with platform(asked, context) as behind:
        text = adapted(folder, behind=behind, plain=plain, encrypted=encrypted)
        for old, new in changed.items():
            assert text.count(old) == 1
            text = text.replace(old, new.replace("/etc/nginx/tls/", f"{folder}/"))
        file = folder / "nginx.conf"
        file.write_text(text, "utf-8")
        command = [program, "-p", str(folder), "-c", str(file), "-g", "daemon off;"]
        with (folder / "said").open("w") as said:
            process = subprocess.Popen(command, stderr=said)
        try:
            wait_for(process, plain, folder / "said")
            yield Proxy(plain, encrypted, asked)
        finally:
            process.terminate()
            process.wait()


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """The proxy as it stands."""
    with running(tmp_path_factory.mktemp("nginx")) as proxy:
        yield proxy


@pytest.fixture
def proxy(standing: Proxy) -> Proxy:
    """The proxy as it stands, which nobody has asked yet."""
    standing.asked.clear()
    return standing


def wait_for(process: subprocess.Popen[bytes], port: int, said: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.connect()
            connection.close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"nginx did not start: {said.read_text()}")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_pages_are_led_to_https(proxy, method):
    answer = proxy.in_clear(method, "/rounds/x?page=2")
    assert answer.status == 308
    assert answer.getheader("location") == "https://jicai.example/rounds/x?page=2"
    assert proxy.asked == []


@pytest.mark.parametrize(
    ("method", "address"),
    [("GET", "/api/v1/rounds"), ("POST", "/api/v1/rounds"), ("POST", "/sign-in"), ("PUT", "/x")],
)
def test_what_programs_and_forms_send_in_clear_is_refused(proxy, method, address):
    answer = proxy.in_clear(method, address)
    assert answer.status == 403
    assert answer.getheader("location") is None
    assert proxy.asked == []


def test_the_proxy_says_for_whom_it_asks_whatever_the_visitor_says(proxy):
    assert proxy.ask("/rounds", **{"x-forwarded-for": "192.0.2.9", "x-forwarded-proto": "http"})
    ((_method, address, headers),) = proxy.asked
    assert address == "/rounds"
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["x-forwarded-proto"] == "https"


@pytest.mark.parametrize(
    "address", ["/metrics", "/ready", "//metrics", "/x/../metrics", "/%6detrics"]
)
def test_what_operators_ask_is_not_for_visitors_however_they_write_it(proxy, address):
    assert proxy.ask(address).status == 404
    assert proxy.asked == []


def test_of_one_address_so_many_requests_are_taken_and_the_rest_cost_nothing(tmp_path):
    few = {"rate=50r/s": "rate=1r/m", "burst=400": "burst=5"}
    with running(tmp_path, changed=few) as proxy:
        answers = [proxy.ask("/find") for _ in range(9)]
    assert [answer.status for answer in answers] == [200] * 6 + [429] * 3
    assert len(proxy.asked) == 6
    assert answers[-1].getheader("retry-after") == "10"
    assert answers[-1].getheader("content-type") == "text/plain; charset=utf-8"


def handshake(port: int, *options: str) -> str:
    """Return the protocol and cipher of a handshake, or nothing where there is none."""
    said = subprocess.run(
        [OPENSSL, "s_client", "-connect", f"127.0.0.1:{port}", *options],
        input="",
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"New, (TLSv1[.\d]*), Cipher is (\S+)", said.stdout)
    return f"{found[1]} {found[2]}" if found else ""


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_today_s_protocols_are_spoken(proxy, version):
    assert handshake(proxy.encrypted, version).startswith(f"TLSv1.{version[-1]} ")


@pytest.mark.parametrize("version", ["-tls1", "-tls1_1"])
def test_old_protocols_are_refused(proxy, version):
    # With everything that openssl itself would forbid allowed.
    assert handshake(proxy.encrypted, version, "-cipher", "ALL:@SECLEVEL=0") == ""


@pytest.mark.parametrize(
    ("cipher", "is_taken"),
    [
        ("ECDHE-ECDSA-AES256-GCM-SHA384", True),
        ("ECDHE-ECDSA-CHACHA20-POLY1305", True),
        ("ECDHE-ECDSA-AES128-SHA256", False),
        ("ECDHE-ECDSA-AES128-SHA", False),
        ("ECDHE-ECDSA-NULL-SHA", False),
        ("ECDHE-ECDSA-AES256-SHA384", False),
    ],
)
def test_only_authenticated_ciphers_that_keep_past_sessions_secret_are_taken(
    proxy, cipher, is_taken
):
    found = handshake(proxy.encrypted, "-tls1_2", "-cipher", f"{cipher}:@SECLEVEL=0")
    assert bool(found) is is_taken


@pytest.mark.parametrize(
    ("common", "issuer", "status"),
    [
        ("platform.internal", "inside", 200),
        ("platform.internal", "another", 502),
        ("other.internal", "inside", 502),
    ],
)
def test_the_proxy_asks_a_process_on_another_machine_only_if_it_knows_its_certificate(
    tmp_path, common, issuer, status
):
    certificate(tmp_path, "inside", "An authority")
    certificate(tmp_path, "another", "Another authority")
    certificate(tmp_path, "process", common, issuer)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "process.pem", tmp_path / "process.key")
    block = DEPLOYMENT.read_text("utf-8").split("```nginx\n")[1].split("```")[0]
    with running(tmp_path, context=context, changed={LAST: block}) as proxy:
        assert proxy.ask("/rounds").status == status
    assert len(proxy.asked) == (1 if status == 200 else 0)
