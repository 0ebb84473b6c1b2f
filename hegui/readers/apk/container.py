"""The ZIP container of an Android package (安装包容器): read as Android reads it, and nothing dropped in silence.

What is odd is told by these words, which stay as they are. Of the archive: PREPENDED_DATA, TRAILING_DATA, ZIP64,
TRUNCATED_DIRECTORY, TRUNCATED_COMMENT, ENTRY_NOT_COUNTED, SECOND_EOCD. Of an entry: DUPLICATE_NAME, BAD_NAME,
BAD_NAME_ENCODING, NAME_TRAVERSAL, UNKNOWN_METHOD, ENCRYPTED_FLAG, WRONG_SIZE, WRONG_CRC, BROKEN_DATA, NO_LOCAL_HEADER,
LOCAL_HEADER_DIFFERS, OVERLAPPING_ENTRIES.

Sources: ZIP APPNOTE 6.3.10 (PKWARE), sections 4.3 to 4.5; behaviour of AOSP's libziparchive (`zip_archive.cc`) and of
the asset manager (`ApkAssets`, `AssetsProvider`), which is what opens AndroidManifest.xml at install time.
"""

import hashlib
import mmap
import os
import re
import stat
import struct
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from itertools import chain, count, islice, takewhile
from pathlib import Path
from types import ModuleType, TracebackType
from typing import NamedTuple

from hegui.facts.package import Entry
from hegui.readers.apk.window import Window
from hegui.readers.errors import LimitReached, Malformed, NotSupported, ReadError
from hegui.readers.limits import MIB, Limits

deflate: ModuleType = zlib
with suppress(ImportError):
    # Takes half the time.
    from isal import isal_zlib as deflate

# A whole file, or an archive inside another.
Mapped = mmap.mmap | Window

STORED = 0
DEFLATED = 8
ENCRYPTED = 1 << 0
DATA_DESCRIPTOR = 1 << 3

_EOCD = struct.Struct("<4s4H2IH")
_EOCD_MAGIC = b"PK\x05\x06"
_EOCD_WINDOW = _EOCD.size + 0xFFFF
_EOCD64 = struct.Struct("<4sQ2H2I4Q")
_EOCD64_MAGIC = b"PK\x06\x06"
_LOCATOR64 = struct.Struct("<4sIQI")
_LOCATOR64_MAGIC = b"PK\x06\x07"
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_CENTRAL_MAGIC = b"PK\x01\x02"
_LOCAL = struct.Struct("<4s5H3I2H")
_LOCAL_MAGIC = b"PK\x03\x04"
_TWO_LENGTHS = struct.Struct("<2H")

# Deflate cannot expand further: 258 bytes from two bits (RFC 1951, 3.2.5), plus the header of the block.
_DEFLATE_MOST = 1032
_CHUNK = 256 * 1024
# Entries listed per problem; the count of the rest stands in one more entry.
_LISTED_PER_PROBLEM = 50
# Characters of a name that are kept in a list of oddities, and shown in a message.
_NAME_MOST = 1000
_LABEL_MOST = 200

# What must be read of a set of APKs or a bundle.
_NEEDED_IN_SET = re.compile(
    r".*\.apk|[^/]+/(manifest/AndroidManifest\.xml|resources\.pb|dex/classes\d*\.dex)", re.DOTALL
)

_MAGIC = (
    (b"\x1f\x8b", "gzip 压缩文件", "a gzip file"),
    (b"Rar!", "RAR 压缩文件", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩文件", "a 7z archive"),
    (b"\x7fELF", "ELF 原生库或程序", "an ELF library or program"),
    (b"dex\n", "DEX 字节码文件", "a DEX bytecode file"),
    (b"%PDF", "PDF 文档", "a PDF document"),
    (b"\xca\xfe\xba\xbe", "Java 类文件或 Mach-O 程序", "a Java class file or Mach-O program"),
    (b"\xcf\xfa\xed\xfe", "Mach-O 程序", "a Mach-O program"),
    (b"\xbe", "微信小程序包（wxapkg）", "a WeChat mini-program (wxapkg)"),
    (b"MZ", "Windows 程序", "a Windows program"),
    (b"SQLite format 3", "SQLite 数据库", "an SQLite database"),
)


class ZipEntry(NamedTuple):
    """A file of the package as the central directory states it (APPNOTE 4.3.12). Sizes and offsets in bytes.

    `at` is where the directory record stands; `local_offset` where the local header does; both count from the start
    of the file. `name` is UTF-8 as Android reads it; a byte that is not stands in it as \\xNN.
    """

    name: str
    raw_name: bytes
    method: int
    flags: int
    crc: int
    compressed_size: int
    size: int
    local_offset: int
    at: int


class _End(NamedTuple):
    """The end-of-central-directory record (APPNOTE 4.3.16) with the ZIP64 values (4.3.14) where it defers to them.

    `shift` is what must be added to written offsets: the bytes put before an archive without rewriting it.
    """

    at: int
    total: int
    cd_offset: int
    cd_size: int
    shift: int
    comment_size: int
    zip64: bool


class Container:
    """An open package. `entries` are in directory order and as many as the end record counts, duplicates included.

    `by_name` holds the first of several entries of one name: that is the one the runtime's loader took when packages
    with duplicates could still be installed (Android bug 8219321); since Android 4.4 libziparchive refuses them all,
    so every duplicate also stands in `odd`. `zip_start` counts the bytes before the first local header.
    """

    def __init__(self, path: Path, mapped: Mapped, limits: Limits) -> None:
        self.path = path
        self.limits = limits
        self._map = mapped
        self.size = len(mapped)
        end = _find_end(path.name, mapped)
        self._end = end
        self.eocd_offset = end.at
        self.cd_offset = end.cd_offset
        self.cd_size = end.cd_size
        if end.total > limits.entries:
            raise LimitReached(
                f"{path.name}：声称有 {end.total} 个文件，超过上限 {limits.entries}；请核实文件来源",
                f"{path.name}: claims {end.total} entries, more than the limit of {limits.entries}; check its origin",
            )
        self.entries, self._cd_end = _read_directory(mapped, end)
        if end.total and not self.entries:
            raise Malformed(
                f"{path.name}：偏移 {end.cd_offset} 处应为 ZIP 中央目录，却不是；文件可能损坏或下载不完整，请重新获取",
                f"{path.name}: expected a ZIP central directory at offset {end.cd_offset}, found none; "
                "the file may be damaged or cut short, get it again",
            )
        by_name: dict[str, ZipEntry] = {}
        for entry in self.entries:
            by_name.setdefault(entry.name, entry)
        self.by_name = by_name
        first = min((entry.local_offset for entry in self.entries), default=end.shift)
        self.zip_start = 0 if _is_padding(mapped, first) else first
        self.data = mapped.view if isinstance(mapped, Window) else memoryview(mapped)

    @classmethod
    def open(cls, path: Path, limits: Limits | None = None) -> "Container":
        """Map the file and read its directory. Raises ReadError when there is no usable ZIP directory."""
        try:
            # Without O_NONBLOCK opening a named pipe would wait for a writer.
            fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise _unopened(path, error) from None
        try:
            status = os.fstat(fd)
            if not stat.S_ISREG(status.st_mode):
                raise ReadError(
                    f"{path.name}：不是普通文件；请给出安装包文件",
                    f"{path.name}: not a regular file; name a package file",
                )
            if status.st_size == 0:
                raise ReadError(
                    f"{path.name}：文件为空（0 字节）；请重新获取", f"{path.name}: empty (0 bytes); get it again"
                )
            mapped = mmap.mmap(fd, 0, access=mmap.ACCESS_READ)
        except OSError as error:
            raise _unopened(path, error) from None
        finally:
            os.close(fd)
        try:
            return cls(path, mapped, limits or Limits())
        except ReadError:
            mapped.close()
            raise

    def close(self) -> None:
        """Release the map. Views taken of `data` must be gone by then."""
        self.data.release()
        self._map.close()

    def __enter__(self) -> "Container":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @cached_property
    def sha256(self) -> str:
        """Lower-case hex digest of the whole file."""
        return hashlib.sha256(self.data).hexdigest()

    def has(self, name: str) -> bool:
        return name in self.by_name

    def names(self, prefix: str = "") -> tuple[str, ...]:
        """Names that start with `prefix`, in directory order, each once."""
        return tuple(name for name in self.by_name if name.startswith(prefix))

    def read(self, name: str, limit: int | None = None) -> bytes:
        """The content of an entry, at most `limit` bytes (default: the entry_mb of the limits).

        As Android's asset manager does it: method 8 is inflated, every other method is taken as stored with the size
        the directory states; the encryption flag is ignored; the check sum is not checked (see `damage`). A stream
        that inflates to more or less than stated is returned as it is, for the size is only a claim.
        Raises Malformed when there is no such entry, no local header, or no valid stream; LimitReached beyond `limit`.
        """
        most = self.limits.entry_mb * MIB if limit is None else limit
        entry = self._entry(name)
        content, _ = self._content(entry, most + 1)
        if len(content) > most:
            raise LimitReached(
                f"{self.path.name}：{_label(name)} 解压后超过 {most} 字节的上限（可能是压缩炸弹）；请核实文件来源",
                f"{self.path.name}: {_label(name)} inflates beyond the limit of {most} bytes (a zip bomb?); check its origin",
            )
        return content

    def head(self, name: str, size: int) -> bytes:
        """The first bytes of an entry, `size` at most. Raises as `read` does, but for the limit."""
        return self._content(self._entry(name), size)[0]

    def nested(self, name: str, most: int) -> "Container":
        """Open an entry that is an archive itself: where it stands when it is stored, else inflated, `most` bytes of it.

        It must not outlive this container. Raises ReadError as `read` and `open` do.
        """
        entry = self._entry(name)
        if entry.method == DEFLATED:
            view = memoryview(self.read(name, most))
        else:
            start = self.data_offset(entry)
            view = self.data[start : min(start + entry.size, self.cd_offset if start <= self.cd_offset else self.size)]
        if not view:
            raise Malformed(
                f"{self.path.name}：{_label(name)} 为空（0 字节）；请重新获取",
                f"{self.path.name}: {_label(name)} is empty (0 bytes)",
            )
        return Container(Path(name), Window(view), self.limits)

    def data_offset(self, entry: ZipEntry) -> int:
        """Where the entry's bytes begin. As in libziparchive, the lengths of the local header count (APPNOTE 4.3.7)."""
        at = entry.local_offset
        if self._map[at : at + 4] != _LOCAL_MAGIC or at + _LOCAL.size > self.size:
            raise Malformed(
                f"{self.path.name}：偏移 {at} 处应为 {_label(entry.name)} 的本地文件头，却不是；文件已损坏或被篡改，请重新获取",
                f"{self.path.name}: expected the local header of {_label(entry.name)} at offset {at}, found none; "
                "the file is damaged or tampered with, get it again",
            )
        name_size, extra_size = _TWO_LENGTHS.unpack(self._map[at + 26 : at + 30])
        return int(at + _LOCAL.size + name_size + extra_size)

    def _entry(self, name: str) -> ZipEntry:
        entry = self.by_name.get(name)
        if entry is None:
            raise Malformed(
                f"{self.path.name}：包内没有 {_label(name)}；请确认这是完整的安装包",
                f"{self.path.name}: no entry {_label(name)}; check that this is a whole package",
            )
        return entry

    def _content(self, entry: ZipEntry, most: int) -> tuple[bytes, int | None]:
        """Up to `most` bytes of content, and how many bytes hold it: None when `most` or the file ended first."""
        start = self.data_offset(entry)
        end = self.cd_offset if start <= self.cd_offset else self.eocd_offset
        if entry.method != DEFLATED:
            content = self._map[start : min(start + entry.size, end, start + most)]
            self._forget(start, start + len(content))
            return content, entry.size if len(content) == entry.size else None
        try:
            try:
                return self._inflated(deflate, entry, start, end, most)
            except deflate.error:
                # It refuses some streams sooner than zlib does, which is what Android goes by.
                return self._inflated(zlib, entry, start, end, most)
        except zlib.error as error:
            raise Malformed(
                f"{self.path.name}：{_label(entry.name)}（偏移 {entry.local_offset}）的压缩数据无效：{error}；请重新获取文件",
                f"{self.path.name}: {_label(entry.name)} (offset {entry.local_offset}) has no valid deflate stream: {error}; "
                "get the file again",
            ) from None

    def _inflated(
        self, library: ModuleType, entry: ZipEntry, start: int, end: int, most: int
    ) -> tuple[bytes, int | None]:
        """As `_content`, by zlib or a module like it. Raises the error of that module."""
        # The stream says itself where it ends, so a wrong compressed size does no harm. Where the sizes are right, all of
        # it is inflated in one go.
        inflater = library.decompressobj(-zlib.MAX_WBITS)
        step = max(entry.compressed_size, _CHUNK) if most >= entry.size else _CHUNK
        at = start
        parts: list[bytes] = []
        got = 0
        while at < end and got < most and not inflater.eof:
            piece: bytes | memoryview = self.data[at : min(at + step, end)]
            at += len(piece)
            step = _CHUNK
            while piece and got < most and not inflater.eof:
                part = inflater.decompress(piece, most - got)
                got += len(part)
                parts.append(part)
                piece = inflater.unconsumed_tail
        self._forget(start, at)
        content = parts[0] if len(parts) == 1 else b"".join(parts)
        return content, at - len(inflater.unused_data) - start if inflater.eof else None

    def _forget(self, start: int, end: int) -> None:
        """Let go of the pages of the map between two offsets, so that a large package does not fill the memory."""
        first = start - start % mmap.PAGESIZE
        if isinstance(self._map, mmap.mmap) and end - first > _CHUNK:
            self._map.madvise(mmap.MADV_DONTNEED, first, end - first)

    @cached_property
    def required(self) -> tuple[ZipEntry, ...]:
        """The entries without which there is nothing to judge; of an archive that is no package, such as a JAR, all."""
        if not self.has("AndroidManifest.xml"):
            return tuple(entry for entry in self.entries if _NEEDED_IN_SET.fullmatch(entry.name)) or self.entries
        # The runtime stops at the first DEX file whose number is missing, so that a later one is no part of the app.
        dex = takewhile(self.has, chain(("classes.dex",), (f"classes{number}.dex" for number in count(2))))
        needed = {"AndroidManifest.xml", "resources.arsc", *dex}
        return tuple(entry for entry in self.entries if entry.name in needed)

    def refuse_bomb(self) -> None:
        """Raise LimitReached when the sizes that required entries claim are those of a zip bomb. Nothing is inflated.

        What another entry claims is no reason to refuse the package, or one asset could keep an app from being judged:
        see `excess`.
        """
        for entry in self.required:
            if entry.size > self.limits.claim_mb * MIB:
                raise LimitReached(
                    f"{self.path.name}：{_label(entry.name)} 声称解压后有 {entry.size} 字节，超过上限 "
                    f"{self.limits.claim_mb} MiB；Android 也无法打开，请核实文件来源",
                    f"{self.path.name}: {_label(entry.name)} claims {entry.size} bytes, beyond the limit of "
                    f"{self.limits.claim_mb} MiB; Android could not open it either, check the origin of the file",
                )
        if self._is_bomb(total := sum(entry.size for entry in self.required)):
            raise LimitReached(
                f"{self.path.name}：{self.size} 字节的文件声称解压后有 {total} 字节，疑为压缩炸弹；请核实文件来源",
                f"{self.path.name}: a file of {self.size} bytes claims to hold {total} bytes, likely a zip bomb; "
                "check its origin",
            )

    @cached_property
    def excess(self) -> str:
        """How the entries claim more than the limits allow, in one line; "" when they do not."""
        most = self.limits.claim_mb * MIB
        beyond = [entry for entry in self.entries if entry.size > most]
        if beyond:
            others = f", and {len(beyond) - 1} more entries" if len(beyond) > 1 else ""
            return f"{_label(beyond[0].name)}{others}: claims {beyond[0].size} bytes, beyond the limit of {most}"
        total = sum(entry.size for entry in self.entries)
        return f"{self.size} bytes claim to hold {total}, likely a zip bomb" if self._is_bomb(total) else ""

    def _is_bomb(self, total: int) -> bool:
        limits = self.limits
        squeezed = total > limits.ratio_from_mb * MIB and total > limits.ratio * self.size
        return total > limits.total_mb * MIB or squeezed

    @cached_property
    def odd(self) -> tuple[Entry, ...]:
        """What is odd about the structure, ordered by place; one local header is read per entry, nothing inflated."""
        return _at_most(_LISTED_PER_PROBLEM, chain(self._odd_archive(), self._odd_entries(), self._overlaps()))

    def damage(self, name: str) -> tuple[Entry, ...]:
        """Whether the content of an entry has the sizes and check sum stated; () when it does, or is not there.

        Android ignores the check sum, strict tools do not: a difference shows a file made for one of them.
        """
        entry = self.by_name.get(name)
        if entry is None:
            return ()
        try:
            content, packed_size = self._content(entry, self.limits.entry_mb * MIB)
        except Malformed as error:
            return (Entry(name, "BROKEN_DATA", error.words.en),)
        if packed_size is None:
            return (Entry(name, "BROKEN_DATA", f"no end of its data after {len(content)} bytes of content"),)
        found = []
        if packed_size != entry.compressed_size:
            stated = f"{packed_size} bytes hold it, directory states {entry.compressed_size}"
            found.append(Entry(name, "WRONG_SIZE", stated))
        if len(content) != entry.size:
            found.append(Entry(name, "WRONG_SIZE", f"{len(content)} bytes, directory states {entry.size}"))
        if (crc := zlib.crc32(content)) != entry.crc:
            found.append(Entry(name, "WRONG_CRC", f"crc32 {crc:08x}, directory states {entry.crc:08x}"))
        return tuple(found)

    def _odd_archive(self) -> Iterator[Entry]:
        end, data = self._end, self._map
        if self.zip_start > 0:
            how = "offsets not rewritten" if end.shift else "offsets rewritten"
            first = _show(data[:8])
            yield Entry("", "PREPENDED_DATA", f"{self.zip_start} bytes before the first entry ({how}): {first}…")
        if end.zip64:
            yield Entry("", "ZIP64", "ZIP64 end record; Android before 12 does not read it")
        if len(self.entries) < end.total:
            held = f"the directory holds {len(self.entries)} and ends at {self._cd_end}"
            yield Entry("", "TRUNCATED_DIRECTORY", f"end record counts {end.total} entries, {held}")
        for at in islice(_uncounted(data, self._cd_end, end.at), self.limits.entries):
            yield Entry(
                "", "ENTRY_NOT_COUNTED", f"directory record at {at}, past the {end.total} the end record counts"
            )
        tail = self.size - end.at - _EOCD.size - end.comment_size
        if tail > 0:
            yield Entry("", "TRAILING_DATA", f"{tail} bytes after the archive; Android refuses such a file")
        elif tail < 0:
            yield Entry("", "TRUNCATED_COMMENT", f"the comment lacks {-tail} bytes; Android refuses such a file")
        for at in islice(_end_records(data, self._cd_end), _LISTED_PER_PROBLEM):
            if at != end.at:
                yield Entry("", "SECOND_EOCD", f"another end record at {at}; the one at {end.at} is used")

    def _odd_entries(self) -> Iterator[Entry]:
        data = self._map
        for entry in self.entries:
            name, raw, method = entry.name, entry.raw_name, entry.method
            if b".." in raw or b"\\" in raw or raw[:1] == b"/" or b"\0" in raw or not raw:
                yield from _odd_name(entry)
            if not raw.isascii() and not _is_utf8(raw):
                yield Entry(name, "BAD_NAME_ENCODING", f"not UTF-8: {_show(raw)}; Android refuses the archive")
            if self.by_name[name].at != entry.at:
                yield Entry(name, "DUPLICATE_NAME", f"record at {entry.at}; the one at {self.by_name[name].at} is used")
            if entry.flags & ENCRYPTED:
                yield Entry(name, "ENCRYPTED_FLAG", "flag set; Android ignores it and reads the bytes as they are")
            if method == DEFLATED:
                if entry.size > _DEFLATE_MOST * (entry.compressed_size + 2):
                    yield Entry(name, "WRONG_SIZE", f"{entry.compressed_size} bytes cannot inflate to {entry.size}")
            else:
                if method != STORED:
                    yield Entry(name, "UNKNOWN_METHOD", f"method {method}; Android's asset manager reads it as stored")
                if entry.size != entry.compressed_size:
                    yield Entry(
                        name, "WRONG_SIZE", f"not compressed, yet {entry.compressed_size} bytes stored for {entry.size}"
                    )
            at, cd = entry.local_offset, entry.at
            # From "version needed" to the name's length both headers hold the same fields in the same order.
            same = data[at : at + 28] == _LOCAL_MAGIC + data[cd + 6 : cd + 30]
            if not same or data[at + 30 : at + 30 + len(raw)] != raw:
                yield from self._odd_local(entry)

    def _odd_local(self, entry: ZipEntry) -> Iterator[Entry]:
        at = entry.local_offset
        if at + _LOCAL.size > self.size or self._map[at : at + 4] != _LOCAL_MAGIC:
            yield Entry(entry.name, "NO_LOCAL_HEADER", f"none at {at}")
            return
        _, _, flags, method, _, _, crc, compressed, size, name_size, _ = _LOCAL.unpack(self._map[at : at + _LOCAL.size])
        raw = self._map[at + _LOCAL.size : at + _LOCAL.size + name_size]
        pairs = [("name", raw, entry.raw_name), ("method", method, entry.method), ("flags", flags, entry.flags)]
        # With a data descriptor the local fields may be zero (APPNOTE 4.4.4); all ones defer to ZIP64 (4.4.8, 4.4.9).
        if not flags & DATA_DESCRIPTOR:
            pairs.append(("crc", crc, entry.crc))
        if not (flags & DATA_DESCRIPTOR or 0xFFFFFFFF in (compressed, size)):
            pairs += [("compressed size", compressed, entry.compressed_size), ("size", size, entry.size)]
        wrong = [f"{what} {_show(here)}, directory {_show(stated)}" for what, here, stated in pairs if here != stated]
        if wrong:
            yield Entry(entry.name, "LOCAL_HEADER_DIFFERS", f"at {at}: " + "; ".join(wrong))

    def _overlaps(self) -> Iterator[Entry]:
        last_end, last_name = 0, ""
        for entry in sorted(self.entries, key=lambda each: (each.local_offset, each.at)):
            at = entry.local_offset
            if at < last_end:
                inside = f"begins at {at} inside {last_name}, which ends at {last_end}"
                yield Entry(entry.name, "OVERLAPPING_ENTRIES", inside)
            if at + _LOCAL.size > self.size:
                continue
            name_size, extra_size = _TWO_LENGTHS.unpack(self._map[at + 26 : at + 30])
            end = at + _LOCAL.size + name_size + extra_size + entry.compressed_size
            if end > self.cd_offset > at:
                past = f"its data would end at {end}, past the start of the directory at {self.cd_offset}"
                yield Entry(entry.name, "WRONG_SIZE", past)
            if end > last_end:
                last_end, last_name = end, entry.name


def recognise(head: bytes) -> tuple[str, str] | None:
    """What a file that is not a ZIP is, by its first bytes: in Chinese and in English, or None."""
    for magic, zh, en in _MAGIC:
        if head.startswith(magic):
            return zh, en
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:64].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "网页（下载链接可能已失效）", "a web page (the download link may have expired)"
    if start.startswith(b"<"):
        return "XML 文本", "XML text"
    return None


def _unopened(path: Path, error: OSError) -> ReadError:
    why = error.strerror or type(error).__name__
    return ReadError(
        f"{path.name}：无法打开：{why}；请检查路径和权限",
        f"{path.name}: cannot open: {why}; check path and permissions",
    )


def _find_end(name: str, data: Mapped) -> _End:
    """The end record nearest the end of the file whose directory is where it says; else the nearest one.

    libziparchive takes the nearest and refuses the file when that one does not fit; we go on and report.
    """
    from_ = max(0, len(data) - _EOCD_WINDOW)
    nearest: _End | None = None
    at = data.rfind(_EOCD_MAGIC, from_)
    while at >= 0:
        if at + _EOCD.size <= len(data):
            end = _end_at(data, at)
            if end.total and data[end.cd_offset : end.cd_offset + 4] == _CENTRAL_MAGIC:
                return end
            nearest = nearest or end
        at = data.rfind(_EOCD_MAGIC, from_, at)
    if nearest is not None:
        return nearest
    head = data[:64]
    if head[:4] == _LOCAL_MAGIC:
        raise Malformed(
            f"{name}：ZIP 不完整：末尾 {len(data) - from_} 字节内没有中央目录结束记录；文件可能下载不完整，请重新获取",
            f"{name}: incomplete ZIP: no end-of-central-directory record in its last {len(data) - from_} bytes; "
            "the file may be cut short, get it again",
        )
    zh, en = recognise(head) or ("未知格式", "of an unknown kind")
    raise NotSupported(
        f"{name}：不是 ZIP，因此不是 APK（看来是{zh}，开头为 {_show(head[:8])}）；请给出 .apk 文件",
        f"{name}: not a ZIP, so not an APK (it looks to be {en}, starting {_show(head[:8])}); name an .apk file",
    )


def _end_at(data: Mapped, at: int) -> _End:
    _, _, _, _, count, cd_size, cd_offset, comment_size = _EOCD.unpack(data[at : at + _EOCD.size])
    cd_end, zip64 = at, False
    if at >= _LOCATOR64.size and (count == 0xFFFF or 0xFFFFFFFF in (cd_size, cd_offset)):
        magic, _, at64, _ = _LOCATOR64.unpack(data[at - _LOCATOR64.size : at])
        if magic == _LOCATOR64_MAGIC and at64 + _EOCD64.size <= at and data[at64 : at64 + 4] == _EOCD64_MAGIC:
            count, cd_size, cd_offset = _EOCD64.unpack(data[at64 : at64 + _EOCD64.size])[-3:]
            cd_end, zip64 = at64, True
    shift = 0
    if data[cd_offset : cd_offset + 4] != _CENTRAL_MAGIC:
        # Bytes were put before the archive and its offsets left as they were: the directory still ends at the record.
        moved = cd_end - cd_size
        if moved > cd_offset and data[moved : moved + 4] == _CENTRAL_MAGIC:
            shift = moved - cd_offset
    return _End(at, count, cd_offset + shift, cd_size, shift, comment_size, zip64)


def _read_directory(data: Mapped, end: _End) -> tuple[tuple[ZipEntry, ...], int]:
    """The records the end record counts, as far as they go, and where the last one ends."""
    entries: list[ZipEntry] = []
    at, stop, shift = end.cd_offset, end.at, end.shift
    unpack, size, make = _CENTRAL.unpack, _CENTRAL.size, ZipEntry._make
    for _ in range(end.total):
        if at + size > stop:
            break
        magic, _, _, flags, method, _, _, crc, compressed, full, name_size, extra_size, note_size, _, _, _, local = (
            unpack(data[at : at + size])
        )
        name_at = at + size
        if magic != _CENTRAL_MAGIC or name_at + name_size > stop:
            break
        raw = data[name_at : name_at + name_size]
        if 0xFFFFFFFF in (compressed, full, local):
            extra = data[name_at + name_size : name_at + name_size + extra_size]
            compressed, full, local = _zip64_values(extra, compressed, full, local)
        try:
            name = raw.decode()
        except UnicodeDecodeError:
            name = raw.decode("utf-8", "backslashreplace")
        entries.append(make((name, raw, method, flags, crc, compressed, full, local + shift, at)))
        at = name_at + name_size + extra_size + note_size
    return tuple(entries), min(at, stop)


def _zip64_values(extra: bytes, compressed: int, size: int, local: int) -> tuple[int, int, int]:
    """The 64-bit values of the extra field 0x0001, which lists only those that are all ones (APPNOTE 4.5.3)."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = _TWO_LENGTHS.unpack_from(extra, at)
        if kind == 1:
            field = extra[at + 4 : at + 4 + length]
            values = iter(struct.unpack(f"<{len(field) // 8}Q", field[: len(field) // 8 * 8]))
            size = next(values, size) if size == 0xFFFFFFFF else size
            compressed = next(values, compressed) if compressed == 0xFFFFFFFF else compressed
            local = next(values, local) if local == 0xFFFFFFFF else local
            break
        at += 4 + length
    return compressed, size, local


def _uncounted(data: Mapped, at: int, stop: int) -> Iterator[int]:
    """Where directory records stand behind the last one counted."""
    while at + _CENTRAL.size <= stop and data[at : at + 4] == _CENTRAL_MAGIC:
        yield at
        name_size, extra_size, note_size = struct.unpack("<3H", data[at + 28 : at + 34])
        at += _CENTRAL.size + name_size + extra_size + note_size


def _end_records(data: Mapped, at: int) -> Iterator[int]:
    while (at := data.find(_EOCD_MAGIC, at)) >= 0:
        yield at
        at += 4


def _is_padding(data: Mapped, first: int) -> bool:
    """Whether a nameless, empty local header fills the file up to `first`: how the Android build tools leave room."""
    if first < _LOCAL.size or data[:4] != _LOCAL_MAGIC:
        return False
    *_, compressed, _, name_size, extra_size = _LOCAL.unpack(data[: _LOCAL.size])
    return bool(compressed == name_size == 0 and _LOCAL.size + extra_size == first)


def _odd_name(entry: ZipEntry) -> Iterator[Entry]:
    raw = entry.raw_name
    if not raw or b"\0" in raw:
        yield Entry(entry.name, "BAD_NAME", f"empty or holds a zero byte: {_show(raw)}; Android refuses the archive")
    parts = re.split(rb"[/\\]", raw)
    if b".." in parts or raw[:1] in (b"/", b"\\"):
        yield Entry(entry.name, "NAME_TRAVERSAL", "leads out of the directory it would be unpacked to")


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _show(value: object) -> str:
    """A number as it is; bytes as text where printable, 64 at most."""
    return ascii(value[:64])[1:] if isinstance(value, bytes) else str(value)


def _label(name: str) -> str:
    """A name for a message of one line: a hostile one may be long, or hold line ends and terminal commands."""
    return name if len(name) <= _LABEL_MOST and name.isprintable() else ascii(name[:_LABEL_MOST])


def _at_most(most: int, found: Iterable[Entry]) -> tuple[Entry, ...]:
    """The first of each problem, and how many more there are: a hostile file must not make the report endless."""
    seen: Counter[str] = Counter()
    kept = []
    for entry in found:
        seen[entry.problem] += 1
        if seen[entry.problem] <= most:
            kept.append(replace(entry, name=entry.name[:_NAME_MOST]))
    kept += [Entry("", problem, f"and {count - most} more") for problem, count in seen.items() if count > most]
    return tuple(kept)
