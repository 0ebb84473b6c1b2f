"""The values of AndroidManifest.xml: attributes by resource id, references resolved as a phone sold in China does it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from hegui.facts.package import Entry
from hegui.facts.unread import Unread
from hegui.readers.apk import arsc
from hegui.readers.apk.axml import (
    ANDROID,
    TYPE_ATTRIBUTE,
    TYPE_DYNAMIC_REFERENCE,
    TYPE_FIRST_INT,
    TYPE_INT_BOOLEAN,
    TYPE_INT_HEX,
    TYPE_LAST_INT,
    TYPE_NULL,
    TYPE_REFERENCE,
    TYPE_STRING,
    Attribute,
    Element,
    XmlTree,
    read_xml,
)
from hegui.readers.apk.manifest_names import ATTR, MANIFEST, MAX_NOTES, TABLE

# A phone sold in China: the label and other texts are chosen for it. "" is the default configuration.
CHINESE = ("zh-CN", "zh-Hans-CN", "zh-Hans", "zh", "")


class Container(Protocol):
    """What reading a manifest needs of an opened package."""

    def has(self, name: str) -> bool: ...
    def read(self, name: str, limit: int | None = None) -> bytes: ...


@dataclass(frozen=True)
class Form:
    """How a package writes its XML and its resource table. Both readers take the bytes and the name of the file.

    `levels`: the effective minimum and target of the base package, and whether a target is written, for a split: the
    platform asks no split for its own.
    """

    read_xml: Callable[[bytes, str], XmlTree] = read_xml
    read_table: Callable[[bytes, str], arsc.ResourceTable] = arsc.ResourceTable
    levels: tuple[int, int, bool] | None = None


COMPILED = Form()


class Values:
    """The attributes of one manifest, and what was odd about it. `load_table` is called when a reference needs it."""

    def __init__(self, tree: XmlTree, load_table: Callable[["Values"], arsc.ResourceTable | None]) -> None:
        self.tree = tree
        self.root = tree.root
        self.odd: list[Entry] = []
        self._load_table = load_table
        self.package = self.plain(self.root, "package") or ""
        if not self.package:
            self.note("MANIFEST_NO_PACKAGE", "the root element has no package name")

    @cached_property
    def table(self) -> arsc.ResourceTable | None:
        return self._load_table(self)

    def attribute(self, element: Element, name: str) -> Attribute | None:
        found = element.attribute(ATTR[name])
        if found is None and not self.tree.mapped:
            # Only a file that lost its resource map; else the runtime would not take an attribute for its name.
            found = element.named(name, ANDROID)
        return found

    def plain(self, element: Element, name: str) -> str | None:
        """An attribute that is none of Android's, such as package: its text as written."""
        found = element.named(name)
        if found is None:
            return None
        return found.raw if found.raw is not None else self.shown(found)

    def resolve(self, value: Attribute) -> arsc.Value | None:
        """The value a reference stands for on a current phone in China; None when it cannot be told."""
        if value.type not in (TYPE_REFERENCE, TYPE_DYNAMIC_REFERENCE) or not value.data:
            return None
        table = self.table
        values = table.resolve(value.data) if table else []
        chosen = max(values, key=_fit, default=None)
        return None if chosen is None or chosen.type in (TYPE_REFERENCE, TYPE_DYNAMIC_REFERENCE) else chosen

    def shown(self, value: Attribute) -> str | None:
        """The attribute as text. A reference that cannot be resolved is shown as "@0x7f…"."""
        if value.type in (TYPE_REFERENCE, TYPE_DYNAMIC_REFERENCE):
            found = self.resolve(value)
            if found is None:
                return f"@0x{value.data:08x}" if value.data else None
            return _text(found.type, found.data, found.string)
        if value.type == TYPE_NULL:
            return value.raw
        text = _text(value.type, value.data, value.string)
        return value.raw if text is None else text

    def text(self, element: Element, name: str) -> str | None:
        found = self.attribute(element, name)
        return None if found is None else self.shown(found)

    def settled(self, element: Element, name: str, value: Attribute) -> Attribute | arsc.Value:
        """The value itself, or what it refers to. A reference that cannot be resolved is noted and given back."""
        if value.type not in (TYPE_REFERENCE, TYPE_DYNAMIC_REFERENCE):
            return value
        found = self.resolve(value)
        if found is None:
            self.note("REFERENCE_UNRESOLVED", f"{name} of <{element.name}> at 0x{element.at:x} is {self.shown(value)}")
        return found or value

    def number(self, element: Element, name: str) -> int | None:
        found = self.attribute(element, name)
        if found is None:
            return None
        value = self.settled(element, name, found)
        if TYPE_FIRST_INT <= value.type <= TYPE_LAST_INT:
            return signed(value.data)
        return integer(value.string if value.type == TYPE_STRING else None)

    def flag(self, element: Element, name: str) -> bool | None:
        """A boolean as TypedArray.getBoolean takes it. None when it is not there or cannot be told."""
        found = self.attribute(element, name)
        if found is None:
            return None
        value = self.settled(element, name, found)
        if TYPE_FIRST_INT <= value.type <= TYPE_LAST_INT:
            return value.data != 0
        if value.type == TYPE_STRING and value.string is not None:
            return value.string in ("1", "true", "TRUE")
        return None

    def flag_or_unread(self, element: Element, name: str, default: bool) -> bool | Unread:
        found = self.flag(element, name)
        if found is not None:
            return found
        value = self.attribute(element, name)
        if value is None or value.type == TYPE_NULL:
            return default
        return Unread("NO_PACKAGE", f"{name} is {self.shown(value)}, which {TABLE} does not hold")

    def note(self, problem: str, detail: str, name: str = MANIFEST) -> None:
        entry = Entry(name, problem, detail)
        if len(self.odd) < MAX_NOTES and entry not in self.odd:
            self.odd.append(entry)

    def at(self, element: Element) -> str:
        return f"{MANIFEST}@0x{element.at:04x}"

    def class_name(self, name: str) -> str:
        """ParsingUtils.buildClassName: a name without package, or with a dot in front, is the package's."""
        if name.startswith("."):
            return self.package + name
        return name if "." in name or name.startswith("@") else f"{self.package}.{name}"


def _fit(value: arsc.Value) -> tuple[bool, int, int]:
    """How well a value fits a current phone set to Chinese: nothing else asked for, its language, the newest level."""
    config = value.config
    rank = len(CHINESE) - CHINESE.index(config.locale) if config.locale in CHINESE else -1
    return (not config.other, rank, config.sdk)


def _text(kind: int, data: int, string: str | None) -> str | None:
    """TypedValue.coerceToString for the types a manifest holds; None when only the raw text can tell."""
    if kind == TYPE_STRING:
        return string
    if kind == TYPE_INT_BOOLEAN:
        return "true" if data else "false"
    if kind in (TYPE_REFERENCE, TYPE_DYNAMIC_REFERENCE):
        return f"@0x{data:08x}"
    if kind == TYPE_ATTRIBUTE:
        return f"?0x{data:08x}"
    if kind == TYPE_INT_HEX:
        return f"0x{data:x}"
    if TYPE_FIRST_INT <= kind <= TYPE_LAST_INT:
        return str(signed(data))
    return None


def signed(data: int) -> int:
    return data - (1 << 32) if data & 0x80000000 else data


def integer(text: str | None) -> int | None:
    try:
        return int(text or "", 0) if len(text or "") < 20 else None
    except ValueError:
        return None


def unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def bits(value: int, names: dict[int, str]) -> tuple[str, ...]:
    return tuple(name for bit, name in names.items() if value & bit)
