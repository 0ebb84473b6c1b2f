"""`hegui compose`: the lists, the rules and the pages an operator publishes, from the package and a declaration."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hegui.cli.audit import Declares, Lang, LangOption, Policies, with_declarations, with_policies
from hegui.errors import HeguiError
from hegui.words import Words

if TYPE_CHECKING:
    from hegui.compose import Page

_FORMATS = ("xlsx", "docx", "html", "md")


def compose(
    package: Annotated[
        Path,
        typer.Argument(metavar="PACKAGE", help="安装包或 facts.json / a package or facts.json", show_default=False),
    ],
    pages: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PAGE]...",
            help="rules functions permissions sdks collected sharing scenes first-launch listing；缺省全部 / all by default",
        ),
    ] = None,
    declare: Declares = None,
    policy: Policies = None,
    format: Annotated[
        list[str] | None,
        typer.Option("--format", metavar="|".join(_FORMATS), help="可多次，缺省四种 / repeatable, all by default"),
    ] = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="输出目录 / where to write")] = Path("hegui-out"),
    lang: LangOption = Lang.zh,
) -> int:
    """写出规则草案、双清单、SDK 清单等 / Write the draft rules, the lists and the listing page.

    无人说过的内容一律写成待填写的问题，不作猜测。What nobody has said becomes a question to fill in, never a guess.
    """
    from hegui.compose import PAGES, Subject
    from hegui.facts.json import from_json
    from hegui.readers.package import read_package
    from hegui.regulations.reads import reads

    wanted = pages or list(PAGES)
    _known(wanted, PAGES, Words("没有这一页", "no such page"))
    formats = format or list(_FORMATS)
    _known(formats, _FORMATS, Words("没有这种格式", "no such format"))
    is_facts = package.suffix == ".json"
    facts = from_json(_bytes(package), package.name) if is_facts else read_package(package)
    subject = Subject.of(with_declarations(with_policies(facts, policy or []), declare or []), reads)
    made = [PAGES[name](subject) for name in wanted]
    for path in _write(made, formats, out):
        typer.echo(str(path))
    _tell_questions(made, lang)
    return 0


def _write(pages: "list[Page]", formats: list[str], out: Path) -> list[Path]:
    from hegui.compose.write_docx import to_docx
    from hegui.compose.write_html import to_html
    from hegui.compose.write_markdown import to_markdown
    from hegui.compose.write_xlsx import has_table, to_xlsx

    files: dict[str, bytes] = {}
    for page in pages:
        if "md" in formats:
            files[f"{page.id}.md"] = to_markdown(page).encode()
        if "html" in formats:
            files[f"{page.id}.html"] = to_html(page).encode()
        if "docx" in formats:
            files[f"{page.id}.docx"] = to_docx(page)
    if "xlsx" in formats and any(has_table(page) for page in pages):
        files["lists.xlsx"] = to_xlsx(pages)
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (out / name).write_bytes(data)
    except OSError as error:
        raise HeguiError(
            f"{out}：无法写入：{error.strerror}；换一个 --out 目录",
            f"{out}: cannot be written: {error.strerror}; try another --out",
        ) from None
    return [out / name for name in files]


def _tell_questions(pages: "list[Page]", lang: Lang) -> None:
    """What is still open, each question once: the operator's list of homework."""
    open_ones = list(dict.fromkeys(one.words for page in pages for one in page.questions()))
    if open_ones:
        typer.echo(Words(f"还有 {len(open_ones)} 处须填写：", f"{len(open_ones)} gaps to fill in:").in_(lang.value))
        for words in open_ones:
            typer.echo(f"  · {words}")


def _known(wanted: list[str], names: Iterable[str], says: Words) -> None:
    names = tuple(names)
    for one in wanted:
        if one not in names:
            listed = " ".join(names)
            raise HeguiError(f"{says.zh}：{one}；可用：{listed}", f"{says.en}: {one}; there are: {listed}")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise HeguiError(f"{path}：无法读取：{error.strerror}", f"{path}: cannot be read: {error.strerror}") from None
