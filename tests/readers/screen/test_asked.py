"""What a screen asks of its user: the words that press, close, tell apart, and the near misses that do not."""

import pytest

from hegui.facts.screens import Sign
from hegui.readers.screen.signs import signs
from hegui.readers.screen.tree import read_dump
from tests.readers.screen.dumps import NOTICE, box, button, node, screen, typed

SUMMARY = "欢迎使用灯笼。我们在您扫码时使用相机，在您查找附近门店时使用位置，请阅读下方的规则了解详情。"
LINK = node("《隐私政策》", 7)


def seen(data: bytes) -> list[Sign]:
    dump = read_dump(data, "x")
    return list(signs(dump.nodes, dump.owner, ""))


def kinds(*nodes: str) -> set[str]:
    return {sign.kind for sign in seen(screen(*nodes))}


@pytest.mark.parametrize("words", ["不同意并退出App", "退出应用", "取消", "残忍拒绝", "游客模式", "仅使用基本功能"])
def test_leaving_a_notice_is_refusing_whatever_it_is_called(words: str) -> None:
    found = seen(screen(node(SUMMARY, 5), LINK, button("同意", 12), button(words, 13)))
    assert [sign.text for sign in found if sign.kind == "refuse"] == [words]


@pytest.mark.parametrize("words", ["取消", "退出", "关闭"])
def test_where_nothing_is_agreed_to_leaving_is_no_refusing(words: str) -> None:
    assert "refuse" not in kinds(node("《隐私政策》", 5), button(words, 13))


def test_a_notice_without_anything_to_agree_to_is_still_a_notice() -> None:
    assert "rules_notice" in kinds(node(SUMMARY, 5), LINK, button("我知道了", 12))
    inside = node("", 12, node("我知道了", 12), cls="android.view.View", clickable="true")
    assert "rules_notice" in kinds(node(SUMMARY, 5), LINK, inside)
    many = [button(f"栏目 {row}", row) for row in range(8, 14)]
    assert "rules_notice" not in kinds(node(SUMMARY, 5), LINK, button("我知道了", 20), *many)


@pytest.mark.parametrize("words", ["5秒后自动同意", "10s后将默认同意", "如无操作，自动视为同意，剩余 3 秒"])
def test_a_countdown_that_agrees(words: str) -> None:
    assert "countdown" in kinds(node(SUMMARY, 5), LINK, button("同意", 12), node(words, 14))


@pytest.mark.parametrize("words", ["同意（5s）", "5秒后可点击同意", "5秒后自动关闭", "5秒后跳过", "5秒内不会自动同意"])
def test_a_countdown_that_only_holds_back_or_closes(words: str) -> None:
    assert "countdown" not in kinds(node(SUMMARY, 5), LINK, button("同意", 12), node(words, 14))


@pytest.mark.parametrize("words", ["如您不同意，将无法使用灯笼", "拒绝后，您将不能继续使用我们的服务"])
def test_that_refusing_makes_the_app_unusable(words: str) -> None:
    assert "refuse_claim" in kinds(node(words, 5), LINK, button("同意", 12))


@pytest.mark.parametrize(
    "words",
    [
        "如您不同意，将无法使用完整功能",
        "不同意可能无法使用部分服务",
        "拒绝相机权限将无法使用该功能",
        "不同意不影响您使用灯笼",
    ],
)
def test_that_refusing_makes_a_part_unusable(words: str) -> None:
    assert "refuse_claim" not in kinds(node(words, 5), LINK, button("同意", 12))


def test_words_that_shame_count_where_something_is_asked() -> None:
    assert "shaming" in kinds(node(SUMMARY, 5), LINK, button("同意", 12), button("残忍拒绝", 13))
    assert "shaming" not in kinds(node("无情的真相", 5), button("阅读", 12))


def test_rules_that_changed_and_the_date_of_a_version() -> None:
    assert "rules_update" in kinds(node("我们更新了《隐私政策》", 5), button("同意", 12))
    assert "rules_update" not in kinds(node("《隐私政策》更新日期：2026 年 3 月 1 日", 5), button("同意", 12))
    assert "rules_update" not in kinds(node("本次更新：修复已知问题", 5), button("立即更新", 12))


def test_a_notice_of_something_sensitive_names_its_kinds() -> None:
    found = seen(screen(node("我们收集您的人脸信息，用于核验", 5), button("同意并继续", 12)))
    assert [sign.types for sign in found if sign.kind == "sensitive_notice"] == [("biometric.face",)]
    found = seen(screen(node("核验需要您的身份证号", 5), box(9), node("我已阅读并同意", 9, left=100)))
    assert [sign.types for sign in found if sign.kind == "sensitive_notice"] == [("account.id_number",)]


@pytest.mark.parametrize("words", ["人脸识别功能介绍", "设备指纹用于风控", "诊断数据"])
def test_words_that_only_hold_one_for_something_sensitive(words: str) -> None:
    assert "sensitive_notice" not in kinds(node(words, 5), button("同意", 12))


def test_where_nothing_can_be_agreed_to_nothing_is_asked_apart() -> None:
    assert "sensitive_notice" not in kinds(node("我们收集您的人脸信息，用于核验", 5), button("返回", 12))


@pytest.mark.parametrize(
    "words", ["没有位置权限，无法使用附近门店", "请先开启通讯录权限，才能继续使用", "该功能已关闭，无法使用"]
)
def test_a_screen_that_lets_nobody_on(words: str) -> None:
    assert "blocked" in kinds(node(words, 5), button("去设置", 12))


def test_a_line_in_a_full_page_and_an_offer_close_nothing() -> None:
    rows = [button(f"门店 {row}", row) for row in range(8, 14)]
    assert "blocked" not in kinds(node("没有位置权限，无法使用附近门店", 5), *rows)
    assert "blocked" not in kinds(node("开启通知，不错过优惠", 5), button("去开启", 12))
    assert "blocked" not in kinds(node("网络异常，无法访问", 5), button("重试", 12))


def test_a_page_that_is_not_there_and_a_phone_that_is_offline() -> None:
    assert "broken_page" in kinds(node("404 Not Found", 5))
    assert "broken_page" not in kinds(node("网络不给力，请检查网络", 5))
    assert "broken_page" not in kinds(node("订单 140432", 5))


def test_fields_by_the_word_beside_them_or_inside() -> None:
    beside = screen(node("注册", 1), node("* 出生日期", 5, right=300), typed(5, left=300))
    assert [sign.types for sign in seen(beside) if sign.kind == "required_field"] == [("birth",)]
    inside = screen(typed(5, hint="请输入您的身份证号"), button("提交", 12))
    assert [sign.types for sign in seen(inside) if sign.kind == "sensitive_field"] == [("account.id_number",)]


@pytest.mark.parametrize("hint", ["搜索身份证照片冲印", "请输入昵称", "身份证丢了怎么办"])
def test_a_field_that_only_mentions_something_sensitive(hint: str) -> None:
    assert "sensitive_field" not in kinds(typed(5, hint=hint), button("提交", 12))


def test_a_field_of_an_order_is_not_one_of_an_account() -> None:
    assert "required_field" not in kinds(node("填写订单", 1), node("* 地址", 5, right=300), typed(5, left=300))


def test_a_plain_first_notice_presses_nobody() -> None:
    assert {sign.kind for sign in seen(NOTICE)} == {"rules_notice", "agree", "refuse", "rules_link"}
