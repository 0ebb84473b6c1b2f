"""Call sites: which instructions are one, of which kind, and which constants reach them."""

import pytest

from hegui.facts.package import Argument
from hegui.readers.dex.targets import Target, Targets
from hegui.readers.jvm.class_file import ClassFile
from hegui.readers.jvm.graph import Graph
from hegui.readers.jvm.sites import Scanned, Site, Wanted, scan
from tests.readers.jvm.make_class import (
    BROKEN_CODE,
    DEVICE_ID,
    GET_STRING,
    SECURE,
    STATIC,
    TELEPHONY,
    Class,
    lantern,
    two,
)

ANDROID_ID = f"L{SECURE};->getString{GET_STRING}"
WANTED = Wanted(
    Targets(
        [
            Target("device", "method", (DEVICE_ID,)),
            Target("any_setting", "method", (f"L{SECURE};->getString",)),
            Target("serial", "field", ("Landroid/os/Build;->SERIAL:Ljava/lang/String;",)),
            Target("model", "field", ("Landroid/os/Build;->MODEL",)),
            Target("resolver", "method", ("Landroid/content/Context;->getContentResolver",)),
        ]
    )
)


def sites(*classes: Class, wanted: Wanted = WANTED, with_graph: bool = False) -> list[Site]:
    files = [ClassFile(each.file(), f"{each.name}.class") for each in classes]
    graph = Graph()
    for each in files:
        graph.add(each)
    graph.finish()
    found = Scanned()
    for each in files:
        scan(each, wanted, graph if with_graph else None, found)
    assert not found.faults
    return found.sites


def test_a_call_is_a_site_at_its_byte_offset() -> None:
    (site,) = sites(lantern())
    assert (site.api.id, site.kind, site.offset, site.through) == ("device", "call", 1, "")
    assert site.target == DEVICE_ID
    assert site.cls == "Lcom/example/Lantern;"
    assert site.method == f"light(L{TELEPHONY};)Ljava/lang/String;"
    assert lantern().file()[site.place] == 0xB6


def test_a_target_without_descriptor_is_every_overload_and_told_whole() -> None:
    made = Class()
    code = b""
    for descriptor in (GET_STRING, "()V"):
        code += b"\xb8" + two(made.pool.method(SECURE, "getString", descriptor))
    found = sites(made.method("read", "()V", code + b"\xb1"))
    assert [site.target for site in found] == [ANDROID_ID, f"L{SECURE};->getString()V"]


def test_another_overload_is_no_site() -> None:
    made = Class()
    call = made.pool.method(TELEPHONY, "getDeviceId", "(I)Ljava/lang/String;")
    assert sites(made.method("read", "()V", b"\xb6" + two(call) + b"\xb1")) == []


def test_reading_a_field_is_a_site_and_writing_it_is_none() -> None:
    made = Class()
    serial = two(made.pool.field("android/os/Build", "SERIAL", "Ljava/lang/String;"))
    model = two(made.pool.field("android/os/Build", "MODEL", "Ljava/lang/String;"))
    made.method("read", "()V", b"\xb2" + serial + b"\xb3" + serial + b"\xb2" + model + b"\x57\xb1")
    found = sites(made)
    assert [(site.api.id, site.kind, site.offset) for site in found] == [("serial", "field", 0), ("model", "field", 6)]
    assert found[1].target == "Landroid/os/Build;->MODEL:Ljava/lang/String;"


def test_bytes_that_look_like_a_call_inside_another_instruction_are_none() -> None:
    made = lantern()
    made.methods.clear()
    index = made.pool.method(TELEPHONY, "getDeviceId", "()Ljava/lang/String;")
    # sipush of 0xb600, then an instruction whose first byte is the low half of nothing.
    made.method("read", "()V", b"\x11\xb6" + two(index)[:1] + b"\x57\xb1")
    assert index < 256
    assert sites(made) == []


def test_an_interface_call_is_a_site() -> None:
    made = Class()
    call = made.pool.interface_method(TELEPHONY, "getDeviceId", "()Ljava/lang/String;")
    made.method("read", "()V", b"\x2b\xb9" + two(call) + b"\x01\x00\xb0")
    assert [site.offset for site in sites(made)] == [1]


def test_a_method_reference_is_a_site_of_its_own_kind() -> None:
    made = Class()
    pool = made.pool
    handle = pool.handle(5, pool.method(TELEPHONY, "getDeviceId", "()Ljava/lang/String;"))
    made.bootstrap = [(pool.handle(6, pool.method("java/lang/invoke/LambdaMetafactory", "metafactory", "()V")), handle)]
    dynamic = pool.dynamic(0, "get", "()Ljava/util/function/Supplier;")
    made.method("lend", "()V", b"\x00\xba" + two(dynamic) + b"\0\0\x57\x12" + bytes([handle]) + b"\x57\xb1")
    assert [(site.kind, site.offset, site.args) for site in sites(made)] == [("handle", 1, ()), ("handle", 7, ())]


def test_a_constant_that_is_computed_from_a_handle_is_a_site() -> None:
    made = Class()
    pool = made.pool
    handle = pool.handle(5, pool.method(TELEPHONY, "getDeviceId", "()Ljava/lang/String;"))
    made.bootstrap = [(handle, handle)]
    constant = pool.dynamic(0, "value", "Ljava/lang/Object;", tag=17)
    made.method("lend", "()V", b"\x13" + two(constant) + b"\x57\xb1")
    assert [(site.kind, site.offset) for site in sites(made)] == [("handle", 0)]


def context_call(owner: str, above: str, *, overrides: bool = False) -> tuple[Class, Class]:
    own = Class(name="com/example/Screen", above=above)
    if overrides:
        own.method("getContentResolver", "()Landroid/content/ContentResolver;", b"\x01\xb0")
    user = Class()
    call = user.pool.method(owner, "getContentResolver", "()Landroid/content/ContentResolver;")
    user.method("use", "()V", b"\x2b\xb6" + two(call) + b"\x57\xb1")
    return own, user


def test_a_call_through_a_class_below_the_target_is_told_apart() -> None:
    (site,) = sites(*context_call("com/example/Screen", "android/app/Activity"), with_graph=True)
    assert site.target == "Landroid/content/Context;->getContentResolver()Landroid/content/ContentResolver;"
    assert (site.kind, site.through) == ("subclass", "Lcom/example/Screen;")
    (site,) = sites(*context_call("android/app/Activity", "java/lang/Object"), with_graph=True)
    assert (site.kind, site.through) == ("subclass", "Landroid/app/Activity;")


def test_a_call_that_ends_at_an_own_override_is_none() -> None:
    assert sites(*context_call("com/example/Screen", "android/app/Activity", overrides=True), with_graph=True) == []
    assert sites(*context_call("com/example/Screen", "java/lang/Object"), with_graph=True) == []


@pytest.mark.parametrize("fault", BROKEN_CODE)
def test_a_method_whose_code_is_none_is_told_and_the_others_are_read(fault: str) -> None:
    made = lantern()
    made.method("dark", "()V", BROKEN_CODE[fault][0])
    found = scan(ClassFile(made.file(), "A.class"), WANTED)
    assert [site.offset for site in found.sites] == [1]
    assert len(found.faults) == 1
    assert BROKEN_CODE[fault][1] in found.faults[0]


def test_a_class_without_a_wanted_name_is_not_looked_into() -> None:
    assert WANTED.may_be_in(lantern().file())
    assert not WANTED.may_be_in(Class().file())
    # The name as part of a longer one is none.
    made = Class()
    made.pool.utf8("getDeviceIdentity")
    assert not WANTED.may_be_in(made.file())


def test_a_wanted_constructor_is_found_by_its_class() -> None:
    wanted = Wanted(Targets([Target("made", "method", ("Landroid/content/Intent;-><init>",))]))
    made = Class()
    index = made.pool.method("android/content/Intent", "<init>", "()V")
    own = Class(name="com/example/Own")
    own.method("<init>", "()V", b"\xb1")
    assert not wanted.may_be_in(own.file())
    assert [
        site.offset for site in sites(made.method("go", "()V", b"\x2a\xb7" + two(index) + b"\xb1"), wanted=wanted)
    ] == [1]


# --- arguments ---


def arguments(made: Class, code: bytes, handlers: tuple[tuple[int, int, int, int], ...] = ()) -> tuple[Argument, ...]:
    """What reaches the call of getString, which the code has once."""
    made.method("read", "(I)V", code)
    made.methods[-1].handlers = handlers
    (site,) = sites(made)
    return site.args


def ldc(made: Class, text: str) -> bytes:
    return b"\x12" + bytes([made.pool.string(text)])


def call(made: Class) -> bytes:
    return b"\xb8" + two(made.pool.method(SECURE, "getString", GET_STRING))


def test_a_string_pushed_for_the_call_reaches_it() -> None:
    made = Class()
    assert arguments(made, b"\x2a" + ldc(made, "android_id") + call(made) + b"\xb0") == (Argument(1, "android_id"),)


def test_a_string_kept_in_a_variable_reaches_it() -> None:
    made = Class()
    code = ldc(made, "android_id") + b"\x4d\x00\x2a\x2c" + call(made) + b"\xb0"
    assert arguments(made, code) == (Argument(1, "android_id"),)


def test_a_variable_written_again_holds_the_last() -> None:
    made = Class()
    code = ldc(made, "old") + b"\x4d" + ldc(made, "new") + b"\x4d\x2a\x2c" + call(made) + b"\xb0"
    assert arguments(made, code) == (Argument(1, "new"),)
    made = Class()
    # xload_1 is not known.
    assert arguments(made, ldc(made, "old") + b"\x4d\x2b\x4d\x2a\x2c" + call(made) + b"\xb0") == ()


def test_both_strings_of_a_choice_reach_it() -> None:
    made = Class()
    code = b"\x2a\x1b\x99\x00\x08" + ldc(made, "one") + b"\xa7\x00\x05" + ldc(made, "two") + call(made) + b"\xb0"
    assert arguments(made, code) == (Argument(1, "one"), Argument(1, "two"))


def test_a_loop_comes_to_an_end() -> None:
    made = Class()
    # 0: ldc, 2: astore_2, 3: aload_0, 4: aload_2, 5: call, 8: astore_2, 9: goto 3
    code = ldc(made, "first") + b"\x4d\x2a\x2c" + call(made) + b"\x4d\xa7\xff\xfa"
    assert arguments(made, code) == (Argument(1, "first"),)


def test_numbers_null_and_classes_are_constants_too() -> None:
    made = Class()
    pool = made.pool
    wanted = Wanted(Targets([Target("many", "method", ("La/B;->many",))]))
    index = pool.method("a/B", "many", "(IIIJLjava/lang/Class;Ljava/lang/Object;D)V")
    code = b"\x02\x10\x80\x11\x7f\xff\x14" + two(pool.long(1 << 40)) + b"\x12" + bytes([pool.cls("x/Y")]) + b"\x01\x0e"
    made.method("read", "()V", code + b"\xb8" + two(index) + b"\xb1")
    (site,) = sites(made, wanted=wanted)
    values = [(each.index, each.value) for each in site.args]
    assert values == [(0, "-1"), (1, "-128"), (2, "32767"), (3, str(1 << 40)), (4, "Lx/Y;"), (5, "0")]


def test_a_field_of_the_platform_and_what_is_made_of_it_reaches_the_call() -> None:
    wanted = Wanted(Targets([Target("query", "method", ("Landroid/content/ContentResolver;->query",))]))
    uri = "Landroid/net/Uri;"

    def one(code: bytes, made: Class) -> tuple[str, ...]:
        index = made.pool.method("android/content/ContentResolver", "query", f"({uri})V")
        made.method("read", "()V", b"\x2b" + code + b"\xb6" + two(index) + b"\xb1")
        (site,) = sites(made, wanted=wanted)
        return tuple(each.value for each in site.args)

    made = Class()
    sms = made.pool.field("android/provider/Telephony$Sms", "CONTENT_URI", uri)
    assert one(b"\xb2" + two(sms), made) == ("content://sms",)
    made = Class()
    other = made.pool.field("com/example/Own", "PLACE", uri)
    assert one(b"\xb2" + two(other), made) == ("Lcom/example/Own;->PLACE",)
    made = Class()
    parse = made.pool.method("android/net/Uri", "parse", f"(Ljava/lang/String;){uri}")
    append = made.pool.method("android/net/Uri", "withAppendedPath", f"({uri}Ljava/lang/String;){uri}")
    code = ldc(made, "content://sms") + b"\xb8" + two(parse) + ldc(made, "inbox") + b"\xb8" + two(append)
    assert one(code, made) == ("content://sms/inbox",)


def test_nothing_is_known_where_an_exception_is_caught() -> None:
    made = Class()
    # 0: ldc, 2: astore_2, 3: return; handler at 4: pop, aload_0, aload_2, call
    code = ldc(made, "lost") + b"\x4d\xb1\x57\x2a\x2c" + call(made) + b"\xb0"
    assert arguments(made, code, handlers=((0, 3, 4, 0),)) == ()


INVALID = {
    "takes more than there is": b"\x57\x57",
    "jumps into an instruction": b"\xa7\x00\x04\x11\x00\x00",
    "jumps out of the method": b"\x03\x99\x7f\xff",
    "meets with another depth of stack": b"\x03\x99\x00\x04\x03",
    "pushes without end": b"\x03\xa7\xff\xff",
    "returns from no subroutine": b"\xa9\x01",
}


@pytest.mark.parametrize("case", INVALID)
def test_arguments_of_code_that_is_not_valid_are_not_claimed_when_it(case: str) -> None:
    made = Class()
    found = sites(made.method("read", "()V", INVALID[case] + b"\x2a\x2b" + call(made) + b"\xb0"))
    assert [(site.kind, site.args) for site in found] == [("call", ())]


# --- records that hang on an argument ---


class Is:
    index = 1
    values = ("android_id",)


class Setting:
    kind, target, argument, table, role = "settings_key", ANDROID_ID, 1, "secure", "name"


def test_a_record_with_an_argument_counts_only_with_it() -> None:
    wanted = Wanted(Targets([Target("id", "method", (ANDROID_ID,), argument=Is())]))
    made = Class()
    made.method("read", "()V", b"\x2a" + ldc(made, "android_id") + call(made) + b"\xb0")
    made.method("other", "()V", b"\x2a" + ldc(made, "adb_enabled") + call(made) + b"\xb0")
    made.method("unknown", "(I)V", b"\x2a\x2b" + call(made) + b"\xb0")
    found = scan(ClassFile(made.file(), "A.class"), wanted)
    assert [site.method for site in found.sites] == ["read()V"]
    assert found.unresolved == {"method": 1}


def test_a_settings_key_is_found_through_its_carrier() -> None:
    wanted = Wanted(Targets([Target("key", "settings_key", ("secure/android_id",))], [Setting()]))
    made = Class()
    made.method("read", "()V", b"\x2a" + ldc(made, "android_id") + call(made) + b"\xb0")
    (site,) = sites(made, wanted=wanted)
    assert (site.api.id, site.target) == ("key", ANDROID_ID)


def test_a_static_method_that_only_pushes_many_is_bounded() -> None:
    made = Class()
    code = b"".join(b"\x03\x3c" for _ in range(20_000)) + b"\x2a\x2b" + call(made) + b"\xb0"
    assert len(code) < 65536
    assert [site.kind for site in sites(made.method("read", "()V", code, STATIC))] == ["call"]
