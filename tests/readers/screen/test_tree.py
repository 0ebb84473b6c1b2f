"""Dumps of every kind, whole and broken."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hegui.readers.errors import ReadError
from hegui.readers.screen.signs import signs
from hegui.readers.screen.tree import read_dump
from tests.readers.screen.dumps import NOTICE, node, screen

FLAT = {
    "foreground_activity": "com.example.lantern/.Main",
    "views": [
        {"temp_id": 0, "package": "com.example.lantern", "class": "Frame", "bounds": [[0, 0], [10, 10]], "children": [1, 0, 9]},
        {"temp_id": 1, "package": "com.example.lantern", "class": "Button", "text": None, "content_description": "扫码",
         "resource_id": "com.example.lantern:id/scan", "clickable": True, "bounds": [[0, 0], [5, 5]], "children": []},
    ],
}  # fmt: skip
HARMONY = {
    "attributes": {"type": "root", "bundleName": "com.example.lantern"},
    "children": [
        {"attributes": {"type": "Button", "text": "扫码", "id": "scan", "clickable": "true", "bounds": "[0,0][5,5]"}}
    ],
}
NESTED = {
    "activity_name": "x",
    "activity": {"root": {"class": "Frame", "children": [{"class": "Button", "text": "扫码", "clickable": True}]}},
}


@pytest.mark.parametrize(
    "tree", [FLAT, HARMONY, NESTED, [{"className": "Button", "text": "扫码", "isClickable": True}]]
)
def test_trees_of_other_tools(tree: object) -> None:
    dump = read_dump(json.dumps(tree).encode(), "x")
    (scan,) = [one for one in dump.nodes if one.text == "扫码"]
    assert scan.clickable
    assert "Button" in scan.cls


def test_appium_names_the_class_by_the_tag() -> None:
    data = b'<hierarchy><android.widget.Button text="ok" bounds="[0,0][1,1]" displayed="true"/></hierarchy>'
    assert [(one.cls, one.text, one.visible) for one in read_dump(data, "x").nodes] == [
        ("android.widget.Button", "ok", True)
    ]


def test_a_line_of_the_tool_behind_the_tree_is_passed_over() -> None:
    assert read_dump(NOTICE + b"UI hierchary dumped to: /dev/tty\n", "x").whole


def test_a_password_is_not_read() -> None:
    (_, secret) = read_dump(screen(node("lantern9", 3).replace("<node ", '<node password="true" ', 1)), "x").nodes
    assert (secret.text, secret.style) == ("", {"password": "true"})


def test_a_dump_cut_off_keeps_its_beginning() -> None:
    dump = read_dump(NOTICE[: len(NOTICE) - 300], "x")
    assert not dump.whole
    assert len(dump.nodes) >= 3


ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><hierarchy><node text="&a;"/></hierarchy>'


@pytest.mark.parametrize(
    "data", [b"", b"text", ENTITY, b"<hierarchy/>", b"<", b"{}", b"[]", b"{", b'{"views": [1, null]}', b"[" * 9999]
)
def test_what_is_no_dump_is_one_clear_line(data: bytes) -> None:
    with pytest.raises(ReadError) as caught:
        read_dump(data, "broken.xml")
    assert "broken.xml" in str(caught.value)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([NOTICE, json.dumps(FLAT).encode(), json.dumps(HARMONY).encode()]), st.data())
def test_changed_bytes_never_crash(seed: bytes, data: st.DataObject) -> None:
    changed = bytearray(seed)
    for at in data.draw(st.lists(st.integers(0, len(seed) - 1), max_size=6)):
        changed[at] = data.draw(st.integers(0, 255))
    try:
        dump = read_dump(bytes(changed[: data.draw(st.integers(0, len(seed)))]), "x")
    except ReadError:
        return
    signs(dump.nodes, dump.owner, dump.activity)


def test_bars_and_keyboards_around_the_app_are_no_part_of_the_page() -> None:
    bars = [
        node("15:25", 0, package="com.android.systemui"),
        node("q", 20, package="com.sohu.inputmethod.sogou", clickable="true"),
    ]
    dump = read_dump(screen(bars[0], node("首页", 5), bars[1]), "x")
    assert "首页" in {one.text for one in dump.nodes}
    assert not {"15:25", "q"} & {one.text for one in dump.nodes}
    assert dump.owner == "com.example.lantern"


def test_a_dump_of_the_bars_alone_is_theirs() -> None:
    whole = screen(node("飞行模式", 1)).replace(b"com.example.lantern", b"com.android.systemui")
    dump = read_dump(whole, "x")
    assert dump.owner == "com.android.systemui"
    assert "飞行模式" in {one.text for one in dump.nodes}
