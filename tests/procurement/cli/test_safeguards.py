"""What an operator adds is looked at before the platform starts; strict mode misses nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from procurement.accounts.people.leaked import LeakedListError
from procurement.cli.safeguards import SafeguardsMissingError, check_safeguards
from procurement.files.scanning import ScannerAddressError
from procurement.settings import read_settings

DATABASE = "postgresql://jicai@database/jicai"
CERTIFICATE = "sslcert=/etc/jicai/db.pem&sslkey=/etc/jicai/db.key"


@pytest.fixture
def complete(tmp_path):
    """An environment that misses nothing."""
    listed = tmp_path / "leaked.txt"
    listed.write_text(f"{'0' * 40}:1\n")
    return {
        "JICAI_STRICT": "1",
        "JICAI_ADDRESS": "https://jicai.example",
        "JICAI_SECRET_KEY": "11" * 32,
        "JICAI_LEAKED_PASSWORDS": str(listed),
        "JICAI_SCANNER": "unix:///run/clamav/clamd.ctl",
        "DATABASE_URL": f"{DATABASE}?sslmode=verify-full&{CERTIFICATE}",
    }


def check(environ, *, host="127.0.0.1", has_certificate=False):
    check_safeguards(read_settings(environ), environ, host=host, has_certificate=has_certificate)


def missing(environ, **listening):
    with pytest.raises(SafeguardsMissingError) as refused:
        check(environ, **listening)
    return refused.value.missing


def test_a_complete_installation_starts_in_strict_mode(complete):
    check(complete)
    check(complete, host="0.0.0.0", has_certificate=True)  # noqa: S104 - what is tested
    check({**complete, "OTEL_EXPORTER_OTLP_ENDPOINT": "https://collector:4318"})
    check({**complete, "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"})
    check({**complete, "JICAI_SCANNER": "tcp://127.0.0.1:3310"})


@pytest.mark.parametrize(
    "url", ["", "sqlite:////srv/jicai.sqlite3", "postgresql:///jicai?host=/run/postgresql"]
)
def test_a_database_of_this_machine_needs_no_encryption(complete, url):
    check({**complete, "DATABASE_URL": url})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("JICAI_ADDRESS", ""),
        ("JICAI_ADDRESS", "http://jicai.example"),
        ("JICAI_SECRET_KEY", ""),
        ("JICAI_LEAKED_PASSWORDS", ""),
        ("JICAI_SCANNER", ""),
        ("JICAI_SCANNER", "tcp://clamd:3310"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://collector:4318/v1/traces"),
        ("DATABASE_URL", f"{DATABASE}?{CERTIFICATE}"),
        ("DATABASE_URL", f"{DATABASE}?sslmode=require&{CERTIFICATE}"),
        ("DATABASE_URL", f"{DATABASE}?sslmode=verify-ca&{CERTIFICATE}"),
        ("DATABASE_URL", f"{DATABASE}?sslmode=require&sslmode=verify-full&{CERTIFICATE}"),
        ("DATABASE_URL", f"{DATABASE}?sslmode=verify-full"),
        (
            "DATABASE_URL",
            f"postgresql://jicai:secret@database/jicai?sslmode=verify-full&{CERTIFICATE}",
        ),
        ("DATABASE_URL", f"{DATABASE}?sslmode=verify-full&{CERTIFICATE}&password=secret"),
        ("DATABASE_URL", f"postgresql:///jicai?host=database&sslmode=disable&{CERTIFICATE}"),
    ],
)
def test_strict_mode_names_what_is_missing_and_shows_no_password(complete, variable, value):
    said = missing({**complete, variable: value})
    assert [line.partition(":")[0] for line in said] == [variable]
    assert "secret@" not in said[0]
    # Without strict mode the same is the operator's affair.
    check({**complete, variable: value, "JICAI_STRICT": ""})


def test_strict_mode_names_everything_at_once():
    said = missing({"JICAI_STRICT": "1", "DATABASE_URL": DATABASE}, host="10.0.0.4")
    assert len(said) == 7


def test_what_leaves_the_machine_between_proxy_and_process_is_encrypted_in_strict_mode(complete):
    for host in ("0.0.0.0", "::", "10.0.0.4", "jicai.internal"):  # noqa: S104 - what is tested
        (said,) = missing(complete, host=host)
        assert "--tls-certificate" in said
    for host in ("127.0.0.1", "::1", "localhost"):
        check(complete, host=host)


@pytest.mark.parametrize(
    ("variable", "refusal"),
    [("JICAI_LEAKED_PASSWORDS", LeakedListError), ("JICAI_SCANNER", ScannerAddressError)],
)
def test_a_safeguard_that_cannot_work_is_refused_in_every_mode(variable, refusal):
    with pytest.raises(refusal):
        check({variable: "/no/such"})


def test_the_command_does_not_start_and_makes_nothing(tmp_path):
    environ = {**os.environ, "JICAI_STRICT": "1", "JICAI_DATA": str(tmp_path / "data")}
    command = [sys.executable, "-m", "procurement.cli", "serve", "--port", "0"]
    said = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert said.returncode == 2
    assert "JICAI_STRICT=1 asks for more" in said.stderr
    assert "JICAI_SCANNER" in said.stderr
    assert not Path(tmp_path / "data").exists()
