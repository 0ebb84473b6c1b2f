"""Values in a bundle's XML and resource table: aapt.pb.Item, as Res_value has it.

Source: AOSP frameworks/base/tools/aapt2, Resources.proto and Configuration.proto, for field numbers; the Res_value types
each stands for are those of aapt2's ResourceTypes.h.
"""

from typing import NamedTuple

from hegui.readers.apk.axml import (
    TYPE_ATTRIBUTE,
    TYPE_DYNAMIC_REFERENCE,
    TYPE_FIRST_INT,
    TYPE_INT_BOOLEAN,
    TYPE_INT_HEX,
    TYPE_NULL,
    TYPE_REFERENCE,
    TYPE_STRING,
)
from hegui.readers.bundle.protobuf import Message

# Item: which field the value stands in.
_REF, _STR, _RAW_STR, _STYLED_STR, _FILE, _ID, _PRIM = range(1, 8)
# Primitive: field number to Res_value type. Colours are argb8, rgb8, argb4, rgb4; 4 and 5 are the retired dimensions.
_PRIMITIVES = {3: 0x04, 4: 0x05, 5: 0x06, 6: TYPE_FIRST_INT, 7: TYPE_INT_HEX, 8: TYPE_INT_BOOLEAN,
               9: 0x1C, 10: 0x1D, 11: 0x1E, 12: 0x1F, 13: 0x05, 14: 0x06}  # fmt: skip
_DATA_NULL_EMPTY = 1


class ItemValue(NamedTuple):
    """An Item as a Res_value: its type and data, and the text when the type is TYPE_STRING."""

    type: int
    data: int
    string: str | None = None


def item_value(item: Message) -> ItemValue | None:
    """The value of an Item; None when it holds none that a Res_value could. Raises BadMessage."""
    for number, field in item.last().items():
        inner = item.inner(field) if number <= _PRIM else None
        if inner is None or number == _ID:
            continue
        parts = inner.last()
        if number in (_STR, _RAW_STR, _STYLED_STR, _FILE):
            return ItemValue(TYPE_STRING, 0, inner.text(parts.get(1)))
        if number == _REF:
            kind = TYPE_ATTRIBUTE if 1 in parts and parts[1].value == 1 else TYPE_REFERENCE
            dynamic = inner.inner(parts.get(5)).last().get(1)
            if kind == TYPE_REFERENCE and dynamic is not None and dynamic.value:
                kind = TYPE_DYNAMIC_REFERENCE
            return ItemValue(kind, parts[2].value & 0xFFFFFFFF if 2 in parts else 0)
        return _primitive(inner)
    return None


def _primitive(primitive: Message) -> ItemValue | None:
    for number, field in primitive.last().items():
        if number in (1, 2):
            return ItemValue(TYPE_NULL, _DATA_NULL_EMPTY if number == 2 else 0)
        kind = _PRIMITIVES.get(number)
        if kind == TYPE_INT_BOOLEAN:
            return ItemValue(kind, 0xFFFFFFFF if field.value else 0)
        if kind is not None:
            # A negative int32 stands as a varint of 64 bits.
            return ItemValue(kind, field.value & 0xFFFFFFFF)
    return None
