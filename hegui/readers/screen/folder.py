"""A folder or ZIP of dumps, or a single dump, as names and bytes, within the limits."""

import lzma
import os
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Never

from hegui.readers.errors import LimitReached, Malformed, one_line
from hegui.readers.limits import MIB, Limits

DUMPS = (".xml", ".uix", ".json")
PICTURES = (".png", ".jpg", ".jpeg", ".webp")
INDEX = "index.jsonl"
# Crawlers make some thousand dumps in a night.
_FILES = 20_000
# A dump has some hundred kilobytes; a picture or an index may be as large as an entry may be.
_DUMP_BYTES = 16 * MIB
_BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)

# The files by name, each with how its bytes are got, which raises a ReadError that names the file.
Files = dict[str, Callable[[], bytes]]


def files_of(path: Path, limits: Limits) -> Files:
    """Every dump, picture and index, in order of name. Raises LimitReached or Malformed."""
    if path.is_dir():
        return _folder(path, limits)
    with path.open("rb") as file:
        head = file.read(4)
    if head[:2] == b"PK":
        return _zip(path, limits)
    return {path.name: partial(_file, path, path.name, path.stat().st_size, limits)}


def sizes_of(path: Path) -> list[tuple[str, Path, int]]:
    """Name, place and size of the files of a folder, in order; links are not followed. Raises OSError."""
    return [(name, place, place.stat().st_size) for name, place in _listed(path) if not place.is_symlink()]


def _listed(path: Path) -> list[tuple[str, Path]]:
    """The files and the links to files, by name. Raises OSError for a folder that may not be read."""
    found = [Path(place) / name for place, _, names in os.walk(path, onerror=_raised) for name in names if wanted(name)]
    return [(one.relative_to(path).as_posix(), one) for one in sorted(found) if one.is_file() or one.is_symlink()]


def _raised(error: OSError) -> Never:
    raise error


def wanted(name: str) -> bool:
    last = name.rpartition("/")[2].lower()
    return not last.startswith(".") and (last.endswith(DUMPS + PICTURES) or last == INDEX)


def _folder(path: Path, limits: Limits) -> Files:
    files = sizes_of(path)
    _allow(path.name, len(files), sum(size for _, _, size in files), limits)
    made: Files = {name: partial(_file, place, name, size, limits) for name, place, size in files}
    links: Files = {name: partial(_link, name) for name, place in _listed(path) if place.is_symlink()}
    return dict(sorted((made | links).items()))


def _file(place: Path, name: str, size: int, limits: Limits) -> bytes:
    _allow_one(name, size, limits)
    try:
        return place.read_bytes()
    except OSError as error:
        raise Malformed(f"{name}：无法读取：{error.strerror}", f"{name}: cannot be read: {error.strerror}") from None


def _link(name: str) -> bytes:
    raise Malformed(
        f"{name}：是链接，不跟随；请放入文件本身", f"{name}: a link, which is not followed; put the file here"
    )


def _zip(path: Path, limits: Limits) -> Files:
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN_ZIP as error:
        raise Malformed(
            f"{path.name}：ZIP 损坏（{one_line(error)}）；请重新打包",
            f"{path.name}: broken ZIP ({one_line(error)}); pack it again",
        ) from None
    entries = sorted((one for one in archive.infolist() if wanted(one.filename)), key=lambda one: one.filename)
    claimed = sum(entry.file_size for entry in entries)
    _allow(path.name, len(entries), claimed, limits)
    if claimed > limits.ratio_from_mb * MIB and claimed > limits.ratio * path.stat().st_size:
        raise _too_large(path.name, len(entries), claimed)
    names = Counter(entry.filename for entry in entries)
    if twice := next((name for name, number in names.items() if number > 1), None):
        raise Malformed(
            f"{path.name}：有两个名为 {one_line(twice)} 的条目，不知以哪个为准；请重新打包",
            f"{path.name}: two entries are named {one_line(twice)}, and which one counts is not known; pack it again",
        )
    return {entry.filename: partial(_entry, archive, entry, limits) for entry in entries}


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits) -> bytes:
    """Never more than the entry claims, which the limits allowed."""
    _allow_one(entry.filename, entry.file_size, limits)
    try:
        with archive.open(entry) as file:
            return file.read(entry.file_size)
    except _BROKEN_ZIP as error:
        raise Malformed(
            f"{entry.filename}：ZIP 条目损坏（{one_line(error)}）；请重新打包",
            f"{entry.filename}: broken ZIP entry ({one_line(error)}); pack it again",
        ) from None


def _allow(name: str, files: int, size: int, limits: Limits) -> None:
    if files > _FILES or size > limits.claim_mb * MIB:
        raise _too_large(name, files, size)


def _allow_one(name: str, size: int, limits: Limits) -> None:
    most = min(_DUMP_BYTES, limits.entry_mb * MIB) if name.lower().endswith(DUMPS) else limits.entry_mb * MIB
    if size > most:
        raise LimitReached(
            f"{name}：{size} 字节，超过 {most} 字节的上限；请重新导出",
            f"{name}: {size} bytes, more than {most}; dump it again",
        )


def _too_large(name: str, files: int, size: int) -> LimitReached:
    return LimitReached(
        f"{name}：{files} 个文件，共 {size} 字节，超过上限；请按场景分开给出",
        f"{name}: {files} files, {size} bytes together, more than the limits; give the scenes one by one",
    )
