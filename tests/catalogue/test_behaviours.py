"""The names of behaviours: every entry leads somewhere, and the longest words decide."""

import tomllib
import typing
from pathlib import Path

import pytest

import hegui.catalogue.behaviours as behaviours
from hegui.catalogue.apis import entry
from hegui.catalogue.behaviours import agreeing, by_method, by_words, normal, shows_rules
from hegui.catalogue.permissions import GROUPS
from hegui.catalogue.pi_types import PI_TYPES
from hegui.facts.trace import WHAT_FIELDS, EventType

FOLDER = Path(behaviours.__file__).parent
TYPES = typing.get_args(EventType)


def table(name: str) -> dict[str, typing.Any]:
    return tomllib.loads((FOLDER / name).read_text("utf-8"))


def test_every_entry_names_what_the_catalogues_know() -> None:
    rows = table("words.toml")["behaviour"]
    ops = table("permissions.toml")
    for row in [*rows, *ops["app_ops"].values(), *ops["ios"].values()]:
        assert set(row) - {"words"} <= set(WHAT_FIELDS), row
        assert row.get("type") in (None, *TYPES), row
        assert row.get("pi_type") in (None, *PI_TYPES), row
        assert row.get("perm_group") in (None, *GROUPS), row
        assert "api_id" not in row or entry(row["api_id"]), row
    assert set(ops["aliases"].values()) <= set(ops["app_ops"])


def test_no_words_stand_twice() -> None:
    words = [normal(one) for row in table("words.toml")["behaviour"] for one in row["words"]]
    assert sorted({one for one in words if words.count(one) > 1}) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("(SDK: 极光推送SDK)读取AndroidID", {"pi_type": "device_id.android_id"}),
        ("获取 ANDROID＿ID", {"pi_type": "device_id.android_id"}),
        ("点击隐私协议确认", {"type": "consent", "act": "agree"}),
        ("同意隐私政策", {"type": "consent", "act": "agree"}),
        ("不同意隐私政策", {"type": "consent", "act": "refuse"}),
        ("同意隐私政策前读取剪贴板", {"pi_type": "clipboard", "phase": "before_consent"}),
        ("设置剪贴板内容-setText", {"type": "api"}),
        ("获取蓝牙设备mac", {"pi_type": "device_id.bt_mac"}),
    ],
)
def test_words(text: str, found: dict[str, str]) -> None:
    got = by_words(text)
    assert {name: got.get(name) for name in found} == found
    if "pi_type" not in found:
        assert "pi_type" not in got


def test_a_bare_method_name_counts_only_when_one_entry_has_it() -> None:
    assert [one["api_id"] for one in by_method("getDeviceId")] == ["telephony.device_id"]
    assert by_method("getString") == ()


@pytest.mark.parametrize(
    ("text", "act"), [("同意并继续", "agree"), ("不同意", "refuse"), ("同意有奖", None), ("I agree", "agree")]
)
def test_controls(text: str, act: str | None) -> None:
    assert agreeing(text) == act


def test_screens_of_rules() -> None:
    assert shows_rules("用户协议与隐私政策提示")
    assert not shows_rules("首页")
