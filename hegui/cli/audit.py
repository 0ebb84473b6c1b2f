"""`hegui audit`, `facts`, `judge` and `show`: from a package, or from stored facts, to reports and an exit code."""

import json
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hegui.errors import HeguiError

if TYPE_CHECKING:
    from hegui.audit.file import AuditFile
    from hegui.facts import Facts
    from hegui.law.layer import Law
    from hegui.readers.part import Part

# Asia/Shanghai has had no summer time since 1991, so a fixed offset serves and needs no time-zone data.
SHANGHAI = timezone(timedelta(hours=8))


# Formats of the contract; those not in WRITTEN come later.
WRITTEN = ("json", "html")
LATER = ("sarif", "xlsx", "docx", "pdf")


class FailOn(StrEnum):
    violation = "violation"
    risk = "risk"
    never = "never"


class Lang(StrEnum):
    zh = "zh"
    en = "en"


Package = Annotated[Path, typer.Argument(metavar="PACKAGE", help="安装包（.apk） / the package", show_default=False)]
Regulations = Annotated[
    list[str] | None, typer.Option("--regulation", metavar="ID", help="只审此法规包 / this pack only")
]
AsOf = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="按此日期判定，缺省为今天（北京时间） / judge as of this day"),
]
Out = Annotated[Path | None, typer.Option(metavar="DIR", help="输出目录，缺省 hegui-out / where to write")]
Formats = Annotated[
    list[str] | None,
    typer.Option("--format", metavar="|".join(WRITTEN), help="报告格式，可多次，缺省两种 / formats, repeatable"),
]
FailOnOption = Annotated[FailOn, typer.Option(help="达到此级别时退出码为 1 / exit 1 at or above this")]
LangOption = Annotated[Lang, typer.Option(help="语言 / language")]
Declares = Annotated[
    list[Path] | None, typer.Option("--declare", metavar="F", help="声明表（TOML/JSON） / declaration")
]
BaselineOption = Annotated[
    Path | None,
    typer.Option(
        "--baseline",
        metavar="F",
        help="以往的 audit.json：只有新增或加重的发现计入退出码；或上一版本的安装包、facts.json：据以判定变化 "
        "/ an earlier audit.json, or the package or facts.json of the version before",
    ),
]
OldPolicies = Annotated[
    list[Path] | None,
    typer.Option("--old-policy", metavar="F", help="上一版规则，可多份：据以判定变化 / the rules before, repeatable"),
]
DutyOption = Annotated[
    str | None, typer.Option("--duty", metavar="ID", help="只显示这一项义务的判定 / show this duty only")
]
Policies = Annotated[
    list[Path] | None,
    typer.Option("--policy", metavar="F", help="隐私政策，可多份 / privacy rules, repeatable"),
]
Traces = Annotated[
    list[Path] | None, typer.Option("--trace", metavar="F", help="运行轨迹，可多份 / runtime traces, repeatable")
]
Screens = Annotated[
    list[Path] | None,
    typer.Option("--screens", metavar="DIR", help="界面：目录、ZIP 或单个转储 / screens: a folder, a ZIP or a dump"),
]
Traffics = Annotated[
    list[Path] | None,
    typer.Option("--traffic", metavar="F", help="流量：HAR、pcap、mitmproxy / traffic: HAR, pcap, mitmproxy"),
]


def audit(
    package: Package,
    policy: Policies = None,
    trace: Traces = None,
    screens: Screens = None,
    traffic: Traffics = None,
    declare: Declares = None,
    regulation: Regulations = None,
    as_of: AsOf = None,
    baseline: BaselineOption = None,
    old_policy: OldPolicies = None,
    out: Out = None,
    format: Formats = None,
    fail_on: FailOnOption = FailOn.violation,
    lang: LangOption = Lang.zh,
    duty: DutyOption = None,
) -> int:
    """审查一个安装包并写出报告 / Judge a package and write the reports.

    退出码 exit code: 0 无达到 --fail-on 的发现 nothing at or above --fail-on; 1 有 findings; 2 输入或用法有误 bad input or
    usage; 3 已判定但有步骤失败 judged, but a stage failed or was cut short.
    """
    from dataclasses import asdict

    from hegui.readers import sandbox

    formats = chosen_formats(format)
    # The server that forks the confined child starts up while this process reads the law.
    sandbox.warm("apk", *(["policy", "policy_statements"] if policy else []))

    from hegui.cli.facts import write
    from hegui.law.layer import law_in_force
    from hegui.readers.package import read_package_timed

    law = law_in_force()
    there(*(trace or []), *(screens or []), *(traffic or []))
    facts, timings = read_package_timed(package)
    seconds: dict[str, float] = {}
    facts = with_declarations(facts, declare or [])
    facts = with_policies(facts, policy or [], seconds)
    facts = with_traces(facts, trace or [], seconds)
    facts = with_screens(facts, screens or [], seconds)
    facts = with_traffic(facts, traffic or [], seconds)
    facts, baseline = with_previous(facts, baseline)
    facts = with_old_policies(facts, old_policy or [])
    began = perf_counter()
    file = judged(facts, law, regulation, as_of, baseline)
    if duty is not None:
        return show_duty(file, duty, lang, fail_on)
    folder = out or Path("hegui-out")
    written = write_reports(file, facts, law, folder, formats, lang)
    took = {"reading": asdict(timings), "inputs_s": seconds, "judging_and_writing_s": perf_counter() - began}
    write(folder / "timings.json", json.dumps(took, indent=1, sort_keys=True) + "\n")
    return ends(file, written, lang, fail_on)


def facts(
    package: Package,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="F", help="写入文件 / write here")] = None,
    lang: LangOption = Lang.zh,
) -> int:
    """写出从安装包读到的事实（facts.json） / Write what was read from a package."""
    from hegui.cli.facts import write_facts

    return write_facts(package, output)


def judge(
    facts: Annotated[
        list[Path], typer.Argument(metavar="FACTS...", help="hegui facts 写出的文件 / files of hegui facts")
    ],
    declare: Declares = None,
    regulation: Regulations = None,
    as_of: AsOf = None,
    baseline: BaselineOption = None,
    out: Out = None,
    format: Formats = None,
    fail_on: FailOnOption = FailOn.violation,
    lang: LangOption = Lang.zh,
) -> int:
    """不再读安装包，用已存的事实重新判定 / Re-judge stored facts without the package."""
    from hegui.facts.json import from_json
    from hegui.law.layer import law_in_force

    formats = chosen_formats(format)
    law = law_in_force()
    codes = []
    for path in facts:
        read = with_declarations(from_json(_read(path), path.name), declare or [])
        read, earlier = with_previous(read, baseline)
        file = judged(read, law, regulation, as_of, earlier)
        folder = (out or Path("hegui-out")) / (path.stem if len(facts) > 1 else "")
        codes.append(ends(file, write_reports(file, read, law, folder, formats, lang), lang, fail_on))
    # The worst of them: findings before a stage that was cut short.
    return max(codes, key=(0, 3, 1).index)


def show(
    package: Annotated[Path, typer.Argument(metavar="FILE", help="安装包或隐私政策 / a package or rules")],
    place: Annotated[
        str,
        typer.Argument(
            help="证据中的位置，如 AndroidManifest.xml@0x01a4 或 rules.html@120-180 / a place from the evidence"
        ),
    ],
    lang: LangOption = Lang.zh,
) -> int:
    """显示证据所指之处 / Show what stands at a place that evidence names."""
    from hegui.cli.places import at_place, at_sentence, is_sentence
    from hegui.facts import Facts, is_read
    from hegui.readers.package import read_package

    if is_sentence(package.name, place):
        rules = with_policies(Facts((), ()), [package]).policy
        found = at_sentence(rules, place) if is_read(rules) else ""
    else:
        found = at_place(read_package(package), place)
    if not found:
        raise HeguiError(
            f"{package.name} 中没有位置 {place}；位置取自报告证据的 where 一栏",
            f"no place {place} in {package.name}; places are the `where` of a report's evidence",
        )
    typer.echo(found)
    return 0


def there(*paths: Path) -> None:
    """A path that leads nowhere is bad usage; a file that cannot be understood is a stage that failed."""
    for path in paths:
        if not path.exists():
            raise HeguiError(f"{path}：没有这个文件；请核对路径", f"{path}: no such file; check the path")


def with_policies(facts: "Facts", paths: list[Path], seconds: dict[str, float] | None = None) -> "Facts":
    """The facts with the privacy rules read from these files. `seconds` takes what each stage took."""
    from hegui.readers.policies import read_policies

    if not paths:
        return facts
    return _with(facts, "policy", read_policies(paths), seconds)


def with_traces(facts: "Facts", paths: list[Path], seconds: dict[str, float] | None = None) -> "Facts":
    """The facts with the runs read from these logs, put down to this app's own code and its SDKs."""
    from hegui.facts import is_read
    from hegui.readers.traces import read_traces

    if not paths:
        return facts
    pkg = facts.pkg
    if not is_read(pkg):
        return _with(facts, "trace", read_traces(paths), seconds)
    parts = pkg.components if is_read(pkg.components) else ()
    hosts = {one.name for one in parts if "android.intent.action.MAIN" in one.actions}
    own = {pkg.application} if is_read(pkg.application) and pkg.application else set()
    return _with(facts, "trace", read_traces(paths, package=pkg.name, hosts=sorted(hosts | own)), seconds)


def with_screens(facts: "Facts", paths: list[Path], seconds: dict[str, float] | None = None) -> "Facts":
    from hegui.readers.screens import read_screens

    return _with(facts, "ui", read_screens(paths), seconds) if paths else facts


def with_traffic(facts: "Facts", paths: list[Path], seconds: dict[str, float] | None = None) -> "Facts":
    from hegui.readers.traffics import read_traffic

    return _with(facts, "net", read_traffic(paths), seconds) if paths else facts


def _with(facts: "Facts", part: str, read: "Part[Any]", seconds: dict[str, float] | None) -> "Facts":
    from dataclasses import replace

    if seconds is not None:
        seconds |= read.seconds
    more: dict[str, Any] = {part: read.value}
    return replace(facts, inputs=(*facts.inputs, *read.inputs), stages=(*facts.stages, *read.stages), **more)


def with_declarations(facts: "Facts", paths: list[Path]) -> "Facts":
    from dataclasses import replace

    from hegui.readers.declaration import read_declaration

    if len(paths) > 1:
        raise HeguiError(
            "--declare 目前只接受一份声明；请合并为一份", "--declare takes one declaration for now; merge them into one"
        )
    for path in paths:
        given, made = read_declaration(path)
        facts = replace(facts, inputs=(*facts.inputs, given), decl=made)
    return facts


def with_previous(facts: "Facts", baseline: Path | None) -> "tuple[Facts, Path | None]":
    """The facts with those of the version before, and what remains of the baseline: an earlier audit.json, or None.

    Told apart by content: a package, or JSON whose schema is that of facts.json or of audit.json.
    """
    from dataclasses import replace

    from hegui.facts.json import from_json
    from hegui.readers.package import read_package

    if baseline is None:
        return facts, None
    if not _is_json(baseline):
        return replace(facts, previous=read_package(baseline)), None
    data = _read(baseline)
    if b'"hegui/audit@1"' in data:
        return facts, baseline
    return replace(facts, previous=from_json(data, baseline.name)), None


def with_old_policies(facts: "Facts", paths: list[Path]) -> "Facts":
    """The facts with the rules before, beside what else is known of the version before."""
    from dataclasses import replace

    from hegui.facts import Facts, is_read

    if not paths:
        return facts
    previous = facts.previous if is_read(facts.previous) else Facts((), ())
    return replace(facts, previous=with_policies(previous, paths))


def _is_json(path: Path) -> bool:
    if path.is_dir():
        return False
    try:
        with path.open("rb") as file:
            return file.read(64).lstrip()[:1] == b"{"
    except OSError as error:
        raise HeguiError(f"{path}：无法读取：{error.strerror}", f"{path}: cannot be read: {error.strerror}") from None


def judged(
    facts: "Facts", law: "Law", wanted: list[str] | None, as_of: datetime | None, baseline: Path | None
) -> "AuditFile":
    import hashlib

    from hegui.audit import judge as judge_facts
    from hegui.audit.file import against, audit_file, from_json
    from hegui.regulations import load_checks

    day: date = as_of.date() if as_of else datetime.now(SHANGHAI).date()
    knobs = {name: knob.value for name, knob in law.knobs.items()}
    file = audit_file(judge_facts(facts, law.only(wanted), load_checks(), knobs, day), knobs, law.changes())
    if baseline is None:
        return file
    data = _read(baseline)
    return against(file, from_json(data, baseline.name), hashlib.sha256(data).hexdigest())


def write_reports(
    file: "AuditFile", facts: "Facts", law: "Law", out: Path, formats: list[str], lang: Lang
) -> list[Path]:
    from hegui.audit.file import to_json
    from hegui.cli.facts import write
    from hegui.report.html import to_html

    written = []
    for one in formats:
        if one == "json":
            text = to_json(file)
        else:
            packs = tuple(pack for pack in law.regulations if pack.id in {row.id for row in file.law})
            text = to_html(file, facts, packs, language=lang.value, wording=law.wording())
        write(out / f"audit.{one}", text)
        written.append(out / f"audit.{one}")
    return written


def chosen_formats(wanted: list[str] | None) -> list[str]:
    for one in wanted or []:
        if one not in WRITTEN:
            known = f"可用：{'、'.join(WRITTEN)}", f"there are: {', '.join(WRITTEN)}"
            raise HeguiError(
                f"报告格式 {one} {'尚不支持' if one in LATER else '不存在'}；{known[0]}",
                f"the format {one} {'is not supported yet' if one in LATER else 'does not exist'}; {known[1]}",
            )
    return list(dict.fromkeys(wanted or WRITTEN))


def ends(file: "AuditFile", written: list[Path], lang: Lang, fail_on: FailOn) -> int:
    from hegui.cli.summary import exit_code, summary

    typer.echo(summary(file, lang.value))
    for path in written:
        typer.echo(f"{'报告' if lang is Lang.zh else 'report'}: {path}")
    return exit_code(file, fail_on.value)


def show_duty(file: "AuditFile", duty: str, lang: Lang, fail_on: FailOn) -> int:
    from dataclasses import replace

    from hegui.cli.summary import duty_in_full, exit_code

    rows = [row for row in file.duties if duty in (row.id, row.clause) or row.id.startswith(duty + ".")]
    if not rows:
        raise HeguiError(f"没有义务 {duty}；用 hegui law list 查看", f"no duty {duty}; see hegui law list")
    typer.echo("\n\n".join(duty_in_full(row, file.subject.sha256, lang.value) for row in rows))
    return exit_code(replace(file, duties=tuple(rows), baseline=None), fail_on.value)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise HeguiError(f"{path}：无法读取：{error.strerror}", f"{path}: cannot be read: {error.strerror}") from None
