"""The calculation file: a model as `pricing.model_file` reads it, handed in as files."""

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import BinaryIO

from pricing.faults import ModelFaultsError
from pricing.model_file import Model, parse_model
from procurement.errors import FieldFault, InvalidInputError
from procurement.files import (
    PackedFileRefusedError,
    PackedTooLargeError,
    TooManyEntriesError,
    check_packed,
)
from procurement.negotiations.dossiers.workload import constraint_refusals, unread_refusal

FIELD = "model"
MODEL = "model.toml"
FILES_MAX = 60
BYTES_MAX = 8 * 2**20
"""Of all files together, unpacked."""
FAULTS_SHOWN = 30
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
"""What `zipfile` and its decompressors raise of a damaged file; an `OSError` is bzip2's."""
_NAME = re.compile(r"[\w][\w.-]{0,80}\.(toml|csv)", re.ASCII)

Files = Mapping[str, str]
"""Text of each file by its name."""


def unpacked(filename: str, file: BinaryIO) -> Files:
    """Read what was uploaded: ``model.toml``, or a zip of a model's folder.

    Raises:
        InvalidInputError: Neither of these, too large, or not text.
    """
    content = file.read(BYTES_MAX + 1)
    if len(content) > BYTES_MAX:
        raise _refused("文件不得超过 8 MB。", "Expected at most 8 MB.")
    if filename.lower().endswith(".toml"):
        return {MODEL: _text(MODEL, content)}
    if filename.lower().endswith(".zip"):
        return _members(content)
    raise _refused(
        "须为 model.toml，或模型文件夹的 zip 压缩包。",
        "Expected model.toml, or a zip of the model's folder.",
    )


def checked(files: Files) -> None:
    """Refuse files that no group could work with, before anything is read.

    Raises:
        InvalidInputError: Names, number or size.
    """
    if MODEL not in files:
        raise _refused(f"缺少 {MODEL}。", f"{MODEL} is missing.")
    if len(files) > FILES_MAX or sum(len(text.encode()) for text in files.values()) > BYTES_MAX:
        raise _refused("文件过多或过大。", "Too many or too large files.")
    for name in files:
        if not _NAME.fullmatch(name):
            raise _refused(
                "文件名须为字母、数字、点和连字符，以 .toml 或 .csv 结尾。",
                "Expected names of letters, digits, dots and hyphens that end in .toml or .csv.",
            )


def model_of(files: Files) -> Model:
    """Read a model, every fault at once with file, line and column.

    Raises:
        InvalidInputError: With the faults, all at the field of the file; or it is too much work.
    """
    checked(files)
    too_much = unread_refusal(files)
    if too_much is not None:
        raise _refused(*too_much)
    try:
        model = parse_model({name: text.encode() for name, text in files.items()})
    except ModelFaultsError as refusal:
        raise InvalidInputError(_faults(refusal)) from refusal
    refusals = constraint_refusals(model)
    if refusals:
        raise InvalidInputError([FieldFault(FIELD, zh, en) for zh, en in refusals])
    return model


def _faults(refusal: ModelFaultsError) -> list[FieldFault]:
    shown = [
        FieldFault(FIELD, f"{fault.where}：{fault.zh}", f"{fault.where}: {fault.en}")
        for fault in refusal.faults[:FAULTS_SHOWN]
    ]
    more = len(refusal.faults) - len(shown) + refusal.more
    if more:
        shown.append(FieldFault(FIELD, f"另有 {more} 处错误。", f"{more} more faults."))
    return shown


def _members(content: bytes) -> Files:
    file = io.BytesIO(content)
    try:
        # Folders count as entries too, and hidden files of the sender's machine.
        check_packed(file, unpacked_max=BYTES_MAX, entries_max=10 * FILES_MAX)
        with zipfile.ZipFile(file) as packed:
            return _unzipped(packed)
    except (PackedTooLargeError, TooManyEntriesError) as refusal:
        raise _refused("文件过多或过大。", "Too many or too large files.") from refusal
    except (PackedFileRefusedError, *_UNREADABLE) as refusal:
        raise _refused("压缩包无法读取。", "The zip cannot be read.") from refusal


def _unzipped(packed: zipfile.ZipFile) -> Files:
    listed = [one for one in packed.infolist() if not one.is_dir()]
    # The sizes that a zip states may be false: reading stops at the limit.
    if len(listed) > FILES_MAX or sum(one.file_size for one in listed) > BYTES_MAX:
        raise _refused("文件过多或过大。", "Too many or too large files.")
    files: dict[str, str] = {}
    for one in listed:
        name = PurePosixPath(one.filename).name
        if name.startswith(".") or "__MACOSX" in one.filename:
            continue
        if name in files:
            raise _refused(f"文件名 {name} 重复。", f"{name} is there twice: expected once.")
        with packed.open(one) as member:
            files[name] = _text(name, member.read(BYTES_MAX + 1))
    checked(files)
    return files


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as refusal:
        raise _refused(
            f"{name}：须为 UTF-8 文本。", f"{name}: expected text in UTF-8."
        ) from refusal


def _refused(zh: str, en: str) -> InvalidInputError:
    return InvalidInputError([FieldFault(FIELD, zh, en)])
