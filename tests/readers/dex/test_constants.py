"""Constants and members of one class, and the strings of a file by name."""

import struct

from hegui.readers.dex.constants import code_texts, field_types, static_texts, strings_begun, strings_held
from hegui.readers.dex.tables import Dex, Methods
from tests.readers.dex.make_dex import ABSTRACT, PUBLIC, STATIC, Assembly


def assembly() -> Assembly:
    app = Assembly(extra_strings=["lamp", "lamp 1.0", "lamp 2.0", "lantern", "zz", "灯"])
    first = app.cls("La/First;").static("NAME:Ljava/lang/String;").static("SIZE:I")
    first.method("one()V", ['const-string v0, "lit"', 'const-string/jumbo v1, "dark"', "return-void"], STATIC)
    first.method("none()V", None, PUBLIC | ABSTRACT)
    app.cls("La/Second;").method("two()V", ['const-string v0, "oil"', "return-void"], STATIC)
    return app


def test_code_texts_are_those_of_the_class_with_their_place() -> None:
    content = assembly().dex()
    dex = Dex("classes.dex", content)
    found = list(code_texts(dex, Methods(dex), 0))
    assert [text for text, _ in found] == ["lit", "dark"]
    assert [content[int(place.removeprefix("classes.dex@"), 16)] for _, place in found] == [0x1A, 0x1B]
    assert [text for text, _ in code_texts(dex, Methods(dex), 1)] == ["oil"]


def test_fields_are_told_with_access_and_type() -> None:
    dex = Dex("classes.dex", assembly().dex())
    assert field_types(dex, 0) == [(STATIC, b"Ljava/lang/String;"), (STATIC, b"I")]
    assert field_types(dex, 1) == []


def test_strings_are_found_whole_and_by_their_beginning() -> None:
    dex = Dex("classes.dex", assembly().dex())
    wanted = [b"lamp", "灯".encode(), b"lam", b"absent"]
    assert list(strings_held(dex, wanted)) == [b"lamp", "灯".encode()]
    assert list(strings_begun(dex, [b"lamp ", b"absent"], 9)) == ["lamp 1.0", "lamp 2.0"]
    assert list(strings_begun(dex, [b"lamp"], 2)) == ["lamp", "lamp 1.0"]


def test_a_class_without_constant_values_has_no_static_texts() -> None:
    dex = Dex("classes.dex", assembly().dex())
    assert list(static_texts(dex, 0)) == []


def test_constants_that_cannot_be_read_cost_nothing_else() -> None:
    content = bytearray(assembly().dex())
    dex = Dex("classes.dex", bytes(content))
    # static_values_off of the first class points to the last byte of the file, where no array is.
    table = struct.unpack_from("<I", content, 0x64)[0]
    struct.pack_into("<I", content, table + 28, len(content) - 1)
    assert list(static_texts(Dex("classes.dex", bytes(content)), 0)) == []
    assert dex.classes_n == 2
