"""Names in rules and the catalogue's SDKs: what leads to one entry, and what must stay unknown."""

import pytest

from hegui.catalogue.sdks import sdk, sdks
from hegui.facts.policy import StatedSdk
from hegui.readers.policy.sdk_match import match_sdks, sdk_of


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (StatedSdk("极光推送SDK"), "cn.jpush"),
        (StatedSdk("极光统计"), "cn.jiguang.analytics"),
        (StatedSdk("微信开放平台 SDK（Android 版）"), "com.tencent.mm.opensdk"),
        (StatedSdk("小米推送SDK (MiPush)"), "com.xiaomi.mipush"),
        (StatedSdk("Firebase"), "com.google.firebase"),
        (StatedSdk("消息推送", package="cn.jpush.android"), "cn.jpush"),
        (StatedSdk("cn.jpush.android"), "cn.jpush"),
        (StatedSdk("地图（com.amap.api.maps）", package="com.amap.api.maps"), "com.amap.api"),
        (StatedSdk("同盾设备指纹风控版本", operator="同盾科技有限公司"), "cn.tongdun"),
    ],
    ids=lambda one: one if isinstance(one, str) else one.name,
)
def test_names_packages_and_operators_lead_to_an_entry(row: StatedSdk, expected: str) -> None:
    assert sdk_of(row) == expected


@pytest.mark.parametrize(
    "row",
    [
        StatedSdk("灯笼广告SDK", package="com.example.lanternads"),
        StatedSdk("推送服务"),
        StatedSdk("统计SDK"),
        StatedSdk("第三方SDK"),
        StatedSdk("极光魔链", operator="深圳市和讯华谷信息技术有限公司"),
        StatedSdk("同盾设备指纹风控版本", operator="灯笼（虚构）科技有限公司"),
        StatedSdk("同盾设备指纹风控版本"),
        StatedSdk(""),
        StatedSdk("SDK"),
        StatedSdk("推送", package="cn.jpush.android / com.amap.api.maps"),
    ],
    ids=lambda one: f"{one.name}-{one.operator}",
)
def test_what_leads_nowhere_or_to_several_stays_unknown(row: StatedSdk) -> None:
    assert sdk_of(row) is None


def test_rows_keep_all_else() -> None:
    row = StatedSdk("极光推送", version="3.2", types=("device_id",))
    (matched,) = match_sdks([row])
    assert (matched.sdk_id, matched.version, matched.types) == ("cn.jpush", "3.2", ("device_id",))


def test_the_catalogues_own_names_lead_to_themselves_or_to_nobody() -> None:
    """A name two entries share is nobody's; no name leads to another SDK unless an alias was written for that."""
    wrong = []
    for one in sdks():
        for name in (one.name.zh, one.name.en):
            found = sdk_of(StatedSdk(name))
            if found not in (one.id, None):
                other = sdk(found)
                wrong.append((name, one.id, other.id if other else found))
    assert not wrong
