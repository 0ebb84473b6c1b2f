"""The user layer lies over the shipped law, changes only what it says, and every fault in it gets one clear line."""

import json
from pathlib import Path

import pytest

from hegui.home import home_folder
from hegui.law.errors import LawError
from hegui.law.knobs import shipped_knobs
from hegui.law.layer import law_in_force, save_text, save_year
from hegui.law.packs import shipped, shipped_duties
from hegui.law.workdays import is_workday, read_year

from .invented import CATS, official

DUTY = "cac-2026:14.2.2"

PACK = """
id = "cats-2030"
title = { zh = "园区流浪猫照料暂行规定", en = "Provisions on stray cats" }
status = "adopted"
status_words = { zh = "已施行", en = "in force" }
version = "2030-01-01"
published = "2030-01-01"
articles = 12
source = "invented"
effective = "2030-02-01"
note = { zh = "无", en = "none" }
"""
DUTIES = """
[[duty]]
id = "cats-2030:3.1"
article = 3
paragraph = 1
cite = "第三条"
clause = "cats-2030:3.1"
obligor = "public"
modality = "must"
severity = "low"
automation = "none"
title = { zh = "在喂食点投喂", en = "Feed at the feeding place" }
trigger = { zh = "投喂", en = "feeding" }
decides = { zh = "无", en = "none" }
violates = { zh = "在楼道投喂", en = "feeding in the corridor" }
complies = { zh = "在喂食点投喂", en = "feeding at the place" }
"""
OVERRIDE = f"""
[[override]]
duty = "{DUTY}"
field = "severity"
value = "critical"
author = "李雷"
reason = "内部红线"
date = 2026-03-01
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "layer"
    folder.mkdir()
    return folder


def write(home: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text, "utf-8")


def test_without_a_user_layer_the_shipped_law_is_in_force(home: Path) -> None:
    for place in (home, home / "absent"):
        law = law_in_force(place)
        assert law.regulations == shipped()
        assert law.duties == shipped_duties()
        assert law.knobs == shipped_knobs()
        assert (law.overrides, law.texts, law.changes(), law.wording()) == ((), {}, (), {})


def test_the_folder_is_named_by_the_environment(tmp_path: Path) -> None:
    own, config = str(tmp_path / "own"), str(tmp_path / "config")
    assert home_folder({"HEGUI_HOME": own, "XDG_CONFIG_HOME": config}) == Path(own)
    assert home_folder({"XDG_CONFIG_HOME": config}) == Path(config) / "hegui"
    assert home_folder({"HEGUI_HOME": ""}) == Path.home() / ".config" / "hegui"


def test_an_own_pack_stands_beside_the_shipped_ones(home: Path) -> None:
    write(home, {"packs/cats-2030/pack.toml": PACK, "packs/cats-2030/duties.toml": DUTIES})
    law = law_in_force(home)
    assert [one.id for one in law.regulations] == ["cac-2026", "app-2021", "cats-2030"]
    assert not law.regulations[2].shipped
    assert law.duties["cats-2030:3.1"].obligor == "public"
    assert [one.id for one in law.only(["cats-2030"])] == ["cats-2030"]
    assert law.changes() == ("packs/cats-2030: 园区流浪猫照料暂行规定",)
    with pytest.raises(LawError, match="nearest: cats-2030"):
        law.only(["cats-2031"])


@pytest.mark.parametrize(
    "text",
    [
        '"nag.hours" = { value = 24, author = "李雷", reason = "从严" }',
        'nag.hours = { value = 24, author = "李雷", reason = "从严" }',
        '[nag.hours]\nvalue = 24.0\nauthor = "李雷"\nreason = "从严"',
    ],
)
def test_a_knob_is_set_with_author_and_reason(home: Path, text: str) -> None:
    write(home, {"knobs.toml": text})
    law = law_in_force(home)
    knob = law.knobs["nag.hours"]
    assert (knob.value, type(knob.value), knob.set_by) == (24, int, "李雷：从严")
    assert {name: one for name, one in law.knobs.items() if name != "nag.hours"} == {
        name: one for name, one in shipped_knobs().items() if name != "nag.hours"
    }
    assert law.changes() == ("nag.hours = 24 (李雷：从严)",)


def test_knobs_of_every_kind_can_be_set(home: Path) -> None:
    said = 'author = "a", reason = "r"'
    write(
        home,
        {
            "knobs.toml": f"""
"law.effective_date" = {{ value = 2026-07-01, {said} }}
"collection.strict" = {{ value = false, {said} }}
"sdk.conf" = {{ value = 0.9, {said} }}
"ban.key" = {{ value = ["package"], {said} }}
"profile.primary" = {{ value = "app-2021", {said} }}
"""
        },
    )
    knobs = law_in_force(home).knobs
    found = {name: knob.value for name, knob in knobs.items() if knob.set_by}
    assert found == {
        "law.effective_date": "2026-07-01",
        "collection.strict": False,
        "sdk.conf": 0.9,
        "ban.key": ("package",),
        "profile.primary": "app-2021",
    }


def test_an_override_changes_one_field_and_is_listed(home: Path) -> None:
    words = OVERRIDE.replace('"severity"', '"title.zh"').replace('"critical"', '"定位一次"')
    write(home, {"overrides.toml": OVERRIDE + words})
    law = law_in_force(home)
    duty, was = law.duties[DUTY], shipped_duties()[DUTY]
    assert (duty.severity, duty.title.zh, duty.title.en) == ("critical", "定位一次", was.title.en)
    assert {name: one for name, one in law.duties.items() if name != DUTY} == {
        name: one for name, one in shipped_duties().items() if name != DUTY
    }
    assert [(one.field, one.was, one.value) for one in law.overrides] == [
        ("severity", was.severity, "critical"),
        ("title.zh", was.title.zh, "定位一次"),
    ]
    assert law.changes()[0] == f"{DUTY} severity: {was.severity} → critical (李雷, 2026-03-01: 内部红线)"


def test_a_loaded_text_is_kept_and_read_back(home: Path) -> None:
    text = official(CATS)
    path = save_text(text, "cac-2026", home)
    assert path == home / "texts" / "cac-2026" / "text.json"
    law = law_in_force(home)
    assert law.texts == {"cac-2026": text}
    assert law.wording()["cac-2026:2"] == CATS[1]
    assert law.wording()["cac-2026:4"].splitlines()[1] == "（一）猫的毛色、体态和识别标记；"
    save_text(text, "cac-2026", home)


def test_another_text_is_not_put_over_the_first_unasked(home: Path) -> None:
    save_text(official(CATS), "cac-2026", home)
    other = official(CATS[:3])
    with pytest.raises(LawError, match="--replace"):
        save_text(other, "cac-2026", home)
    save_text(other, "cac-2026", home, replace_other=True)
    assert law_in_force(home).texts["cac-2026"] == other


@pytest.mark.parametrize("id", ["../out", "", "/etc", "A", "a/b", "x" * 80])
def test_an_id_cannot_lead_out_of_the_folder(home: Path, id: str) -> None:
    with pytest.raises(LawError, match="cannot be an id"):
        save_text(official(CATS), id, home)


def test_a_loaded_year_is_in_the_calendar(home: Path, tmp_path: Path) -> None:
    row = {"year": 2027, "notice": "invented", "off": ["2027-01-01", "2027-10-01"], "work": ["2027-01-02"]}
    (tmp_path / "y.json").write_text(json.dumps(row))
    year = read_year(tmp_path / "y.json")
    save_year(year, home, law_in_force(home).calendar)
    law = law_in_force(home)
    assert is_workday(min(year.work), law.calendar)
    assert law.changes() == ("workdays/2027: invented",)
    save_year(year, home, law.calendar)
    (tmp_path / "y.json").write_text(json.dumps({**row, "work": []}))
    with pytest.raises(LawError, match="--replace"):
        save_year(read_year(tmp_path / "y.json"), home, law.calendar)


KNOB = '"{}" = {{ value = {}, author = "a", reason = "r" }}'
CHANGED = {"author": 'author = "李雷"\n', "reason": 'reason = "内部红线"\n', "date": "date = 2026-03-01\n"}
FAULTS = {
    "knobs.toml is not TOML": ({"knobs.toml": "a = = 1"}, "knobs.toml: not valid TOML"),
    "an unknown knob": ({"knobs.toml": KNOB.format("nag.hour", 1)}, "no knob 'nag.hour'; nearest: nag.hours"),
    "a knob of another kind": ({"knobs.toml": KNOB.format("nag.hours", '"24"')}, "expected a whole number"),
    "a truth value for a number": ({"knobs.toml": KNOB.format("nag.hours", "true")}, "expected a whole number"),
    "a negative number": ({"knobs.toml": KNOB.format("nag.hours", -1)}, "expected a whole number"),
    "half a whole number": ({"knobs.toml": KNOB.format("nag.hours", 1.5)}, "expected a whole number"),
    "infinity": ({"knobs.toml": KNOB.format("sdk.conf", "inf")}, "expected a number"),
    "a number for a truth value": ({"knobs.toml": KNOB.format("collection.strict", 1)}, "expected true or false"),
    "an unknown member": ({"knobs.toml": KNOB.format("ban.key", '["packge"]')}, "a list of some of package"),
    "no date": ({"knobs.toml": KNOB.format("law.effective_date", '"soon"')}, "'soon' is not a date"),
    "a primary law that is none": ({"knobs.toml": KNOB.format("profile.primary", '"cac-2027"')}, "nearest: cac-2026"),
    "a knob without its author": ({"knobs.toml": '"nag.hours" = { value = 1, reason = "r" }'}, "lacks author"),
    "a knob without its reason": ({"knobs.toml": '"nag.hours" = { value = 1, author = "a" }'}, "lacks reason"),
    "a knob given bare": ({"knobs.toml": '"nag.hours" = 24'}, "lacks author"),
    "an unknown duty": ({"overrides.toml": OVERRIDE.replace(".2.2", ".2.22")}, "nearest: cac-2026:14.2.2"),
    "an unknown field": ({"overrides.toml": OVERRIDE.replace('"severity"', '"severty"')}, "nearest: severity"),
    "a field of the text itself": (
        {"overrides.toml": OVERRIDE.replace('"severity"', '"modality"')},
        "cannot be 'modality'",
    ),
    "an unknown value": ({"overrides.toml": OVERRIDE.replace('"critical"', '"fatal"')}, "cannot be 'fatal'"),
    "the same field twice": ({"overrides.toml": OVERRIDE * 2}, "overridden twice"),
    "no author": ({"overrides.toml": OVERRIDE.replace(CHANGED["author"], "")}, "override 1 lacks author"),
    "no reason": ({"overrides.toml": OVERRIDE.replace(CHANGED["reason"], "")}, "override 1 lacks reason"),
    "no day": ({"overrides.toml": OVERRIDE.replace(CHANGED["date"], "")}, "override 1 lacks date"),
    "a day that is none": ({"overrides.toml": OVERRIDE.replace(CHANGED["date"], 'date = "x"\n')}, "not a date"),
    "a misspelt key": ({"overrides.toml": OVERRIDE.replace("author =", "autor =")}, "nearest: author"),
    "a misspelt table": ({"overrides.toml": OVERRIDE.replace("[[override]]", "[[overrides]]")}, "nearest: override"),
    "a plain table": ({"overrides.toml": OVERRIDE.replace("[[override]]", "[override]")}, r"\[\[override\]\]"),
    "a misspelt file": ({"override.toml": OVERRIDE}, "did you mean overrides.toml"),
    "a shipped id": (
        {"packs/x/pack.toml": PACK.replace("cats-2030", "cac-2026"), "packs/x/duties.toml": ""},
        "is a shipped pack",
    ),
    "a folder of another name": (
        {"packs/cats/pack.toml": PACK, "packs/cats/duties.toml": ""},
        "differs from the folder",
    ),
    "a pack without duties": ({"packs/cats-2030/pack.toml": PACK}, "duties.toml"),
    "a pack without a title": (
        {"packs/cats-2030/pack.toml": PACK.replace("title", "titel"), "packs/cats-2030/duties.toml": ""},
        "missing or wrong field 'title'",
    ),
    "a duty of another pack": (
        {
            "packs/cats-2030/pack.toml": PACK,
            "packs/cats-2030/duties.toml": DUTIES.replace("cats-2030:3.1", "cac-2026:3.1"),
        },
        "must begin with cats-2030:",
    ),
    "a duty with an unknown party": (
        {"packs/cats-2030/pack.toml": PACK, "packs/cats-2030/duties.toml": DUTIES.replace('"public"', '"cat"')},
        "obligor cannot be 'cat'",
    ),
    "a text that is not ours": ({"texts/cac-2026/text.json": "{}"}, "load the text again"),
    "a text cut short": ({"texts/cac-2026/text.json": '{"schema": "hegui/text@1"}'}, "load the text again"),
    "a year under another name": (
        {"workdays/2028.json": '{"year": 2027, "notice": "n", "off": ["2027-01-01", "2027-10-01"], "work": []}'},
        "rename it 2027.json",
    ),
    "a broken year": ({"workdays/2027.json": "{"}, "not valid JSON"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_gets_one_clear_line_with_its_file(home: Path, name: str) -> None:
    files, says = FAULTS[name]
    write(home, files)
    with pytest.raises(LawError, match=says) as caught:
        law_in_force(home)
    assert "\n" not in str(caught.value)
    assert any(Path(file).stem in str(caught.value) for file in files)


def test_a_folder_that_cannot_be_written_gets_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LawError, match="HEGUI_HOME"):
        save_text(official(CATS), "cac-2026", tmp_path / "file")
