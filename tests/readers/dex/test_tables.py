"""The tables of a DEX file: every version read, oddities borne, one fixture per fault."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hegui.readers.dex.tables import Column, Dex, Methods, mutf8, read_dex
from hegui.readers.errors import Malformed
from tests.readers.dex.make_dex import STATIC, Assembly, container

VERSIONS = ("035", "036", "037", "038", "039", "040", "041")


def small(version: str = "035", name: str = "Lapp/Main;") -> Assembly:
    made = Assembly(version)
    main = made.cls(name, "Landroid/app/Activity;", ("Ljava/lang/Runnable;",))
    main.static("COUNT:I")
    main.method(
        "run()V",
        ['const-string v0, "héllo"', "invoke-static {v0}, Lapp/Help;->say(Ljava/lang/String;J)I", "return-void"],
    )
    main.method("help([[ILjava/lang/String;)Lapp/Help;", access=STATIC)
    return made


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_is_read(version: str) -> None:
    (dex,) = read_dex("classes.dex", small(version).dex())
    methods = Methods(dex)
    assert dex.version == version
    assert [dex.signature(i).decode() for i in methods.index] == ["help([[ILjava/lang/String;)Lapp/Help;", "run()V"]
    assert [bool(at) for at in methods.code_off] == [False, True]
    assert dex.type_names[dex.class_defs[0]] == b"Lapp/Main;"
    assert dex.type_names[dex.class_defs[2]] == b"Landroid/app/Activity;"
    assert dex.type_list(dex.class_defs[3]) == [dex.type_names.index(b"Ljava/lang/Runnable;")]
    assert list(methods.ends) == [2]


def test_a_container_of_version_041_holds_several_logical_files() -> None:
    content = container(small("041", "Lapp/One;"), small("041", "Lapp/Two;"), small("041", "Lapp/Three;"))
    found = list(read_dex("classes.dex", content))
    assert [dex.name for dex in found] == ["classes.dex", "classes.dex#1", "classes.dex#2"]
    assert [dex.type_names[dex.class_defs[0]] for dex in found] == [b"Lapp/One;", b"Lapp/Two;", b"Lapp/Three;"]


def test_a_memoryview_is_read_as_bytes_are() -> None:
    (dex,) = read_dex("classes.dex", memoryview(small().dex()))
    assert dex.methods_n == 3


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        (b"plain", "plain"),
        ("汉字 é".encode(), "汉字 é"),
        (b"a\xc0\x80b", "a\0b"),
        (b"\xed\xa0\xbd\xed\xb8\x80", "\U0001f600"),
        (b"\xed\xa0\xbd alone", "\\ud83d alone"),
        (b"bad \xff byte", "bad \\xff byte"),
        (b"cut \xe6\xb1", "cut \\xe6\\xb1"),
    ],
)
def test_modified_utf8(stored: bytes, text: str) -> None:
    assert mutf8(stored) == text


def test_strings_come_back_as_they_were_written() -> None:
    texts = ["", "é", "a\0b", "\U0001f600", "x" * 300, "统计 SDK"]
    made = small()
    made.extra_strings = texts
    dex = Dex("classes.dex", made.dex())
    assert set(texts) <= {dex.text(i) for i in range(dex.strings_n)}


def patched(at: int, value: int, form: str = "<I") -> bytes:
    content = bytearray(small().dex())
    struct.pack_into(form, content, at, value)
    return bytes(content)


ODDITIES = {
    "a wrong checksum": patched(8, 0xDEADBEEF),
    "a wrong signature": patched(12, 0xDEADBEEF),
    "a link section": patched(44, 4) and patched(48, 0x70),
    "no map": patched(52, 0),
    "a data size that is not true": patched(104, 7),
    "data after the end": small().dex() + b"appended",
}


@pytest.mark.parametrize("content", ODDITIES.values(), ids=ODDITIES.keys())
def test_oddities_seen_in_the_wild_are_borne(content: bytes) -> None:
    (dex,) = read_dex("classes.dex", content)
    assert len(Methods(dex).index) == 2


def word(content: bytes, at: int) -> int:
    return int(struct.unpack_from("<I", content, at)[0])


GOOD = small().dex()
STRING_IDS, TYPE_IDS, PROTO_IDS = word(GOOD, 60), word(GOOD, 68), word(GOOD, 76)
METHOD_IDS, CLASS_DEFS, MAP = word(GOOD, 92), word(GOOD, 100), word(GOOD, 52)
CLASS_DATA = word(GOOD, CLASS_DEFS + 24)

FAULTS = {
    "empty": (b"", "DEX magic"),
    "not_dex": (b"PK\x03\x04" + GOOD[4:], "DEX magic"),
    "version_042": (b"dex\n042\0" + GOOD[8:], "DEX magic"),
    "header_cut": (GOOD[:100], "a header of 112 bytes"),
    "big_endian": (patched(40, 0x78563412), "endian tag"),
    "header_size_small": (patched(36, 0x20), "header size"),
    "file_cut": (GOOD[:-20], "a file size"),
    "file_size_small": (patched(32, 0x10), "a file size"),
    "strings_past_end": (patched(56, 0x0FFFFFFF), "string ids"),
    "methods_past_end": (patched(92, len(GOOD)), "method ids"),
    "table_at_zero": (patched(60, 0), "string ids"),
    "string_offset_past_end": (patched(STRING_IDS, len(GOOD)), "string offsets"),
    "type_of_no_string": (patched(TYPE_IDS, 9999), "strings named by types"),
    "proto_of_no_type": (patched(PROTO_IDS + 4, 9999), "types returned"),
    "params_past_end": (patched(PROTO_IDS + 8, len(GOOD) + 4), "parameter lists"),
    "method_of_no_class": (patched(METHOD_IDS, 999, "<H"), "classes of methods"),
    "method_of_no_proto": (patched(METHOD_IDS + 2, 999, "<H"), "protos of methods"),
    "method_of_no_name": (patched(METHOD_IDS + 4, 9999), "names of methods"),
    "class_of_no_type": (patched(CLASS_DEFS, 9999), "types defined"),
    "class_data_past_end": (patched(CLASS_DEFS + 24, len(GOOD) + 1), "class data"),
    "class_data_runs_out": (patched(CLASS_DATA + 2, 0xFF7F, "<H"), "class data"),
    "method_index_past_end": (patched(CLASS_DATA + 6, 0x7F, "<B"), "defined methods"),
}


@pytest.mark.parametrize(("content", "expected"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_named_with_file_place_and_expectation(content: bytes, expected: str) -> None:
    with pytest.raises(Malformed) as caught:
        [Methods(dex) for dex in read_dex("classes7.dex", content)]
    assert "classes7.dex" in caught.value.words.en
    assert "at 0x" in caught.value.words.en
    assert expected in caught.value.words.en
    assert "classes7.dex" in caught.value.words.zh


def test_faults_that_show_when_a_string_is_asked_for() -> None:
    without_end = bytearray(GOOD)
    at = word(GOOD, STRING_IDS)
    without_end[at:] = b"\x05" + b"x" * (len(GOOD) - at - 1)
    dex = Dex("classes.dex", bytes(without_end))
    with pytest.raises(Malformed, match="a zero byte after string 0"):
        dex.string(0)
    with pytest.raises(Malformed, match="string 9999 of"):
        dex.string(9999)
    with pytest.raises(Malformed, match="type index below"):
        dex.type_name(9999)
    with pytest.raises(Malformed, match="proto index below"):
        dex.proto(9999)
    with pytest.raises(Malformed, match="method index below"):
        dex.signature(9999)


def test_a_map_that_leads_out_of_the_file_is_malformed_when_handles_are_asked_for() -> None:
    content = bytearray(small("038").dex())
    struct.pack_into("<I", content, 52, len(content) - 2)
    with pytest.raises(Malformed, match="a map inside the file"):
        Dex("classes.dex", bytes(content)).handles()
    struct.pack_into("<I", content, 52, MAP)
    struct.pack_into("<I", content, MAP, 0xFFFF)
    with pytest.raises(Malformed, match="a map of 65535 entries"):
        Dex("classes.dex", bytes(content)).handles()


def test_code_items_are_bounds_checked() -> None:
    dex = Dex("classes.dex", GOOD)
    at = max(Methods(dex).code_off)
    assert dex.code_size(at) == 6
    for wrong, expected in (
        (at + 1, "aligned"),
        (len(GOOD) - 8, "inside the file"),
        (len(GOOD) + 400, "inside the file"),
    ):
        with pytest.raises(Malformed, match=expected):
            dex.code_size(wrong)


def test_long_leb128_numbers_end_after_five_bytes() -> None:
    dex = Dex("classes.dex", GOOD + b"\xff\xff\xff\xff\x0f" + b"\xff" * 6 + b"\x7f\x80\x7f")
    assert dex.uleb(len(GOOD)) == (0xFFFFFFFF, len(GOOD) + 5)
    with pytest.raises(Malformed, match="at most five bytes"):
        dex.uleb(len(GOOD) + 5)
    assert dex.sleb(len(GOOD) + 11) == (-1, len(GOOD) + 12)
    assert dex.sleb(len(GOOD) + 12) == (-128, len(GOOD) + 14)


class OneByOne(Methods):
    """Class data read by class, as where it is not written in one go."""

    def _read_all(self, dex: Dex, places: Column, end: int) -> bool:
        return False


def columns(kind: type[Methods], content: bytes) -> tuple[list[int], ...]:
    """The columns of a file's methods; none when they are malformed."""
    try:
        methods = kind(Dex("classes.dex", content))
    except Malformed:
        return ()
    return tuple(list(each) for each in (methods.index, methods.access, methods.code_off, methods.ends))


def many_classes() -> bytes:
    made = Assembly()
    for number in range(40):
        cls = made.cls(f"Lapp/C{number};")
        for field in range(number % 3):
            cls.static(f"F{field}:I")
        for method in range(number % 5):
            cls.method(f"m{method}()V", ["return-void"] if method % 2 else [])
            cls.method(f"s{method}()V", ["return-void"], access=STATIC)
    return made.dex()


MANY = many_classes()


def test_class_data_read_all_at_once_is_what_it_is_class_by_class() -> None:
    assert columns(Methods, MANY) == columns(OneByOne, MANY)
    assert len(columns(Methods, MANY)[0]) > 100


@given(at=st.integers(0, 1500), stored=st.binary(min_size=1, max_size=6))
def test_damaged_class_data_is_read_the_same_way_or_refused_both_ways(at: int, stored: bytes) -> None:
    first = min(place for place in Dex("classes.dex", MANY).class_defs[6::8] if place)
    content = (MANY[: first + at] + stored + MANY[first + at + len(stored) :])[: len(MANY)]
    assert columns(Methods, content) == columns(OneByOne, content)


@pytest.mark.parametrize("inside", [0, 1, 2, 3, 5])
def test_classes_may_share_their_class_data_or_begin_inside_anothers(inside: int) -> None:
    dex = Dex("classes.dex", MANY)
    rows = [row for row in range(dex.classes_n) if dex.class_defs[8 * row + 6]]
    defs_at = struct.unpack_from("<I", MANY, 0x64)[0]
    content = bytearray(MANY)
    struct.pack_into("<I", content, defs_at + 32 * rows[1] + 24, dex.class_defs[8 * rows[4] + 6] + inside)
    assert columns(Methods, bytes(content)) == columns(OneByOne, bytes(content))


def prototypes_of(dex: Dex) -> list[list[int]]:
    flat, ends = dex.prototypes()
    return [part.tolist() for part in np.split(flat, ends[:-1])] if len(ends) else []


def of_prototypes() -> Assembly:
    made = small()
    made.cls("Lapp/Other;").method("both(JLjava/lang/String;D)V", ["return-void"])
    return made


def test_all_prototypes_are_what_they_are_one_by_one() -> None:
    dex = Dex("classes.dex", of_prototypes().dex())
    read = prototypes_of(dex)
    assert len(read) == dex.protos_n > 3
    for number, (returned, *parameters) in enumerate(read):
        names = [dex.type_names[each] for each in parameters]
        assert dex.proto(number) == b"(%b)%b" % (b"".join(names), dex.type_names[returned])


def test_parameter_lists_need_no_alignment_to_be_read() -> None:
    content = bytearray(of_prototypes().dex())
    aligned = prototypes_of(Dex("classes.dex", bytes(content)))
    # The list of `both`, once more at the end of the file, two bytes off.
    row = next(i for i, each in enumerate(aligned) if len(each) == 4)
    at = Dex("classes.dex", bytes(content)).protos[3 * row + 2]
    moved = len(content) + 2
    content += b"\0\0" + content[at : at + 10]
    struct.pack_into("<I", content, 32, len(content))
    struct.pack_into("<I", content, struct.unpack_from("<I", content, 0x4C)[0] + 12 * row + 8, moved)
    assert prototypes_of(Dex("classes.dex", bytes(content))) == aligned


@given(st.integers(0, 2**32 - 1), st.integers(0, 3))
def test_a_damaged_parameter_list_is_read_or_refused_as_it_is_alone(count: int, row: int) -> None:
    content = bytearray(of_prototypes().dex())
    at = Dex("classes.dex", bytes(content)).protos[3 * row + 2]
    if not at:
        return
    struct.pack_into("<I", content, at, count)
    dex = Dex("classes.dex", bytes(content))
    try:
        alone = [dex.protos[3 * row + 1], *dex.type_list(at)]
    except Malformed:
        with pytest.raises(Malformed, match="type list"):
            dex.prototypes()
        return
    assert prototypes_of(dex)[row] == alone


def test_many_strings_at_once_are_what_they_are_one_by_one() -> None:
    made = Assembly()
    texts = ("", "a", "é", "x" * 127, "x" * 128, "中" * 300)
    made.cls("Lapp/Main;").method("go()V", [*(f'const-string v0, "{text}"' for text in texts), "return-void"])
    dex = Dex("classes.dex", made.dex())
    every = np.arange(dex.strings_n)
    assert dex.strings(every) == [dex.string(i) for i in every.tolist()]
    assert {text.encode() for text in texts} <= {*dex.strings(every[::-1])}


def test_the_places_of_parameters_count_two_for_a_long() -> None:
    dex = Dex("classes.dex", of_prototypes().dex())
    names = [dex.string(name) for name in dex.method_name]
    assert dex.parameters(names.index(b"both")) == [0, 2, 3]
    assert dex.parameters(names.index(b"run")) == []
