"""Common traits of a device: told by the whole name and the form of the value, and never more than a trait."""

import pytest

from hegui.catalogue.pi_types import WEAK_TRAITS
from hegui.catalogue.recognisers import trait
from hegui.catalogue.recognisers.keys import table


@pytest.mark.parametrize(
    ("key", "value", "kind"),
    [
        ("device.model", "Lantern 3 Pro", "model"),
        ("deviceBrand", "Lantern", "brand"),
        ("os_version", "14", "os_version"),
        ("sys_ver", "HarmonyOS 4.2", "os_version"),
        ("locale", "zh_CN", "language"),
        ("lang", "zh-Hans-CN", "language"),
        ("screen_width", "1080", "screen"),
        ("resolution", "1080x2400", "screen"),
        ("density", "2.75", ""),
        ("tz", "-420", "timezone"),
        ("timezone", "Asia/Shanghai", "timezone"),
        ("carrier", "示例移动", "network_type"),
        ("net", "wifi", "network_type"),
        ("local_ip", "10.0.0.1", "ip"),
        ("wifi", "true", "network_type"),
    ],
)
def test_a_trait_is_named_and_has_its_form(key: str, value: str, kind: str) -> None:
    assert trait(key, value) == kind


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("car_model", "Lantern 3"),
        ("model", "{}"),
        ("model", "unknown"),
        ("language", "null"),
        ("language", "to be or not to be"),
        ("net", "profit"),
        ("wifi", "my home"),
        ("ip", "127.0.0.1"),
        ("ip", "intellectual property"),
        ("os_version", "build 7 of the lighthouse"),
        ("", "zh_CN"),
    ],
)
def test_what_is_no_trait(key: str, value: str) -> None:
    assert trait(key, value) == ""


def test_a_list_without_names_tells_by_place() -> None:
    values = ["a2", "com.example.lantern", "1", "1.0", "14", "Lantern 3", "zh_CN"]
    assert [trait("extinfo[]", value, at) for at, value in enumerate(values)][4:] == ["os_version", "model", "language"]
    assert trait("extinfo[]", "zh_CN", 99) == ""


def test_only_traits_are_listed() -> None:
    listed = {kind.partition(":")[0] for kind in table()["traits"]} | {
        kind for kinds in table()["positions"].values() for kind in kinds if kind
    }
    assert listed == set(WEAK_TRAITS)
