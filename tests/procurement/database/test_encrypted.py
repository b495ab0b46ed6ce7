"""The database over an encrypted connection: both ends know each other by certificates."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from procurement.clock import now
from procurement.database import make_engine
from procurement.recovery import postgresql_dump
from procurement.settings import read_settings
from tests.missing import skip_unless_ci
from tests.postgresql import INSTALL_HINT, SERVER_USER, as_server_user, find_programs
from tests.server import free_port

HOST = "database.jicai.example"
DAY = timedelta(days=1)


def certificate(folder: Path, name: str, common: str, issuer: str = "") -> None:
    """Write a key and a certificate, self-signed or by one that was written before."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common)])
    above, signer = subject, key
    if issuer:
        above = x509.load_pem_x509_certificate((folder / f"{issuer}.pem").read_bytes()).subject
        found = serialization.load_pem_private_key((folder / f"{issuer}.key").read_bytes(), None)
        assert isinstance(found, ec.EllipticCurvePrivateKey)
        signer = found
    names = x509.SubjectAlternativeName([x509.DNSName(common.replace(" ", "-"))])
    made = (
        x509.CertificateBuilder(above, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now() - DAY)
        .not_valid_after(now() + DAY)
        .add_extension(x509.BasicConstraints(ca=not issuer, path_length=None), critical=True)
        .add_extension(names, critical=False)
        .sign(signer, hashes.SHA256())
    )
    (folder / f"{name}.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    written = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = folder / f"{name}.key"
    file.write_bytes(written)
    file.chmod(0o600)


@dataclass
class Encrypted:
    """A server that listens on a port and takes encrypted connections with certificates only."""

    folder: Path
    port: int

    def url(self, host: str = HOST, authority: str = "authority", **changes: str) -> str:
        """An address as an operator writes it; `hostaddr` stands in for the name service."""
        query = {
            "hostaddr": "127.0.0.1",
            "sslmode": "verify-full",
            "sslrootcert": str(self.folder / f"{authority}.pem"),
            "sslcert": str(self.folder / "client.pem"),
            "sslkey": str(self.folder / "client.key"),
            **changes,
        }
        given = {name: value for name, value in query.items() if value}
        return f"postgresql://jicai@{host}:{self.port}/postgres?{urlencode(given)}"


@pytest.fixture(scope="module")
def server() -> Iterator[Encrypted]:
    """Run it; the keys of clients and of the server are in its folder."""
    programs = find_programs()
    if programs is None:
        skip_unless_ci(INSTALL_HINT)
        return
    folder = Path(tempfile.mkdtemp(prefix="jicai-encrypted-", dir="/tmp"))
    user = as_server_user()
    for name, common, issuer in (
        ("authority", "An authority", ""),
        ("another", "Another authority", ""),
        ("server", HOST, "authority"),
        ("client", "jicai", "authority"),
        ("stranger", "somebody", "authority"),
        ("forged", "jicai", "another"),
    ):
        certificate(folder, name, common, issuer)
    if user:
        for file in (folder, folder / "server.key"):
            shutil.chown(file, SERVER_USER)
    cluster, port = folder / "cluster", free_port()

    def run(*command: str | Path) -> None:
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, **user)

    try:
        run(programs / "initdb", "--auth=trust", "--no-sync", "--username=jicai", "-D", cluster)
        # The connection and the name of the database's user are both judged by the certificate.
        (cluster / "pg_hba.conf").write_text("hostssl all all 127.0.0.1/32 cert\n")
        with (cluster / "postgresql.conf").open("a") as settings:
            settings.write(
                f"listen_addresses = '127.0.0.1'\nport = {port}\nfsync = off\n"
                f"unix_socket_directories = '{folder}'\nssl = on\n"
                f"ssl_cert_file = '{folder}/server.pem'\nssl_key_file = '{folder}/server.key'\n"
                f"ssl_ca_file = '{folder}/authority.pem'\n"
            )
        control = (programs / "pg_ctl", "-D", cluster, "--wait", "--silent")
        # Nobody is let in without a certificate, who asks whether it is ready neither.
        run(*control, "-l", folder / "log", "start")
        try:
            yield Encrypted(folder, port)
        finally:
            run(*control, "--mode=immediate", "stop")
    finally:
        shutil.rmtree(folder)


def engine_for(url):
    return make_engine(read_settings({"DATABASE_URL": url}).database_url)


def test_platform_and_database_know_each_other_by_certificates_and_no_password(server, tmp_path):
    engine = engine_for(server.url())
    with engine.connect() as connection:
        ssl = text("SELECT ssl, client_dn FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        assert connection.execute(ssl).one() == (True, "/CN=jicai")
        if postgresql_dump.can_dump(connection):
            # Its own programs take the same way.
            snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
            postgresql_dump.dump(connection, tmp_path, snapshot=snapshot)
            assert (tmp_path / postgresql_dump.NAME).stat().st_size > 0
    engine.dispose()


@pytest.mark.parametrize(
    "changes",
    [
        {"sslmode": "disable"},
        {"authority": "another"},
        {"host": "other.jicai.example"},
        {"sslcert": "", "sslkey": ""},
    ],
    ids=["in clear", "of another authority", "under another name", "without a certificate"],
)
def test_a_connection_that_is_not_sure_of_both_ends_is_not_made(server, changes):
    engine = engine_for(server.url(**changes))
    with pytest.raises(OperationalError), engine.connect():
        pass
    engine.dispose()


@pytest.mark.parametrize("who", ["stranger", "forged"])
def test_a_certificate_of_somebody_else_lets_nobody_in(server, who):
    keys = {
        "sslcert": str(server.folder / f"{who}.pem"),
        "sslkey": str(server.folder / f"{who}.key"),
    }
    engine = engine_for(server.url(**keys))
    with pytest.raises(OperationalError), engine.connect():
        pass
    engine.dispose()
