"""Files pass a scanner by ClamAV's protocol; what it does not clear is refused."""

import io
import tempfile

import pytest

from procurement.files import scanning
from procurement.files.scanning import (
    MaliciousFileError,
    NotScannedError,
    ScannerAddressError,
    scan,
    scanner_place,
)
from tests.procurement.files.scanner import TEST_VIRUS, running_scanner
from tests.server import free_port


@pytest.fixture(params=["tcp", "unix"])
def scanner(request):
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        path = f"{folder}/clamd.ctl" if request.param == "unix" else None
        with running_scanner(path) as running:
            yield running


@pytest.mark.parametrize("size", [0, 1, 2**16, 2**16 + 1, 300_000])
def test_the_scanner_sees_the_whole_file_and_the_file_stays_at_its_beginning(scanner, size):
    content = bytes(range(256)) * (size // 256) + bytes(size % 256)
    file = io.BytesIO(content)
    scan(file, scanner=scanner.address)
    assert scanner.shown == [content]
    assert file.read() == content


@pytest.mark.parametrize("before", [b"", bytes(2**16 - 20)])
def test_malicious_code_is_refused_with_its_name(scanner, before):
    with pytest.raises(MaliciousFileError, match="Eicar-Test") as refused:
        scan(io.BytesIO(before + TEST_VIRUS), scanner=scanner.address)
    assert "Eicar-Test" in refused.value.zh


@pytest.mark.parametrize(
    "says", [b"", b"\0", b"stream: ", b"ERROR\0", b"stream: OK, perhaps\0", b"OK\0", b"\xff" * 9000]
)
def test_nothing_but_its_clear_word_lets_a_file_pass(scanner, says):
    scanner.says = says
    with pytest.raises(NotScannedError):
        scan(io.BytesIO(b"%PDF-1.7"), scanner=scanner.address)


def test_a_file_that_is_too_large_for_the_scanner_is_refused(scanner):
    scanner.takes = 2**16
    with pytest.raises(NotScannedError):
        scan(io.BytesIO(bytes(8 * 2**20)), scanner=scanner.address)


def test_a_scanner_that_hangs_is_not_waited_for(scanner, monkeypatch):
    monkeypatch.setattr(scanning, "ANSWER_SECONDS", 0.2)
    scanner.hangs = True
    with pytest.raises(NotScannedError):
        scan(io.BytesIO(b"%PDF-1.7"), scanner=scanner.address)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:{port}", "unix:///no/such/socket"])
def test_a_scanner_that_is_away_clears_nothing(address):
    with pytest.raises(NotScannedError):
        scan(io.BytesIO(b"%PDF-1.7"), scanner=address.format(port=free_port()))


@pytest.mark.parametrize(
    "address",
    [
        "clamd",
        "tcp://clamd",
        "tcp://:3310",
        "tcp://clamd:none",
        "tcp://clamd:3310/path",
        "http://clamd:3310",
        "unix://clamd.ctl",
        "unix:clamd.ctl",
    ],
)
def test_an_address_of_another_form_is_refused(address):
    with pytest.raises(ScannerAddressError, match="JICAI_SCANNER"):
        scanner_place(address)
