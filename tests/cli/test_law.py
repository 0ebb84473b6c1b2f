"""`hegui law` and `hegui explain`, as a new user tries them, also with bad input."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from hegui.cli.app import app
from hegui.errors import HeguiError
from hegui.law.packs import shipped, shipped_duties

from ..law.invented import CATS, TITLE, written

DUTY = "cac-2026:14.2.2"


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def said(*words: str) -> str:
    result = run(*words)
    assert result.exception is None, result.exception
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    return result.stdout


def refused(*words: str) -> HeguiError:
    """The one error of a command; main() prints it as one line and exits with 2."""
    result = run(*words)
    assert isinstance(result.exception, HeguiError), result.output
    assert "\n" not in str(result.exception)
    return result.exception


@pytest.fixture
def cats(tmp_path: Path) -> Path:
    path = tmp_path / "cats.txt"
    path.write_text(written(CATS), "gb18030")
    return path


def test_list_names_the_regulations_and_the_user_layer(tmp_path: Path) -> None:
    text = said("law", "list")
    for pack in shipped():
        assert pack.title.zh in text
        assert f"{len(pack.duties)} 项义务" in text
    assert str(tmp_path / "hegui-home") in text
    assert shipped()[0].title.en in said("law", "list", "--lang", "en")


def test_list_shows_what_the_user_layer_changes(tmp_path: Path) -> None:
    home = tmp_path / "hegui-home"
    home.mkdir()
    (home / "knobs.toml").write_text('"nag.hours" = { value = 24, author = "a", reason = "r" }', "utf-8")
    assert "nag.hours = 24 (a：r)" in said("law", "list")


def test_show_a_regulation_lists_its_articles() -> None:
    text = said("law", "show", "cac-2026")
    assert "cac-2026:38" in text
    assert "hegui law load" in text


def test_show_an_article_lists_its_duties() -> None:
    text = said("law", "show", "cac-2026:14")
    assert "第十四条" in text
    for duty in shipped_duties().values():
        assert (duty.id in text.split()) == (duty.regulation == "cac-2026" and duty.article == 14)


def test_show_a_duty_or_the_beginning_of_one_shows_just_these() -> None:
    assert said("law", "show", DUTY).count("    cac-2026:14.") == 1
    assert said("law", "show", "cac-2026:14.2").count("    cac-2026:14.") == 3
    assert "single-fix" in said("law", "show", DUTY, "--lang", "en")


def test_the_official_wording_stands_beside_our_duties(cats: Path) -> None:
    assert "12 条" in said("law", "load", str(cats), "--as", "cac-2026")
    text = said("law", "show", "cac-2026:4").splitlines()
    wording = text.index("│ （一）猫的毛色、体态和识别标记；")
    assert any("cats.txt" in line for line in text[:wording])
    assert CATS[3].splitlines()[0] in "".join(text)
    assert "官方文本：" + CATS[7] in said("explain", "cac-2026:8.1")


def test_load_says_what_it_could_not_place_and_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "cut.md"
    path.write_text("来源：某网站\n\n猫舍管理办法（征求意见稿）\n\n第一条 甲。\n\n第四条 猫是指：\n\n...\n", "utf-8")
    text = said("law", "load", str(path), "--as", "cats-2030")
    assert "第 1 行  在第一条之前：来源：某网站" in text
    assert "第 9 行  只有省略号" in text
    assert "第四条之前缺第二条至第三条" in text
    assert "第四条不完整，止于“猫是指：”" in text
    assert "cats-2030" in said("law", "list")
    assert "第四条" in said("law", "show", "cats-2030")
    assert "Article 4 is cut off" in said("law", "load", str(path), "--as", "cats-2030", "--lang", "en")


def test_an_adopted_text_is_not_loaded_as_its_draft(tmp_path: Path) -> None:
    path = tmp_path / "final.txt"
    title = shipped()[0].title.zh.partition("（")[0]
    path.write_text(written(CATS, title), "utf-8")
    assert "--as cac-2026-final" in str(refused("law", "load", str(path)))
    assert "只存文本" in said("law", "load", str(path), "--as", "cac-2026-final")
    path.write_text(written(CATS, title + "\n（征求意见稿）"), "utf-8")
    assert "cac-2026: 12 条" in said("law", "load", str(path))


def test_diff_names_what_changed_and_the_duties(cats: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.txt"
    new.write_text(written(CATS).replace("7个工作日", "10个工作日").replace("可以上门", "应当上门"), "utf-8")
    text = said("law", "diff", str(cats), str(new), "--as", "cac-2026")
    assert "未变 11；有改动 1" in text
    assert "[-7-]{+10+}个工作日" in text
    assert "数字改变: 7个工作日 → 10个工作日" in text
    assert "义务性质改变: 可以 → 应当" in text
    assert "cac-2026:5.1" in text
    assert "认不出旧文本" in said("law", "diff", str(cats), str(new))
    assert "number changed" in said("law", "diff", str(cats), str(new), "--lang", "en")


def test_diff_in_json_between_a_loaded_text_and_a_file(cats: Path, tmp_path: Path) -> None:
    said("law", "load", str(cats), "--as", "cac-2026")
    new = tmp_path / "new.txt"
    new.write_text(written(CATS[:11]), "utf-8")
    found = json.loads(said("law", "diff", "cac-2026", str(new), "--format", "json"))
    assert found["schema"] == "hegui/law-diff@1"
    assert found["counts"] == {"removed": 1, "same": 11}
    assert found["regulation"] == "cac-2026"
    assert found["old"] == TITLE


def test_coverage_counts_every_duty() -> None:
    text = said("law", "coverage")
    for pack in shipped():
        assert f"/{len(pack.duties)}" in text
    assert "app-2021" not in said("law", "coverage", "--regulation", "cac-2026", "--lang", "en")


BAD = {
    "a regulation that is none": (("law", "show", "cac-2027"), "nearest: cac-2026"),
    "an article that is none": (("law", "show", "cac-2026:99"), "it has 38"),
    "a duty that is none": (("law", "show", "cac-2026:14.2.22"), "nearest: cac-2026:14.2.2"),
    "a file that is none": (("law", "load", "/nowhere/text.txt"), "cannot read"),
    "a folder for a file": (("law", "load", "/"), "cannot read"),
    "a text that is not loaded": (("law", "diff", "cac-2026", "app-2021"), "is not loaded"),
    "neither a file nor a text": (("law", "diff", "nowhere.txt", "app-2021"), "no file and no loaded text"),
    "coverage of none": (("law", "coverage", "--regulation", "cac"), "no law pack 'cac'"),
    "explain what is none": (("explain", "cac-2026:14.2.22"), "nearest: cac-2026:14.2.2"),
    "explain a paragraph": (("explain", "cac-2026:14.2"), "below it: cac-2026:14.2.1"),
    "explain nonsense": (("explain", "猫"), "no duty '猫'"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gets_one_clear_line(name: str) -> None:
    words, says = BAD[name]
    assert says in str(refused(*words))


def test_a_text_that_names_no_regulation_asks_for_its_id(cats: Path) -> None:
    assert "--as" in str(refused("law", "load", str(cats)))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "id", ["cac-2026:1.1", DUTY, "cac-2026:18.2.1", "cac-2026:34.2.1", "app-2021:9.4.2", "app-2021:20.1"]
)
def test_explain_says_all_that_is_known(id: str, lang: str) -> None:
    duty = shipped_duties()[id]
    text = said("explain", id, "--lang", lang)
    words = [duty.title, duty.trigger, duty.decides, duty.violates, duty.complies, *duty.exceptions]
    for one in words:
        assert (one.en if lang == "en" else one.zh) in text
    assert duty.cite in text
    for name in (*duty.missing, *duty.rules, *duty.ambiguities, *duty.workflows, *duty.features, *duty.related):
        assert name in text


def test_explain_shows_knobs_and_what_the_user_layer_changed(tmp_path: Path) -> None:
    home = tmp_path / "hegui-home"
    home.mkdir()
    (home / "overrides.toml").write_text(
        f'[[override]]\nduty = "{DUTY}"\nfield = "severity"\nvalue = "low"\nauthor = "a"\nreason = "r"\ndate = 2026-03-01\n'
    )
    text = said("explain", DUTY)
    assert "loc.cluster_s = 3" in text
    assert "severity: high → low (a, 2026-03-01: r)" in text
    assert "严重程度：低" in text


def test_explain_works_for_every_duty() -> None:
    from hegui.cli.explain import explain

    for id in shipped_duties():
        explain(id, "zh")
        explain(id, "en")


def test_the_two_drafts_load_and_stand_beside_the_duties(shared: Path) -> None:
    for name, articles in (("cac-2026", 38), ("app-2021", 20)):
        text = said("law", "load", str(shared / "law" / f"{name}-draft.txt"))
        assert f"{name}: {articles} 条" in text
        for number in range(1, articles + 1):
            assert "│ " in said("law", "show", f"{name}:{number}")
    assert "第三十八条不完整" in said("law", "show", "cac-2026:38")
    assert "施行日期为空白" in said("law", "show", "app-2021:20")
