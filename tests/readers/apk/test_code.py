"""The code stage: an SDK of which too little is there is not blamed for what its one class does."""

from hegui.readers.apk.code import code_facts
from tests.readers.dex.make_dex import STATIC, Assembly

CALL = ["invoke-static {}, Landroid/os/Build;->getSerial()Ljava/lang/String;", "return-void"]


def sites_of(*classes: str) -> list[tuple[str, tuple[str, ...]]]:
    app = Assembly()
    for name in classes:
        app.cls(name).method("read()V", CALL, STATIC)
    fields = code_facts([("classes.dex", app.dex)], {}, {"name": "com.example.app"})
    assert isinstance(fields, dict)
    return [(one.origin, one.candidates) for one in fields["callsites"]]


def test_the_app_and_an_sdk_are_told_apart() -> None:
    jpush = [f"Lcn/jpush/android/{name};" for name in "ABC"]
    assert sites_of("Lcom/example/app/Main;", *jpush) == [("app", ("app",)), *[("cn.jpush", ("cn.jpush",))] * 3]


def test_a_single_class_under_its_name_stays_a_candidate() -> None:
    assert sites_of("Lcn/jpush/android/Stub;") == [("unknown", ("cn.jpush",))]
