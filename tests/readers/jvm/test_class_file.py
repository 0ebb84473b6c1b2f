"""Class files: sound ones of every version, one broken per fault, and any bytes at all."""

import contextlib
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hegui.readers.dex.targets import Target, Targets
from hegui.readers.errors import Malformed, ReadError
from hegui.readers.jvm.class_file import ClassFile
from hegui.readers.jvm.graph import Graph
from hegui.readers.jvm.pool import decoded
from hegui.readers.jvm.reach import Reach
from hegui.readers.jvm.sites import Wanted, scan
from tests.readers.jvm import make_class
from tests.readers.jvm.make_class import BROKEN, DEVICE_ID, STATIC, Class, lantern

WANTED = Wanted(Targets([Target("device", "method", (DEVICE_ID,))]))


@pytest.mark.parametrize("major", range(45, 70))
def test_every_version_is_read(major: int) -> None:
    made = ClassFile(lantern(major=major).file(), "A.class")
    assert (made.major, made.name, made.super_name) == (major, b"com/example/Lantern", b"java/lang/Object")
    (method,) = made.methods
    assert method.name == b"light"
    assert method.code is not None
    assert made.data[method.code.at : method.code.at + method.code.size][0] == 0x2B


def test_code_of_the_first_java_is_half_as_wide() -> None:
    made = ClassFile(lantern(major=45, minor=2).file(), "A.class")
    assert made.methods[0].code is not None
    assert made.methods[0].code.size == 5


def test_a_long_constant_fills_two_indexes() -> None:
    made = lantern()
    long = made.pool.long(-(2**40))
    text = made.pool.string("behind")
    pool = ClassFile(made.file(), "A.class").pool
    assert (pool.constant(long), pool.constant(long + 1), pool.constant(text)) == (str(-(2**40)), None, "behind")


def test_constants_of_static_fields_are_given() -> None:
    made = Class()
    made.constants = [
        ("VERSION", "Ljava/lang/String;", made.pool.string("1.2.3")),
        ("LEVEL", "I", made.pool.integer(-7)),
    ]
    found = [(each.name, each.value) for each in ClassFile(made.file(), "A.class").constant_fields()]
    assert found == [(b"VERSION", "1.2.3"), (b"LEVEL", "-7")]


def test_interfaces_and_no_superclass() -> None:
    made = ClassFile(Class(name="java/lang/Object", above=None, interfaces=("a/B", "c/D")).file(), "A.class")
    assert (made.super_name, made.interfaces) == (None, (b"a/B", b"c/D"))


NAMES = {
    "plain": (b"name", "name"),
    "Chinese": ("灯笼".encode(), "灯笼"),
    "a zero character": (b"a\xc0\x80b", "a\0b"),
    "a pair of surrogates": (b"\xed\xa0\xbd\xed\xb8\x80", "\U0001f600"),
    "half a pair": (b"a\xed\xa0\xbd", "a\ufffd"),
    "no UTF-8 at all": (b"\xff", "\ufffd"),
}


@pytest.mark.parametrize("case", NAMES)
def test_names_are_decoded_when_they_are(case: str) -> None:
    raw, text = NAMES[case]
    assert decoded(raw) == text


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_file_says_what_and_where(fault: str) -> None:
    make, says = BROKEN[fault]
    with pytest.raises(Malformed, match=r"A\.class at 0x") as raised:
        ClassFile(make(), "A.class")
    assert says in raised.value.words.en
    assert raised.value.words.zh


def test_a_hostile_file_name_stays_one_line() -> None:
    with pytest.raises(Malformed) as raised:
        ClassFile(b"", "a\n\x1b[2J.class")
    assert raised.value.words.en.isprintable()


def bootstrap_past_its_attribute() -> bytes:
    made = lantern()
    made.bootstrap = [(1, 2)]
    content = made.file()
    return content[:-4] + b"\x00\x99" + content[-2:]


def test_a_bootstrap_method_past_its_attribute_is_told() -> None:
    made = ClassFile(bootstrap_past_its_attribute(), "A.class")
    with pytest.raises(Malformed, match="BootstrapMethods"):
        made.bootstrap_arguments()


def everything(content: bytes) -> None:
    """All that is asked of a class file."""
    made = ClassFile(content, "A.class")
    list(made.constant_fields())
    graph = Graph()
    graph.add(made)
    graph.finish()
    reach = Reach(graph)
    for site in scan(made, WANTED, graph).sites:
        reach.path(*site.method_key)


def rich() -> bytes:
    """A class with most structures in it."""
    made = lantern(interfaces=("java/lang/Runnable",))
    pool = made.pool
    handle = pool.handle(5, pool.method(make_class.TELEPHONY, "getDeviceId", "()Ljava/lang/String;"))
    made.bootstrap = [(handle, handle, pool.string("recipe"))]
    dynamic = pool.dynamic(0, "get", "()Ljava/util/function/Supplier;")
    pool.dynamic(0, "value", "I", tag=17)
    made.constants = [("VERSION", "Ljava/lang/String;", pool.string("1.0"))]
    made.method("run", "()V", b"\xba" + struct.pack(">H", dynamic) + b"\0\0\x57\xb1", STATIC)
    switch = b"\x03\xaa\0\0" + struct.pack(">3i2i", 24, 0, 1, 24, 24) + b"\xb1"
    made.method("choose", "()V", switch)
    made.method("look", "()V", b"\x03\xab\0\0" + struct.pack(">2i2i", 18, 1, 7, 18) + b"\xb1")
    made.methods[-1] = make_class.Made("look", "()V", made.methods[-1].code, handlers=((0, 1, 19, 0),))
    return made.file()


def test_the_rich_class_is_sound() -> None:
    everything(rich())


@settings(max_examples=400, deadline=2000)
@given(st.data())
def test_any_change_of_bytes_raises_nothing_but_read_errors(data: st.DataObject) -> None:
    content = bytearray(rich())
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(0, len(content))) :]
    with contextlib.suppress(ReadError):
        everything(bytes(content))


@settings(max_examples=200, deadline=2000)
@given(st.binary(max_size=300))
def test_any_code_raises_nothing_but_read_errors(code: bytes) -> None:
    made = lantern()
    made.method("any", "()V", code + b"\xb1")
    with contextlib.suppress(ReadError):
        everything(made.file())
