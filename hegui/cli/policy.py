"""`hegui policy`: privacy rules by themselves: what they state, and which duties on rules they meet."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hegui.cli.audit import (
    AsOf,
    BaselineOption,
    Declares,
    DutyOption,
    FailOn,
    FailOnOption,
    Formats,
    Lang,
    LangOption,
    Out,
    Regulations,
    chosen_formats,
    ends,
    judged,
    show_duty,
    with_declarations,
    with_policies,
    write_reports,
)
from hegui.cli.diff import policy_diff

if TYPE_CHECKING:
    from hegui.facts import Facts

policy = typer.Typer(help="隐私政策：检查、列出所述内容、比较版本 / privacy rules: check, list, compare")

Files = Annotated[
    list[Path],
    typer.Argument(metavar="FILE...", help="隐私政策，可含多份文件（HTML、DOCX、PDF、Markdown、文本） / the rules"),
]


@policy.command()
def check(
    files: Files,
    declare: Declares = None,
    regulation: Regulations = None,
    as_of: AsOf = None,
    baseline: BaselineOption = None,
    out: Out = None,
    format: Formats = None,
    fail_on: FailOnOption = FailOn.violation,
    lang: LangOption = Lang.zh,
    duty: DutyOption = None,
) -> int:
    """只凭规则文本判定与文本有关的义务 / Judge the duties that turn on the text, from the text alone.

    没有安装包，凡需与应用实际行为比对的义务一律待定。Without a package, whatever must be held against the app is undetermined.
    """
    from hegui.law.layer import law_in_force

    formats = chosen_formats(format)
    law = law_in_force()
    # A duty that no text can speak of would only fill the pages with "no package given".
    law = replace(
        law,
        regulations=tuple(
            replace(one, duties=tuple(duty for duty in one.duties if "policy_text" in duty.evidence))
            for one in law.regulations
        ),
    )
    facts = with_declarations(read_rules(files), declare or [])
    file = judged(facts, law, regulation, as_of, baseline)
    if duty is not None:
        return show_duty(file, duty, lang, fail_on)
    return ends(file, write_reports(file, facts, law, out or Path("hegui-out"), formats, lang), lang, fail_on)


policy.command("diff")(policy_diff)


@policy.command()
def lists(
    files: Files,
    lang: LangOption = Lang.zh,
) -> int:
    """列出规则中写明的功能、权限、SDK、共享对象、保存期限与权利 / What the rules state, each with its place."""
    from hegui.cli.statements import statements
    from hegui.cli.summary import cut_short
    from hegui.facts import is_read

    facts = read_rules(files)
    if is_read(facts.policy):
        typer.echo(statements(facts.policy, lang.value))
    return 3 if cut_short(facts.stages) else 0


def read_rules(files: list[Path]) -> "Facts":
    """The facts of these rules alone. Raises HeguiError where there is no text in them to judge."""
    from hegui.errors import HeguiError
    from hegui.facts import Facts, Unread

    facts = with_policies(Facts((), ()), files)
    if isinstance(facts.policy, Unread):
        names = "、".join(path.name for path in files)
        raise HeguiError(
            f"{names}：没有可读的规则文本（{facts.policy.unread}：{facts.policy.detail}）；请换用文字版的 HTML、DOCX、PDF 或文本",
            f"{names}: no rules text could be read ({facts.policy.unread}: {facts.policy.detail}); "
            "give a version with text: HTML, DOCX, PDF or plain",
        )
    return facts
