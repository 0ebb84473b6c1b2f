"""Compiled XML (二进制 XML): the manifest and other XML files of a package.

The structures are those of AOSP `androidfw/ResourceTypes.h`: ResChunk_header, ResStringPool, ResXMLTree. The reader
takes what Android's runtime takes (`ResXMLTree::setTo`, `nextNode`, `ResXMLParser`), since a file that installs must be
readable here, whatever a protector did to it: the type of the file's own chunk is not looked at, unknown chunks are
skipped, and attributes are known by resource id, whatever their names say.
"""

import struct
from dataclasses import dataclass, field

from hegui.readers.errors import LimitReached, Malformed

ANDROID = "http://schemas.android.com/apk/res/android"

NO_INDEX = 0xFFFFFFFF

RES_STRING_POOL_TYPE = 0x0001
RES_XML_RESOURCE_MAP_TYPE = 0x0180
RES_XML_FIRST_CHUNK_TYPE = 0x0100
RES_XML_LAST_CHUNK_TYPE = 0x017F
RES_XML_START_ELEMENT_TYPE = 0x0102
RES_XML_END_ELEMENT_TYPE = 0x0103
RES_XML_CDATA_TYPE = 0x0104

# Res_value.dataType
TYPE_NULL = 0x00
TYPE_REFERENCE = 0x01
TYPE_ATTRIBUTE = 0x02
TYPE_STRING = 0x03
TYPE_DYNAMIC_REFERENCE = 0x07
TYPE_FIRST_INT = 0x10
TYPE_INT_HEX = 0x11
TYPE_INT_BOOLEAN = 0x12
TYPE_LAST_INT = 0x1F

# Bounds far above any real file. A file beyond them is refused, so that reading cannot be made to run away.
MAX_DEPTH = 1_000
MAX_ELEMENTS = 500_000
MAX_ATTRIBUTES = 2_000_000
MAX_STRING_BYTES = 1 << 20
MAX_TEXT = 1 << 20

_CHUNK = struct.Struct("<HHI")
_POOL = struct.Struct("<IIIII")
_ATTR_EXT = struct.Struct("<IIHHH")
_ATTRIBUTE = struct.Struct("<IIIHBBI")
_U32 = struct.Struct("<I")


class StringPool:
    """A ResStringPool. Strings are decoded when asked for, once.

    Counts and lengths are believed only as far as the bytes reach. A string that is missing is None; one that is cut
    or ill coded is given as far as it can be read, with U+FFFD for the rest. Strings may share bytes, so what is
    decoded in all is bounded, too: beyond that LimitReached is raised.
    """

    __slots__ = ("_budget", "_cache", "_data", "_end", "_offsets", "_start", "_utf8", "count")

    def __init__(self, data: memoryview, at: int, size: int, header_size: int) -> None:
        count = flags = start = styles = styles_start = 0
        if size >= 28:
            count, styles, flags, start, styles_start = _POOL.unpack_from(data, at + 8)
        end = at + size
        if styles and start < styles_start <= size:
            end = at + styles_start
        self._data = data
        self._offsets = at + max(header_size, 28)
        self._start = at + start
        self._end = min(end, len(data))
        self._utf8 = bool(flags & 0x100)
        self.count = max(0, min(count, (min(at + size, len(data)) - self._offsets) // 4))
        self._cache: dict[int, str | None] = {}
        self._budget = 8 * size + MAX_STRING_BYTES

    def __getitem__(self, index: int) -> str | None:
        try:
            return self._cache[index]
        except KeyError:
            text = self._cache[index] = self._read(index)
            return text

    def _read(self, index: int) -> str | None:
        if not 0 <= index < self.count:
            return None
        at = self._start + int(_U32.unpack_from(self._data, self._offsets + index * 4)[0])
        try:
            return self._read_utf8(at) if self._utf8 else self._read_utf16(at)
        except IndexError:
            return None

    def _read_utf8(self, at: int) -> str | None:
        data, end = self._data, self._end
        if at >= end:
            return None
        at += 2 if data[at] & 0x80 else 1
        size = data[at]
        at += 1
        if size & 0x80:
            size = (size & 0x7F) << 8 | data[at]
            at += 1
        stop = at + size
        # Lengths above 0x7FFF do not fit their field: the runtime then looks for the terminator that agrees with it.
        while stop < end and data[stop] and stop + 0x8000 < end:
            stop += 0x8000
        if stop >= end or data[stop]:
            stop = min(at + size, end)
        return _clean(self._take(at, stop))

    def _read_utf16(self, at: int) -> str | None:
        data, end = self._data, self._end
        if at + 2 > end:
            return None
        size = data[at] | data[at + 1] << 8
        at += 2
        if size & 0x8000:
            size = (size & 0x7FFF) << 16 | data[at] | data[at + 1] << 8
            at += 2
        return self._take(at, min(at + size * 2, end)).decode("utf-16-le", "replace")

    def _take(self, at: int, end: int) -> bytes:
        self._budget -= max(end - at, 0)
        if self._budget < 0:
            raise LimitReached(
                "字符串池中的字符串互相重叠，解码量超限", "the strings of the pool overlap beyond bounds"
            )
        return bytes(self._data[at:end])


def _clean(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        # Modified UTF-8 writes U+0000 as C0 80 and characters beyond the BMP as two surrogates of three bytes each.
        raw = raw.replace(b"\xc0\x80", b"\0")
    try:
        return raw.decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute. `id` is its resource id, 0 when the resource map gives none.

    `raw` is the text as written, when the compiler kept it. `type` and `data` are the typed value, Res_value;
    `string` is the text behind `data` when the type is TYPE_STRING.
    """

    id: int
    namespace: str | None
    name: str
    raw: str | None
    type: int
    data: int
    string: str | None


@dataclass(slots=True)
class Element:
    """An element. `at` is the byte offset of its start node in the file."""

    name: str
    namespace: str | None
    at: int
    attributes: tuple[Attribute, ...] = ()
    children: list["Element"] = field(default_factory=list)
    text: str = ""

    def attribute(self, resource_id: int) -> Attribute | None:
        """The first attribute of that resource id, as the runtime finds it."""
        for attribute in self.attributes:
            if attribute.id == resource_id:
                return attribute
        return None

    def named(self, name: str, namespace: str | None = None) -> Attribute | None:
        """The first attribute of that name. Without a namespace, an attribute that has none either is preferred."""
        found = None
        for attribute in self.attributes:
            if attribute.name == name:
                if attribute.namespace == namespace:
                    return attribute
                if namespace is None and found is None:
                    found = attribute
        return found

    def all(self, name: str) -> list["Element"]:
        """The direct children of that name."""
        return [child for child in self.children if child.name == name]


@dataclass(frozen=True, slots=True)
class XmlTree:
    """A compiled XML file. `faults` say where the file departs from its format, as stable words with their place.

    `mapped`: the file has a resource map, so that attributes without an id are none of Android's.
    `complete`: the root element was read to its end. Else the runtime would refuse the file, and what is not in the
    tree may have been in the file: nothing may be concluded from its absence.
    """

    root: Element
    faults: tuple[str, ...] = ()
    mapped: bool = True
    complete: bool = True


def read_xml(data: bytes | memoryview, name: str = "AndroidManifest.xml") -> XmlTree:
    """Read a compiled XML file. Raises Malformed when no element can be read, LimitReached beyond the bounds above."""
    view = memoryview(data)
    if len(view) < 8:
        raise _malformed(name, 0, "文件过短", "the file is too short")
    faults: list[str] = []
    kind, header_size, size = _CHUNK.unpack_from(view, 0)
    if bytes(view[:64]).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise _malformed(
            name, 0, "是文本 XML，不是二进制 XML；系统不会安装", "this is text, not compiled XML; no device takes it"
        )
    if kind != 0x0003:
        faults.append(f"XML_TYPE_0x{kind:04x}@0x0")
    if size > len(view):
        faults.append("XML_SIZE_BEYOND_FILE@0x4")
    end = min(size, len(view)) if size > 8 else len(view)
    return _Parser(view, name, end, faults).parse(max(header_size, 8))


class _Parser:
    def __init__(self, view: memoryview, name: str, end: int, faults: list[str]) -> None:
        self.view, self.name, self.end, self.faults = view, name, end, faults
        self.strings = StringPool(view, 0, 0, 0)
        self.ids: tuple[int, ...] = ()
        self.root: Element | None = None
        self.complete = True
        self.open: list[Element] = []
        self.elements = self.attributes = self.text_size = 0

    def parse(self, at: int) -> XmlTree:
        view, end = self.view, self.end
        in_nodes = False
        while at + 8 <= end:
            kind, header_size, size = _CHUNK.unpack_from(view, at)
            if header_size < 8 or size < header_size or at + size > end:
                # The runtime stops here too (validate_chunk); what was read until now is kept.
                self.faults.append(f"XML_BAD_CHUNK@0x{at:x}")
                self.cut_short()
                break
            if kind == RES_XML_START_ELEMENT_TYPE:
                in_nodes = True
                self.start(at, header_size, size)
            elif kind == RES_XML_END_ELEMENT_TYPE:
                if self.open:
                    self.open.pop()
            elif kind == RES_XML_CDATA_TYPE:
                if self.open and header_size + 4 <= size:
                    self.add_text(self.strings[_U32.unpack_from(view, at + header_size)[0]] or "")
            elif RES_XML_FIRST_CHUNK_TYPE <= kind <= RES_XML_LAST_CHUNK_TYPE:
                # Namespaces: attributes carry the URI's string themselves.
                in_nodes = True
            elif in_nodes:
                # Pools and maps after the first node mean nothing to the runtime.
                self.faults.append(f"XML_EXTRA_CHUNK_0x{kind:04x}@0x{at:x}")
            elif kind == RES_STRING_POOL_TYPE:
                self.strings = StringPool(view, at, size, header_size)
            elif kind == RES_XML_RESOURCE_MAP_TYPE:
                count = (size - header_size) // 4
                self.ids = struct.unpack_from(f"<{count}I", view, at + header_size)
            else:
                self.faults.append(f"XML_EXTRA_CHUNK_0x{kind:04x}@0x{at:x}")
            at += size
        if self.root is None:
            raise _malformed(self.name, at, "没有任何元素", "there is no element")
        if "XML_SIZE_BEYOND_FILE@0x4" in self.faults:
            self.cut_short()
        return XmlTree(self.root, tuple(self.faults[:100]), bool(self.ids), self.complete)

    def cut_short(self) -> None:
        # A file that just ends is taken by the runtime, as is anything behind the end of the root.
        self.complete = self.complete and self.root is not None and not self.open

    def start(self, at: int, header_size: int, size: int) -> None:
        ext = at + header_size
        if header_size + _ATTR_EXT.size > size:
            self.faults.append(f"XML_BAD_ELEMENT@0x{at:x}")
            self.complete = False
            return
        namespace, name, attribute_start, attribute_size, count = _ATTR_EXT.unpack_from(self.view, ext)
        strings = self.strings
        element = Element(strings[name] or "", strings[namespace], at)
        if attribute_start + attribute_size * count > size - header_size:
            # More attributes than there is room for: the runtime refuses (validateNode), we read those that fit.
            self.faults.append(f"XML_BAD_ELEMENT@0x{at:x}")
            self.complete = False
        self.elements += 1
        if self.elements > MAX_ELEMENTS or len(self.open) >= MAX_DEPTH:
            raise _limit(self.name, at, "元素过多或嵌套过深", "too many elements, or nested too deep")
        element.attributes = self.read_attributes(ext + attribute_start, at + size, attribute_size, count)
        if self.open:
            self.open[-1].children.append(element)
        elif self.root is None:
            self.root = element
        else:
            self.faults.append(f"XML_SECOND_ROOT@0x{at:x}")
        self.open.append(element)

    def add_text(self, text: str) -> None:
        self.text_size += len(text)
        if self.text_size > MAX_TEXT:
            raise _limit(self.name, 0, "文本过多", "too much text")
        self.open[-1].text += text

    def read_attributes(self, at: int, end: int, step: int, count: int) -> tuple[Attribute, ...]:
        """The attributes of an element. `step` is attributeSize: larger than the structure in some protected files."""
        view, strings, ids = self.view, self.strings, self.ids
        # With a step of 0 the runtime reads the same attribute again and again.
        count = max(min(count, (end - at) // step if step else 1), 0)
        self.attributes += count
        if self.attributes > MAX_ATTRIBUTES:
            raise _limit(self.name, at, "属性过多", "too many attributes")
        found = []
        for place in range(at, at + count * step, step) if step else (at,) * count:
            if place + _ATTRIBUTE.size > end:
                break
            namespace, name, raw, _, _, kind, data = _ATTRIBUTE.unpack_from(view, place)
            found.append(
                Attribute(
                    ids[name] if name < len(ids) else 0,
                    strings[namespace] if namespace != NO_INDEX else None,
                    strings[name] or "",
                    strings[raw] if raw != NO_INDEX else None,
                    kind,
                    data,
                    strings[data] if kind == TYPE_STRING else None,
                )
            )
        return tuple(found)


def _malformed(name: str, at: int, zh: str, en: str) -> Malformed:
    return Malformed(f"{name} 偏移 0x{at:x}：{zh}", f"{name} at 0x{at:x}: {en}")


def _limit(name: str, at: int, zh: str, en: str) -> LimitReached:
    return LimitReached(f"{name} 偏移 0x{at:x}：{zh}", f"{name} at 0x{at:x}: {en}")
