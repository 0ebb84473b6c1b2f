"""`hegui law`: the regulations, their duties and checks, official texts and what changes between two of them."""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hegui.cli.audit import Lang, LangOption

if TYPE_CHECKING:
    from hegui.law.compare_texts import ArticleChange, Edit, TextDiff
    from hegui.law.duty import Duty, Regulation
    from hegui.law.layer import Law
    from hegui.law.text import Article, OfficialText

law = typer.Typer(help="法规、义务与官方文本 / regulations, duties and official texts")


class DiffFormat(StrEnum):
    text = "text"
    json = "json"


Replace = Annotated[bool, typer.Option("--replace", help="替换已载入的 / replace what is loaded")]
As = Annotated[str | None, typer.Option("--as", metavar="ID", help="当作此法规包的文本 / take it as this regulation")]


def say(text: str = "", style: str = "") -> None:
    """A line for a person: styled on a terminal, plain when piped. Never cut or wrapped: Chinese has no spare spaces."""
    import sys

    if style and sys.stdout.isatty():
        from rich.console import Console

        Console(soft_wrap=True).print(text, style=style, markup=False, emoji=False, highlight=False)
    else:
        typer.echo(text)


@law.command("list")
def list_(lang: LangOption = Lang.zh) -> None:
    """列出法规包与用户层的改动 / The regulations, and what the user layer changes."""
    from hegui.law.layer import law_in_force

    zh, here = lang is Lang.zh, law_in_force()
    for one in here.regulations:
        loaded = here.texts.get(one.id)
        say(f"{one.id}  {one.title.in_(lang.value)}", "bold")
        status = one.status_words.in_(lang.value)
        text = loaded.source if loaded else ("未载入" if zh else "not loaded")
        say(
            f"    {status}；{one.published} 公布；{one.articles} 条，{len(one.duties)} 项义务；官方文本：{text}"
            if zh
            else f"    {status}; published {one.published}; {one.articles} articles, {len(one.duties)} duties; text: {text}"
        )
    for id, kept in here.texts.items():
        if here.regulation(id) is None:
            say(f"{id}  {kept.title or kept.source}", "bold")
            say("    仅存文本，没有法规包" if zh else "    text only, no law pack")
    say(f"{'用户层' if zh else 'user layer'}: {here.home}")
    for change in here.changes():
        say(f"    {change}")


@law.command()
def show(
    place: Annotated[str, typer.Argument(metavar="ID", help="cac-2026 | cac-2026:14 | cac-2026:14.2.2")],
    lang: LangOption = Lang.zh,
) -> None:
    """显示法规、条文或义务，官方文本与本工具的义务并列 / A regulation, article or duty beside the official wording."""
    from hegui.law.errors import LawError
    from hegui.law.layer import law_in_force, nearest

    here = law_in_force()
    id, _, rest = place.strip().partition(":")
    pack, text = here.regulation(id), here.texts.get(id)
    if pack is None and text is None:
        near = nearest(id, [*(one.id for one in here.regulations), *here.texts])
        raise LawError(
            f"没有法规 {id!r}{near.zh}；用 hegui law list 查看", f"no regulation {id!r}{near.en}; see hegui law list"
        )
    duties = pack.duties if pack else ()
    if not rest:
        _show_regulation(id, pack, text, lang)
    elif found := re.fullmatch(r"(\d+)(?:-(\d+))?", rest):
        number, inserted = int(found[1]), int(found[2] or 0)
        mine = tuple(duty for duty in duties if duty.article == number and not inserted)
        article = text.article(number, inserted) if text else None
        if not mine and article is None:
            last = pack.articles if pack else len(text.articles) if text else 0
            raise LawError(f"{id} 没有第 {rest} 条；共 {last} 条", f"{id} has no article {rest}; it has {last}")
        _show_article(id, pack, number, mine, text, article, lang)
    else:
        wanted = tuple(duty for duty in duties if duty.id == place or duty.id.startswith(place + "."))
        if not wanted:
            near = nearest(place, (duty.id for duty in duties))
            raise LawError(f"没有义务 {place!r}{near.zh}", f"no duty {place!r}{near.en}")
        article = text.article(wanted[0].article) if text else None
        _show_article(id, pack, wanted[0].article, wanted, text, article, lang, only=True)


@law.command()
def coverage(
    regulation: Annotated[
        list[str] | None, typer.Option("--regulation", metavar="ID", help="只看此法规包 / this pack")
    ] = None,
    lang: LangOption = Lang.zh,
) -> None:
    """逐条统计：各类义务有多少项已有检查 / Per article: duties by automation, and how many have a check."""
    from hegui.law.layer import law_in_force
    from hegui.regulations import checks
    from hegui.report import names

    zh, having = lang is Lang.zh, checks()
    kinds = tuple(names.AUTOMATION)
    for pack in law_in_force().only(regulation):
        say(f"{pack.id}  {pack.title.in_(lang.value)}", "bold")
        rows = [
            [
                "条" if zh else "art.",
                *(names.AUTOMATION[kind].in_(lang.value) for kind in kinds),
                "合计" if zh else "all",
                "",
            ]
        ]
        numbers = [*range(1, pack.articles + 1), 0]
        for number in numbers:
            duties = [duty for duty in pack.duties if number in (0, duty.article)]
            groups = [[duty for duty in duties if duty.automation == kind] for kind in kinds]
            cells = [_with_checks(group, having) for group in (*groups, duties)]
            title = pack.article_titles.get(number)
            rows.append([str(number or ("合计" if zh else "all")), *cells, title.in_(lang.value) if title else ""])
        for row in _columns(rows):
            say(f"  {row}")
    say(
        "有检查的义务数/义务数；· 表示没有这类义务"
        if zh
        else "duties with a check / duties; · stands for none of that kind"
    )


@law.command()
def load(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="官方文本：txt、md、html / the official text")],
    as_: As = None,
    replace: Replace = False,
    lang: LangOption = Lang.zh,
) -> None:
    """载入官方文本，存入用户层，显示在义务旁 / Load an official text into the user layer, shown beside our duties."""
    from hegui.law.layer import law_in_force, nearest, save_text
    from hegui.law.text import read_official_text, regulation_of

    zh, here = lang is Lang.zh, law_in_force()
    text = read_official_text(file)
    id = as_ or _named(text, file, here)
    pack = here.regulation(id)
    path = save_text(text, id, here.home, replace_other=replace)
    say(text.title or file.name, "bold")
    chapters = sum(one.kind == "章" for one in text.chapters)
    say(
        f"{id}: {len(text.articles)} 条，{chapters} 章"
        if zh
        else f"{id}: {len(text.articles)} articles, {chapters} chapters"
    )
    if pack is None:
        near = nearest(id, (one.id for one in here.regulations))
        say(
            f"没有编号为 {id} 的法规包，只存文本{near.zh}" if zh else f"no law pack {id}: kept as a text only{near.en}",
            "yellow",
        )
    elif regulation_of(text.title, [pack]) is None:
        say(
            f"标题与法规包的不同：{pack.title.zh}" if zh else f"the title is not that of the pack: {pack.title.en}",
            "yellow",
        )
    elif len(text.articles) != pack.articles:
        say(
            f"法规包有 {pack.articles} 条，此文本有 {len(text.articles)} 条；请核对是否同一版本"
            if zh
            else f"the pack has {pack.articles} articles, this text {len(text.articles)}: is it the same version?",
            "yellow",
        )
    _faults(text, lang)
    if text.unplaced:
        say(
            f"没有放入条文的行（{len(text.unplaced)}）："
            if zh
            else f"lines without a place in the articles ({len(text.unplaced)}):"
        )
        for one in text.unplaced:
            say(f"  {_line(one.line, one.line, zh)}  {one.why.in_(lang.value)}：{one.text}")
    say(f"{'已存入' if zh else 'kept in'} {path}")
    say(f"{'查看' if zh else 'see'}: hegui law show {id}")


@law.command()
def diff(
    old: Annotated[
        str, typer.Argument(metavar="OLD", help="旧文本：文件或已载入的编号 / file, or id of a loaded text")
    ],
    new: Annotated[
        str, typer.Argument(metavar="NEW", help="新文本：文件或已载入的编号 / file, or id of a loaded text")
    ],
    format: Annotated[DiffFormat, typer.Option(help="输出格式 / output")] = DiffFormat.text,
    as_: As = None,
    lang: LangOption = Lang.zh,
) -> None:
    """逐条比较两份文本，指出触及的义务与检查 / Compare two texts, and name the duties and checks each change touches."""
    from hegui.law.compare_texts import compare_texts, to_plain
    from hegui.law.layer import law_in_force
    from hegui.law.text import regulation_of
    from hegui.regulations import checks

    here = law_in_force()
    before, after = _text(old, here), _text(new, here)
    pack = here.only([as_])[0] if as_ else here.regulation(old) or regulation_of(before.title, here.regulations)
    found = compare_texts(before, after, pack.duties if pack else (), checks())
    if format is DiffFormat.json:
        import json

        faults = {
            side: [{"line": one.line, "place": one.place, "kind": one.kind} for one in text.faults]
            for side, text in (("old", before), ("new", after))
        }
        plain = {**to_plain(found), "regulation": pack.id if pack else None, "faults": faults}
        typer.echo(json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True))
        return
    for name, text in ((old, before), (new, after)):
        say(
            f"{name}: {text.title or text.source}，{len(text.articles)} 条"
            if lang is Lang.zh
            else f"{name}: {text.title or text.source}, {len(text.articles)} articles"
        )
        _faults(text, lang)
    _show_diff(found, pack, lang)


# --- show -----------------------------------------------------------------------------------------------------------


def _show_regulation(id: str, pack: "Regulation | None", text: "OfficialText | None", lang: Lang) -> None:
    zh = lang is Lang.zh
    if pack is None:
        for one in text.articles if text else ():
            say(f"{one.label}  {one.wording.splitlines()[0] if one.wording else ''}")
        return
    say(f"{id}  {pack.title.in_(lang.value)}", "bold")
    say(f"{pack.status_words.in_(lang.value)}；{pack.published}；{pack.source}")
    say(pack.note.in_(lang.value))
    chapters = {one.number: one for one in text.chapters if one.kind == "章"} if text else {}
    chapter = None
    for number in range(1, pack.articles + 1):
        article = text.article(number) if text else None
        if article and article.chapter in chapters and article.chapter != chapter:
            chapter = article.chapter
            say(f"第{chapter}章 {chapters[chapter].title}" if zh else f"Chapter {chapter} {chapters[chapter].title}")
        title = pack.article_titles.get(number)
        many = sum(duty.article == number for duty in pack.duties)
        named = f"{title.in_(lang.value)}  " if title else ""
        say(f"  {id}:{number}  {named}{many} {'项义务' if zh else 'duties'}")
    if text is None:
        say(_not_loaded(zh))
    else:
        _faults(text, lang)


def _show_article(
    id: str,
    pack: "Regulation | None",
    number: int,
    duties: "tuple[Duty, ...]",
    text: "OfficialText | None",
    article: "Article | None",
    lang: Lang,
    only: bool = False,
) -> None:
    """An article, each paragraph and item followed by the duties taken from it; `only`: just where these duties stand."""
    from hegui.law.compare_texts import item_number
    from hegui.report import names

    zh = lang is Lang.zh
    title = pack.article_titles.get(number) if pack else None
    label = article.label if article else names.article(number).zh
    say(f"{id}  {label}  {title.in_(lang.value) if title else ''}".rstrip(), "bold")
    if text is None or article is None:
        missing = "已载入的文本中没有这一条" if zh else "the loaded text has no such article"
        say(_not_loaded(zh) if text is None else missing)
        for duty in duties:
            _show_duty(duty, lang)
        return
    say(f"{'官方文本' if zh else 'official wording'}: {text.source} {_line(*article.lines, zh)}", "dim")
    for fault in text.faults:
        if article.lines[0] <= fault.line <= article.lines[1]:
            say(f"  ! {fault.words.in_(lang.value)}", "yellow")
    left = list(duties)
    for paragraph in article.paragraphs:
        here = [duty for duty in left if duty.paragraph in (None, paragraph.number)]
        lead = [duty for duty in here if item_number(duty) is None]
        if not only or here:
            say(f"│ {paragraph.text}")
        for duty in lead:
            _show_duty(duty, lang)
        for item in paragraph.items:
            under = [duty for duty in here if item_number(duty) == item.number]
            if not only or under:
                for line in item.wording:
                    say(f"│ {line}")
            for duty in under:
                _show_duty(duty, lang)
        left = [duty for duty in left if duty not in here]
    for duty in left:
        _show_duty(duty, lang)


def _show_duty(duty: "Duty", lang: Lang) -> None:
    from hegui.report import names

    party, automation, severity = (
        table[key].in_(lang.value)
        for table, key in (
            (names.PARTIES, duty.obligor), (names.AUTOMATION, duty.automation), (names.SEVERITIES, duty.severity)
        )
    )  # fmt: skip
    say(f"    {duty.id}  {duty.title.in_(lang.value)}", "cyan")
    say(f"        {duty.cite}  {party}  {automation}  {'严重程度' if lang is Lang.zh else 'severity'} {severity}")


def _not_loaded(zh: bool) -> str:
    if zh:
        return "官方文本未载入；载入后与义务并列显示：hegui law load 文件"
    return "the official text is not loaded; to see it beside the duties: hegui law load FILE"


def _faults(text: "OfficialText", lang: Lang) -> None:
    for one in text.faults:
        say(f"  ! {_line(one.line, one.line, lang is Lang.zh)}  {one.words.in_(lang.value)}", "yellow")


def _line(first: int, last: int, zh: bool) -> str:
    span = str(first) if first == last else f"{first}–{last}"
    return f"第 {span} 行" if zh else f"line {span}"


# --- coverage -------------------------------------------------------------------------------------------------------


def _with_checks(duties: "list[Duty]", having: dict[str, tuple[str, ...]]) -> str:
    return f"{sum(duty.id in having for duty in duties)}/{len(duties)}" if duties else "·"


def _columns(rows: list[list[str]]) -> list[str]:
    """Rows with their cells padded to the same width, a Chinese character counted as two."""
    widths = [max(_width(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


# --- load and diff --------------------------------------------------------------------------------------------------


def _named(text: "OfficialText", file: Path, here: "Law") -> str:
    """The id of the regulation a text is of, by its title. An adopted text is not its draft, though the title is."""
    from hegui.law.errors import LawError
    from hegui.law.text import is_draft, regulation_of

    pack = regulation_of(text.title, here.regulations)
    ids = "、".join(one.id for one in here.regulations)
    if pack is None:
        raise LawError(
            f"{file}：从标题“{text.title or '（没有找到）'}”认不出是哪部法规；请用 --as 编号 指明（{ids}，或自取一个）",
            f"{file}: the title “{text.title or '(none found)'}” names no regulation we know; "
            f"say --as ID ({ids}, or one of your own)",
        )
    if "draft" in pack.status and not is_draft(text.title):
        raise LawError(
            f"{file}：标题与 {pack.id} 相同，但没有“征求意见稿”字样，可能是正式文本。另取编号载入：--as {pack.id}-final，"
            f"再用 hegui law diff {pack.id} {pack.id}-final 比较；确为草案则用 --as {pack.id}",
            f"{file}: the title is that of {pack.id} without “draft”: perhaps the adopted text. Load it as --as {pack.id}-final, "
            f"then hegui law diff {pack.id} {pack.id}-final; if it is the draft, say --as {pack.id}",
        )
    return pack.id


def _text(name: str, here: "Law") -> "OfficialText":
    from hegui.law.errors import LawError
    from hegui.law.layer import nearest
    from hegui.law.text import read_official_text

    if name in here.texts:
        return here.texts[name]
    if here.regulation(name) is not None:
        raise LawError(
            f"{name} 的官方文本还没有载入；先运行 hegui law load 文件",
            f"the text of {name} is not loaded; first: hegui law load FILE",
        )
    if not Path(name).exists():
        near = nearest(name, here.texts)
        raise LawError(f"没有文件或已载入的文本 {name!r}{near.zh}", f"no file and no loaded text {name!r}{near.en}")
    return read_official_text(Path(name))


_KINDS = {
    "same": ("未变", "same"),
    "renumbered": ("仅改编号", "renumbered"),
    "changed": ("有改动", "changed"),
    "moved": ("移位", "moved"),
    "split": ("拆分", "split"),
    "merged": ("并入", "merged"),
    "added": ("新增", "added"),
    "removed": ("删去", "removed"),
}
_FLAGS = {
    "number": ("数字改变", "number changed"),
    "modality": ("义务性质改变", "modality changed"),
    "reference": ("只是引用的条号随之改变", "only references follow the renumbering"),
    "punctuation": ("只改标点", "punctuation only"),
}


def _show_diff(found: "TextDiff", pack: "Regulation | None", lang: Lang) -> None:
    zh, at = lang is Lang.zh, 0 if lang is Lang.zh else 1
    counts = found.counts
    say(("；" if zh else "; ").join(f"{_KINDS[kind][at]} {counts[kind]}" for kind in _KINDS if kind in counts), "bold")
    for one in found.articles:
        if one.kind != "same":
            _show_change(one, zh, at)
    if pack is None:
        say(
            "认不出旧文本是哪部法规，没有列出义务；可用 --as 编号 指明"
            if zh
            else "the old text names no regulation we know, so no duties are named; say --as ID"
        )
    else:
        say(
            f"触及 {pack.id} 的义务（{len(found.duties)}）："
            if zh
            else f"duties of {pack.id} touched ({len(found.duties)}):",
            "bold",
        )
        titles = {duty.id: duty.title.in_(lang.value) for duty in pack.duties}
        for duty in found.duties:
            say(f"  {duty}  {titles[duty]}")


def _show_change(one: "ArticleChange", zh: bool, at: int) -> None:
    names = " → ".join(part for part in ("、".join(one.old), "、".join(one.new)) if part)
    moved = (("，且移位" if zh else ", and moved") if one.moved and one.kind != "moved" else "")  # fmt: skip
    say(f"[{_KINDS[one.kind][at]}{moved}] {names}", "bold")
    for edit in one.edits:
        _show_edit(edit, zh, at)
    if one.cited_anew:
        say(f"    {'内容未变，出处改变' if zh else 'same words, cited anew'}: {_list(one.cited_anew, zh)}")


def _show_edit(edit: "Edit", zh: bool, at: int) -> None:
    places = " → ".join(dict.fromkeys(place.label for place in (edit.old, edit.new) if place))
    say(f"  {_KINDS[edit.kind][at]}  {places}")
    if len(edit.segments) > 1 or edit.kind != "moved":
        say("    " + "".join(_marked(part.old, part.new) for part in edit.segments))
    for flag in edit.flags:
        words = f": {flag.old or '∅'} → {flag.new or '∅'}" if flag.old or flag.new else ""
        say(f"    * {_FLAGS[flag.kind][at]}{words}", "yellow")
    if edit.duties:
        say(f"    {'触及义务' if zh else 'duties'}: {_list(edit.duties, zh)}")
        say(f"    {'检查' if zh else 'checks'}: {_list(edit.checks, zh) if edit.checks else ('无' if zh else 'none')}")
    elif edit.kind == "added":
        say("    还没有义务对应这段文字" if zh else "    no duty covers these words yet")


def _marked(old: str, new: str) -> str:
    if old == new:
        return old
    return (f"[-{old}-]" if old else "") + (f"{{+{new}+}}" if new else "")


def _list(names: Iterable[str], zh: bool) -> str:
    return ("、" if zh else ", ").join(names)
