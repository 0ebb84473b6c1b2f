"""Each page states what was read or declared and asks for the rest."""

from dataclasses import replace

import pytest

from hegui.compose import PAGES
from hegui.compose.pages import Table, plain
from tests.compose.subjects import APP, subject


def table(name: str, **changes: object) -> Table:
    page = PAGES[name](subject(replace(APP, **changes)))  # type: ignore[arg-type]
    return next(part for part in page.parts if isinstance(part, Table))


def cells(made: Table) -> list[dict[str, str]]:
    return [{name: plain(cell) for name, cell in zip(made.columns, row, strict=True)} for row in made.rows]


@pytest.mark.parametrize("name", PAGES)
def test_with_everything_answered_nothing_is_asked(name: str) -> None:
    asked = [one.words for one in PAGES[name](subject()).questions()]
    assert asked == ([] if name != "sharing" else ["极光推送 在哪些场景使用"])


@pytest.mark.parametrize("name", PAGES)
def test_without_a_declaration_no_statement_is_invented(name: str) -> None:
    origins = {one.origin for one in PAGES[name](subject(None)).texts()}
    assert "declared" not in origins


@pytest.mark.parametrize("name", PAGES)
def test_every_statement_knows_its_source(name: str) -> None:
    for one in PAGES[name](subject()).texts():
        if one.origin in ("package", "declared", "catalogue"):
            assert one.source, one.words


def test_the_function_list_has_the_columns_of_article_7() -> None:
    rows = cells(table("functions"))
    assert rows[1]["功能"] == "扫码"
    assert rows[1]["收集目的"] == "识别二维码"
    assert rows[1]["调用权限"] == "相机权限（CAMERA）"
    assert rows[1]["调用频度"] == "每次扫码时一次"
    assert rows[2]["敏感个人信息的必要性"] == "法律要求核实本人身份"


def test_what_the_code_reads_and_no_scene_names_is_a_question() -> None:
    from tests.compose.subjects import site

    asked = [one.words for one in PAGES["functions"](subject(callsites=(site("device_id.android_id"),))).questions()]
    assert len(asked) == 1
    assert "Android ID" in asked[0]
    assert "classes.dex@0x10" in asked[0]


def test_what_an_sdk_can_read_beyond_its_declaration_is_a_question_not_a_statement() -> None:
    from tests.compose.subjects import site

    page = PAGES["sdks"](subject(callsites=(site("app_list", "cn.jpush"),)))
    row = cells(next(part for part in page.parts if isinstance(part, Table)))[0]
    assert row["收集的个人信息种类"].startswith("Android ID；【请填写：其代码还可读取已安装应用列表")


def test_the_sdk_list_takes_version_and_package_from_the_package() -> None:
    row = cells(table("sdks"))[0]
    assert (row["SDK 名称"], row["包名"], row["版本"]) == ("极光推送", "cn.jpush", "3.3.4")


def test_a_permission_no_scene_uses_is_asked_about() -> None:
    row = cells(table("permissions", scenes=()))[0]
    assert row["对应功能"].startswith("【请填写：CAMERA 用于哪个功能")


def test_a_declared_sdk_that_was_not_found_is_asked_about() -> None:
    page = PAGES["sdks"](subject(sdks=()))
    assert "未在安装包中发现" in page.questions()[0].words


def test_each_optional_scene_has_a_switch_of_its_own() -> None:
    page = PAGES["scenes"](subject())
    options = [part for part in page.parts if isinstance(part, Table)][1]
    assert [plain(row[0]) for row in options.rows] == ["扫码", "实名认证"]
