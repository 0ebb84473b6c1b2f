"""Whose call an event is: by the whole stack, with the reason."""

import pytest

from hegui.facts.trace import Stack
from hegui.readers.trace.whose import Attribution

READ = "android.provider.Settings$Secure.getString"
MAIN = ("android.os.Handler.dispatchMessage", "android.app.ActivityThread.main")
APP, SDK = "com.example.lantern.App.onCreate", "cn.jpush.android.api.JPushInterface.init"

CASES = {
    "the app reads by itself": ((READ, APP, *MAIN), "app", "", ()),
    "the host starts an SDK, which reads": ((READ, SDK, APP, *MAIN), "cn.jpush", "called_by_host", ()),
    "an SDK reads on a thread of its own": ((READ, SDK, "java.lang.Thread.run"), "cn.jpush", "own", ()),
    "the app's callback inside an SDK's thread is the app's": ((READ, APP, SDK, "java.lang.Thread.run"), "app", "", ()),
    "a pure library acts for its caller": ((READ, "okhttp3.Cache.get", APP), "app", "", ()),
    "the collector's own frames are nobody's": (("dalvik.system.VMStack.getThreadStackTrace",
        "com.yl.lib.sentry.hook.util.PrivacyUtil.getStackTrace", READ, APP), "app", "", ()),
    "short obfuscated names are nobody known": ((READ, "a.b.c.d", APP), "unknown", "", ()),
    "a web engine that starts by itself is the system": (("android.content.pm.PackageManager.getPackageInfo",
        "android.webkit.WebViewFactory.getProvider", *MAIN), "system", "", ("webview",)),
    "a web engine that the app starts acts for the app, and is named": (("android.content.pm.PackageManager.getPackageInfo",
        "android.webkit.WebViewFactory.getProvider", APP, *MAIN), "app", "", ("webview",)),
    "an SDK protected with Tencent's virtual machine is told through it": (
        ("android.app.ApplicationPackageManager.queryIntentActivities", "yaq.pro.getobjresult",
        "com.qq.e.comm.plugin.f.f.b", "yaq.pro.getVresult", "com.qq.e.comm.plugin.f.e.a",
        "java.lang.Thread.run"), "com.qq.e", "own", ("shell",)),
    "nothing but the platform tells nobody": ((READ, *MAIN), "unknown", "", ()),
}  # fmt: skip


@pytest.mark.parametrize(("frames", "origin", "manner", "through"), CASES.values(), ids=list(CASES))
def test_whose(frames: tuple[str, ...], origin: str, manner: str, through: tuple[str, ...]) -> None:
    made = Attribution("com.example.lantern").of_stack(Stack(frames))
    assert (made.origin, made.manner, made.through) == (origin, manner, through)
    assert made.why


def test_every_party_on_the_stack_is_named_from_the_call_outwards() -> None:
    made = Attribution("com.example.lantern").of_stack(Stack((READ, SDK, "x.y.Z.w", APP)))
    assert (made.candidates, made.started_by) == (("cn.jpush", "unknown", "app"), "app")


def test_without_the_application_id_no_code_is_called_the_apps() -> None:
    made = Attribution().of_stack(Stack((READ, APP)))
    assert made.origin == "unknown"
    assert "application id" in made.why
