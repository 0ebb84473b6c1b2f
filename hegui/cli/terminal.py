"""`hegui terminal`: the usage records of a phone: their format, a conformance run (S13) against one, and a page to read one."""

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hegui.cli.audit import (
    AsOf,
    Declares,
    FailOn,
    FailOnOption,
    Formats,
    Lang,
    LangOption,
    Out,
    Screens,
    chosen_formats,
    ends,
    judged,
    there,
    with_declarations,
    with_screens,
    write_reports,
)
from hegui.errors import HeguiError
from hegui.words import Language, Words

if TYPE_CHECKING:
    from hegui.facts import Facts
    from hegui.facts.queries.usage import Conformance
    from hegui.facts.trace import Run
    from hegui.law.layer import Law

terminal = typer.Typer(
    help="终端使用记录：格式、一致性测试、查看 / usage records of a phone: format, conformance, viewer"
)

Record = Annotated[
    Path,
    typer.Argument(
        metavar="RECORD", help="终端导出的使用记录；hegui 格式或任何可读的日志 / the record a terminal exported"
    ),
]
Acts = Annotated[
    list[Path],
    typer.Option("--acts", metavar="F", help="测试应用自己的日志（S13），可多份 / the test apps' own logs, repeatable"),
]
TestApp = Annotated[
    Path | None,
    typer.Option("--package", metavar="APK", help="测试应用的安装包，核对安装界面时要 / the test app's package"),
]


@terminal.command("schema")
def schema() -> int:
    """输出使用记录格式的 JSON Schema（hegui/terminal-record@1） / Print the JSON Schema of a usage record."""
    from hegui.readers.trace.terminal_record import record_schema

    typer.echo(json.dumps(record_schema(), ensure_ascii=False, indent=1, sort_keys=True))
    return 0


@terminal.command("view")
def view(
    record: Record,
    out: Annotated[Path, typer.Option("--out", metavar="F.html", help="写入此网页 / write this page")],
    lang: LangOption = Lang.zh,
) -> int:
    """把使用记录变成可读的网页：按应用、种类、日期 / Turn a record into a page to read, by app, kind and day."""
    from hegui.cli.facts import write
    from hegui.facts import is_read
    from hegui.readers.traces import read_traces
    from hegui.report.html import usage_to_html

    there(record)
    part = read_traces([record])
    if not is_read(part.value):
        raise HeguiError(
            "没有读到使用记录：" + "；".join(stage.detail for stage in part.stages),
            "no record could be read: " + "; ".join(stage.detail for stage in part.stages),
        )
    text = usage_to_html(part.value, part.inputs, part.stages, language=lang.value)
    write(out, text)
    typer.echo(f"{out}: {sum(len(run) for run in part.value.runs)}", err=True)
    return 0 if all(stage.state == "done" for stage in part.stages) else 3


@terminal.command("check")
def check(
    record: Record,
    acts: Acts,
    screens: Screens = None,
    package: TestApp = None,
    declare: Declares = None,
    as_of: AsOf = None,
    out: Out = None,
    format: Formats = None,
    fail_on: FailOnOption = FailOn.violation,
    lang: LangOption = Lang.zh,
) -> int:
    """一致性测试（S13）：测试应用做的每一次，终端记录里都有吗 / Hold a terminal's record against what test apps did.

    印出每类的查全表，再按终端厂商的义务判定并写出报告；退出码同 hegui audit / prints recall by kind, then judges the maker's
    duties and writes the reports; exit codes as of hegui audit.
    """
    from hegui.law.layer import law_in_force
    from hegui.readers.package import read_package
    from hegui.regulations.terminal_parts import held

    formats = chosen_formats(format)
    there(record, *acts, *(screens or []), *([package] if package else []))
    facts = _session(record, acts)
    if package is not None:
        read = read_package(package)
        facts = replace(facts, inputs=(*read.inputs, *facts.inputs), stages=(*read.stages, *facts.stages), pkg=read.pkg)
    facts = with_declarations(facts, declare or [])
    facts = _screens_of_session(with_screens(facts, screens or []))
    typer.echo(recall(held(facts), lang.value))
    law = _makers(law_in_force())
    file = judged(facts, law, None, as_of, None)
    written = write_reports(file, facts, law, out or Path("hegui-out"), formats, lang)
    return ends(file, written, lang, fail_on)


def recall(session: "Conformance", lang: Language) -> str:
    """The table of kinds: what was done, how much of it stands in the record, and what is wrong with the rest."""
    from hegui.catalogue.usage_kinds import USAGE_KINDS
    from hegui.facts.queries.usage import DAY_MS

    def say(zh: str, en: str) -> str:
        return Words(zh, en).in_(lang)

    heads = (
        say("种类", "kind"), say("做了", "done"), say("记了", "entered"), say("查全", "recall"), say("记在别人名下", "other app"),
        say("迟于24小时", "late >24 h"), say("合并无时间", "merged"), say("多出", "extra"),
    )  # fmt: skip
    lines = ["\t".join(heads)]
    for kind, name in USAGE_KINDS.items():
        pairs = session.of(kind)
        matched = sum(one.entry is not None for one in pairs)
        share = f"{matched * 100 // len(pairs)}%" if pairs else say("未试", "not tried")
        numbers = (
            len(pairs),
            matched,
            share,
            sum(one.elsewhere is not None for one in pairs),
            sum(one.late_ms > DAY_MS for one in pairs),
            sum(one.entry is not None and one.entry.untimed for one in pairs),
            sum(one.kind == kind for one in session.extra),
        )
        lines.append("\t".join((name.in_(lang), *map(str, numbers))))
    notes = [
        (say("在记录起止之外", "outside the time of the record"), len(session.outside)),
        (say("日志没有写明是否成功", "of which the log does not say that they succeeded"), len(session.unsure)),
    ]
    lines += [f"{name}\t{number}" for name, number in notes if number]
    if not session.timed:
        lines.append(say("时间不能相比，只按种类对应", "times cannot be compared: paired by kind only"))
    if not session.whole:
        lines.append(say("记录没有读完，或只留最近一次", "the record was not read whole, or keeps the last use only"))
    return "\n".join(lines)


def _session(record: Path, acts: list[Path]) -> "Facts":
    """Both sides of a conformance run. What is given as --acts is one, and RECORD is the terminal's, whatever they say."""
    from hegui.facts import Facts, is_read
    from hegui.facts.queries.usage import RECORD, SCENARIO
    from hegui.facts.trace import Trace
    from hegui.readers.traces import read_traces

    read = [(read_traces([record]), record), *((read_traces([one]), one) for one in acts)]
    runs: list[Run] = []
    for number, (part, path) in enumerate(read):
        if not is_read(part.value):
            raise HeguiError(
                f"{path}：" + "；".join(stage.detail for stage in part.stages),
                f"{path}: " + "; ".join(stage.detail for stage in part.stages),
            )
        for run in part.value.runs:
            kept = tuple(one for one in run.meta.covers if one not in RECORD)
            covers = kept if number else (RECORD[0], *kept)
            runs.append(replace(run, meta=replace(run.meta, scenario=SCENARIO, covers=covers)))
    return Facts(
        tuple(one for part, _ in read for one in part.inputs),
        tuple(one for part, _ in read for one in part.stages),
        trace=Trace(tuple(runs)),
    )


def _screens_of_session(facts: "Facts") -> "Facts":
    """The facts with screens that name no run put to the one test app's run, when there is one."""
    from hegui.facts import is_read
    from hegui.regulations.terminal_parts import acts

    done = acts(facts)
    if not is_read(facts.ui) or len(done) != 1:
        return facts
    screens = tuple(one if one.run_id else replace(one, run_id=done[0].meta.run_id) for one in facts.ui.screens)
    return replace(facts, ui=replace(facts.ui, screens=screens))


def _makers(law: "Law") -> "Law":
    """The law with the duties of terminal makers alone: a conformance run says nothing of an app's own."""
    packs = tuple(
        replace(pack, duties=tuple(duty for duty in pack.duties if duty.obligor == "terminal_maker"))
        for pack in law.regulations
    )
    return replace(law, regulations=packs)
