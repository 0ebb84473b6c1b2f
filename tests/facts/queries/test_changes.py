"""Seeded changes are found and put to the right dimension; other words for the same are no change."""

from dataclasses import replace

import pytest

from hegui.facts import Unread
from hegui.facts.package import CallSite, Package, Sdk
from hegui.facts.policy import Function, Policy, Retention, Sharing, StatedPermission, StatedSdk, StatedType
from hegui.facts.queries.changes import Change, names_change, package_changes, policy_changes, same_meaning
from tests.packages import package
from tests.policies import policy, span

LOGIN = Function("登录", "核验您的身份", "您主动填写", ("account.phone",))
RULES = Policy(
    "规则",
    functions=(LOGIN,),
    types=(StatedType("location.precise", said="位置"),),
    permissions=(StatedPermission("android.permission.CAMERA", "每次扫码时一次", group="camera", said="相机"),),
    retention=(Retention("订单信息", "三年", expiry="删除"),),
    sdks=(StatedSdk("灯笼推送", version="1.0", function="消息推送", types=("device_id.oaid",)),),
    sharing=(Sharing("远山物流", "配送", ("account.name",), "shared"),),
)


def found(new: Policy) -> list[tuple[str, str, str]]:
    return [(one.dimension, one.kind, one.subject) for one in policy_changes(RULES, new)]


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (replace(RULES, functions=(replace(LOGIN, purpose="投放广告"),)), ("purpose", "changed", "登录")),
        (replace(RULES, functions=(replace(LOGIN, method="从运营商获取"),)), ("method", "changed", "登录")),
        (replace(RULES, types=(*RULES.types, StatedType("contacts", said="通讯录"))), ("type", "added", "contacts")),
        (replace(RULES, types=()), ("type", "removed", "location.precise")),
        (replace(RULES, retention=(Retention("订单信息", "五年", expiry="删除"),)), ("retention", "changed", "订单信息")),
        (
            replace(RULES, permissions=(*RULES.permissions, StatedPermission("READ_CONTACTS", group="contacts"))),
            ("permission", "added", "contacts"),
        ),
        (
            replace(RULES, permissions=(replace(RULES.permissions[0], freq="每30秒一次"),)),
            ("frequency", "changed", "camera"),
        ),
        (replace(RULES, sdks=(*RULES.sdks, StatedSdk("星河统计"))), ("sdk", "added", "星河统计")),
        (replace(RULES, sdks=(replace(RULES.sdks[0], version="2.0"),)), ("sdk", "changed", "灯笼推送")),
        (replace(RULES, sharing=()), ("sharing", "removed", "远山物流")),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)  # fmt: skip
def test_a_seeded_change_is_found_in_its_dimension(new: Policy, expected: tuple[str, str, str]) -> None:
    assert found(new) == [expected]


@pytest.mark.parametrize(
    "new",
    [
        RULES,
        replace(RULES, functions=(Function("登录", "为了核验身份", "由您主动填写", ("account.phone",)),)),
        replace(RULES, retention=(Retention("订单信息", "3年", expiry="删除"),)),
        replace(RULES, sdks=(replace(RULES.sdks[0], function="用于消息的推送"),)),
    ],
    ids=["the same", "a purpose in other words", "the same years in figures", "an SDK's function in other words"],
)
def test_other_words_for_the_same_are_no_change(new: Policy) -> None:
    assert found(new) == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("核验身份", "为了核验您的身份", True),
        ("用于投放广告", "用于核验身份", False),
        ("保障账号安全", "保障您的账号的安全", True),
        ("", "推送", False),
    ],
)
def test_same_meaning(one: str, other: str, same: bool) -> None:
    assert same_meaning(one, other) is same


def site(origin: str, kind: str) -> CallSite:
    return CallSite("a", kind, None, "La;->b()V", "Lc;", "d()V", 0, origin)


PUSH = Sdk("jpush", "极光推送", "cn/jpush", "3.3.4", "constant", 1.0, "push", True, ("classes.dex@1",))


def reads(pkg: Package) -> tuple[CallSite, ...]:
    assert isinstance(pkg.callsites, tuple)
    return pkg.callsites


def test_a_package_is_compared_by_what_it_can_do() -> None:
    old = package(callsites=(site("app", "contacts"),), sdks=(PUSH,))
    new = package(callsites=(site("app", "contacts"), site("jpush", "app_list")), sdks=(replace(PUSH, version="4.0"),))
    changed = package_changes(old, new, reads)
    assert isinstance(changed, tuple)
    assert [(one.dimension, one.kind, one.subject, one.actor) for one in changed] == [
        ("type", "added", "app_list", "jpush"),
        ("sdk", "changed", "jpush", "jpush"),
    ]


def test_a_package_whose_code_was_not_read_is_not_compared() -> None:
    assert isinstance(package_changes(package(), package(callsites=(), sdks=()), reads), Unread)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (Change("permission", "added", "camera"), True),
        (Change("permission", "added", "contacts"), False),
        (Change("type", "added", "location.precise"), True),
        (Change("type", "added", "contacts"), False),
        (Change("sdk", "added", "jpush"), False),
    ],
)
def test_what_the_rules_name(change: Change, named: bool) -> None:
    assert names_change(RULES, change) is named


def test_a_sentence_that_stands_in_both_was_moved() -> None:
    sentence = "为核验您的身份，我们会收集您的手机号码。"
    old, new = policy(f"甲。{sentence}乙。"), policy(f"乙。甲。{sentence}")
    read = replace(old, types=(StatedType("account.phone", said="手机号码", span=span(old, sentence)),))
    assert policy_changes(read, new) == ()
    assert policy_changes(new, read) == ()


def test_a_sentence_that_is_gone_was_not_moved() -> None:
    sentence = "为核验您的身份，我们会收集您的手机号码。"
    old = policy(f"甲。{sentence}")
    read = replace(old, types=(StatedType("account.phone", said="手机号码", span=span(old, sentence)),))
    assert [one.kind for one in policy_changes(read, policy("甲。"))] == ["removed"]


def test_an_item_takes_its_meaning_from_its_list_and_may_change_by_moving() -> None:
    old, new = policy("我们不收集：\n手机号码"), policy("我们收集：\n手机号码")
    read = replace(new, types=(StatedType("account.phone", said="手机号码", span=span(new, "手机号码")),))
    assert [one.kind for one in policy_changes(old, read)] == ["added"]
