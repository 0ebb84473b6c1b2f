"""Third-party SDKs: nobody is blamed for another's code, the files are right, and the user layer lies over them."""

import json
import re
import sqlite3
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import hegui.catalogue.added_by
from hegui.catalogue.sdks import (
    FUNC_CLASSES,
    READER_KINDS,
    Sdk,
    VersionReader,
    by_class,
    by_component,
    by_domain,
    by_native_lib,
    catalogue,
    forget,
    sdk,
    sdks,
)
from hegui.catalogue.sdks import source as sdks_source
from hegui.catalogue.sdks.check import check
from hegui.catalogue.sdks.user import sdks_folder
from hegui.cli.catalogue_tools import faults, import_file, run_check, run_import
from hegui.errors import HeguiError
from hegui.words import Words
from tests.catalogue.test_apis import class_name, dex_classes, jar_classes, strings_of

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 12, 1)


def test_the_shipped_files_have_no_fault() -> None:
    assert check(today=TODAY) == ()


def test_the_json_says_what_the_toml_files_say() -> None:
    assert not sdks_source.is_stale()


def test_each_file_is_called_after_its_sdk() -> None:
    assert sdks_source.misnamed() == ()


def test_there_are_enough_and_the_chinese_ones_come_first() -> None:
    assert len(sdks()) >= 300
    assert sum(one.country == "CN" for one in sdks()) >= 200


@pytest.mark.parametrize("kind", FUNC_CLASSES)
def test_every_purpose_has_an_sdk(kind: str) -> None:
    assert kind == "other" or any(one.func_class == kind for one in sdks())


def test_each_sdk_names_what_its_names_were_compared_with() -> None:
    assert [one.id for one in sdks() if not one.verified] == []


def test_an_sdk_that_nobody_looked_up_does_not_count_as_collecting_nothing() -> None:
    assert all(one.collects_known for one in sdks() if one.collects)
    assert any(not one.collects_known for one in sdks())


def test_whoever_is_named_elsewhere_is_here() -> None:
    path = Path(hegui.catalogue.added_by.__file__).with_name("added_by.toml")
    named = {row["id"] for row in tomllib.loads(path.read_text("utf-8"))["added_by"]}
    assert [id for id in named if not id.startswith("androidx.") and sdk(id) is None] == []


# Class → SDK; None where the class is the app's, the platform's or a library's.
OWNERS = {
    "cn.jpush.android.api.JPushInterface": "cn.jpush",
    "cn.jpush.android.service.PushReceiver": "cn.jiguang.jcore",
    "cn.jpush.android.service.PushReceiver$1": "cn.jiguang.jcore",
    "cn.jiguang.verifysdk.api.JVerificationInterface": "cn.jiguang.verifysdk",
    "cn.jiguang.api.JCoreManager": "cn.jiguang.jcore",
    "com.igexin.sdk.PushManager": "com.getui",
    "com.umeng.analytics.MobclickAgent": "com.umeng.analytics",
    "com.umeng.message.PushAgent": "com.umeng.message",
    "com.umeng.socialize.UMShareAPI": "com.umeng.socialize",
    "com.tencent.mm.opensdk.openapi.IWXAPI": "com.tencent.mm.opensdk",
    "com.tencent.mm.ui.LauncherUI": None,
    "com.tencent.bugly.crashreport.CrashReport": "com.tencent.bugly",
    "com.tencent.tinker.lib.tinker.Tinker": "com.tencent.tinker",
    "com.tencent.news.MainActivity": None,
    "com.qq.e.ads.splash.SplashAD": "com.qq.e",
    "com.qq.reader.MainActivity": None,
    "com.bytedance.sdk.openadsdk.TTAdSdk": "com.bytedance.sdk.openadsdk",
    "com.bytedance.someapp.Main": None,
    "com.kwad.sdk.api.KsAdSDK": "com.kwad.sdk",
    "com.alipay.sdk.app.PayTask": "com.alipay.sdk",
    "com.amap.api.location.AMapLocationClient": "com.amap.api.location",
    "com.amap.api.maps.MapView": "com.amap.api",
    "com.baidu.location.LocationClient": "com.baidu.location",
    "com.baidu.mapapi.SDKInitializer": "com.baidu.mapapi",
    "com.baidu.searchbox.Main": None,
    "com.google.android.gms.ads.AdView": "com.google.android.gms.ads",
    "com.google.android.gms.common.GoogleApiAvailability": "com.google.android.gms",
    "com.google.firebase.crashlytics.FirebaseCrashlytics": "com.google.firebase.crashlytics",
    "com.google.firebase.FirebaseApp": "com.google.firebase",
    "com.google.android.material.button.MaterialButton": None,
    "com.google.android.apps.maps.Main": None,
    "com.facebook.AccessToken": "com.facebook.core",
    "com.facebook.ads.AdView": "com.facebook.ads",
    "com.facebook.react.ReactActivity": "com.facebook.react",
    "com.facebook.imagepipeline.core.ImagePipeline": None,
    "com.facebook.katana.LoginActivity": None,
    "com.unity3d.ads.UnityAds": "com.unity3d.ads",
    "com.unity3d.player.UnityPlayer": "com.unity3d.player",
    "io.dcloud.PandoraEntry": "io.dcloud",
    "com.umengineering.Main": None,
    "androidx.core.app.ActivityCompat": None,
    "okhttp3.OkHttpClient": None,
    "com.example.MainActivity": None,
    "Main": None,
    "": None,
}


@pytest.mark.parametrize("name", OWNERS)
def test_a_class_belongs_to(name: str) -> None:
    found = by_class(name)
    assert (found.id if found else None) == OWNERS[name]


@pytest.mark.parametrize("written", ["com.qq.e.ads.X", "com/qq/e/ads/X", "Lcom/qq/e/ads/X;", "[[Lcom/qq/e/ads/X;"])
def test_a_class_may_be_written_in_every_usual_way(written: str) -> None:
    found = by_class(written)
    assert found is not None
    assert found.id == "com.qq.e"


def test_a_component_is_found_by_its_name_or_by_its_package() -> None:
    listed, below = (
        by_component("cn.jpush.android.service.PushService"),
        by_component("cn.jpush.android.ui.PushActivity"),
    )
    assert listed is not None
    assert below is not None
    assert (listed.id, below.id) == ("cn.jiguang.jcore", "cn.jpush")
    assert by_component("com.example.MainActivity") is None


LIBRARIES = {
    "libjcore250.so": "cn.jiguang.jcore",
    "lib/arm64-v8a/libjcore250.so": "cn.jiguang.jcore",
    "libflutter.so": "io.flutter",
    "libBugly.so": "com.tencent.bugly",
    "libc++_shared.so": None,
    "libmain.so": None,
}


@pytest.mark.parametrize("name", LIBRARIES)
def test_a_native_library_belongs_to(name: str) -> None:
    found = by_native_lib(name)
    assert (found.id if found else None) == LIBRARIES[name]


HOSTS = {
    "bugly.qq.com": "com.tencent.bugly",
    "android.Bugly.qq.com.": "com.tencent.bugly",
    "www.qq.com": None,
    "notbugly.qq.com": None,
    "bucket.s3.amazonaws.com": None,
    "com": None,
    "": None,
}


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_belongs_to(host: str) -> None:
    found = by_domain(host)
    assert (found.id if found else None) == HOSTS[host]


# An SDK without a fault, and what goes wrong when one thing in it changes.
GOOD = Sdk(
    id="com.lantern.push",
    name=Words("灯笼推送", "Lantern Push"),
    operator="灯笼科技有限公司",
    country="CN",
    func_class="push",
    prefixes=("com.lantern.push.",),
    sources=("lantern.example/docs",),
    checked="2026-11-22",
)


def field_reader(**changes: str) -> tuple[VersionReader]:
    return (replace(VersionReader("field", cls="com.lantern.push.Build", field="VERSION"), **changes),)


FAULTS: dict[str, tuple[Sdk, str]] = {
    "a prefix without its last dot": (
        replace(GOOD, prefixes=("com.lantern.push",)),
        "must be package names, each with",
    ),
    "a prefix that several parties share": (replace(GOOD, prefixes=("com.tencent.",)), "shared by several parties"),
    "a whole domain": (replace(GOOD, prefixes=("lantern.",)), "shared by several parties"),
    "a prefix of the platform": (replace(GOOD, prefixes=("androidx.core.",)), "a frame of the platform"),
    "a prefix of a library": (replace(GOOD, prefixes=("okhttp3.internal.",)), "a frame of the platform"),
    "a component that is no name": (replace(GOOD, components=("com/lantern/A",)), "is not a name"),
    "a native library without its ending": (replace(GOOD, native_libs=("liblantern",)), "must be libNAME.so"),
    "a native library that is all pattern": (replace(GOOD, native_libs=("lib*.so",)), "must be libNAME.so"),
    "a URL for a domain": (replace(GOOD, domains=("https://lantern.example",)), "is not a domain"),
    "a host where everybody is": (replace(GOOD, domains=("aliyuncs.com",)), "shared by several parties"),
    "a key twice": (replace(GOOD, components=("com.lantern.A",) * 2), "stands twice"),
    "a prefix below another": (
        replace(GOOD, prefixes=("com.lantern.push.", "com.lantern.push.core.")),
        "covered by a prefix of its own",
    ),
    "a class below a prefix": (replace(GOOD, classes=("com.lantern.push.Main",)), "covered by a prefix of its own"),
    "a library below a pattern": (
        replace(GOOD, native_libs=("liblantern*.so", "liblantern2.so")),
        "covered by a pattern of its own",
    ),
    "a host below a domain": (
        replace(GOOD, domains=("lantern.example", "push.lantern.example")),
        "covered by a domain of its own",
    ),
    "nothing to find it by": (replace(GOOD, prefixes=()), "nothing could ever find it"),
    "an id with a space": (replace(GOOD, id="lantern push"), "written like a package name"),
    "one language": (replace(GOOD, name=Words("灯笼推送", "")), "no name in both languages"),
    "a country in words": (replace(GOOD, country="China"), "two capital letters"),
    "a purpose outside the closed list": (replace(GOOD, func_class="pushing"), "unknown func_class 'pushing'"),
    "half a confidence": (replace(GOOD, confidence="medium"), "confidence must be one of"),
    "a pi_type outside the closed list": (
        replace(GOOD, collects_known=True, collects=("imei",)),
        "unknown pi_type 'imei'",
    ),
    "collecting, and nobody knows": (replace(GOOD, collects=("device_id.imei",)), "so collects_known = true"),
    "no sources": (replace(GOOD, sources=()), "no sources"),
    "a rules link without its scheme": (replace(GOOD, rules="lantern.example/privacy"), "is not a link"),
    "a date that is none": (replace(GOOD, checked="2026-11-31"), "is not a date"),
    "a date to come": (replace(GOOD, checked="2026-12-02"), "has not come yet"),
    "a version reader of no kind": (replace(GOOD, versions=(VersionReader("guess"),)), "unknown kind 'guess'"),
    "a string that anybody may write": (replace(GOOD, strings=("settings",)), "too short, or a word"),
    "a native name without a pattern": (
        replace(GOOD, versions=(VersionReader("native_name", name="libpush*.so"),)),
        "native_name needs 'pattern'",
    ),
    "a version field without its class": (replace(GOOD, versions=field_reader(cls="")), "field needs 'cls'"),
    "a version pattern with no group": (
        replace(GOOD, versions=field_reader(pattern=r"[\d.]+")),
        "must have a group",
    ),
    "a version pattern that is none": (
        replace(GOOD, versions=field_reader(pattern="(")),
        "version reader: pattern '('",
    ),
}


def test_an_sdk_without_a_fault() -> None:
    assert check([replace(GOOD, versions=field_reader(pattern=r"v([\d.]+)"))], today=TODAY) == ()


@pytest.mark.parametrize("case", FAULTS)
def test_the_linter_finds(case: str) -> None:
    wrong, expected = FAULTS[case]
    (fault, *_) = check([wrong], today=TODAY)
    assert expected in fault


def test_the_linter_finds_an_id_used_twice() -> None:
    again = replace(GOOD, prefixes=("com.lantern.other.",))
    assert check([GOOD, again], today=TODAY) == ("com.lantern.push: id used 2 times / 编号重复",)


def test_the_linter_finds_a_prefix_of_two_sdks() -> None:
    (fault,) = check([GOOD, replace(GOOD, id="com.lantern.im")], today=TODAY)
    assert "prefixes 'com.lantern.push.' is com.lantern.push's too" in fault


def test_a_prefix_below_another_sdks_is_no_clash() -> None:
    inside = replace(GOOD, id="com.lantern.push.ads", prefixes=("com.lantern.push.ads.",))
    assert check([GOOD, inside], today=TODAY) == ()


# Real SDKs: every class in the file is the named party's.
FILES = {
    "jcore-android-2.1.2.jar": {"cn.jiguang.jcore"},
    "jpush-android-3.3.4.jar": {"cn.jpush"},
    "janalytics-android-2.1.8.jar": {"cn.jiguang.analytics"},
    "gtsdk-3.3.12.0.jar": {"com.getui"},
    "gtc-3.2.18.0.jar": {"com.getui.gtc"},
    # One-key login carries the three carriers' own SDKs.
    "jverification-android-3.4.8.jar": {"cn.jiguang.verifysdk", "com.cmic", "cn.com.chinatelecom", "com.unicom"},
}


@pytest.mark.parametrize("name", FILES)
def test_every_class_of_a_real_sdk_is_its_own(materials: Path, name: str) -> None:
    path = materials / "sdk" / name
    if not path.is_file():
        pytest.skip(f"{name} is not among the materials")
    found = {class_name(one): by_class(class_name(one)) for one in jar_classes(path)}
    assert [one for one, owner in found.items() if owner is None] == []
    assert {owner.id for owner in found.values() if owner} == FILES[name]


def test_packages_without_sdks_show_none(materials: Path) -> None:
    plain = ["apk/ApiDemos-debug.apk", "apk/ContactManager.apk"]
    for name in plain:
        if (materials / name).is_file():
            assert {by_class(one) for one in dex_classes(materials / name)} == {None}, name


def constants_of(path: Path, reader: VersionReader) -> list[str]:
    """What a reader of kind `field` or `string` gets to see in a library."""
    wanted = reader.cls[:-1] if reader.cls.endswith(".*") else None
    texts: list[str] = []
    for found in jar_classes(path):
        name = class_name(found)
        if name == reader.cls or (wanted and name.startswith(wanted) and "." not in name[len(wanted) :]):
            if reader.kind == "field":
                texts += [one.value for one in found.constant_fields() if one.name.decode() == reader.field]
            else:
                texts += strings_of(found)
        elif reader.kind == "constant":
            texts += [text for text in strings_of(found) if text.startswith(reader.name)]
    return texts


def test_versions_are_where_the_evidence_says(materials: Path) -> None:
    read = 0
    for one in sdks():
        for reader in one.versions:
            file = materials / "sdk" / reader.evidence.partition(":")[0]
            if reader.kind in ("field", "string", "constant") and file.suffix == ".jar" and file.is_file():
                matches = [re.search(reader.pattern or "(.+)", text) for text in constants_of(file, reader)]
                versions = {match[1] for match in matches if match}
                assert len(versions) == 1, f"{one.id}: {sorted(versions)} in {file.name}"
                assert versions.pop() in reader.evidence
                read += 1
    assert read >= 8


def test_every_kind_of_reader_is_a_known_one() -> None:
    assert {reader.kind for one in sdks() for reader in one.versions} <= set(READER_KINDS)


def test_loading_is_fast() -> None:
    # Some milliseconds on the machine this was written on; the bound only tells JSON from TOML, which takes ten times as long.
    program = """if True:
        import time
        begin = time.perf_counter()
        from hegui.catalogue.sdks import by_class
        by_class("com.example.Main")
        print(time.perf_counter() - begin)
    """
    runs = [
        subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
        for _ in range(3)
    ]
    assert min(float(run.stdout) for run in runs) < 0.3


# The user layer.

OWN = """
id = "com.lantern.push"
name = { zh = "灯笼推送", en = "Lantern Push" }
operator = { name = "灯笼科技有限公司", country = "CN" }
func_class = "push"
prefixes = ["com.lantern.push."]
sources = ["lantern.example/docs"]
checked = "2026-11-22"
"""


def put(name: str, text: str) -> Path:
    """A file in the user layer of this test."""
    path = sdks_folder() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    forget()
    return path


def test_the_folder_of_the_user_layer(tmp_path: Path) -> None:
    below = Path("catalogue") / "sdks"
    assert sdks_folder({"HEGUI_HOME": str(tmp_path), "XDG_CONFIG_HOME": "/elsewhere"}) == tmp_path / below
    assert sdks_folder({"XDG_CONFIG_HOME": str(tmp_path)}) == tmp_path / "hegui" / below
    assert sdks_folder({}) == Path.home() / ".config" / "hegui" / below


def test_an_sdk_of_the_users_own_is_found_beside_the_shipped() -> None:
    put("com.lantern.push.toml", OWN)
    found = by_class("com.lantern.push.Service")
    assert found is not None
    assert (found.id, found.layer) == ("com.lantern.push", "user")
    assert sdk("cn.jpush") is not None
    assert faults(TODAY) == ()


def test_an_sdk_of_the_users_own_takes_the_place_of_the_shipped() -> None:
    put("cn.jpush.toml", OWN.replace("com.lantern.push", "cn.jpush").replace('"cn.jpush."', '"cn.jpush.android."'))
    found = by_class("cn.jpush.android.api.JPushInterface")
    assert found is not None
    assert found.name.zh == "灯笼推送"
    assert sum(one.id == "cn.jpush" for one in sdks()) == 1


BROKEN = {
    "not TOML": "id = ",
    "no name": OWN.replace("name =", "title ="),
    "a key written wrong": OWN.replace("prefixes", "prefix"),
    "a string for a list": OWN.replace('["com.lantern.push."]', '"com.lantern.push."'),
    "a list with a number": OWN.replace('["com.lantern.push."]', "[7]"),
    "a name that is no text": OWN.replace('en = "Lantern Push"', "en = 7"),
    "an operator that is no table": OWN.replace('{ name = "灯笼科技有限公司", country = "CN" }', '"灯笼"'),
    "a version reader with an unknown key": OWN + '[[version]]\nkind = "field"\nklass = "a.B"\n',
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_file_in_the_user_layer_is_refused_with_its_name(case: str) -> None:
    put("broken.toml", BROKEN[case])
    with pytest.raises(HeguiError, match=r"broken\.toml"):
        catalogue()


def test_what_is_wrong_in_the_user_layer_shows_in_the_check(capsys: pytest.CaptureFixture[str]) -> None:
    put("com.lantern.push.toml", OWN.replace("com.lantern.push.", "com.tencent."))
    assert run_check(TODAY) == 1
    printed = capsys.readouterr().out
    assert "user layer: com.lantern.push: prefix 'com.tencent.' is shared by several parties" in printed


def test_the_check_of_what_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_check(TODAY) == 0
    assert "no faults" in capsys.readouterr().out


# Imports. The rules are invented; the real files of LibChecker are tried where they are at hand.

TRACKERS = {
    "trackers": {
        "1": {
            "name": "Lantern Analytics",
            "categories": ["Analytics"],
            "code_signature": r"com\.lantern\.analytics|com.lantern.stat.",
            "network_signature": r"stat\.lantern\.example",
        },
        "2": {"name": "Adjust", "categories": [], "code_signature": "com.adjust.sdk.", "network_signature": ""},
        "3": {"name": "Everything", "categories": [], "code_signature": "com.google.", "network_signature": ".*"},
        "4": {"name": "", "categories": None, "code_signature": "com.nobody."},
        "5": {"name": "NC", "categories": ["Advertisement"], "code_signature": "NC", "network_signature": "NC"},
    }
}


def write(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content), "utf-8")
    return path


@pytest.mark.parametrize("shape", ["by number", "as a list", "bare"])
def test_trackers_of_exodus_come_in(tmp_path: Path, shape: str) -> None:
    rows = TRACKERS["trackers"]
    content: dict[str, Any] = {
        "by number": TRACKERS,
        "as a list": {"trackers": [*rows.values()]},
        "bare": [*rows.values()],
    }
    done = import_file(write(tmp_path / "trackers.json", content[shape]), TODAY)
    assert (done.kind, done.sdks, done.keys, done.known) == ("exodus", 1, 3, 1)
    assert done.skipped >= 3
    found = by_class("com.lantern.analytics.Tracker")
    assert found is not None
    assert (found.id, found.func_class, found.layer) == ("exodus.lantern_analytics", "statistics", "imported")
    assert (found.confidence, found.checked) == ("low", "2026-12-01")
    assert by_domain("stat.lantern.example") is found
    assert by_class("com.google.android.apps.Main") is None
    assert faults(TODAY) == ()


# Folder in the zip and name of the file → what it says.
RULES = {
    "activities-libs/com.lantern.pay.PayActivity": {"label": "Lantern Pay", "team": "Lantern"},
    "services-libs/cn.jpush.android.service.PushService": {"label": "JPush", "team": "Jiguang"},
    "services-libs/org.another.jiguang.Service": {"label": "JPush", "team": "Jiguang"},
    "native-libs/liblanternpay.so": {"label": "Lantern Pay", "team": "Lantern"},
    "native-libs/regex/liblantern(.*).so": {"label": "Lantern Pay", "team": "Lantern"},
    "actions-libs/com.lantern.ACTION": {"label": "Lantern Pay", "team": "Lantern"},
    "services-libs/com.unnamed.Service": {"label": " ", "team": ""},
}


def rules_zip(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, rule in RULES.items():
            archive.writestr(f"rules-main/{name}.json", json.dumps(rule))
    return path


def test_rules_of_libchecker_come_in_as_a_zip(tmp_path: Path) -> None:
    done = import_file(rules_zip(tmp_path / "rules.zip"), TODAY)
    assert (done.kind, done.sdks, done.keys, done.known) == ("libchecker", 2, 3, 1)
    by_name, by_library = by_component("com.lantern.pay.PayActivity"), by_native_lib("liblanternpay.so")
    assert by_name is not None
    assert by_name is by_library
    assert (by_name.id, by_name.operator) == ("libchecker.lantern_pay", "Lantern")
    assert by_component("com.unnamed.Service") is None
    assert faults(TODAY) == ()


def test_what_an_import_adds_to_a_known_sdk_stands_under_that_sdk(tmp_path: Path) -> None:
    before = sdk("cn.jiguang.jcore")
    import_file(rules_zip(tmp_path / "rules.zip"), TODAY)
    found = by_component("org.another.jiguang.Service")
    assert found is not None
    assert before is not None
    assert (found.id, found.name, found.collects) == (before.id, before.name, before.collects)


def rules_database(path: Path) -> Path:
    with sqlite3.connect(path) as database:
        database.execute(
            "create table rules_table (_id integer, name text, label text, type integer, isRegexRule integer)"
        )
        database.executemany(
            "insert into rules_table values (1, ?, ?, ?, ?)",
            [
                ("liblanternpay.so", "Lantern Pay", 0, 0),
                ("com.lantern.pay.PayActivity", "Lantern Pay", 2, 0),
                (r"com\.lantern\.map(.*)", "Lantern Map", 1, 1),
                ("com.lantern.im", "Lantern IM", 5, 0),
                ("android.intent.action.LANTERN", "Lantern IM", 7, 0),
                ("com.tencent", "Everybody", 5, 0),
                ("com.unnamed", None, 5, 0),
            ],
        )
    database.close()
    return path


def test_rules_of_libchecker_come_in_as_a_database(tmp_path: Path) -> None:
    done = import_file(rules_database(tmp_path / "rules.db"), TODAY)
    assert (done.kind, done.sdks, done.keys, done.skipped) == ("libchecker", 3, 4, 2)
    places = [by_class("com.lantern.map.View"), by_class("com.lantern.im.Chat"), by_native_lib("liblanternpay.so")]
    assert [one.name.en for one in places if one] == ["Lantern Map", "Lantern IM", "Lantern Pay"]
    assert by_class("com.tencent.news.Main") is None


def test_a_second_import_takes_the_place_of_the_first_and_leaves_the_users_files(tmp_path: Path) -> None:
    own = put("com.lantern.push.toml", OWN)
    import_file(rules_zip(tmp_path / "rules.zip"), TODAY)
    import_file(rules_database(tmp_path / "rules.db"), TODAY)
    assert by_class("com.lantern.im.Chat") is not None
    assert by_component("org.another.jiguang.Service") is None
    assert own.read_text("utf-8") == OWN


def test_an_import_says_what_came_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_import(rules_database(tmp_path / "rules.db"), TODAY) == 0
    assert "3 SDKs with 4 keys imported" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["rules.db", "rules-json-2024-06.zip"])
def test_the_real_rules_come_in_without_a_fault(materials: Path, name: str) -> None:
    path = materials / "catalogue" / "libchecker" / name
    if not path.is_file():
        pytest.skip(f"{name} is not among the materials")
    done = import_file(path, TODAY)
    assert done.sdks > 100
    assert done.known > 500
    assert faults(TODAY) == ()


def truncated_zip(path: Path) -> None:
    rules_zip(path)
    path.write_bytes(path.read_bytes()[:200])


def encrypted_zip(path: Path) -> None:
    """The general purpose bit 0 of the entry, set in the central directory and before the entry (APPNOTE 4.4.4)."""
    rules_zip(path)
    content = path.read_bytes()
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        place = content.index(mark) + at
        content = content[:place] + b"\1" + content[place + 1 :]
    path.write_bytes(content)


def broken_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("services-libs/com.lantern.S.json", json.dumps({"label": "Lantern", "team": "x" * 500}))
    content = bytearray(path.read_bytes())
    content[70:80] = b"\xff" * 10
    path.write_bytes(content)


def zip_without_rules(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("README.md", "nothing")


def zip_with_a_list(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("services-libs/com.lantern.S.json", "[1]")


def database_of_something_else(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("create table songs (name text)")
    database.close()


BAD_FILES: dict[str, Callable[[Path], object]] = {
    "a zip that is encrypted": encrypted_zip,
    "a zip with an entry broken": broken_zip,
    "trackers with odd categories": lambda path: path.write_text(
        '[{"name": "A", "code_signature": 7, "categories": [[]]}]'
    ),
    "an empty file": lambda path: path.write_bytes(b""),
    "text": lambda path: path.write_text("com.lantern"),
    "binary rubbish": lambda path: path.write_bytes(bytes(range(256))),
    "JSON of something else": lambda path: path.write_text('{"songs": []}'),
    "a number": lambda path: path.write_text("7"),
    "trackers without signatures": lambda path: path.write_text('{"trackers": {"1": {"name": "A"}}}'),
    "JSON nested without end": lambda path: path.write_text("[" * 100_000),
    "a list of nothing": lambda path: path.write_text("[]"),
    "a zip cut off": truncated_zip,
    "a zip without rules": zip_without_rules,
    "a zip whose rule is a list": zip_with_a_list,
    "a database of something else": database_of_something_else,
    "half a database": lambda path: path.write_bytes(b"SQLite format 3\0" + b"x" * 100),
    "a folder": lambda path: path.mkdir(),
    "nothing": lambda path: None,
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_an_import_refuses(tmp_path: Path, case: str) -> None:
    path = tmp_path / "given.file"
    BAD_FILES[case](path)
    with pytest.raises(HeguiError, match=r"given\.file"):
        import_file(path, TODAY)
    assert not sdks_folder().exists()


def test_an_import_refuses_a_file_far_too_large(tmp_path: Path) -> None:
    path = tmp_path / "given.file"
    with path.open("wb") as sparse:
        sparse.truncate((64 << 20) + 1)
    with pytest.raises(HeguiError, match="larger than 64 MB"):
        import_file(path, TODAY)


def test_an_import_says_where_it_cannot_write(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    with pytest.raises(HeguiError, match="HEGUI_HOME"):
        import_file(rules_zip(tmp_path / "rules.zip"), TODAY, in_the_way / "sdks")
