"""The page: everything is on it, nothing a package says can change it, and what was not read is never shown as none."""

import base64
import hashlib
import html
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from hegui.audit import judge
from hegui.audit.file import NOTICE, Baseline, audit_file
from hegui.audit.verdict import ORDER
from hegui.facts import Stage, Unread
from hegui.facts.package import (
    Argument,
    CallSite,
    Component,
    Entry,
    Flags,
    NativeLibrary,
    Permission,
    Sdk,
)
from hegui.law.knobs import shipped_knobs
from hegui.law.packs import shipped
from hegui.report.html import to_html
from hegui.report.names import PARTIES
from tests.report.example import HOSTILE, IMEI, MAPS, NOTES, ON_CREATE, SHA, audited, facts, package, sdks, site


def page_of(**parts: object) -> str:
    file, given, _ = audited(replace(package(), **parts))  # type: ignore[arg-type]
    return to_html(file, given, shipped())


@cache
def page() -> str:
    return page_of()


def hostile_site(origin: str = HOSTILE, api: str = HOSTILE) -> CallSite:
    method = f"L{HOSTILE};->{HOSTILE}()V"
    pi_type = None if api.startswith("code.") else HOSTILE
    path = ("startup", HOSTILE, f"L{HOSTILE}/{HOSTILE};->{HOSTILE}()V")
    one = site(api, pi_type, method, method, origin, path, why_origin=HOSTILE, candidates=(HOSTILE, "x"))
    return replace(
        one,
        args=(Argument(0, HOSTILE),),
        gate=HOSTILE,
        at=HOSTILE,
        why_origin=HOSTILE,
        candidates=(HOSTILE, "x"),
        kind=HOSTILE,
    )


class Reader(HTMLParser):
    """Collects what the tests ask, and fails where tags do not nest."""

    VOID = frozenset({"meta", "input", "br", "link", "img", "hr"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()
        assert not self.open, f"left open: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs)), f"attribute twice in <{tag}>"
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> at {self.getpos()}"

    def all(self, tag: str, **attrs: str) -> list[dict[str, str | None]]:
        wanted = {key.rstrip("_"): value for key, value in attrs.items()}
        return [found for name, found in self.tags if name == tag and wanted.items() <= found.items()]


def visible(text: str) -> str:
    """The body without its script."""
    return text[text.index("<body>") : text.index("<script>")]


def test_is_well_formed_with_unique_ids_and_no_dead_anchor() -> None:
    read = Reader(page())
    ids = [attrs["id"] for _, attrs in read.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for attrs in read.all("a"):
        target = (attrs["href"] or "").removeprefix("#").split("at=")[-1]
        assert target in ids, f"nothing has the id {target}"


def test_loads_nothing_from_anywhere() -> None:
    read = Reader(page())
    for tag, attrs in read.tags:
        assert "src" not in attrs, tag
        assert (attrs.get("href") or "#").startswith("#"), attrs
    assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest|localStorage", page())
    (policy,) = (attrs["content"] or "" for attrs in read.all("meta") if "http-equiv" in attrs)
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-")


def test_only_our_script_may_run() -> None:
    text = page()
    script = text[text.index("<script>") + len("<script>") : text.index("</script>")]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in text
    assert len(Reader(text).all("script")) == 1
    assert not [attrs for _, attrs in Reader(text).tags if any(name.startswith("on") for name in attrs)]


@pytest.mark.parametrize(
    "parts",
    [
        {"label": HOSTILE},
        {"version_name": HOSTILE},
        {"name": HOSTILE},
        {"shared_user_id": HOSTILE},
        {"odd_entries": (Entry(HOSTILE, HOSTILE, HOSTILE),)},
        {"permissions": (Permission(HOSTILE, "camera", True, why_origin=HOSTILE, flags=(HOSTILE,), label=HOSTILE),)},
        {"components": (Component("activity", HOSTILE, True, (HOSTILE,), process=HOSTILE, permission=HOSTILE),)},
        {"splits": (HOSTILE,)},
        {"urls": Unread("PLATFORM_UNSUPPORTED", HOSTILE)},
        {"urls": (HOSTILE, f"http://{HOSTILE}/")},
        {"callsites": (hostile_site(), hostile_site("app"), hostile_site("unknown", api="code.dex_loader"))},
        {
            "sdks": (Sdk(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, 0.5, HOSTILE, True, (HOSTILE,)),),
            "callsites": (hostile_site(),),
        },
        {"flags": Flags(True, HOSTILE, True, (NativeLibrary(HOSTILE, HOSTILE, 1),), 0.5, (HOSTILE,), (HOSTILE,))},
        {"unowned_code": (HOSTILE,), "parts": (HOSTILE,)},
    ],
    ids=lambda parts: next(iter(parts)),
)
def test_nothing_in_a_package_becomes_markup(parts: dict[str, object]) -> None:
    text = page_of(**parts)
    assert "<script>alert" not in text
    assert len(Reader(text).all("script")) == 1


def test_excerpts_show_markup_chinese_and_hidden_characters_as_they_are() -> None:
    text = page()
    assert "&lt;b&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "中文 عربي [U+202E]txt.exe" in text
    assert "\u202e" not in text


def test_long_and_broken_text_stays_small_and_can_be_written() -> None:
    text = page_of(label="长" * 100_000, version_name="\ud800\x00")
    assert "…[+96000]" in text
    assert "[U+D800][U+0000]" in text
    assert len(text.encode()) < 1_200_000


def test_every_duty_is_there_once_in_both_languages() -> None:
    read = Reader(page())
    text = html.unescape(page())
    duties = [duty for pack in shipped() for duty in pack.duties]
    assert [attrs["id"] for attrs in read.all("details", class_="duty")] == [duty.id for duty in duties]
    for duty in duties:
        assert duty.title.zh in text
        assert duty.title.en in text


def test_opens_in_the_language_asked_for_and_holds_the_other() -> None:
    file, given, _ = audited(package())
    english = to_html(file, given, shipped(), language="en")
    assert Reader(english).all("html", lang="en", **{"data-lang": "en"})
    assert Reader(page()).all("html", lang="zh-CN", **{"data-lang": "zh"})
    for text in (english, page()):
        assert NOTICE.zh in text
        assert NOTICE.en in text


def test_same_input_same_bytes() -> None:
    first, second = (to_html(*audited(package())[:2], shipped()) for _ in range(2))
    assert first == second


def test_is_small() -> None:
    assert len(page().encode()) < 1_200_000


def test_says_that_it_is_a_pre_assessment_of_drafts_without_a_date_or_score() -> None:
    text = visible(page())
    assert NOTICE.zh in text
    assert text.count('施行日期：</span><span lang="en">effective date: </span><span lang="zh">未设定') == 2
    opening = text[: text.index('<section id="articles">')]
    assert "%" not in re.sub(r"<[^>]+>", "", opening)


def test_failed_and_partial_stages_stand_in_the_warning_band() -> None:
    text = page()
    band = text[text.index('<section class="warning"') : text.index('<section class="subject"')]
    assert "header too short" in band
    assert "resources.arsc" in band
    assert "a fault in a check" in band
    done = replace(facts(package()), stages=(Stage("container", "done"),))
    file = replace(audited(package())[0], stages=done.stages)
    assert '<section class="warning"' not in to_html(file, done, shipped())


def test_one_finding_that_answers_both_drafts_is_told_once() -> None:
    assert page().count("目标系统级别为 22") == 3, "the card once, and the one-line reason of each duty"


def test_evidence_names_place_hash_and_command() -> None:
    text = html.unescape(page())
    assert "hegui show '示例 notes.apk' AndroidManifest.xml@0x0100" in text
    assert f"sha256 {SHA}" in text


def test_what_was_not_read_is_never_shown_as_none() -> None:
    not_read = Unread("NO_PACKAGE", "manifest: CRASHED")
    text = page_of(
        permissions=not_read, components=not_read, signers=not_read, queries=not_read, dex_files=not_read,
        allow_backup=not_read, signature=not_read, sig_schemes=not_read, shared_user_id=not_read, label=not_read,
    )  # fmt: skip
    shown = text[text.index('<section id="unseen">') : text.index('<section id="coverage">')]
    assert 'class="map"' not in shown
    assert "未申请" not in shown
    assert shown.count("manifest: CRASHED") == 8
    assert shown.count("未读取") == shown.count('class="unread"') >= 8
    listed = text[text.index('<section id="coverage">') :]
    for path in ("pkg.permissions", "pkg.components", "pkg.signers", "pkg.dex_files", "policy", "trace"):
        assert f"<code>{path}</code>" in listed


def section(text: str, name: str) -> str:
    """A section of the page as a reader of Chinese sees it: no tags, entities resolved."""
    part = text[text.index(f'<section id="{name}">') :]
    part = part[: part.index("</section>")]
    return html.unescape(re.sub(r"<[^>]+>", "", re.sub(r'<span lang="en">.*?</span>', "", part)))


def test_the_matrix_marks_each_cell_with_the_earliest_time_and_links_to_the_places() -> None:
    text = page()
    table = text[text.index('<table class="matrix">') :]
    table = table[: table.index("</table>")]
    cells = re.findall(r'<a class="mark (\w+)" href="#([\w-]+)">(\d+)(?:<small>/(\d+)</small>)?</a>', table)
    assert cells == [
        ("component", "reads-1-0", "1", ""), ("startup", "reads-2-0", "1", ""), ("unknown", "reads-3-0", "1", ""),
        ("component", "reads-4-0", "1", ""), ("launcher", "reads-0-1", "1", ""), ("startup", "reads-1-1", "1", "2"),
        ("component", "reads-0-2", "1", "2"),
    ]  # fmt: skip
    assert '.mark.startup::before { content: "启"; }' in text, "a letter beside the colour"
    assert "model" not in table


def test_a_site_is_shown_with_place_argument_guard_path_and_command() -> None:
    shown = section(page(), "reads")
    for part in (
        "Lcom/example/notes/Share;->pick()V", "@0x0150", "content://com.android.contacts/data/phones",
        "仅在查得权限已授予时", "仅当标记 agreed 为否", "hegui show '示例 notes.apk' classes.dex@0x150",
        "应用自身 com.example.notes.App.onCreate", "… 略去 3 步", "示例地图 com.example.maps.Maps.init",
    ):  # fmt: skip
        assert part in shown, part


def test_the_sdk_page_tells_versions_confidence_and_what_each_reaches() -> None:
    shown = " ".join(section(page(), "sdks").split())
    assert "辨认出 2 个，其中已知会收集个人信息的 1 个；另有 1 个线索不足，未能定名" in shown
    assert "3.2.1 读自 classes.dex@0x10" in shown
    assert "未读取：SDK 版本无法确定 SDK_VERSION_UNKNOWN" in shown
    assert "可信度 0.60" in shown
    assert shown.count("未知，规则未读取 NO_POLICY") == 3
    assert "IMEI 1 精确位置 2" in shown


def test_a_sentence_on_what_was_in_the_way_stands_beside_every_count() -> None:
    for name in ("reads", "sdks", "unseen"):
        assert "代码未加固、有 1 处动态加载、3 处反射、1 个原生库的内部不读、混淆约 62%" in section(page(), name)


def test_addresses_are_listed_by_host_and_never_linked() -> None:
    shown = section(page(), "unseen")
    assert "3 个网址，2 个主机" in shown
    assert "plain.example.com 1 明文 http" in shown


def test_unread_code_is_told_and_no_table_stands_in_its_place() -> None:
    why = Unread("PLATFORM_UNSUPPORTED", "dex stage")
    flags = Flags(why, None, why, why, why, reflection=why)
    text = page_of(callsites=why, sdks=why, urls=why, flags=flags)
    assert '<table class="matrix">' not in text
    assert '<table class="components sdks">' not in text
    for name, times in (("reads", 1), ("sdks", 1), ("unseen", 7)):
        shown = section(text, name)
        assert shown.count("dex stage") == times, name
        assert "没有看到" not in shown
        assert "调用点中没有" not in shown
        assert "辨认出" not in shown


def test_read_and_empty_is_said_to_be_empty() -> None:
    text = page_of(callsites=(), sdks=(), urls=())
    assert '<table class="matrix">' not in text
    assert "没有看到调用点的种类 (41)" in section(text, "reads")
    assert "辨认出 0 个" in section(text, "sdks")


def test_unread_call_sites_do_not_hide_the_sdks() -> None:
    shown = section(page_of(callsites=Unread("PLATFORM_UNSUPPORTED", "dex stage")), "sdks")
    assert shown.count("dex stage") == 3
    assert "没有看到调用点" not in shown


def many_sites(count: int, actors: int) -> tuple[CallSite, ...]:
    kinds = ("sms", "contacts", "location.precise", "photo", "device_id.imei", "app_list")
    return tuple(
        site(
            "example.imei", kinds[one % len(kinds)], IMEI,
            f"Lcom/vendor{one % actors}/sdk/internal/Collector{one // 2};->collect(Landroid/content/Context;)V",
            f"sdk{one % actors}" if one % actors else "app",
            ("startup", ON_CREATE, *(f"{MAPS}Step{step};->run(Landroid/content/Context;)V" for step in range(5))),
        )
        for one in range(count)
    )  # fmt: skip


@pytest.mark.parametrize(("count", "actors", "most"), [(400, 12, 1_300_000), (20_000, 200, 1_700_000)])
def test_many_call_sites_keep_the_page_small_and_what_is_left_out_is_counted(
    count: int, actors: int, most: int
) -> None:
    known = tuple(replace(sdks()[0], sdk_id=f"sdk{one}", name=f"SDK {one}") for one in range(actors))
    text = page_of(callsites=many_sites(count, actors), sdks=known)
    assert len(text.encode()) < most
    shown = section(text, "reads")
    listed = int(re.findall(rf"列出 (\d+) 处，共 {count} 处", shown)[0])
    assert shown.count("hegui show") == listed
    Reader(text)


def test_long_names_in_the_code_are_cut() -> None:
    long = f"L{'长' * 90_000};->b()V"
    text = page_of(callsites=(site("x", "sms", long, NOTES + "A;->b()V", reach=("startup", long)),))
    assert len(text.encode()) < 1_000_000
    assert "…[+" in section(text, "reads")


def test_without_a_package_the_report_still_stands() -> None:
    file, given, _ = audited(Unread("NO_PACKAGE"))
    text = to_html(file, given, shipped())
    assert len(Reader(text).all("details", class_="duty")) == 260
    assert "未读取" in visible(text)


def test_permission_map_tells_asked_added_and_void_apart() -> None:
    text = page()
    cells = re.findall(r'<div class="(asked|added|clear)">', text)
    assert cells == ["clear"] * 3 + ["asked"] * 2 + ["clear"] * 3 + ["asked", "added"]
    assert "≤ API 28" in text
    assert "在可安装的系统上不会生效" in text
    assert "由平台因目标级别较低而附加" in text
    assert "SDK：示例地图（com.example.maps）" in text


def test_filters_are_there_and_count_every_duty() -> None:
    read = Reader(page())
    assert {attrs["id"] for tag, attrs in read.tags if tag in ("input", "select") and "id" in attrs} == {
        "q", "draft", "party",
    }  # fmt: skip
    assert [attrs["value"] for attrs in read.all("input", type="checkbox")] == list(ORDER)
    parties = {attrs["value"] for attrs in read.all("option") if attrs.get("value") in PARTIES}
    assert parties == {duty.obligor for pack in shipped() for duty in pack.duties}
    for attrs in read.all("details", class_="duty"):
        assert attrs["data-verdict"] in ORDER
        assert set((attrs["data-party"] or "").split()) <= set(PARTIES)
    assert "没有符合筛选条件的义务" in page()


def test_grid_has_a_tile_per_article_and_a_letter_beside_the_colour() -> None:
    tiles = re.findall(r'<a class="tile (\w+)" href="#art-([\w-]+)-(\d+)">.*?</a>', page(), re.S)
    assert [(draft, int(number)) for _, draft, number in tiles] == [
        (pack.id, number) for pack in shipped() for number in range(1, pack.articles + 1)
    ]
    assert ("violation", "cac-2026", "12") in tiles
    assert '<span lang="zh">违</span><span lang="en">V</span>' in page()


def test_official_wording_stands_beside_the_article_it_belongs_to() -> None:
    file, given, _ = audited(package())
    text = to_html(file, given, shipped(), wording={"cac-2026:14": "官方文字<样例>"})
    start = text.index('id="art-cac-2026-14"')
    assert start < text.index("官方文字&lt;样例&gt;") < text.index('id="art-cac-2026-15"')
    assert "官方文本（用户载入）" not in page()


def test_changes_and_settings_of_the_user_layer_are_shown() -> None:
    assert "cac-2026:7.1.5: A. Example, 2026-11-01: as agreed" in page()
    assert f"({len(shipped_knobs())})" in page()


def test_findings_new_against_a_baseline_are_marked() -> None:
    file, given, _ = audited(package())
    held = replace(file, baseline=Baseline("cd" * 32, ("cac-2026:36.1.1",), ("app-2021:9.5.4",)))
    text = to_html(held, given, shipped())
    assert text.count("比基线新增或加重") == 1
    assert "cd" * 32 in text


def test_prints_evidence_opened_without_controls_and_with_a_footer_on_every_page() -> None:
    text = page()
    css = text[text.index("@media print") : text.index("</style>")]
    assert "details-content" in css
    assert "table-footer-group" in css
    assert "#filters" in css
    footer = text[text.index("<footer>") : text.index("</footer>")]
    for part in ("com.example.notes", SHA[:16], "cac-2026 2026-01-10", "app-2021 2021-04-26", NOTICE.zh):
        assert part in footer


def test_real_packages_make_pages_of_bounded_size(materials: Path) -> None:
    from hegui.readers.package import read_package
    from hegui.regulations import load_checks

    knobs = {name: knob.value for name, knob in shipped_knobs().items()}
    for name in ("ContactManager.apk", "ApiDemos-debug.apk"):
        read = read_package(materials / "apk" / name)
        file = audit_file(judge(read, shipped(), load_checks(), knobs, date(2026, 11, 2)), knobs)
        text = to_html(file, read, shipped())
        assert len(Reader(text).all("details", class_="duty")) == 260
        assert len(text.encode()) < 1_300_000


def after_script(tmp_path: Path, hash_: str) -> Reader:
    """The page as a browser leaves it after running its script."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if not browser:
        pytest.skip("no chromium here")
    (tmp_path / "audit.html").write_text(page(), "utf-8")
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
    run = subprocess.run(
        [browser, *flags, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom",
         (tmp_path / "audit.html").as_uri() + hash_],
        capture_output=True, text=True, timeout=100, check=True,
    )  # fmt: skip
    return Reader(run.stdout)


@pytest.mark.slow
def test_state_in_the_address_is_applied_by_the_script(tmp_path: Path) -> None:
    read = after_script(tmp_path, "#lang=en&draft=cac-2026&verdict=risk&at=cac-2026:36.1.1")
    assert read.all("html", lang="en", **{"data-lang": "en", "class": "js"})
    shown = [attrs for attrs in read.all("details") if "data-verdict" in attrs and "hidden" not in attrs]
    assert [attrs["id"] for attrs in shown] == ["cac-2026:14.1.1", "cac-2026:36.1.1"]
    assert "open" in shown[1]


@pytest.mark.slow
def test_a_number_of_the_matrix_opens_its_places(tmp_path: Path) -> None:
    read = after_script(tmp_path, "#reads-1-1")
    assert read.all("div", id="reads-1-1", class_="here")
    assert [("open" in attrs) for attrs in read.all("details", class_="party")] == [False, True, False, False, False]
    assert sum("open" in attrs for attrs in read.all("details", class_="cell")) == 1
