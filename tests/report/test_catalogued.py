"""Ids the catalogue knows have its words; ids it does not know stay readable."""

import pytest

from hegui.catalogue.apis import Api
from hegui.catalogue.sdks import sdk
from hegui.report import catalogued
from hegui.report.catalogued import api_name, is_weak, loads_bytecode, loads_other_code, reflects
from hegui.words import Words
from tests.report.example import IMEI, INVOKE, LOADER, MODEL, NOTES, site


def test_an_unknown_api_is_named_by_its_class_and_member() -> None:
    assert api_name(site("no.such", "sms", IMEI, NOTES + "A;->b()V")).zh == "TelephonyManager.getDeviceId"
    assert api_name(site("no.such", "model", MODEL, NOTES + "A;->b()V")).zh == "Build.MODEL"
    assert api_name(site("no.such", None, "android_id", NOTES + "A;->b()V")).en == "android_id"


def test_the_catalogue_names_an_api_and_tells_whether_it_is_weak(monkeypatch: pytest.MonkeyPatch) -> None:
    known = Api("x.y", "method", (IMEI,), "read", Words("读取 IMEI", "read the IMEI"), "", "", weak=True)
    monkeypatch.setattr(catalogued, "entry", lambda id_: known if id_ == "x.y" else None)
    one = site("x.y", "device_id.imei", IMEI, NOTES + "A;->b()V")
    assert api_name(one).zh == "读取 IMEI"
    assert is_weak(one)
    assert not is_weak(site("z", "device_id.imei", IMEI, NOTES + "A;->b()V"))
    assert is_weak(site("z", "model", MODEL, NOTES + "A;->b()V"))


@pytest.mark.parametrize(
    ("api", "target", "asked"),
    [
        ("code.dex_loader", LOADER, loads_bytecode),
        ("code.native_load", LOADER, loads_other_code),
        ("code.package_context", LOADER, loads_other_code),
        ("code.reflect_invoke", INVOKE, reflects),
    ],
)
def test_calls_that_hide_code_are_told_apart(api: str, target: str, asked: object) -> None:
    one = site(api, None, target, NOTES + "A;->b()V")
    assert [ask for ask in (loads_bytecode, loads_other_code, reflects) if ask(one)] == [asked]


def test_an_unknown_sdk_has_nothing_invented() -> None:
    assert sdk("no.such.sdk") is None
