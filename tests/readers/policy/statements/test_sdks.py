import pytest

from hegui.facts.policy import StatedSdk
from hegui.readers.policy.statements import read_statements
from tests.readers.policy.statements.policies import policy_of


def sdks(text: str, heading: str = "# 四、共享") -> tuple[StatedSdk, ...]:
    return read_statements(policy_of(f"{heading}\n{text}\n")).sdks


def test_columns_in_any_order_give_the_same_row() -> None:
    (one,) = sdks(
        "| 隐私政策链接 | 收集个人信息类型 | 第三方公司名称 | SDK名称 | 使用目的 |\n"
        "| https://a.example/privacy | OAID、设备型号 | 示例市样例数据有限公司 | 样例推送SDK | 推送消息 |\n"
    )
    assert one == StatedSdk(
        "样例推送SDK", None, None, "推送消息", "示例市样例数据有限公司", ("device_id.oaid", "model"),
        "https://a.example/privacy", one.span, "table", ("OAID", "设备型号"), "推送消息", 0.95,
    )  # fmt: skip


def test_an_entry_of_labels_is_a_row() -> None:
    made = sdks(
        "SDK名称：样例推送SDK\n所属公司：示例市样例数据有限公司\n收集信息：OAID\n隐私政策：https://a.example/privacy\n"
        "SDK名称：样例地图SDK\n所属公司：示例市地图有限公司\n收集信息：位置信息\n隐私政策：https://b.example/privacy\n"
    )
    assert [(one.name, one.operator, one.types, one.link, one.form) for one in made] == [
        ("样例推送SDK", "示例市样例数据有限公司", ("device_id.oaid",), "https://a.example/privacy", "list"),
        ("样例地图SDK", "示例市地图有限公司", ("location.precise",), "https://b.example/privacy", "list"),
    ]


def test_the_name_may_be_the_line_above() -> None:
    made = sdks("样例推送SDK\n使用目的：推送消息\n收集个人信息：OAID\n官网链接：https://a.example\n", "# 第三方SDK目录")
    assert [(one.name, one.purpose, one.types) for one in made] == [("样例推送SDK", "推送消息", ("device_id.oaid",))]


def test_package_and_version_are_told_from_other_words() -> None:
    (one,) = sdks(
        "| SDK名称 | 包名 | SDK版本 | 收集信息 |\n| 样例（com.example.push） | com.example.push | V2.3.1及以上 | OAID |\n"
    )
    assert (one.name, one.package, one.version) == ("样例", "com.example.push", "V2.3.1及以上")


NAMES_WITH_PACKAGES = [
    "样例推送（com.example.push）",
    "样例推送 com.example.push",
    "样例推送（包名：com.example.push）",
]


@pytest.mark.parametrize("cell", NAMES_WITH_PACKAGES)
def test_one_column_may_hold_name_and_package(cell: str) -> None:
    (one,) = sdks(f"| 名称（包名） | 运营者 | 收集的个人信息种类 |\n| {cell} | 示例市样例数据有限公司 | OAID |\n")
    assert (one.name, one.package, one.operator) == ("样例推送", "com.example.push", "示例市样例数据有限公司")


ALIASES = [
    ("移动推送TPNS SDK", "com.tencent.android.tpush"),
    ("腾讯TBS SDK", "com.tencent.smtt"),
    ("银联云闪付SDK", "com.unionpay"),
    ("U-Share SDK", "com.umeng.socialize"),
    ("中国移动一键登录SDK", "com.cmic"),
    ("中国联通一键登录SDK", "com.unicom"),
    ("中国电信一键登录SDK", "cn.com.chinatelecom"),
]


@pytest.mark.parametrize(("name", "id_"), ALIASES)
def test_names_in_use_lead_to_the_catalogue(name: str, id_: str) -> None:
    (one,) = sdks(f"我们接入了{name}。")
    assert one.sdk_id == id_


def test_empty_cells_are_none() -> None:
    (one,) = sdks("| SDK名称 | 包名 | 运营者 | 收集信息 | 隐私政策链接 |\n| 样例SDK | / | / | OAID | 无 |\n")
    assert (one.package, one.operator, one.link, one.version) == (None, None, None, None)


RUNNING_TEXT = [
    ("我们接入了友盟统计SDK，用于统计分析。", ["友盟统计SDK"]),
    ("我们使用极光推送SDK和高德定位SDK。", ["极光推送SDK", "高德定位SDK"]),
    ("本应用集成了Bugly SDK。", ["Bugly SDK"]),
    ("我们会对第三方SDK进行安全检测。", []),
    ("我们可能接入推送SDK、统计类SDK等。", []),
    ("我们未接入极光推送SDK。", []),
    ("您可以使用微信登录。", []),
]


@pytest.mark.parametrize(("text", "names"), RUNNING_TEXT)
def test_sdks_named_in_running_text(text: str, names: list[str]) -> None:
    assert [one.name for one in sdks(text)] == names
