"""Every code that can stand in a report has its words."""

import typing

import pytest

from hegui.audit.finding import EvidenceKind
from hegui.audit.verdict import ORDER, Basis
from hegui.facts.facts import StageState
from hegui.law.duty import Automation, Obligor, Severity
from hegui.report import names
from hegui.report.names import actor, article


def test_articles_are_numbered_as_the_drafts_number_them() -> None:
    assert [article(number).zh for number in (1, 10, 14, 20, 38)] == [
        "第一条", "第十条", "第十四条", "第二十条", "第三十八条",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        (names.PARTIES, typing.get_args(Obligor)),
        (names.AUTOMATION, typing.get_args(Automation)),
        (names.SEVERITIES, typing.get_args(Severity)),
        (names.BASES, typing.get_args(Basis)),
        (names.EVIDENCE, typing.get_args(EvidenceKind)),
        (names.STAGE_STATES, typing.get_args(StageState)),
        (names.LETTERS, ORDER),
        (names.REACHED_LETTERS, tuple(names.REACHED)),
    ],
)
def test_no_code_is_without_words(table: dict[str, object], codes: tuple[str, ...]) -> None:
    assert list(table) == list(codes)


def test_an_sdk_is_named_and_its_id_kept() -> None:
    assert actor("com.example.maps", {"com.example.maps": "示例地图"}).zh == "SDK：示例地图（com.example.maps）"
    assert actor("unknown", {}).en == "unknown (counts against the app operator)"


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("checkSelfPermission", "仅在查得权限已授予时"),
        ("flag:agreed", "仅当标记 agreed 为是"),
        ("flag:!agreed", "仅当标记 agreed 为否"),
        ("flag:agreed via La/Consent;->given()Z", "仅当标记 agreed 为是（经 La/Consent;->given()Z）"),
        ("something new", "something new"),
    ],
)
def test_a_guard_is_told_in_words(code: str, says: str) -> None:
    assert names.gate(code).zh == says


def test_the_time_of_every_round_of_the_readers_has_words() -> None:
    # As readers/dex/reach and readers/jvm/reach write them; report may not import readers.
    assert {"startup", "launcher", "component", "public_api", "unreached"} < set(names.REACHED)


def test_the_function_of_an_sdk_is_told_or_stands_for_itself() -> None:
    assert names.sdk_class("push").zh == "消息推送"
    assert names.sdk_class("teleport").zh == "teleport"
    assert names.sdk_class("").zh == "功能未收录"
