"""The manifest of an AAR (文本形式的清单): plain XML, read with expat within bounds, as the tree the APK reader has.

No document type, no entity beyond the five of XML itself, nothing from outside, and no nesting without end.
Source: XML 1.0 (Fifth Edition), 2.8 and 4.1; docs.python.org, "XML vulnerabilities".
"""

import re
from typing import Final, NoReturn
from xml.parsers import expat

from hegui.readers.apk.axml import ANDROID, TYPE_FIRST_INT, TYPE_STRING, Attribute, Element, XmlTree
from hegui.readers.apk.manifest_names import ATTR, FOREGROUND_TYPES, PROTECTION_BASE, PROTECTION_FLAGS
from hegui.readers.errors import LimitReached, Malformed

TOOLS: Final = "http://schemas.android.com/tools"
MOST_DEPTH: Final = 100
MOST_ELEMENTS: Final = 100_000
MOST_ATTRIBUTES: Final = 500_000
_MOST_TEXT: Final = 1 << 20
_BETWEEN: Final = "\n"
_WORD: Final = 0xFFFFFFFF

# Attributes that are flags in a compiled manifest, and what their words stand for there.
_FLAGS: Final = {
    "foregroundServiceType": {name: bit for bit, name in FOREGROUND_TYPES.items()},
    "protectionLevel": {name: number for number, name in enumerate(PROTECTION_BASE)}
    | {name: bit for bit, name in PROTECTION_FLAGS.items()},
    "usesPermissionFlags": {"neverForLocation": 0x00010000},
}

# Attributes the compiler of resources writes as integers when they are one.
_INTEGERS: Final = (
    "maxSdkVersion",
    "minSdkVersion",
    "priority",
    "targetSdkVersion",
    "versionCode",
    "versionCodeMajor",
)
_INTEGER = re.compile(r"-?\d{1,10}|0[xX][0-9a-fA-F]{1,8}")


def read_text_xml(data: bytes, name: str) -> XmlTree:
    """Read an XML file. `at` of an element is the byte offset of its start tag.

    Elements that the manifest merger is told to remove (tools:node="remove", "removeAll") are left out.
    Raises Malformed when it is not well formed or has a document type; LimitReached beyond the bounds above.
    """
    return _Reader(name).read(data)


class _Reader:
    def __init__(self, name: str) -> None:
        self.name = name
        self.root: Element | None = None
        self.open: list[Element] = []
        self.removed = 0
        self.elements = self.attributes = self.text = 0
        self.parser = parser = expat.ParserCreate(namespace_separator=_BETWEEN)
        parser.buffer_text = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        parser.StartDoctypeDeclHandler = self.doctype
        parser.EntityDeclHandler = self.refuse
        parser.ExternalEntityRefHandler = self.refuse

    def read(self, data: bytes) -> XmlTree:
        try:
            self.parser.Parse(data, True)
        except expat.ExpatError as error:
            raise self.malformed(f"不是格式良好的 XML：{error}", f"XML that is not well formed: {error}") from None
        except (LookupError, UnicodeError, ValueError) as error:
            # An encoding that Python does not know, or that is no encoding of text.
            raise self.malformed(f"编码无法识别：{error}", f"an encoding that cannot be read: {error}") from None
        if self.root is None:
            raise self.malformed("没有任何元素", "there is no element")
        return XmlTree(self.root)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        self.attributes += len(attributes)
        if (
            len(self.open) + self.removed >= MOST_DEPTH
            or self.elements > MOST_ELEMENTS
            or self.attributes > MOST_ATTRIBUTES
        ):
            raise LimitReached(
                f"{self.name} 偏移 0x{self.parser.CurrentByteIndex:x}：元素过多或嵌套过深；请核实文件来源",
                f"{self.name} at 0x{self.parser.CurrentByteIndex:x}: too many elements or attributes, or nested too "
                "deep; check its origin",
            )
        if self.removed or attributes.get(f"{TOOLS}{_BETWEEN}node") in ("remove", "removeAll"):
            self.removed += 1
            return
        namespace, name = _split(tag)
        element = Element(name, namespace, self.parser.CurrentByteIndex)
        element.attributes = tuple(_attribute(*_split(key), value) for key, value in attributes.items())
        if self.open:
            self.open[-1].children.append(element)
        elif self.root is None:
            self.root = element
        self.open.append(element)

    def end(self, tag: str) -> None:
        if self.removed:
            self.removed -= 1
        else:
            self.open.pop()

    def characters(self, text: str) -> None:
        self.text += len(text)
        if self.open and self.text <= _MOST_TEXT:
            self.open[-1].text += text

    def doctype(self, *declared: object) -> NoReturn:
        raise self.malformed("含文档类型声明，清单不应有", "a document type declaration, which no manifest has")

    def refuse(self, *declared: object) -> NoReturn:
        raise self.malformed("含实体声明", "an entity declaration, which no manifest has")

    def malformed(self, zh: str, en: str) -> Malformed:
        at = max(self.parser.CurrentByteIndex, 0)
        return Malformed(
            f"{self.name} 偏移 0x{at:x}：{zh}；请核实文件来源", f"{self.name} at 0x{at:x}: {en}; check its origin"
        )


def _split(name: str) -> tuple[str | None, str]:
    namespace, between, local = name.rpartition(_BETWEEN)
    return (namespace if between else None), local


def _attribute(namespace: str | None, name: str, value: str) -> Attribute:
    """As the compiler of resources would write it: flags and numbers as numbers, the rest as text."""
    of_android = namespace == ANDROID
    number = ATTR.get(name, 0) if of_android else 0
    if of_android and name in _INTEGERS and _INTEGER.fullmatch(value):
        base = 16 if value[1:2] in ("x", "X") else 10
        return Attribute(number, namespace, name, value, TYPE_FIRST_INT, int(value, base) & _WORD, None)
    bits = _FLAGS.get(name) if of_android else None
    words = value.split("|")
    if bits and all(word.strip() in bits for word in words):
        return Attribute(
            number, namespace, name, value, TYPE_FIRST_INT, sum({bits[word.strip()] for word in words}), None
        )
    return Attribute(number, namespace, name, value, TYPE_STRING, 0, value)
