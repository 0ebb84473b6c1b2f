"""Inputs that are named and hashed, but not read."""

import hashlib
from pathlib import Path

from hegui.errors import HeguiError
from hegui.facts import Input


def hashed(kind: str, path: Path) -> Input:
    """The record of a file or of a folder (the digest is over the names and digests of its files, sorted)."""
    try:
        if path.is_dir():
            files = sorted(one for one in path.rglob("*") if one.is_file())
            listing = "".join(f"{one.relative_to(path)} {_digest(one)}\n" for one in files)
            size = sum(one.stat().st_size for one in files)
            return Input(kind, path.name, hashlib.sha256(listing.encode()).hexdigest(), size)
        return Input(kind, path.name, _digest(path), path.stat().st_size)
    except OSError as error:
        raise HeguiError(f"{path}：无法读取：{error.strerror}", f"{path}: cannot be read: {error.strerror}") from None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
