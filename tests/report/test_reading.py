"""Who can read what: every site is counted once, under the right party, and what is not listed is said to be."""

from dataclasses import replace

import pytest

from hegui.facts import Unread
from hegui.facts.package import CallSite, Package
from hegui.report import reading as module
from hegui.report.catalogued import is_weak
from hegui.report.reading import MOST_SITES, Cell, Owners, Reading, reading
from tests.report.example import IMEI, MAPS, NOTES, ON_CREATE, call_sites, package, site


def read(*sites: CallSite, **parts: object) -> Reading:
    found = reading(replace(package(), callsites=sites, **parts))  # type: ignore[arg-type]
    assert isinstance(found, Reading)
    return found


def cell(found: Reading, code: str, actor: str) -> Cell:
    return next(row for row in found.rows if row.code == code).cells[actor]


def test_every_site_is_counted_once_under_its_kind_and_party() -> None:
    found = read(*call_sites())
    counts = {(row.code, actor): dict(one.when) for row in found.rows for actor, one in row.cells.items()}
    assert counts == {
        ("contacts", "app"): {"component": 1, "unreached": 1},
        ("location.precise", "app"): {"launcher": 1},
        ("location.precise", "com.example.maps"): {"startup": 1, "component": 1},
        ("device_id.imei", "com.example.maps"): {"component": 1},
        ("device_id.imei", "com.example.push"): {"startup": 1},
        ("device_id.imei", "org.lib"): {"": 1},
        ("device_id.imei", "unknown"): {"component": 1},
    }
    assert found.sites == found.listed == 9
    assert found.early == 2


def test_the_app_stands_first_then_sdks_libraries_and_the_unknown() -> None:
    found = read(*call_sites())
    assert [(one.kind, one.name.zh) for one in found.actors] == [
        ("app", "应用自身"), ("sdk", "示例地图"), ("sdk", "Example Push"), ("library", "org.lib"), ("unknown", "归属不明"),
    ]  # fmt: skip


def test_the_app_has_its_column_even_without_a_site() -> None:
    found = read(site("x", "sms", IMEI, MAPS + "A;->b()V", "com.example.maps"))
    assert [one.sites for one in found.actors] == [0, 1]


def test_the_code_of_an_audited_sdk_is_its_own() -> None:
    pkg = replace(package(), platform="android-sdk", name="com.vendor.sdk")
    owners = Owners(pkg)
    own = site("x", "sms", IMEI, "Lcom/vendor/sdk/A;->b()V", "com.vendor.sdk")
    assert owners.id_of(own) == "app"
    assert owners.name("app").zh == "本 SDK 自身"


def test_weak_traits_and_calls_that_read_nothing_stand_apart() -> None:
    found = read(*call_sites())
    assert "model" not in [row.code for row in found.rows]
    assert [(one.name.zh, one.actors[0][0].zh) for one in found.weak] == [("机型", "Example Push")]
    assert sum(many for _, many in found.other) == 1, "reflection and loading are counted as what cannot be seen"


def test_kinds_without_a_site_are_named() -> None:
    found = read(*call_sites())
    assert "短信" in [one.zh for one in found.absent]
    assert "IMEI" not in [one.zh for one in found.absent]
    assert len(found.absent) + len(found.rows) == 41


def test_a_kind_the_list_does_not_hold_stands_under_the_last_group() -> None:
    found = read(site("x", "house.rooms", IMEI, NOTES + "A;->b()V"))
    assert found.groups[0][0].zh == "其他"
    assert found.rows[0].name.zh == "house.rooms"


def test_a_path_tells_where_other_code_begins_and_what_is_left_out() -> None:
    found = read(*call_sites())
    (method, _) = cell(found, "location.precise", "com.example.maps").methods
    assert [(one.method, one.enters.zh if one.enters else None, one.left_out) for one in method.path] == [
        (ON_CREATE, "应用自身", 0),
        (MAPS + "Maps;->init(Landroid/content/Context;)V", "示例地图", 0),
        ("", None, 3),
        (MAPS + "Locator;->start(I[J)V", None, 0),
    ]


@pytest.mark.parametrize(
    ("method", "origin", "why"),
    [
        (NOTES + "A;->b()V", "app", "类名在 com.example.notes 之下"),
        (MAPS + "A;->b()V", "com.example.maps", "类名在 com.example.maps 之下"),
        ("Lcom/example/mapsandmore/A;->b()V", "com.example.maps", "类名不在其前缀之下，由其他特征归属"),
        ("La/b;->c()V", "app", "类名不在已识别的 SDK 之下"),
        ("La/b;->c()V", "unknown", "类名不在应用包名或已识别的 SDK 之下"),
        ("Lorg/lib/A;->b()V", "org.lib", "归属于该库（不是已识别的 SDK）"),
    ],
)
def test_why_a_site_is_its_partys(method: str, origin: str, why: str) -> None:
    assert Owners(package()).why(site("x", "sms", IMEI, method, origin)).zh == why


def test_what_the_reader_says_of_the_owner_is_told_where_no_prefix_does() -> None:
    through = "is kotlin code, which acts for its caller: class com.example.notes.Main stands under the app's package"
    one = site("x", "sms", IMEI, "Lkotlin/A;->b()V", why_origin=f"class kotlin.A {through}")
    assert Owners(package()).why(one).zh == through


def test_an_sdks_act_that_the_app_sets_off_names_both_and_who_is_on_the_way() -> None:
    one = site(
        "x", "sms", IMEI, MAPS + "A;->b()V", "com.example.maps", ("startup", ON_CREATE), started_by="app",
        candidates=("com.example.maps", "com.example.push", "app"),
    )  # fmt: skip
    (method,) = cell(read(one), "sms", "com.example.maps").methods
    assert method.set_off_by is not None
    assert method.set_off_by.zh == "应用自身"
    assert [who.zh for who in method.others] == ["Example Push"]
    (own,) = cell(read(replace(one, origin="app")), "sms", "app").methods
    assert own.set_off_by is None


def test_of_every_cell_some_are_listed_before_more_of_any() -> None:
    many = [site("x", "sms", IMEI, f"{NOTES}A{one:03};->b()V", reach=("startup",)) for one in range(900)]
    late = [site("x", "sms", IMEI, f"{MAPS}A{one};->b()V", "com.example.maps", ("unreached",)) for one in range(3)]
    found = read(*many, *late)
    app, maps = cell(found, "sms", "app"), cell(found, "sms", "com.example.maps")
    assert (len(maps.methods), maps.hidden) == (3, 0)
    assert app.sites == 900
    assert sum(len(one.sites) for one in app.methods) == 900 - app.hidden
    assert 300 < found.listed <= MOST_SITES


def test_the_lists_are_bounded_whatever_the_names() -> None:
    kinds = ("sms", "contacts", "calendar", "photo", "video", "audio", "file", "clipboard", "call_log", "health")
    long = [
        site("x", kind, IMEI, f"L{'长' * 60_000}{one};->b()V", f"sdk{one % 30}") for kind in kinds for one in range(600)
    ]
    found = read(*long)
    assert found.sites == 6000
    assert 100 < found.listed <= MOST_SITES
    assert sum(one.hidden for row in found.rows for one in row.cells.values()) == 6000 - found.listed


def test_the_order_of_the_facts_does_not_matter_to_the_picture() -> None:
    assert read(*call_sites()) == read(*reversed(call_sites()))


@pytest.mark.parametrize("pkg", [Unread("NO_PACKAGE"), replace(package(), callsites=Unread("PLATFORM_UNSUPPORTED"))])
def test_what_was_not_read_stays_unread(pkg: Package | Unread) -> None:
    assert isinstance(reading(pkg), Unread)


def test_the_packages_own_name_speaks_only_where_no_sdks_does(monkeypatch: pytest.MonkeyPatch) -> None:
    pkg = replace(package(), name="com.example")
    assert Owners(pkg).of_class("Lcom/example/maps/A;") == ("com.example.maps", "com.example.maps")
    assert Owners(pkg).of_class("Lcom/example/A;") == ("app", "com.example")
    assert Owners(pkg).of_class("Lcom/other/A;") is None
    monkeypatch.setattr(module, "is_weak", lambda _: True)
    assert not read(*call_sites()).rows
    assert not is_weak(call_sites()[0])
