"""A folder or ZIP of dumps, or a single dump, as names and bytes, within the limits."""

import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from hegui.readers.errors import LimitReached, Malformed
from hegui.readers.limits import MIB, Limits

DUMPS = (".xml", ".uix", ".json")
PICTURES = (".png", ".jpg", ".jpeg", ".webp")
INDEX = "index.jsonl"
# Crawlers make some thousand dumps in a night.
_FILES = 20_000

# The files by name, each with how its bytes are got.
Files = dict[str, Callable[[], bytes]]


def files_of(path: Path, limits: Limits) -> Files:
    """Every dump, picture and index, in order of name. Raises LimitReached or Malformed."""
    if path.is_dir():
        return _folder(path, limits)
    with path.open("rb") as file:
        head = file.read(4)
    if head[:2] == b"PK":
        return _zip(path, limits)
    _allow(path.name, 1, path.stat().st_size, limits)
    return {path.name: path.read_bytes}


def sizes_of(path: Path) -> list[tuple[str, Path, int]]:
    """Name, place and size of the files of a folder, in order; links are not followed."""
    found = [one for one in sorted(path.rglob("*")) if one.is_file() and not one.is_symlink() and wanted(one.name)]
    return [(one.relative_to(path).as_posix(), one, one.stat().st_size) for one in found]


def wanted(name: str) -> bool:
    last = name.rpartition("/")[2].lower()
    return not last.startswith(".") and (last.endswith(DUMPS + PICTURES) or last == INDEX)


def _folder(path: Path, limits: Limits) -> Files:
    files = sizes_of(path)
    _allow(path.name, len(files), sum(size for _, _, size in files), limits)
    return {name: place.read_bytes for name, place, _ in files}


def _zip(path: Path, limits: Limits) -> Files:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise Malformed(
            f"{path.name}：ZIP 损坏（{error}）；请重新打包", f"{path.name}: broken ZIP ({error}); pack it again"
        ) from None
    entries = sorted((one for one in archive.infolist() if wanted(one.filename)), key=lambda one: one.filename)
    claimed = sum(entry.file_size for entry in entries)
    _allow(path.name, len(entries), claimed, limits)
    if claimed > limits.ratio_from_mb * MIB and claimed > limits.ratio * path.stat().st_size:
        raise _too_large(path.name, f"claims {claimed} bytes")
    return {entry.filename: _entry(archive, entry) for entry in entries}


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        """Raises Malformed; never gives more than the entry claims, which the limits allowed."""
        try:
            with archive.open(entry) as file:
                return file.read(entry.file_size)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
            raise Malformed(
                f"{entry.filename}：ZIP 条目损坏（{error}）", f"{entry.filename}: broken ZIP entry ({error})"
            ) from None

    return read


def _allow(name: str, files: int, size: int, limits: Limits) -> None:
    if files > _FILES or size > limits.claim_mb * MIB:
        raise _too_large(name, f"{files} files, {size} bytes")


def _too_large(name: str, what: str) -> LimitReached:
    return LimitReached(
        f"{name}：{what}，超过上限；请按场景分开给出",
        f"{name}: {what}, more than the limits; give the scenes one by one",
    )
