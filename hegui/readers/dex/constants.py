"""Constant texts of static fields: where SDKs keep their version.

Source: Dalvik Executable format, "class_data_item", "encoded_array_item", "encoded_value encoding".
"""

from collections.abc import Iterator, Mapping

from hegui.readers.dex.tables import Dex, mutf8
from hegui.readers.errors import Malformed

_STRING, _NULL, _BOOLEAN = 0x17, 0x1E, 0x1F
# Kinds whose value is that many bytes and nothing more: numbers, and indexes into the tables.
_SIMPLE = frozenset((0x00, 0x02, 0x03, 0x04, 0x06, 0x10, 0x11, 0x15, 0x16, _STRING, 0x18, 0x19, 0x1A, 0x1B))


def static_texts(dex: Dex, wanted: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, str, str]]:
    """Class, field and text of each wanted static field that has a constant text. `wanted` maps a class in dotted form,
    or a package as "a.b.*", to field names."""
    if not wanted:
        return
    for row in range(dex.classes_n):
        words = dex.class_defs[8 * row : 8 * row + 8]
        if not words[7] or not words[6]:
            continue
        name = mutf8(dex.type_name(words[0]))[1:-1].replace("/", ".")
        fields = wanted.get(name) or wanted.get(name.rpartition(".")[0] + ".*")
        if not fields:
            continue
        try:
            yield from ((name, field, text) for field, text in _texts(dex, words[6], words[7]) if field in fields)
        except (Malformed, IndexError):
            # One class whose constants cannot be read costs its version, nothing else.
            continue


def _texts(dex: Dex, class_data: int, values: int) -> Iterator[tuple[str, str]]:
    count, at = dex.uleb(class_data)
    for _ in range(3):
        _, at = dex.uleb(at)
    names, index = [], 0
    for _ in range(count):
        step, at = dex.uleb(at)
        _, at = dex.uleb(at)
        index += step
        names.append(mutf8(dex.string(dex.field_name[index])))
    many, at = dex.uleb(values)
    for name in names[:many]:
        head = dex.data[at]
        kind, size = head & 0x1F, (head >> 5) + 1
        if kind in (_NULL, _BOOLEAN):
            at += 1
        elif kind in _SIMPLE:
            if kind == _STRING:
                yield name, mutf8(dex.string(int.from_bytes(dex.data[at + 1 : at + 1 + size], "little")))
            at += 1 + size
        else:
            # An array or annotation: what follows it is not looked for.
            return
