"""Who added what: the right one, or nobody."""

import re
import tomllib
from pathlib import Path

import pytest

import hegui.catalogue.added_by
from hegui.catalogue.added_by import component_added_by, permission_added_by

ROWS = tomllib.loads(Path(hegui.catalogue.added_by.__file__).with_name("added_by.toml").read_text("utf-8"))["added_by"]

PERMISSIONS = {
    "com.example.DYNAMIC_RECEIVER_NOT_EXPORTED_PERMISSION": "androidx.core",
    "com.google.android.c2dm.permission.RECEIVE": "com.google.firebase",
    "com.example.permission.JPUSH_MESSAGE": "cn.jpush",
    "com.example.permission.MIPUSH_RECEIVE": "com.xiaomi.mipush",
    "com.example.permission.PROCESS_PUSH_MSG": "com.huawei.hms",
    "com.example.push.permission.MESSAGE": "com.meizu.cloud.push",
    "com.heytap.mcs.permission.RECIEVE_MCS_MESSAGE": "com.heytap.msp.push",
    "getui.permission.GetuiService.com.example": "com.getui",
    "com.example.openadsdk.permission.TT_PANGOLIN": "com.bytedance.sdk.openadsdk",
}


@pytest.mark.parametrize("name", PERMISSIONS)
def test_a_permission_that_shows_its_party(name: str) -> None:
    found = permission_added_by(name)
    assert found is not None
    assert found.id == PERMISSIONS[name]


# Several parties ask for each of these, so that none may be blamed.
SHARED = [
    "android.permission.INTERNET",
    "android.permission.WAKE_LOCK",
    "android.permission.CAMERA",
    "android.permission.RECEIVE_BOOT_COMPLETED",
    "com.google.android.gms.permission.AD_ID",
    "com.google.android.finsky.permission.BIND_GET_INSTALL_REFERRER_SERVICE",
    "com.huawei.appmarket.service.commondata.permission.GET_COMMON_DATA",
    "com.asus.msa.SupplementaryDID.ACCESS",
    "freemme.permission.msa",
    "com.huawei.android.launcher.permission.CHANGE_BADGE",
    "com.hihonor.android.launcher.permission.CHANGE_BADGE",
    "com.sec.android.provider.badge.permission.READ",
    "com.sec.android.provider.badge.permission.WRITE",
    "com.sonyericsson.home.permission.BROADCAST_BADGE",
    "com.htc.launcher.permission.UPDATE_SHORTCUT",
    "com.oppo.launcher.permission.READ_SETTINGS",
    "com.vivo.notification.permission.BADGE_ICON",
    "com.android.launcher.permission.INSTALL_SHORTCUT",
    "com.example.permission.C2D_MESSAGE",
    "com.example.permission.OWN",
    # The patterns want a package in front, and nothing behind.
    ".DYNAMIC_RECEIVER_NOT_EXPORTED_PERMISSION",
    "com.example.permission.JPUSH_MESSAGE.more",
    "getui.permission.GetuiService.",
    "",
]


@pytest.mark.parametrize("name", SHARED)
def test_a_permission_that_several_parties_ask_for_is_nobodys(name: str) -> None:
    assert permission_added_by(name) is None


COMPONENTS = {
    "androidx.work.impl.background.systemjob.SystemJobService": "androidx.work",
    "com.google.firebase.messaging.FirebaseMessagingService": "com.google.firebase",
    "com.google.android.gms.measurement.AppMeasurementReceiver": "com.google.android.gms",
    "cn.jpush.android.service.PushService": "cn.jpush",
    "cn.android.service.JTransitActivity": "cn.jpush",
    "cn.jiguang.ads.base.component.JAdProvider": "cn.jiguang.ads",
    "cn.jiguang.verifysdk.CtLoginActivity": "cn.jiguang.jcore",
    "com.huawei.hms.support.api.push.service.HmsMsgService": "com.huawei.hms",
    "com.taobao.accs.ChannelService": "com.taobao.accs",
    "com.umeng.message.UmengMessageService": "com.umeng",
}


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_that_shows_its_party(name: str) -> None:
    found = component_added_by(name, "com.example")
    assert found is not None
    assert found.id == COMPONENTS[name]


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("com.example.MainActivity", "com.example"),
        ("com.umengine.Main", "com.example"),
        # Honor's services other than push.
        ("com.hihonor.mcs.fitness.health.HealthKit", "com.example"),
        ("cn.android.service.JTransitServiceOfMine", "com.example"),
        # An app of the party itself: its own classes are no SDK of another.
        ("com.umeng.Main", "com.umeng"),
        ("com.google.android.gms.app.Main", "com.google.android.gms.app"),
    ],
)
def test_a_component_that_shows_none(name: str, package: str) -> None:
    assert component_added_by(name, package) is None


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_a_row_is_whole(row: dict[str, list[str]]) -> None:
    assert row.keys() <= {"id", "permissions", "components", "why", "source", "checked", "unverified"}
    assert row["source"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", str(row["checked"]))
    claims = {*row.get("permissions", ()), *row.get("components", ())}
    assert claims
    assert claims >= set(row.get("unverified", ()))


def test_nothing_is_claimed_twice() -> None:
    claims = [claim for row in ROWS for claim in (*row.get("permissions", ()), *row.get("components", ()))]
    assert len(claims) == len(set(claims))
    ids = [row["id"] for row in ROWS]
    assert len(ids) == len(set(ids))
