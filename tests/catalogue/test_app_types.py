from hegui.catalogue.app_types import app_type, app_types
from hegui.catalogue.lexicons.screens import field_types
from hegui.catalogue.pi_types import PI_TYPES


def test_the_thirty_nine_kinds_are_found_by_number_and_name() -> None:
    assert [one.no for one in app_types()] == list(range(1, 40))
    assert app_type("新闻资讯") == app_type("新闻资讯类") == app_type("30")
    assert app_type("不存在的类") is None


def test_a_kind_that_needs_nothing_must_know_nothing() -> None:
    assert all(not one.types for one in app_types() if one.needs_none)
    assert all(one.types for one in app_types() if not one.needs_none)


def test_what_a_kind_must_know_are_kinds_of_information_or_fields_of_forms() -> None:
    fields = {code for label in ("性别", "年龄", "婚姻状况", "职业", "学历", "地址") for code in field_types(label)[0]}
    assert {code for one in app_types() for code in one.types} <= {*PI_TYPES, *fields}
