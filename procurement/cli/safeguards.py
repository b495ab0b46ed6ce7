"""What an operator adds to the platform, and that nothing of it is forgotten in strict mode."""

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from sqlalchemy import URL, make_url

from procurement.accounts.people.leaked import check_list
from procurement.errors import JicaiError
from procurement.files.scanning import scanner_place
from procurement.settings import Settings

COLLECTORS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


class SafeguardsMissingError(JicaiError):
    """Strict mode asks for more than there is."""

    def __init__(self, missing: Sequence[str]) -> None:
        """Name all that is missing, so that one attempt is enough."""
        super().__init__("\n".join(["JICAI_STRICT=1 asks for more:", *missing]))
        self.missing = tuple(missing)


def check_safeguards(
    settings: Settings, environ: Mapping[str, str], *, host: str, has_certificate: bool
) -> None:
    """Refuse to start with a safeguard that cannot work, and in strict mode without one.

    Args:
        settings: Of the process.
        environ: The environment, where the exporter of traces reads its own variables.
        host: The address to listen on.
        has_certificate: Whether the process itself serves HTTPS.

    Raises:
        LeakedListError: The list of leaked passwords is none.
        ScannerAddressError: The scanner's address is none.
        SafeguardsMissingError: In strict mode, with everything that is missing.
    """
    if settings.leaked_passwords is not None:
        check_list(settings.leaked_passwords)
    if settings.scanner is not None:
        scanner_place(settings.scanner)
    if not settings.is_strict:
        return
    missing = [
        *_people(settings),
        *_services(settings, environ),
        *_database(make_url(settings.database_url)),
    ]
    if not (has_certificate or _is_this_machine(host)):
        missing.append(
            f"listening on {host} without --tls-certificate: between proxy and process too, what "
            "leaves the machine is encrypted"
        )
    if missing:
        raise SafeguardsMissingError(missing)


def _people(settings: Settings) -> Iterator[str]:
    if not settings.is_https:
        yield "JICAI_ADDRESS: expected https://"
    if settings.secret_key is None:
        yield "JICAI_SECRET_KEY: expected, so that it does not lie beside the data"
    if settings.leaked_passwords is None:
        yield "JICAI_LEAKED_PASSWORDS: expected, new passwords are compared with it"


def _services(settings: Settings, environ: Mapping[str, str]) -> Iterator[str]:
    if settings.scanner is None:
        yield "JICAI_SCANNER: expected, files that are handed in pass it"
    else:
        place = scanner_place(settings.scanner)
        # The protocol knows neither encryption nor whom it talks to.
        if isinstance(place, tuple) and not _is_this_machine(place[0]):
            yield "JICAI_SCANNER: expected a socket or port of this machine"
    for name in COLLECTORS:
        parts = urlsplit(environ.get(name, ""))
        if parts.hostname and parts.scheme != "https" and not _is_this_machine(parts.hostname):
            yield f"{name}: expected https://"


def _database(url: URL) -> Iterator[str]:
    if url.get_backend_name() == "sqlite":
        return
    hosts = [url.host, *_values(url, "host")]
    if all(host is None or host.startswith("/") for host in hosts):
        return  # a socket of this machine, where the system says who asks
    if _values(url, "sslmode") != ["verify-full"]:
        yield "DATABASE_URL: expected sslmode=verify-full (with sslrootcert)"
    if url.password is not None or _values(url, "password") or not _values(url, "sslcert"):
        yield "DATABASE_URL: expected sslcert and sslkey in place of a password"


def _values(url: URL, name: str) -> list[str]:
    value = url.query.get(name, ())
    return [value] if isinstance(value, str) else list(value)


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
