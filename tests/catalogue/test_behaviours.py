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


# How stores, detection platforms and collectors habitually call a behaviour → the entry of the API catalogue; "" where the
# words say what happens and no entry is meant, None where they may mean several things and the call must decide.
HABITUAL = {
    "app_list.packages": ["获取应用列表", "获取软件安装列表", "读取已安装的应用",
        "读取已安装的软件列表", "收集安装列表", "获取其他app信息"],
    "app_list.package_broadcasts": ["监听应用安装、更新、卸载", "监听应用安装卸载"],
    "app_list.one_package": ["获取指定包名的APP信息:com.android.webview", "安装包-getPackageInfo-com.example"],
    "app_list.query_activities": ["读安装列表-queryIntentActivities"],
    "running.processes": ["获取正在运行的应用", "获取正在运行的应用列表",
        "当前运行中的进程", "获取了正在运行的App", "获取运行中应用"],
    "running.tasks": ["当前运行中的任务", "最近运行中的任务", "获取任务列表"],
    "running.services": ["获取正在运行的服务"],
    "running.usage": ["获取应用使用情况"],
    "clipboard.read": ["读取剪切板", "获取剪切板内容", "应用获取用户信息：剪切板", "读取粘贴板", "剪贴板内容-getText"],
    "clipboard.listen": ["监听剪贴板"],
    "telephony.device_id": ["获取IMEI", "获取设备IMEI号"],
    "telephony.imsi": ["获取IMSI", "获取SUPI"],
    "telephony.iccid": ["获取SIM卡序列号", "获取SIM序列号", "读取ICCID", "获取IMSI/iccid"],
    "telephony.subscriptions": ["获取SIM卡信息"],
    "telephony.line1_number": ["获取本机号码", "获取手机号码", "获取电话号码标识符"],
    "id.android_id": ["获取ANDROID ID", "读取安卓ID", "Settings.Secure参数android_id"],
    "id.serial": ["获取设备序列号", "获取硬件序列号"],
    "id.wifi_mac": ["获取设备MAC地址", "mac地址-getMacAddress", "获取Mac地址"],
    "id.interface_mac": ["mac地址-getHardwareAddress"],
    "id.bt_address": ["获取蓝牙MAC地址", "蓝牙地址-getAddress"],
    "adid.msa_value": ["获取OAID", "获取AAID"],
    "adid.google": ["获取GAID", "获取Google广告ID", "获取广告标识符"],
    "sensor.list": ["读取传感器列表", "读取特定类型传感器列表"],
    "sensor.listen": ["监听传感器", "获取加速度传感器数据"],
    "sensor.step": ["获取步数"],
    "sensor.heart_rate": ["获取心率"],
    "wifi.ssid": ["获取WiFi名称", "获取wifi SSID", "获取BSSID", "获取路由器MAC地址"],
    "wifi.connection": ["获取wifi信息", "获取无线网络信息"],
    "wifi.scan_results": ["获取wifi列表", "扫描WiFi", "获取附近WiFi列表", "WIFI扫描结果"],
    "wifi.configured": ["前台用户配置的所有网络的列表"],
    "wifi.extra_info": ["获取网络名称"],
    "wifi.ip": ["获取IP地址", "DHCP地址"],
    "wifi.network_info": ["获取网络类型", "获取网络状态"],
    "telephony.all_cell_info": ["获取基站信息", "定位-基站信息", "获取基站cid信息", "读取基站编号"],
    "telephony.cell_location": ["获取电话当前位置信息", "获取基站位置"],
    "telephony.neighboring_cells": ["获取邻近基站"],
    "telephony.carrier": ["获取运营商信息", "获取MCC/MNC"],
    "telephony.sim_state": ["获取sim卡是否可用"],
    "telephony.call_state": ["获取通话状态"],
    "bluetooth.device": ["获取蓝牙信息", "获取蓝牙设备信息"],
    "bluetooth.bonded": ["获取已配对蓝牙设备"],
    "bluetooth.le_scan": ["扫描蓝牙设备"],
    "bluetooth.discovery": ["搜索蓝牙"],
    "bluetooth.name": ["获取蓝牙设备名称"],
    "location.last_known": ["获取位置信息", "获取地理位置", "获取经纬度", "上一次的位置信息"],
    "location.updates": ["监视精细行动轨迹"],
    "contacts.people": ["读取联系人", "获取手机通信录内容"],
    "call_log.table": ["获取通话记录"],
    "call_log.place_call": ["拨打电话"],
    "call_log.phone_state_broadcast": ["监听来电"],
    "sms.table": ["读取短信"],
    "sms.send": ["发送短信"],
    "calendar.events": ["读取日历", "获取日历内容"],
    "media.images": ["读取相册", "获取相册内容"],
    "media.videos": ["读取视频"],
    "media.audio": ["读取音频"],
    "browser.tables": ["获取浏览器内容", "读取浏览器历史记录"],
    "accounts.list": ["获取账户列表"],
    "trait.model": ["获取设备型号"],
    "": ["读取外置存储", "写入外置存储", "读写SD卡", "写剪切板", "清空剪贴板", "设置剪贴板内容-setPrimaryClip", "写入日历",
         "写入通讯录", "获取粗略位置", "采集人脸", "自启动", "同意隐私政策"],
    None: ["获取设备ID", "获取设备标识", "获取设备信息", "获取电话相关信息", "获取系统信息", "截屏", "获取自身应用信息"],
}  # fmt: skip


@pytest.mark.parametrize(("id", "text"), [(id, text) for id, texts in HABITUAL.items() for text in texts])
def test_habitual_words_lead_to_their_entry(id: str | None, text: str) -> None:
    got = by_words(text)
    assert (got.get("api_id", "") if "type" in got else None) == id


@pytest.mark.parametrize(
    ("text", "pi_type"),
    [
        ("获取运营商信息、IMSI", "device_id.imsi"),
        ("获取设备型号、系统版本和MAC地址", "device_id.mac"),
        ("获取粗略位置", "location.coarse"),
        ("读取外置存储", "file"),
        ("写剪切板", None),
        ("写入通讯录", None),
    ],
)
def test_what_the_words_read(text: str, pi_type: str | None) -> None:
    assert by_words(text).get("pi_type") == pi_type


def test_a_read_that_the_collector_stopped_got_nothing() -> None:
    assert by_words("读取系统剪贴板关闭")["result"] == "denied"


def test_a_bare_method_name_counts_only_when_one_entry_has_it() -> None:
    assert [one["api_id"] for one in by_method("getDeviceId")] == ["telephony.device_id"]
    assert by_method("getString") == ()


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("同意并继续", "agree"),
        ("同意（5s）", "agree"),
        ("同意并授权", "agree"),
        ("好的，同意", "agree"),
        ("监护人同意", "agree"),
        ("同意并继续使用", "agree"),
        ("我已阅读并同意", "agree"),
        ("I agree", "agree"),
        ("不同意", "refuse"),
        ("不同意，退出应用", "refuse"),
        ("不同意，只记账", "refuse"),
        ("仍不同意", "refuse"),
        ("同意有奖", None),
        ("同意率", None),
        ("我已阅读并同意《用户协议》", None),
        ("不同意将无法使用", None),
        ("拒绝后仍可使用", None),
    ],
)
def test_controls(text: str, act: str | None) -> None:
    assert agreeing(text) == act


def test_screens_of_rules() -> None:
    assert shows_rules("用户协议与隐私政策提示")
    assert not shows_rules("首页")
