"""The resource table of a bundle's module, resources.pb: an aapt.pb.ResourceTable message.

Opening it walks packages and types; the entries of a type are walked when one of them is asked for.
Source: AOSP frameworks/base/tools/aapt2, Resources.proto (ResourceTable to Value) and Configuration.proto.
"""

from collections.abc import Sequence

from hegui.readers.apk.arsc import Config, ResourceTable, Value
from hegui.readers.bundle.proto_values import item_value
from hegui.readers.bundle.protobuf import LEN, BadMessage, Message
from hegui.readers.errors import LimitReached, Malformed

_TABLE_PACKAGE = 2
_PACKAGE_ID, _PACKAGE_TYPE = 1, 3
_TYPE_ID, _TYPE_ENTRY = 1, 3
_ENTRY_ID, _ENTRY_VALUE = 1, 6
_CONFIG, _VALUE = 1, 2
_VALUE_ITEM = 4
_LOCALE, _SDK_VERSION = 3, 24

# A large app has 40,000 resources.
MAX_ENTRIES = 2_000_000


class ProtoTable(ResourceTable):
    """The values of resources.pb, with references followed as in a compiled table: only that is inherited.

    Raises Malformed when it is none; a broken part inside is left out, as in a compiled table.
    """

    def __init__(self, data: bytes | memoryview, name: str = "resources.pb") -> None:
        self._name = name
        self._messages: dict[tuple[int, int], list[Message]] = {}
        self._entries: dict[tuple[int, int], dict[int, list[Message]]] = {}
        self._count = 0
        try:
            self._read(Message(memoryview(data)))
        except BadMessage as error:
            raise Malformed(
                f"{name}：不是 protobuf 格式的资源表：{error}",
                f"{name}: no resource table in protocol buffers: {error}",
            ) from None

    def values(self, resource_id: int) -> list[Value]:
        key = resource_id >> 24, resource_id >> 16 & 0xFF
        if key not in self._entries:
            self._entries[key] = self._by_id(self._messages.get(key, ()))
        found = []
        for entry in self._entries[key].get(resource_id & 0xFFFF, ()):
            try:
                found += [
                    value for field in entry if field.number == _ENTRY_VALUE for value in _value(entry.inner(field))
                ]
            except BadMessage:
                continue
        return found

    def _read(self, table: Message) -> None:
        for field in table:
            if field.number != _TABLE_PACKAGE:
                continue
            package = table.inner(field)
            types, package_id = [], 0
            for part in package:
                if part.number == _PACKAGE_ID:
                    package_id = _id(package.inner(part))
                elif part.number == _PACKAGE_TYPE:
                    types.append(package.inner(part))
            for kind in types:
                # aapt2 writes the id first; it is looked for all the same.
                type_id = next((_id(kind.inner(part)) for part in kind if part.number == _TYPE_ID), 0)
                self._messages.setdefault((package_id, type_id), []).append(kind)

    def _by_id(self, kinds: Sequence[Message]) -> dict[int, list[Message]]:
        found: dict[int, list[Message]] = {}
        try:
            for kind in kinds:
                for field in kind:
                    if field.number == _TYPE_ENTRY:
                        entry = kind.inner(field)
                        entry_id = next((_id(entry.inner(part)) for part in entry if part.number == _ENTRY_ID), 0)
                        found.setdefault(entry_id, []).append(entry)
                        self._count += 1
                        if self._count > MAX_ENTRIES:
                            raise LimitReached(f"{self._name}：资源过多", f"{self._name}: too many resources")
        except BadMessage:
            # The entries before the broken one hold.
            return found
        return found


class JoinedTable(ResourceTable):
    """Several tables as one, as the runtime joins a base and its splits: what each of them says of a resource."""

    def __init__(self, tables: Sequence[ResourceTable]) -> None:
        self._tables = tuple(tables)

    def values(self, resource_id: int) -> list[Value]:
        return [value for table in self._tables for value in table.values(resource_id)]


def _id(message: Message) -> int:
    """PackageId, TypeId, EntryId: a message with one number, left out when it is 0."""
    return next((field.value for field in message if field.number == 1), 0)


def _value(config_value: Message) -> list[Value]:
    parts = config_value.last()
    value = config_value.inner(parts.get(_VALUE))
    item = value.last().get(_VALUE_ITEM)
    found = item_value(value.inner(item)) if item else None
    if found is None:
        return []
    return [Value(_config(config_value.inner(parts.get(_CONFIG))), found.type, found.data, found.string)]


def _config(message: Message) -> Config:
    """The configuration a value holds for; proto3 leaves out what is not asked, so anything else there asks for more."""
    fields = message.last()
    locale, sdk = message.text(fields.pop(_LOCALE, None)), fields.pop(_SDK_VERSION, None)
    other = any(field.value or (field.wire == LEN and field.end > field.start) for field in fields.values())
    return Config(locale, sdk.value if sdk else 0, other)
