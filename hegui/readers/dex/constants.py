"""What one class holds, read when asked for: constant texts of static fields and of code, and the members it defines.

Source: Dalvik Executable format, "class_data_item", "encoded_array_item", "encoded_value encoding", "string_id_item".
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from hegui.readers.dex.code import CONST_STRING, CONST_STRING_JUMBO, Body
from hegui.readers.dex.tables import Dex, Methods, mutf8
from hegui.readers.errors import Malformed

_STRING, _NULL, _BOOLEAN = 0x17, 0x1E, 0x1F
# Kinds whose value is that many bytes and nothing more: numbers, and indexes into the tables.
_SIMPLE = frozenset((0x00, 0x02, 0x03, 0x04, 0x06, 0x10, 0x11, 0x15, 0x16, _STRING, 0x18, 0x19, 0x1A, 0x1B))
_CLASS_DATA, _STATIC_VALUES = 6, 7


def static_texts(dex: Dex, row: int) -> Iterator[tuple[str, str]]:
    """Name and text of each static field of class definition `row` that has a constant text.

    Ends early where the constants cannot be read: that costs a version, nothing else.
    """
    words = dex.class_defs[8 * row : 8 * row + 8]
    if not words[_CLASS_DATA] or not words[_STATIC_VALUES]:
        return
    try:
        yield from _texts(dex, words[_CLASS_DATA], words[_STATIC_VALUES])
    except (Malformed, IndexError):
        return


def code_texts(dex: Dex, methods: Methods, row: int) -> Iterator[tuple[str, str]]:
    """Each string constant that the code of class definition `row` loads, in order, with its place: `classes.dex@0x1a4`."""
    first = methods.ends[row - 1] if row else 0
    for code_off in methods.code_off[first : methods.ends[row]]:
        if not code_off:
            continue
        try:
            body = Body(dex, code_off)
            for at in body.at:
                opcode = body.units[at] & 0xFF
                if opcode == CONST_STRING:
                    index = body.units[at + 1]
                elif opcode == CONST_STRING_JUMBO:
                    index = body.units[at + 1] | body.units[at + 2] << 16
                else:
                    continue
                yield dex.text(index), f"{dex.name}@{body.insns + 2 * at:#x}"
        except Malformed:
            continue


def field_types(dex: Dex, row: int) -> list[tuple[int, bytes]]:
    """Access flags and type of each field that class definition `row` defines. Raises Malformed."""
    at = dex.class_defs[8 * row + _CLASS_DATA]
    if not at:
        return []
    statics, at = dex.uleb(at)
    instance, at = dex.uleb(at)
    for _ in range(2):
        _, at = dex.uleb(at)
    found = []
    for count in (statics, instance):
        index = 0
        for _ in range(count):
            step, at = dex.uleb(at)
            access, at = dex.uleb(at)
            index += step
            if index >= dex.fields_n:
                dex.bad(at, f"a field index below {dex.fields_n}, not {index}")
            found.append((access, dex.type_names[dex.field_type[index]]))
    return found


def strings_held(dex: Dex, wanted: Iterable[bytes]) -> Iterator[bytes]:
    """Those of the wanted strings that the file holds. The table is sorted, so each takes a bisection."""
    rows = range(dex.strings_n)
    try:
        for text in wanted:
            at = bisect_left(rows, text, key=dex.string)
            if at < dex.strings_n and dex.string(at) == text:
                yield text
    except Malformed:
        return


def strings_begun(dex: Dex, beginnings: Iterable[bytes], most: int) -> Iterator[str]:
    """The strings of the file that begin so, `most` of each at most."""
    rows = range(dex.strings_n)
    try:
        for text in beginnings:
            first = bisect_left(rows, text, key=dex.string)
            for index in rows[first : first + most]:
                if not dex.string(index).startswith(text):
                    break
                yield dex.text(index)
    except Malformed:
        return


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
