"""Compiled XML: whatever Android's runtime takes reads the same, and nothing else than ReadError ever comes out."""

import struct
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hegui.readers.apk import axml
from hegui.readers.apk.axml import Element, read_xml
from hegui.readers.apk.container import Container
from hegui.readers.apk.manifest_names import ATTR
from hegui.readers.errors import LimitReached, Malformed, ReadError
from tests.readers.apk.make_axml import JUNK_0000, JUNK_0080, Faults, chunk, compile_xml, string_pool

TEXT = """<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="com.example" split="灯笼">
  <uses-permission android:name="android.permission.CAMERA" android:maxSdkVersion="28"/>
  <application android:label="@0x7f010000" android:debuggable="true"><domain>示例.中国</domain></application>
</manifest>"""


def plain(element: Element) -> object:
    """The tree by what counts: ids and values, not the names a protector may have blanked."""
    attributes = [
        (each.id or each.name, each.type, each.string if each.type == axml.TYPE_STRING else each.data)
        for each in element.attributes
    ]
    return element.name, attributes, element.text, [plain(child) for child in element.children]


EXPECTED = plain(read_xml(compile_xml(TEXT)).root)

# Oddities that real packages have, or the runtime lets pass; each must give the same tree.
TOLERATED = {
    "strings in UTF-8": Faults(utf8=True),
    "a pool that says it is sorted and is not": Faults(sorted_flag=True),
    "more strings counted than there are": Faults(string_count=0x10000),
    "strings without a zero behind them": Faults(terminate=False),
    "UTF-8 strings without a zero behind them": Faults(utf8=True, terminate=False),
    "another type for the file itself": Faults(file_type=0x0000),
    "a size beyond the end of the file": Faults(file_size=1 << 30),
    "a size of nothing": Faults(file_size=0),
    "attribute names left blank": Faults(blank_names=True),
    "a namespace that is none of Android's": Faults(namespace="http://example.com/x"),
    "an empty namespace": Faults(namespace=""),
    "the same namespace opened five times": Faults(namespaces=5),
    "no namespace node at all": Faults(namespaces=0),
    "attributes larger than their structure": Faults(attribute_size=24),
    "a gap before the attributes": Faults(attribute_gap=8),
    "nodes with a longer header": Faults(node_header=28),
    "a first string pool that is not meant": Faults(pool_twice=True),
    "a junk chunk before the pool": Faults(before_pool=JUNK_0000),
    "junk chunks before the first node": Faults(before_nodes=JUNK_0000 + JUNK_0080),
    "junk chunks between the nodes": Faults(between_nodes=JUNK_0080),
    "a second string pool behind the nodes": Faults(after_nodes=string_pool(["later"] * 9)),
    "junk behind the last node": Faults(after_nodes=b"\xff" * 7),
}


@pytest.mark.parametrize("fault", TOLERATED)
def test_reads_as_the_runtime_does(fault: str) -> None:
    tree = read_xml(compile_xml(TEXT, TOLERATED[fault]))
    assert plain(tree.root) == EXPECTED
    assert tree.complete


def test_a_plain_file_has_no_faults() -> None:
    assert read_xml(compile_xml(TEXT)).faults == ()


def test_what_is_odd_is_said_with_its_place() -> None:
    faults = read_xml(compile_xml(TEXT, Faults(file_type=0, before_pool=JUNK_0080))).faults
    assert faults == ("XML_TYPE_0x0000@0x0", "XML_EXTRA_CHUNK_0x0080@0x8")


def test_the_place_of_an_element_is_its_start_node() -> None:
    data = compile_xml(TEXT)
    for element in read_xml(data).root.children:
        kind, _, size = struct.unpack_from("<HHI", data, element.at)
        assert kind == 0x0102
        assert size >= 36


def test_an_attribute_is_known_by_its_id_whatever_its_name_says() -> None:
    permission = read_xml(compile_xml(TEXT, Faults(blank_names=True, namespace="x"))).root.children[0]
    found = permission.attribute(ATTR["name"])
    assert found is not None
    assert found.string == "android.permission.CAMERA"
    assert found.name == ""


def test_without_a_resource_map_the_file_says_so() -> None:
    tree = read_xml(compile_xml(TEXT, Faults(resource_map=False)))
    assert not tree.mapped
    assert tree.root.children[0].attribute(ATTR["name"]) is None
    assert tree.root.children[0].named("name", axml.ANDROID) is not None


@pytest.mark.parametrize("utf8", [False, True])
def test_a_string_longer_than_its_length_field_keeps_its_end(utf8: bool) -> None:
    # Above 0x7FFF bytes the UTF-8 length field wraps; the runtime looks for the zero that agrees with it.
    long = "长" * 20_000 + "尾"
    tree = read_xml(compile_xml(f"<a><b>{long}</b></a>", Faults(utf8=utf8)))
    assert tree.root.children[0].text == long


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"a\xc0\x80b", "a\0b"),
        (b"\xed\xa0\xbd\xed\xb8\x80", "😀"),
        (b"\xed\xa0\xbdx", "�x"),
        (b"ok\xff\xfe", "ok��"),
    ],
    ids=["modified UTF-8 zero", "two surrogates for one character", "half a character", "no UTF-8 at all"],
)
def test_ill_coded_text_is_given_as_far_as_it_goes(raw: bytes, text: str) -> None:
    pool = bytearray(string_pool(["x" * len(raw)], utf8=True))
    at = pool.index(b"x" * len(raw))
    pool[at : at + len(raw)] = raw
    strings = axml.StringPool(memoryview(bytes(pool)), 0, len(pool), 28)
    assert strings[0] == text
    text.encode("utf-8")


def test_a_missing_string_is_none() -> None:
    pool = string_pool(["one"])
    strings = axml.StringPool(memoryview(pool), 0, len(pool), 28)
    assert (strings[0], strings[1], strings[0xFFFFFFFF]) == ("one", None, None)


def test_what_stands_before_a_broken_node_is_kept() -> None:
    data = compile_xml(TEXT)
    place = read_xml(data).root.children[1].at
    tree = read_xml(data[:place] + b"\x02\x01\xff\xff" + data[place + 4 :])
    assert [child.name for child in tree.root.children] == ["uses-permission"]
    assert tree.faults == (f"XML_BAD_CHUNK@0x{place:x}",)
    assert not tree.complete


def test_a_broken_chunk_behind_the_root_costs_nothing() -> None:
    tree = read_xml(compile_xml(TEXT, Faults(after_nodes=b"\xff" * 8)))
    assert tree.faults
    assert tree.complete


def test_a_file_cut_short_is_not_complete() -> None:
    data = compile_xml(TEXT)
    assert not read_xml(data[:-60]).complete


def test_an_element_with_more_attributes_than_room_is_not_complete() -> None:
    data = bytearray(compile_xml(TEXT))
    place = read_xml(bytes(data)).root.children[0].at
    data[place + 28] = 200
    tree = read_xml(bytes(data))
    assert not tree.complete
    assert len(tree.root.children[0].attributes) == 2


@pytest.mark.parametrize(
    "data",
    [b"", b"\0" * 7, b"\0" * 64, b"<?xml version='1.0'?><manifest/>", string_pool(["only"]), b"\xff" * 4096],
    ids=["empty", "seven bytes", "zeros", "text XML", "no element", "noise"],
)
def test_what_is_no_compiled_xml_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        read_xml(data)


def many(count: int, node: bytes) -> bytes:
    pool = string_pool(["a"])
    return chunk(0x0003, b"", pool + node * count)


START = chunk(0x0102, struct.pack("<II", 1, 0xFFFFFFFF), struct.pack("<IIHHHHHH", 0xFFFFFFFF, 0, 20, 20, 0, 0, 0, 0))
END = chunk(0x0103, struct.pack("<II", 1, 0xFFFFFFFF), struct.pack("<II", 0xFFFFFFFF, 0))
# One attribute of size 0, claimed 65535 times.
SWOLLEN = chunk(
    0x0102,
    struct.pack("<II", 1, 0xFFFFFFFF),
    struct.pack("<IIHHHHHH", 0xFFFFFFFF, 0, 20, 0, 0xFFFF, 0, 0, 0) + b"\0" * 20,
)


def test_nesting_is_bounded() -> None:
    with pytest.raises(LimitReached):
        read_xml(many(axml.MAX_DEPTH + 1, START))
    assert read_xml(many(axml.MAX_DEPTH, START)).root.name == "a"


def test_elements_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(axml, "MAX_ELEMENTS", 100)
    with pytest.raises(LimitReached):
        read_xml(many(101, START + END))


def test_one_attribute_claimed_many_times_is_read_once() -> None:
    assert len(read_xml(many(1, SWOLLEN)).root.attributes) == 1


def test_strings_that_share_their_bytes_cannot_swell() -> None:
    # Ten thousand strings, each the whole of one megabyte, would be ten gigabytes.
    size = 1 << 20
    count = 10_000
    index = struct.pack(f"<{count}I", *[0] * count)
    body = struct.pack("<HH", (size // 2 >> 16) | 0x8000, size // 2 & 0xFFFF) + b"a\0" * (size // 2)
    pool = chunk(0x0001, struct.pack("<5I", count, 0, 0, 28 + len(index), 0), index + body)
    strings = axml.StringPool(memoryview(pool), 0, len(pool), 28)
    began = time.perf_counter()
    with pytest.raises(LimitReached):
        [strings[place] for place in range(count)]
    assert time.perf_counter() - began < 1


@settings(max_examples=300, deadline=2000)
@given(st.data())
def test_any_change_reads_or_is_refused(data: st.DataObject) -> None:
    made = bytearray(compile_xml(TEXT, Faults(utf8=data.draw(st.booleans()))))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(made) - 1))
        made[at] = data.draw(st.sampled_from([0, 1, 0x7F, 0x80, 0xFF, data.draw(st.integers(0, 255))]))
    cut = data.draw(st.integers(0, len(made)))
    for each in (bytes(made), bytes(made[:cut])):
        with suppress(ReadError):
            plain(read_xml(each).root)


def test_every_xml_file_of_real_packages_reads(materials: Path) -> None:
    count = 0
    for path in sorted((materials / "apk").rglob("*.apk")):
        with Container.open(path) as container:
            for name in container.names():
                if name == "AndroidManifest.xml" or (name.startswith("res/") and name.endswith(".xml")):
                    data = container.read(name)
                    if data[:2] == b"\x03\x00":
                        assert read_xml(data, name).faults == (), f"{path.name} {name}"
                        count += 1
    assert count > 1000
