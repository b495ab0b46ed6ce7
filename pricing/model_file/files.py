"""The files of a model: which there are, what they hold as text, and their digest."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from pricing.faults import Fault, ModelFaultsError

MODEL_TOML = "model.toml"
FILE_BYTES_MAX = 20_000_000

Files = Mapping[str, bytes]
"""Contents by name; the model itself is ``model.toml``."""


def files_at(path: Path) -> Files:
    """Read a folder with ``model.toml`` and its tables, or one ``.toml`` file.

    A single file is named ``model.toml`` too; tables beside it may be used.

    Raises:
        ModelFaultsError: There is no such file, or it cannot be read.
    """
    folder, name = (path, MODEL_TOML) if path.is_dir() else (path.parent, path.name)
    if not (folder / name).is_file():
        zh, en = "不存在；应为含 model.toml 的文件夹或 .toml 文件", "is missing: expected a model"
        raise ModelFaultsError([Fault(str(folder / name), zh, en)])
    # Models of single indications may lie beside the model.
    others = (one for one in folder.glob("*.toml") if one.name not in (name, MODEL_TOML))
    tables = sorted([*folder.glob("*.csv"), *others])
    try:
        found = {MODEL_TOML: _read(folder / name)}
        return found | {table.name: _read(table) for table in tables if table.is_file()}
    except OSError as error:
        reason = error.strerror or "is not readable"
        raise ModelFaultsError(
            [Fault(str(error.filename or path), f"无法读取：{reason}", f"cannot be read: {reason}")]
        ) from error


def _read(path: Path) -> bytes:
    if path.stat().st_size > FILE_BYTES_MAX:
        limit = f"{FILE_BYTES_MAX // 1_000_000} MB"
        raise ModelFaultsError(
            [Fault(path.name, f"文件过大；最多 {limit}", f"is too large: expected at most {limit}")]
        )
    return path.read_bytes()


def digest_of(files: Files) -> str:
    """SHA-256 over the files in the order of their names: each name, its size, its bytes.

    Examples:
        >>> digest_of({"model.toml": b""})[:16]
        '1e0ff27d3cad69a5'
    """
    digest = hashlib.sha256()
    for name in sorted(files):
        content = files[name]
        digest.update(f"{name}\n{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def text_of(content: bytes) -> str:
    """The text of a file.

    Raises:
        ValueError: It is not UTF-8.
    """
    return content.decode("utf-8-sig")
