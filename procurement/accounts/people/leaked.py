"""Passwords that leaked elsewhere: compared with a list that the operator put on the machine.

Nothing is asked of anybody. The list has the form in which such lists are commonly handed on, the
SHA-1 of each password in hexadecimal with a count after it: either one file (``HASH:COUNT`` a
line, in any order), or a folder with one file for each beginning of five digits (``21BD1`` or
``21BD1.txt``, the other 35 digits and the count on each line).
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from procurement.errors import FieldFault, JicaiError

FILE_BYTES_MAX = 64 * 2**20
"""A file is read through for each new password; a longer list belongs into a folder."""

_PREFIX = 5
_LINE = re.compile(rb"[0-9A-Fa-f]{40}(:\d+)?")
_LINE_OF_PREFIX = re.compile(rb"[0-9A-Fa-f]{35}(:\d+)?")
_FILE_OF_PREFIX = re.compile(r"[0-9A-Fa-f]{5}(\.txt)?")


class LeakedListError(JicaiError):
    """The list of leaked passwords is not there, or is no such list."""

    def __init__(self, cause: str) -> None:
        """Say which setting is meant, and what is wrong."""
        super().__init__(f"JICAI_LEAKED_PASSWORDS: {cause}")


def leaked_faults(
    password: str, *, among: Path | None, field: str = "password"
) -> tuple[FieldFault, ...]:
    """Say whether a new password is among those that leaked.

    Args:
        password: The new password.
        among: The list (`procurement.settings.Settings.leaked_passwords`); None without one.
        field: Name of the form's field.

    Returns:
        One fault, also where the list cannot be read: what was not compared is not accepted.
    """
    if among is None:
        return ()
    try:
        if not is_leaked(password, among=among):
            return ()
    except (OSError, LeakedListError):
        return (
            FieldFault(
                field,
                "泄露密码库暂时无法读取，密码未更改；请稍后重试，并告知平台运维人员。",
                "The list of leaked passwords cannot be read, and nothing was changed; try again "
                "later, and tell those who run the platform.",
            ),
        )
    return (
        FieldFault(
            field,
            "该密码已在别处泄露，列于泄露密码库；请换一个，并不要在其他地方再使用它。",
            "This password is on the list of those that leaked elsewhere; choose another one, and "
            "do not use it anywhere else.",
        ),
    )


def is_leaked(password: str, *, among: Path) -> bool:
    """Tell whether a password is on a list, as typed or in half-width letters.

    Args:
        password: Any password.
        among: The file or folder; read piece by piece, nothing is kept.

    Raises:
        LeakedListError: It is no such list.
        OSError: It cannot be read.

    Examples:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     part = Path(folder) / "5BAA6.txt"
        ...     _ = part.write_text("1E4C9B93F3F0682250B6CF8331B7EE68FD8:52256179")
        ...     is_leaked("password", among=Path(folder)), is_leaked("pass", among=Path(folder))
        (True, False)
    """
    spellings = {password, unicodedata.normalize("NFKC", password)}
    digests = {_digest(spelling) for spelling in spellings}
    if among.is_dir():
        return any(_is_in_folder(digest, among) for digest in digests)
    check_list(among)
    wanted = {digest.encode() for digest in digests}
    with among.open("rb") as lines:
        return any(line[:40].upper() in wanted for line in lines)


def check_list(among: Path) -> None:
    """Refuse what is no such list, by its beginning: it would let every password pass.

    Raises:
        LeakedListError: It is not there, too large for one file, or of another form.
    """
    if among.is_dir():
        parts = (part for part in among.iterdir() if _FILE_OF_PREFIX.fullmatch(part.name))
        first, form = next(parts, None), _LINE_OF_PREFIX
        if first is None:
            raise LeakedListError("the folder has no file such as 21BD1.txt")
    else:
        first, form = among, _LINE
        if not among.is_file():
            raise LeakedListError("there is no such file or folder")
        if among.stat().st_size > FILE_BYTES_MAX:
            most = FILE_BYTES_MAX // 2**20
            raise LeakedListError(f"a file of more than {most} MiB: use a folder of prefixes")
    with first.open("rb") as opened:
        if not form.fullmatch(opened.readline(200).strip()):
            raise LeakedListError("expected lines of SHA-1 in hexadecimal, as HASH:COUNT")


def _digest(password: str) -> str:
    # Not for keeping it: lists of leaked passwords are made with SHA-1. Half a character, which
    # no keyboard types, is on no list.
    typed = password.encode("utf-8", "surrogatepass")
    return hashlib.sha1(typed, usedforsecurity=False).hexdigest().upper()


def _is_in_folder(digest: str, folder: Path) -> bool:
    rest = digest[_PREFIX:].encode()
    return any(line[:35].upper() == rest for line in _lines(folder, digest[:_PREFIX]))


def _lines(folder: Path, prefix: str) -> Iterator[bytes]:
    """Yield the lines of a prefix; a list may have none that begin so."""
    for name in (prefix, f"{prefix}.txt", prefix.lower(), f"{prefix.lower()}.txt"):
        with suppress(FileNotFoundError), (folder / name).open("rb") as lines:
            yield from lines
