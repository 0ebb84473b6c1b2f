import pytest

from hegui.readers.policy.statements import read_statements
from tests.readers.policy.statements.policies import policy_of

NAMES = [
    ("“青禾”由示例市青禾软件有限公司（以下简称“我们”）运营。", "示例市青禾软件有限公司"),
    ("示例市青禾软件有限公司及其关联公司（合称“我们”）重视您的隐私。", "示例市青禾软件有限公司"),
    ("运营者：示例市青禾软件有限公司", "示例市青禾软件有限公司"),
    ("青禾(示例市青禾软件有限公司，以下或称“我们”)非常注重保护隐私。", "示例市青禾软件有限公司"),
    ("开发者：林样例", "林样例"),
    ('Larkspur is operated by Larkspur Software Co., Ltd. ("we").', "Larkspur Software Co., Ltd."),
    ("本公司重视您的隐私。", None),
    ("运营者名称：青禾橙软件工作室（虚构）。地址：示例市测试区样例路1号。", "青禾橙软件工作室（虚构）"),
    ("青禾由青禾示例科技（虚构）有限公司运营。", "青禾示例科技（虚构）有限公司"),
    ("我们是指《青禾》及其服务的提供方示例市青禾软件有限公司。", "示例市青禾软件有限公司"),
    ("青禾网站的经营者为青禾信息科技（示例）有限公司（以下简称“我们”）。", "青禾信息科技（示例）有限公司"),
    ("青禾由和为软件有限公司运营。", "和为软件有限公司"),
    ("争议提交示例市仲裁委员会。", None),
    (
        "开票服务是由示例市别家有限公司提供技术支持。\n您参与运营活动时须同意。\n青禾：指青禾产品的提供者青禾软件有限公司。",
        "青禾软件有限公司",
    ),
    ("运营者：\n联系方式：privacy@qinghe.example", None),
    ("# 共享\n我们会与关联方示例市别家有限公司共享信息。", None),
]


@pytest.mark.parametrize(("text", "name"), NAMES)
def test_the_operator_is_whom_the_rules_call_we(text: str, name: str | None) -> None:
    assert read_statements(policy_of(text + "\n")).operator.name == name


CONTACTS = [
    ("# 联系我们\n电子邮箱：privacy@qinghe.example", ["privacy@qinghe.example"]),
    ("# 联系我们\n客服电话：010-55550123", ["010-55550123"]),
    ("# 联系我们\n客服热线：400-555-0123", ["400-555-0123"]),
    ("# 联系我们\n联系地址：示例省示例市测试区样例路1号", ["示例省示例市测试区样例路1号"]),
    ("# 联系我们\n您可以通过“我的-意见反馈”与我们联系。", ["您可以通过“我的-意见反馈”与我们联系"]),
    ("# 收集\n我们会收集您的地址、IP地址、电话。", []),
    ("# 联系我们\n备案号12345678901。", []),
    ("# 概述\n您可以通过本政策“如何联系我们”一节所列的反馈渠道联系我们。", []),
]


@pytest.mark.parametrize(("text", "contacts"), CONTACTS)
def test_contacts(text: str, contacts: list[str]) -> None:
    assert [one.value for one in read_statements(policy_of(text + "\n")).operator.contacts] == contacts


def test_contacts_of_third_parties_are_not_the_operators() -> None:
    policy = read_statements(
        policy_of("# 第三方SDK\n| SDK名称 | 联系方式 | 收集信息 |\n| 样例SDK | sdk@other.example | OAID |\n")
    )
    assert policy.operator.contacts == ()


DATES = [
    ("更新日期：2026年3月1日\n生效日期：2026年3月8日", "2026-03-01", "2026-03-08"),
    ("发布日期：2026年【3】月【1】日", "2026-03-01", None),
    ("最近更新：2026.03.01", "2026-03-01", None),
    ("本政策于2020年1月1日首次生效，于2026年3月1日最新修订生效", "2026-03-01", "2026-03-01"),
    ("Last updated: March 1, 2026", "2026-03-01", None),
    ("Effective date: 8 March 2026", None, "2026-03-08"),
    ("公司成立于2005年8月12日", None, None),
    ("更新日期：2026年13月41日", None, None),
]


@pytest.mark.parametrize(("text", "published", "effective"), DATES)
def test_dates(text: str, published: str | None, effective: str | None) -> None:
    policy = read_statements(policy_of(text + "\n"))
    assert (policy.published_at, policy.effective_at) == (published, effective)


VERSIONS = [
    ("版本：V2.1", "V2.1"),
    ("青禾隐私政策（V3.2.1）", "V3.2.1"),
    ("Version 1.4", "1.4"),
    ("操作系统版本：13", None),
    ("应用名称：青禾\n版本：1.0", "1.0"),
    ("版本号：V2.3.1", "V2.3.1"),
    ("版本：2026-11-01。公布日期：2026年10月20日。", "2026-11-01"),
]


@pytest.mark.parametrize(("text", "version"), VERSIONS)
def test_the_version_of_the_rules(text: str, version: str | None) -> None:
    assert read_statements(policy_of(text + "\n")).version == version


APPS = [
    ("# 青禾记账隐私政策", ["青禾记账"]),
    ("欢迎使用“青禾记账”！", ["青禾记账"]),
    ("# 隐私政策", []),
    ("# 青禾个人信息收集使用规则", ["青禾"]),
    ("青禾隐私政策", ["青禾"]),
    ("应用名称：青禾", ["青禾"]),
    ("应用名称：\n版本：1.0", []),
]


@pytest.mark.parametrize(("text", "names"), APPS)
def test_names_of_the_app(text: str, names: list[str]) -> None:
    assert [one.value for one in read_statements(policy_of(text + "\n")).app_names] == names


def test_the_language_is_that_of_most_of_the_text() -> None:
    assert read_statements(policy_of("我们会收集您的IMEI、Android ID。\n")).lang == "zh"
    assert read_statements(policy_of("We collect your phone number. 隐私\n")).lang == "en"
