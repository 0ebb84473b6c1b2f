"""Call sites: what is found, under which kind, and where exactly."""

import struct

import pytest

from hegui.readers.dex import Entries, Target, scan_calls
from hegui.readers.dex.targets import Targets
from tests.readers.dex.make_dex import INTERFACE, STATIC, Assembly
from tests.readers.dex.reading import IMEI, READ_IMEI, method, only, read


def one(lines: list[str], version: str = "035") -> Assembly:
    made = Assembly(version)
    made.cls("Lapp/Main;").method("go()V", lines)
    return made


def test_a_call_is_found_where_it_stands() -> None:
    site = only(read(one(["const/4 v1, 0", 'const-string v0, "x"', *READ_IMEI])))
    assert (site.cls, site.method, site.offset, site.kind) == ("Lapp/Main;", "go()V", 3, "call")
    assert (site.target, site.written, site.opcode) == (IMEI, "Landroid/telephony/TelephonyManager;", 0x6E)
    assert (site.pi_type, site.perm_group, site.dex) == ("device_id.imei", "phone", "classes.dex")
    content = one(["const/4 v1, 0", 'const-string v0, "x"', *READ_IMEI]).dex()
    assert content[int(site.at.partition("@")[2], 16)] == 0x6E


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("invoke-static {v1}, Lp/T;->f(I)V", "call"),
        ("invoke-direct {v1, v2}, Lp/T;->f(I)V", "call"),
        ("invoke-super {v1, v2}, Lp/T;->f(I)V", "call"),
        ("invoke-interface {v1, v2}, Lp/T;->f(I)V", "call"),
        ("invoke-virtual/range {v1, v2}, Lp/T;->f(I)V", "call"),
        ("invoke-static/range {v1}, Lp/T;->f(I)V", "call"),
    ],
)
def test_every_form_of_invoke_counts(line: str, kind: str) -> None:
    assert only(read(one([line, "return-void"]), apis=(method("Lp/T;->f(I)V"),))).kind == kind


def test_a_target_without_prototype_means_every_overload() -> None:
    lines = [
        "invoke-static {v1}, Lp/T;->f(I)V",
        "invoke-static {}, Lp/T;->f()V",
        "invoke-static {}, Lp/T;->g()V",
        "return-void",
    ]
    found = read(one(lines), apis=(method("Lp/T;->f"),)).sites
    assert [site.target for site in found] == ["Lp/T;->f(I)V", "Lp/T;->f()V"]
    assert [site.target for site in read(one(lines), apis=(method("Lp/T;->f(I)V"),)).sites] == ["Lp/T;->f(I)V"]


def test_operands_and_payloads_that_look_like_a_call_are_none() -> None:
    real = one(READ_IMEI).dex()
    unit = struct.unpack_from("<H", real, real.index(b"\x6e\x10") + 2)[0]
    fake = f"{0x106E:#x} {unit:#x} 0x0001"
    # A constant that holds the call's units; then array data that does; then the call itself.
    lines = [f".units 0x0018 {fake} 0", f".units 0x0300 2 3 0 {fake}", *READ_IMEI]
    assert [site.offset for site in read(one(lines)).sites] == [5 + 4 + 3]


def test_reads_of_fields_are_marked() -> None:
    build = Target("build", "field", ("Landroid/os/Build;->SERIAL:Ljava/lang/String;",))
    info = Target("info", "field", ("Landroid/net/Info;->ssid",))
    lines = [
        "sget-object v0, Landroid/os/Build;->SERIAL:Ljava/lang/String;",
        "iget-object v1, v2, Landroid/net/Info;->ssid:Ljava/lang/String;",
        "sput-object v0, Landroid/os/Build;->SERIAL:Ljava/lang/String;",
        "sget-object v0, Landroid/os/Build;->SERIAL:I",
        "return-void",
    ]
    found = read(one(lines), apis=(build, info)).sites
    assert [(site.kind, site.offset, site.target) for site in found] == [
        ("field", 0, "Landroid/os/Build;->SERIAL:Ljava/lang/String;"),
        ("field", 2, "Landroid/net/Info;->ssid:Ljava/lang/String;"),
    ]


CALL_OWN = ["invoke-virtual {v1}, Lapp/Own;->getDeviceId()Ljava/lang/String;", "return-void"]
MANAGER = "Landroid/telephony/TelephonyManager;"


def test_a_call_through_the_apps_own_subclass_is_marked() -> None:
    made = one(CALL_OWN)
    made.cls("Lapp/Own;", "Lapp/Between;")
    made.cls("Lapp/Between;", MANAGER)
    site = only(read(made))
    assert (site.kind, site.target, site.written) == ("subclass", IMEI, "Lapp/Own;")


def test_the_subclass_may_stand_in_a_later_file() -> None:
    later = Assembly()
    later.cls("Lapp/Own;", MANAGER)
    assert only(read(one(CALL_OWN), later)).kind == "subclass"


def test_a_class_of_that_method_that_extends_something_else_is_no_subclass() -> None:
    made = one(CALL_OWN)
    made.cls("Lapp/Own;", "Ljava/lang/Object;")
    assert read(made).sites == ()
    later = Assembly()
    later.cls("Lapp/Own;", "Ljava/lang/Object;")
    assert read(one(CALL_OWN), later).sites == ()


def test_an_override_is_not_the_platforms_method() -> None:
    made = one(CALL_OWN)
    own = made.cls("Lapp/Own;", MANAGER)
    own.method(
        "getDeviceId()Ljava/lang/String;", ["invoke-super {v1}, " + IMEI, "move-result-object v0", "return-object v0"]
    )
    site = only(read(made))
    assert (site.kind, site.cls) == ("call", "Lapp/Own;")


def test_platform_classes_below_the_target_count_as_subclasses() -> None:
    wanted = method("Landroid/content/Context;->getSystemService(Ljava/lang/String;)Ljava/lang/Object;")
    lines = [
        "invoke-virtual {v1, v2}, Lapp/Screen;->getSystemService(Ljava/lang/String;)Ljava/lang/Object;",
        "return-void",
    ]
    made = one(lines)
    made.cls("Lapp/Screen;", "Landroid/app/Activity;")
    site = only(read(made, apis=(wanted,)))
    assert (site.kind, site.target) == ("subclass", wanted.targets[0])


def test_a_target_listed_for_several_classes_of_one_line_is_told_once() -> None:
    name = "getSystemService(Ljava/lang/String;)Ljava/lang/Object;"
    both = Target("both", "method", (f"Landroid/content/Context;->{name}", f"Landroid/app/Activity;->{name}"))
    made = one([f"invoke-virtual {{v1, v2}}, Lapp/Screen;->{name}", "return-void"])
    made.cls("Lapp/Screen;", "Landroid/app/Activity;")
    assert only(read(made, apis=(both,))).target == f"Landroid/app/Activity;->{name}"


def test_a_method_handle_and_a_call_site_are_marked() -> None:
    made = one(["const-method-handle v0, 0", "invoke-custom {v1}, 1", "return-void"], "039")
    made.handles = [(5, IMEI), (4, "Lapp/Main;->boot()V")]
    made.call_sites = [[1], [1, 0]]
    found = read(made).sites
    assert [(site.kind, site.offset, site.opcode) for site in found] == [("handle", 0, 0xFE), ("handle", 2, 0xFC)]
    assert all(site.target == IMEI for site in found)


def test_a_polymorphic_invoke_is_marked() -> None:
    invoke = "Ljava/lang/invoke/MethodHandle;->invoke([Ljava/lang/Object;)Ljava/lang/Object;"
    made = one(["invoke-polymorphic {v1}, " + invoke + ", ()V", "return-void"], "038")
    assert only(read(made, apis=(method(invoke),))).kind == "handle"


def test_a_class_that_an_earlier_file_defines_is_shadowed() -> None:
    found = read(one(READ_IMEI), one(["nop", *READ_IMEI]), entries=Entries(components=("app.Main",))).sites
    assert [(site.dex, site.offset, site.shadowed) for site in found] == [
        ("classes.dex", 0, False),
        ("classes2.dex", 1, True),
    ]
    assert found[1].reach == ("unreached",)


def test_methods_that_share_their_code_each_have_the_site() -> None:
    made = Assembly()
    made.cls("Lapp/Main;").method("a()V", READ_IMEI, STATIC).method("b()V", READ_IMEI, STATIC)
    content = bytearray(made.dex())
    offsets = [
        at for at in range(0, len(content) - 4, 4) if content[at + 12 : at + 16] == b"\5\0\0\0" and content[at] == 16
    ]
    first, second = offsets[:2]
    # class_data: both methods name the first code item. Both offsets take two bytes.
    at = content.index(bytes([second & 0x7F | 0x80, second >> 7]))
    content[at : at + 2] = bytes([first & 0x7F | 0x80, first >> 7])
    found = list(scan_calls([("classes.dex", lambda: bytes(content))], [method(IMEI)]))
    assert [(caller, offset) for _, _, caller, _, offset in found] == [("a()V", 0), ("b()V", 0)]


def test_the_bare_scan_finds_the_same_plain_sites() -> None:
    made = one([*READ_IMEI[:-1], "invoke-static {}, Lp/T;->f()V", *READ_IMEI])
    made.cls("Lapp/I;", access=INTERFACE).method("go()V")
    apis = (method(IMEI), method("Lp/T;->f"))
    bare = [found[1:] for found in scan_calls([("classes.dex", made.dex)], apis)]
    full = [(site.cls, site.method, site.target, site.offset) for site in read(made, apis=apis).sites]
    assert bare == full
    assert len(bare) == 3


def test_a_target_that_is_not_written_right_is_refused() -> None:
    for wrong in ("android.telephony.TelephonyManager.getDeviceId", "Lp/T;", "Lp/T;->", "p/T;->f()V"):
        with pytest.raises(ValueError, match="is not Lpkg/Cls"):
            Targets([method(wrong)])
