"""Values of fields from what JSON gives: as pydantic makes them where they fit, refused where they do not."""

import re
import typing
from dataclasses import fields
from typing import Any

import pytest

from hegui.facts.json import adapter
from hegui.facts.package import Argument, CallSite, Component, Flags, IntentFilter, Package, Sdk
from hegui.facts.plain import value_of
from hegui.facts.unread import Unread

SITE = {
    "api": "a",
    "pi_type": None,
    "perm_group": "phone",
    "target": "La/B;->c()V",
    "cls": "La/B;",
    "method": "d()V",
    "offset": 3,
    "origin": "app",
    "args": [{"index": 0, "value": "x"}],
}
COMPONENT = {
    "kind": "service",
    "name": "a.B",
    "exported": False,
    "filters": [{"actions": ["x"]}],
    "meta_data": {"k": "v"},
}
SDK = {
    "sdk_id": "s",
    "name": "灯笼",
    "pkg_prefix": "",
    "version": {"unread": "SDK_UNKNOWN", "detail": "why"},
    "version_src": "",
    "conf": 1,
    "func_class": "push",
    "collects_pi": True,
}

FITS: tuple[tuple[Any, Any, Any], ...] = (
    (str, "灯笼", "灯笼"),
    (float, 1, 1.0),
    (int | None, None, None),
    (str | None, "", ""),
    (tuple[str, ...], ["a", "b"], ("a", "b")),
    (tuple[tuple[str, int], ...], [["a", 1]], (("a", 1),)),
    (dict[str, bool], {"a": True}, {"a": True}),
    (tuple[Argument, ...] | Unread, [], ()),
    (tuple[Argument, ...] | Unread, {"unread": "NO_PACKAGE"}, Unread("NO_PACKAGE")),
)
UNFIT: tuple[tuple[Any, Any, str], ...] = (
    (int, "1", "expected int, not str"),
    (int, True, "expected int, not bool"),
    (str, None, "expected str, not NoneType"),
    (float, True, "expected float, not bool"),
    (tuple[str, ...], "ab", "expected list, not str"),
    (tuple[str, int], ["a"], "expected list of 2, not list"),
    (dict[str, str], [], "expected object, not list"),
    (Argument, [], "expected Argument, not list"),
    (Argument, {"index": 0}, "Argument: fields are missing or unknown"),
    (Argument, {"index": 0, "value": "", "more": 1}, "Argument: fields are missing or unknown"),
    (tuple[CallSite, ...] | Unread, [SITE | {"offset": "secret"}], "CallSite.offset: expected int, not str"),
    (tuple[CallSite, ...], [SITE | {"offset": "secret"}], "CallSite.offset: expected int, not str"),
    (
        CallSite,
        SITE | {"args": [{"index": "secret", "value": ""}]},
        "CallSite.args: Argument.index: expected int, not str",
    ),
    (Unread, {"unread": "MADE_UP"}, "unknown reason code 'MADE_UP'; the closed list is hegui/facts/reasons.py"),
)


@pytest.mark.parametrize(("kind", "plain", "value"), FITS)
def test_a_value_of_its_type(kind: Any, plain: Any, value: Any) -> None:
    assert value_of(kind, plain) == value == adapter(kind).validate_python(plain)


@pytest.mark.parametrize(("kind", "plain"), [(CallSite, SITE), (Component, COMPONENT), (Sdk, SDK)])
def test_a_record_is_what_pydantic_makes_of_it(kind: type, plain: dict[str, Any]) -> None:
    assert value_of(kind, plain) == adapter(kind).validate_python(plain)


def test_records_inside_records_are_made() -> None:
    assert value_of(Component, COMPONENT).filters == (IntentFilter(("x",)),)


@pytest.mark.parametrize(("kind", "plain", "said"), UNFIT)
def test_what_does_not_fit_is_refused_without_its_value(kind: Any, plain: Any, said: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        value_of(kind, plain)


WHOLE_SITE = SITE | {
    "args": [],
    "reach": ["startup", "La/B;->d()V"],
    "gate": None,
    "at": "classes.dex@0x10",
    "kind": "call",
    "why_origin": "",
    "candidates": ["app"],
    "started_by": "",
}


def test_many_records_are_what_each_of_them_is() -> None:
    turned = dict(reversed(WHOLE_SITE.items()))
    for rows in ([WHOLE_SITE, turned], [WHOLE_SITE, SITE], [SITE | {"pi_type": "sms"}, SITE], []):
        assert value_of(tuple[CallSite, ...], rows) == tuple(value_of(CallSite, row) for row in rows)


@pytest.mark.parametrize(
    "wrong",
    [
        WHOLE_SITE | {"offset": True},
        WHOLE_SITE | {"reach": ["startup", None]},
        WHOLE_SITE | {"args": [{"index": "0", "value": "x"}]},
        WHOLE_SITE | {"perm_group": 1},
        {("extra" if name == "api" else name): value for name, value in WHOLE_SITE.items()},
        None,
    ],
    ids=["bool", "in a tuple", "in a record", "union", "unknown field", "no record"],
)
def test_one_wrong_record_among_many_is_refused_as_alone(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"expected|fields are missing") as alone:
        value_of(CallSite, wrong)
    with pytest.raises(ValueError, match=f"^{re.escape(str(alone.value))}$"):
        value_of(tuple[CallSite, ...], [WHOLE_SITE, wrong, WHOLE_SITE])


@pytest.mark.parametrize("kind", [Package, Flags])
def test_every_field_that_a_child_can_tell_has_a_check(kind: type) -> None:
    hints = typing.get_type_hints(kind)
    for part in fields(kind):
        # None fits some and not others; what matters is that the type is known.
        try:
            value_of(hints[part.name], None)
        except ValueError:
            continue


def test_a_type_that_facts_do_not_use_is_an_error_of_ours() -> None:
    with pytest.raises(TypeError):
        value_of(set[str], [])
