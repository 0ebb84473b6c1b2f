"""Frames that are not the actor: known by their package, and nobody else's."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hegui.catalogue.frames import KINDS, frame_kind, frames, tables
from hegui.catalogue.frames.check import check
from hegui.catalogue.sdks import by_class, sdks
from tests.catalogue.test_apis import class_name, jar_classes

TODAY = date(2026, 12, 1)


def test_the_shipped_lists_have_no_fault() -> None:
    assert check(today=TODAY) == ()


def test_there_is_a_list_of_every_kind() -> None:
    assert tuple(table["kind"] for table in tables()) == KINDS


# Class → kind; None for a class of the app or of an SDK that acts for itself.
FRAMES = {
    "android.app.Activity": "framework",
    "androidx.core.app.ActivityCompat": "framework",
    "java.lang.Thread": "framework",
    "kotlin.coroutines.jvm.internal.BaseContinuationImpl": "framework",
    "kotlinx.coroutines.DispatchedTask": "framework",
    "com.google.android.material.button.MaterialButton": "framework",
    "okhttp3.internal.connection.RealCall": "library",
    "retrofit2.OkHttpCall": "library",
    "com.bumptech.glide.Glide": "library",
    "com.google.gson.Gson": "library",
    "io.reactivex.Observable": "library",
    "com.facebook.imagepipeline.core.ImagePipeline": "library",
    "android.webkit.WebView": "webview",
    "com.tencent.smtt.sdk.WebView": "webview",
    "org.chromium.base.ThreadUtils": "webview",
    "com.facebook.react.bridge.CatalystInstanceImpl": "wrapper",
    "io.flutter.plugin.common.MethodChannel": "wrapper",
    "io.dcloud.feature.internal.sdk.SDK": "wrapper",
    "org.apache.cordova.CordovaWebView": "wrapper",
    "com.unity3d.player.UnityPlayer": "wrapper",
    "com.stub.StubApp": "shell",
    "s.h.e.l.l.S": "shell",
    "com.SecShell.SecShell.ApplicationWrapper": "shell",
    "com.sagittarius.v6.StubApplication": "shell",
    "yaq.pro": "shell",
    # Begin like a frame, and are not one.
    "android.taobao.atlas.Main": None,
    "androidy.app.Main": None,
    "javax0.Main": None,
    "kotlinapp.Main": None,
    "com.google.android.gms.location.LocationServices": None,
    "com.google.firebase.FirebaseApp": None,
    "com.facebook.login.LoginManager": None,
    "com.tencent.bugly.crashreport.CrashReport": None,
    "com.unity3d.ads.UnityAds": None,
    "io.rong.imlib.RongIMClient": None,
    "com.kiwisec.floatwindow.FloatWindow": None,
    "com.example.yaq.pro": None,
    "com.example.MainActivity": None,
    "a.a.a": None,
    "Main": None,
    "": None,
}


@pytest.mark.parametrize("name", FRAMES)
def test_a_class_is(name: str) -> None:
    assert frame_kind(name) == FRAMES[name]


@pytest.mark.parametrize("written", ["okhttp3.Call$Factory", "okhttp3/Call", "Lokhttp3/Call;", "[Lokhttp3/Call;"])
def test_a_class_may_be_written_in_every_usual_way(written: str) -> None:
    assert frame_kind(written) == "library"


def test_of_two_prefixes_the_longer_wins() -> None:
    assert frame_kind("android.app.Activity") == "framework"
    assert frame_kind("android.webkit.WebView") == "webview"
    assert {frames()["android"], frames()["android.webkit"]} == {"framework", "webview"}


def test_no_sdk_is_passed_over_as_the_platform_or_a_library() -> None:
    hidden = [
        (sdk.id, prefix)
        for sdk in sdks()
        for prefix in sdk.prefixes
        if frame_kind(prefix + "X") in ("framework", "library")
    ]
    assert hidden == []


def test_a_real_sdk_shows_no_frame_where_it_shows_itself(materials: Path) -> None:
    for name in ("jpush-android-3.3.4.jar", "gtsdk-3.3.12.0.jar"):
        if (materials / "sdk" / name).is_file():
            for found in jar_classes(materials / "sdk" / name):
                assert by_class(class_name(found)) is not None
                assert frame_kind(class_name(found)) is None


GOOD: dict[str, Any] = {
    "kind": "library",
    "source": "lantern.example",
    "checked": "2026-11-22",
    "prefixes": ["com.lantern.list."],
}
FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "a kind that is none": ({"kind": "toolbox"}, "unknown kind 'toolbox'"),
    "no source": ({"source": ""}, "no source"),
    "no date": ({"checked": None}, "checked is not a date"),
    "a date that is none": ({"checked": "2026-13-01"}, "checked is not a date"),
    "a date to come": ({"checked": "2026-12-02"}, "has not come yet"),
    "a prefix without its last dot": ({"prefixes": ["com.lantern"]}, "must be package names"),
    "a prefix with a slash": ({"prefixes": ["com/lantern/"]}, "must be package names"),
    "an exception without its last dot": ({"except": ["com.lantern.list.ads"]}, "must be package names"),
    "a prefix twice": ({"prefixes": ["com.lantern.list."] * 2}, "stands twice"),
}


def test_a_list_without_a_fault() -> None:
    assert check([GOOD], today=TODAY) == ()


@pytest.mark.parametrize("case", FAULTS)
def test_the_linter_finds(case: str) -> None:
    changes, expected = FAULTS[case]
    (fault, *_) = check([GOOD | changes], today=TODAY)
    assert expected in fault


def test_the_linter_finds_a_prefix_in_two_lists() -> None:
    (fault,) = check([GOOD, GOOD | {"kind": "wrapper"}], today=TODAY)
    assert fault == "frames/wrapper: 'com.lantern.list.' stands twice / 重复"
