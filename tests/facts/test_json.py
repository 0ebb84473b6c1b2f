"""Facts to JSON and back."""

import json
from dataclasses import replace

import jsonschema
import pytest

from hegui.errors import HeguiError
from hegui.facts import Facts, Unread
from hegui.facts.declaration import AppDeclaration, Declaration, Scene
from hegui.facts.json import adapter, from_json, schema, to_json
from hegui.facts.package import Component, IntentFilter, Permission
from hegui.facts.policy import Policy
from hegui.facts.screens import Ui
from hegui.facts.trace import Run, Trace, TraceMeta, What
from tests.packages import facts_of, package

FULL = facts_of(
    package(
        label="灯笼 <b>",
        permissions=(Permission("android.permission.CAMERA", "camera", True, max_sdk=30, at="m@0x10"),),
        components=(
            Component(
                "receiver", "com.example.Boot", True, filters=(IntentFilter(("a",), (), ()),), meta_data={"k": "v"}
            ),
        ),
        min_sdk=Unread("NO_PACKAGE", "cut off"),
    ),
    decl=Declaration("张三（虚构）", "2026-11-01", AppDeclaration(scenes=(Scene("扫码", perms=("CAMERA",)),))),
    trace=Trace((Run(TraceMeta("r1", "S1", True, "2026-11-01T00:00:00Z"), (What("fg"),), (), (20,), (1,), (0,)),)),
    policy=Policy("规则"),
)


def test_facts_come_back_as_they_were() -> None:
    assert from_json(to_json(FULL)) == FULL


def test_the_same_facts_give_the_same_bytes() -> None:
    assert to_json(from_json(to_json(FULL))) == to_json(FULL)


def test_what_is_written_is_what_json_dumps_writes() -> None:
    facts = replace(FULL, previous=FULL)
    plain = adapter(Facts).dump_python(facts, mode="json")
    assert to_json(facts) == json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def test_an_unread_part_is_written_as_unread_and_never_as_empty() -> None:
    plain = json.loads(to_json(FULL))
    assert plain["pkg"]["callsites"] == {"unread": "PLATFORM_UNSUPPORTED", "detail": "not read by this version"}
    assert plain["ui"] == {"unread": "NO_UI", "detail": ""}


@pytest.mark.parametrize("part", ["ui", "net", "policy", "trace", "pkg", "decl"])
def test_an_unread_part_never_comes_back_as_a_record_of_defaults(part: str) -> None:
    plain = json.loads(to_json(FULL))
    plain[part] = {"unread": "NO_UI"}
    read = from_json(json.dumps(plain))
    assert isinstance(getattr(read, part), Unread)


def test_a_read_part_with_nothing_in_it_stays_read() -> None:
    plain = json.loads(to_json(FULL))
    plain["ui"] = {"screens": [], "graph": [], "explored": {}}
    assert from_json(json.dumps(plain)).ui == Ui()


def test_the_schema_accepts_what_is_written_and_refuses_what_is_not_a_fact() -> None:
    plain = json.loads(to_json(FULL))
    jsonschema.validate(plain, schema())
    plain["pkg"]["permissions"] = "all"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(plain, schema())


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "(root)"),
        ("[]", "(root)"),
        ('{"inputs": [], "stages": [], "schema": "hegui/facts@2"}', "schema"),
        ('{"inputs": [{"kind": 1}], "stages": []}', "inputs.0"),
        ('{"inputs": [], "stages": [], "colour": "red"}', "colour"),
        ('{"inputs": [], "stages": [], "ui": {"unread": "NO_IDEA"}}', "ui"),
    ],
)
def test_a_broken_file_gets_one_line_that_names_the_place(text: str, place: str) -> None:
    with pytest.raises(HeguiError) as caught:
        from_json(text, "facts.json")
    assert "facts.json" in caught.value.words.zh
    assert place in caught.value.words.zh
    assert "\n" not in caught.value.words.zh


def test_a_reason_code_outside_the_closed_list_is_refused() -> None:
    with pytest.raises(ValueError, match="closed list"):
        Unread("NO_IDEA")


def test_nothing_given_is_unread_all_over() -> None:
    empty = Facts((), ())
    for part in ("pkg", "policy", "trace", "ui", "net", "decl"):
        assert isinstance(getattr(empty, part), Unread)
