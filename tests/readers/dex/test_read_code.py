"""All of a package: the demo packages, faults in one of several files, and bytes changed at random."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hegui
from hegui.readers.dex import CodeFacts, Entries, Target, read_code, scan_calls
from hegui.readers.dex.tables import Dex, Methods
from hegui.readers.errors import LimitReached, Malformed, ReadError
from tests.readers.dex.make_dex import STATIC, Assembly, container
from tests.readers.dex.reading import IMEI, READ_IMEI, Through, method, read

EXAMPLES = Path(hegui.__file__).parents[1] / "examples"
APIS = (
    method(IMEI),
    Target("android_id", "settings_key", ("secure/android_id",)),
    Target("contacts", "uri", ("content://com.android.contacts",)),
    Target("packages", "method", ("Landroid/content/pm/PackageManager;->getInstalledPackages",)),
    Target("serial", "field", ("Landroid/os/Build;->SERIAL",)),
)
SECURE = "Landroid/provider/Settings$Secure;->getString(Landroid/content/ContentResolver;Ljava/lang/String;)Ljava/lang/String;"
CARRIERS = (
    Through("settings_key", SECURE, 1, "secure"),
    Through("uri", "Landroid/content/ContentResolver;->query", 0, role="use"),
)


def blobs(apk: Path) -> list[tuple[str, Callable[[], bytes]]]:
    with zipfile.ZipFile(apk) as package:
        content = package.read("classes.dex")
    return [("classes.dex", lambda: content)]


def demo(name: str, package: str) -> CodeFacts:
    entries = Entries(
        application=f"{package}.LanternApp",
        components=(f"{package}.MainActivity",),
        providers=("com.example.lanternads.AdsInitProvider",),
        launchers=(f"{package}.EntryActivity",),
    )
    return read_code(blobs(EXAMPLES / name), entries, APIS, CARRIERS)


def test_the_bad_demo_reads_before_any_screen() -> None:
    facts = demo("lantern-bad.apk", "com.example.hegui.bad")
    early = {(site.api, site.cls): site.reach for site in facts.sites if site.reach[0] == "startup"}
    ids = {api for api, _ in early}
    assert "android_id" in ids
    for reach in early.values():
        assert reach[1].startswith(
            ("Lcom/example/hegui/bad/LanternApp;->", "Lcom/example/lanternads/AdsInitProvider;->")
        )
    assert facts.faults == ()
    assert facts.coverage["packed"] is False


def test_the_good_demo_reads_nothing_before_any_screen() -> None:
    facts = demo("lantern-good.apk", "com.example.hegui.good")
    assert [site for site in facts.sites if site.reach[0] == "startup"] == []


def test_the_same_bytes_give_the_same_facts() -> None:
    assert demo("lantern-bad.apk", "com.example.hegui.bad") == demo("lantern-bad.apk", "com.example.hegui.bad")


def one(name: str = "Lapp/Main;") -> Assembly:
    made = Assembly()
    made.cls(name).method(
        "go()V", ['const-string v0, "see https://example.com/a?b=1，more http://"', *READ_IMEI], STATIC
    )
    return made


def test_addresses_are_collected() -> None:
    made = one()
    made.extra_strings = [
        "http://a.example/x",
        "https://a.example",
        "HTTP://not.this",
        "http://",
        "x http://a.example/x y",
    ]
    assert read(made).urls == ("http://a.example/x", "https://a.example", "https://example.com/a?b=1")


def test_a_malformed_file_is_named_and_the_others_are_read() -> None:
    broken = bytearray(one("Lapp/Broken;").dex())
    broken[0x38] = 0xFF
    files = [
        ("classes.dex", one().dex),
        ("classes2.dex", lambda: bytes(broken)),
        ("classes3.dex", one("Lapp/Third;").dex),
    ]
    facts = read_code(files, Entries(), (method(IMEI),))
    assert [site.dex for site in facts.sites] == ["classes.dex", "classes3.dex"]
    assert len(facts.faults) == 1
    assert "classes2.dex: at 0x" in facts.faults[0]
    assert list(facts.packages) == ["app"]


def test_a_file_beyond_the_limits_is_named_and_the_others_are_read() -> None:
    def too_large() -> bytes:
        raise LimitReached("classes9.dex 过大", "classes9.dex inflates beyond the limit")

    facts = read_code([("classes.dex", one().dex), ("classes9.dex", too_large)], Entries(), (method(IMEI),))
    assert len(facts.sites) == 1
    assert facts.faults == ("classes9.dex inflates beyond the limit",)


def test_a_class_whose_tables_are_broken_takes_nothing_else_with_it() -> None:
    # The superclass of the second file's class is out of range: found only when the graph takes it in.
    broken = bytearray(one("Lapp/Broken;").dex())
    at = int.from_bytes(broken[100:104], "little") + 8
    broken[at : at + 4] = (0xFFFF).to_bytes(4, "little")
    files = [("classes.dex", lambda: bytes(broken)), ("classes2.dex", one().dex)]
    facts = read_code(files, Entries(components=("app.Main",)), (method(IMEI),))
    assert [(site.dex, site.cls) for site in facts.sites] == [("classes2.dex", "Lapp/Main;")]
    assert "superclass" in facts.faults[0]


def test_when_no_file_can_be_read_that_is_an_error() -> None:
    with pytest.raises(Malformed):
        read_code([("classes.dex", lambda: b"dex?")], Entries(), ())


def test_a_package_without_files_has_no_sites() -> None:
    facts = read_code([], Entries(), APIS)
    assert (facts.sites, facts.urls, facts.packages) == ((), (), {})


def test_a_container_is_one_package() -> None:
    parts = []
    for name in ("Lapp/One;", "Lapp/Two;"):
        made = one(name)
        made.version = "041"
        parts.append(made)
    facts = read_code([("classes.dex", lambda: container(*parts))], Entries(), (method(IMEI),))
    assert [(site.dex, site.cls) for site in facts.sites] == [
        ("classes.dex", "Lapp/One;"),
        ("classes.dex#1", "Lapp/Two;"),
    ]


def test_code_that_all_methods_share_is_read_a_bounded_number_of_times() -> None:
    made = Assembly()
    main = made.cls("Lapp/Main;").method("m0()V", [*READ_IMEI[:-1], *["nop"] * 2000, "return-void"], STATIC)
    for i in range(1, 60):
        main.method(f"m{i}()V", ["nop"] * 2, STATIC)
    content = bytearray(made.dex())
    methods = Methods(Dex("classes.dex", bytes(content)))
    first = methods.code_off[0]
    for at in methods.code_off[1:]:
        # Offsets of two bytes in class_data.
        number = bytes([at & 0x7F | 0x80, at >> 7])
        place = content.rindex(number)
        content[place : place + 2] = bytes([first & 0x7F | 0x80, first >> 7])
    facts = read_code([("classes.dex", lambda: bytes(content))], Entries(), (method(IMEI),))
    seen = facts.coverage["methods"]
    assert seen["failed"] > 0
    assert seen["decoded"] + seen["failed"] == 60
    assert len(facts.sites) == seen["decoded"]


def test_sites_beyond_the_limit_are_cut_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hegui.readers.dex.MOST_SITES", 2)
    made = Assembly()
    made.cls("Lapp/Main;").method("go()V", [READ_IMEI[0]] * 5 + ["return-void"])
    facts = read(made)
    assert (len(facts.sites), facts.coverage["sites_cut"]) == (2, True)
    assert read(one()).coverage["sites_cut"] is False


def test_what_is_only_counted_takes_no_room_of_the_sites(monkeypatch: pytest.MonkeyPatch) -> None:
    forname = "invoke-static {v0}, Ljava/lang/Class;->forName(Ljava/lang/String;)Ljava/lang/Class;"
    monkeypatch.setattr("hegui.readers.dex.MOST_SITES", 1)
    made = Assembly()
    made.cls("Lapp/Main;").method("go()V", [*[forname] * 5, READ_IMEI[0], "return-void"])
    facts = read(made)
    assert (len(facts.sites), facts.coverage["sites_cut"]) == (1, False)
    monkeypatch.setattr("hegui.readers.dex.MOST_COUNTED", 4)
    facts = read(made)
    assert (len(facts.sites), facts.coverage["sites_cut"]) == (1, True)
    assert facts.coverage["dyn_code_why"]["counts"] == {"watch.class_for_name.unknown": 4}


def test_a_search_that_is_ended_early_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hegui.readers.dex.reach.MOST_DISPATCHES", 0)
    made = one()
    app = made.cls("Lapp/App;", "Landroid/app/Application;")
    app.method("onCreate()V", ["invoke-virtual {v0}, Lapp/App;->x()V", "return-void"])
    app.method("x()V", ["return-void"])
    made.cls("Lapp/Below;", "Lapp/App;").method("x()V", ["return-void"])
    assert read(made, entries=Entries(application="app.App")).coverage["reach_cut"] is True
    assert read(one()).coverage["reach_cut"] is False


def test_each_file_is_asked_for_once() -> None:
    asked = []

    def content() -> bytes:
        asked.append(1)
        return one().dex()

    read_code([("classes.dex", content)], Entries(), APIS, CARRIERS)
    assert len(asked) == 1


def rich() -> bytes:
    """A file with something of every structure."""
    made = Assembly("039")
    made.handles = [(4, "Lapp/Main;->boot()V"), (5, IMEI)]
    made.call_sites = [[0], [0, 1]]
    main = made.cls("Lapp/Main;", "Landroid/app/Activity;", ("Ljava/lang/Runnable;",)).static("F:Landroid/net/Uri;")
    main.method("<clinit>()V", ["const-class v0, Lapp/Main;", "return-void"])
    main.method("boot()V", ["invoke-custom {}, 1", "const-method-handle v0, 1", "return-void"], STATIC)
    main.method(
        "run()V",
        [
            ".try a b h", "a:", 'const-string v1, "android_id"', f"invoke-static {{v0, v1}}, {SECURE}", "move-result-object v2",
            "b:", "if-eqz v3, a", "new-instance v4, Lapp/Sub;", *READ_IMEI, "h:", "move-exception v5",
            "invoke-virtual {v4}, Lapp/Sub;->getDeviceId()Ljava/lang/String;", "return-void",
            ".units 0x0100 2 0 0 1 0 2 0",
        ],
    )  # fmt: skip
    made.cls("Lapp/Sub;", "Landroid/telephony/TelephonyManager;").method("run()V")
    return made.dex()


RICH = rich()
ALL = Entries(application="app.Main", components=("app.Main", "app.Sub"), launchers=("app.Main",))


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(RICH) - 1), st.one_of(st.integers(0, 255), st.sampled_from([0, 1, 0x7F, 0x80, 0xFF]))
        ),
        min_size=1,
        max_size=6,
    ),
    st.integers(0, 40),
)
def test_changed_bytes_raise_nothing_but_read_errors(changes: list[tuple[int, int]], cut: int) -> None:
    content = bytearray(RICH)
    for at, value in changes:
        content[at] = value
    changed = bytes(content[: len(content) - cut] if cut > 30 else content)
    with suppress(ReadError):
        read_code([("classes.dex", lambda: changed), ("classes2.dex", lambda: RICH)], ALL, APIS, CARRIERS)
    with suppress(ReadError):
        list(scan_calls([("classes.dex", lambda: changed)], APIS))


@given(st.binary(max_size=300))
def test_bytes_that_are_no_dex_raise_read_errors(content: bytes) -> None:
    with pytest.raises(ReadError):
        read_code([("classes.dex", lambda: b"dex\n035\0" + content)], ALL, APIS)


def test_the_facts_are_the_same_whatever_the_order_of_hashing() -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from hegui.facts.json import to_json\nfrom hegui.readers.package import read_package\nfrom pathlib import Path\n"
        "import hashlib\nfrom hegui.readers.apk.code import code_facts\nfrom hegui.readers.apk.container import Container\n"
        "from hegui.readers.limits import Limits\n"
        "box = Container.open(Path(sys.argv[2]), Limits())\n"
        "read = {'name': 'com.example.hegui.bad', 'application': 'com.example.hegui.bad.LanternApp'}\n"
        "print(hashlib.sha256(repr(code_facts([('classes.dex', lambda: box.read('classes.dex'))], {}, read)).encode())"
        ".hexdigest())\n"
    )
    root = Path(__file__).resolve().parents[3]
    said = {
        subprocess.run(
            [sys.executable, "-c", program, str(root), str(root / "examples" / "lantern-bad.apk")],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2", "3", "4")
    }
    assert len(said) == 1
