"""`hegui timeline`: what was understood of run-time logs, before anything is judged."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hegui.cli.audit import Lang, LangOption
from hegui.errors import HeguiError
from hegui.words import Language, Words, halves

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hegui.facts import Stage, Unread
    from hegui.facts.screens import Ui
    from hegui.facts.trace import Event, Run

_MOST_NAMED = 12
_MOST_UNREAD = 10
_STATES = {
    "done": Words("已读", "read"),
    "partial": Words("部分读取", "read in part"),
    "failed": Words("未能读取", "not read"),
    "skipped": Words("跳过", "skipped"),
}
_CLOCKS = {
    "wall": Words("时刻", "time of day"),
    "elapsed": Words("自开始的时长", "time since the start"),
    "order": Words("只有先后，没有时间", "order only, no times"),
}


def timeline(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="运行日志，格式自动识别 / logs of any known tool")
    ],
    package: Annotated[str, typer.Option(help="应用包名：用于归属，并略去他人的记录 / the application id")] = "",
    screens: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="DIR", help="界面导出：目录、ZIP 或单个文件，与日志画在一起 / dumps of screens, drawn with the log"
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="写入文件：.html 时间线图，.jsonl 转成 hegui 日志，其余为文字 / .html the picture, .jsonl our log, else text"
        ),
    ] = None,
    lang: LangOption = Lang.zh,
) -> int:
    """读运行日志，列出读懂了什么，或画成时间线 / Read run-time logs; tell what was understood, or draw it."""
    from hegui.cli.facts import write
    from hegui.facts import is_read
    from hegui.readers.screens import read_screens
    from hegui.readers.traces import read_traces

    part, shots = read_traces(files, package=package), read_screens(screens or [])
    runs = part.value.runs if is_read(part.value) else ()
    stages = (*part.stages, *shots.stages)
    if not runs and not any(stage.state in ("done", "partial") for stage in part.stages):
        why = [halves(stage.detail) for stage in part.stages]
        raise HeguiError(
            "没有读到任何运行日志：" + "；".join(one.zh for one in why),
            "no log could be read: " + "; ".join(one.en for one in why),
        )
    if out is not None and out.suffix == ".jsonl":
        text = _log(runs, out)
    elif out is not None and out.suffix in (".html", ".htm") and runs:
        from hegui.facts.trace import Trace
        from hegui.report.html import timeline_to_html

        inputs = (*part.inputs, *shots.inputs)
        text = timeline_to_html(Trace(runs), inputs, stages, shots.value, language=lang.value)
    else:
        lines = [_stage(stage, lang.value) for stage in stages]
        told = [*(_summary(run, lang.value) for run in runs), *_screens(shots.value, lang.value)]
        text = "\n".join([*lines, *("\n" + one for one in told)]) + "\n"
    if out is None:
        typer.echo(text, nl=False)
    else:
        write(out, text)
        typer.echo(f"{out}: {sum(len(run) for run in runs)}", err=True)
    return 0 if all(stage.state in ("done", "skipped") for stage in stages) else 3


def _log(runs: "tuple[Run, ...]", out: Path) -> str:
    from hegui.readers.trace.schema import lines_of

    if len(runs) != 1:
        raise HeguiError(
            f"{out}：一份 hegui 日志只装一次运行，这里有 {len(runs)} 次；请用 --package 选定一个应用，或逐个文件转换",
            f"{out}: a hegui log holds one run, and here are {len(runs)}; name one app by --package, or convert file by file",
        )
    return "".join(line + "\n" for line in lines_of(runs[0]))


def _stage(stage: "Stage", lang: Language) -> str:
    detail = halves(stage.detail).in_(lang) if stage.state == "failed" else stage.detail
    return f"{stage.name}\t{_STATES[stage.state].in_(lang)}\t{f'{stage.reason} {detail}'.strip()}"


def _summary(run: "Run", lang: Language) -> str:
    meta = run.meta
    say = _Say(lang)
    types: Counter[str] = Counter()
    actors: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    consents = []
    for event in run.ev:
        types[event.what.type] += event.what.count
        if event.what.pi_type:
            kinds[event.what.pi_type] += event.what.count
            actors[event.origin] += event.what.count
        if event.what.type == "consent":
            consents.append(event)
    last = run.t_ms[-1] if run.t_ms else 0
    clock = _CLOCKS[meta.clock].in_(lang) + (f"，±{meta.uncertainty_ms} ms" if meta.clock != "order" else "")
    rows = [
        (say("运行", "run"), meta.run_id),
        (say("格式", "format"), f"{meta.format}（{meta.collector}）" if meta.collector else meta.format),
        (say("应用", "app"), meta.package or say("未写明", "not told")),
        (say("场景", "scenario"), meta.scenario or say("未写明", "not told")),
        (say("全新安装", "fresh install"), say.yes_or_unknown(meta.fresh_install)),
        (
            say("行数", "rows"),
            f"{meta.rows}；{say('未读', 'unread')} {meta.rows_unread}；{say('事件', 'events')} {len(run)}",
        ),
        (say("时间", "time"), clock + (f"；{say('起于', 'from')} {meta.started_at}" if meta.started_at else "")),
        (
            say("跨度", "span"),
            f"{_time(run.t_ms[0] if run.t_ms else 0)} – {_time(last)}" if meta.clock != "order" else "–",
        ),
        (say("事件类型", "types"), _counts(types)),
        (say("个人信息", "personal information"), _counts(kinds)),
        (say("行为主体", "actors"), _counts(actors)),
        (say("同意时刻", "consent"), "；".join(_consent(one, lang) for one in consents) or say("未见", "none seen")),
        (
            say("堆栈、界面、流量", "stacks, screens, traffic"),
            f"{len(run.stacks)}, {say.has(meta.has_ui)}, {say.has(meta.has_net)}",
        ),
        (say("监测范围", "watched"), f"{len(meta.hooks)}" if meta.hooks else say("未写明", "not told")),
    ]
    lines = [f"{name}\t{value}" for name, value in rows]
    lines += [f"{say('说明', 'note')}\t{note}" for note in meta.notes]
    lines += [f"{say('未读行', 'unread row')} {one.line}\t{one.why}" for one in meta.unread[:_MOST_UNREAD]]
    if meta.rows_unread > _MOST_UNREAD:
        lines.append(f"{say('未读行', 'unread rows')}\t… {meta.rows_unread - min(_MOST_UNREAD, len(meta.unread))}")
    return "\n".join(lines)


def _screens(ui: "Ui | Unread", lang: Language) -> "Iterator[str]":
    """What was recognised on the screens, and which phases were gone through in full."""
    from hegui.facts import is_read
    from hegui.report import names

    if not is_read(ui):
        return
    say = _Say(lang)
    signs = Counter(names.SIGNS[sign.kind].in_(lang) for screen in ui.screens for sign in screen.signs)
    phases = [
        f"{names.phase(name).in_(lang)}（{say('已走完', 'explored') if done else say('没有走完', 'not explored')}）"
        for name, done in ui.explored.items()
    ]
    rows = (
        (say("界面", "screens"), f"{len(ui.screens)}；{say('点击', 'taps')} {len(ui.graph)}"),
        (say("阶段", "phases"), "；".join(phases) or say("未写明", "not told")),
        (say("看到", "seen"), _counts(signs)),
    )
    yield "\n".join(f"{name}\t{value}" for name, value in rows)


class _Say:
    """Words in the language asked for."""

    def __init__(self, lang: Language) -> None:
        self.lang = lang

    def __call__(self, zh: str, en: str) -> str:
        return Words(zh, en).in_(self.lang)

    def yes_or_unknown(self, value: bool | None) -> str:
        return self("未写明", "not told") if value is None else self.has(value)

    def has(self, value: bool) -> str:
        return self("是", "yes") if value else self("否", "no")


def _consent(event: "Event", lang: Language) -> str:
    say = _Say(lang)
    made = say("推得", "derived") if event.what.derived else say("来源写明", "given")
    more = f" ±{event.what.uncertainty_ms} ms" if event.what.uncertainty_ms else ""
    where = f"{say('第', 'row ')}{event.line}{say('行', '')}" if event.line else "run.toml"
    return f"{event.what.act} {_time(event.t_ms)}{more}（{made}，{where}）"


def _counts(counter: Counter[str]) -> str:
    named = sorted(counter.items(), key=lambda one: (-one[1], one[0]))
    rest = f" … {len(named) - _MOST_NAMED}" if len(named) > _MOST_NAMED else ""
    return " ".join(f"{name}={number}" for name, number in named[:_MOST_NAMED]) + rest or "–"


def _time(ms: int) -> str:
    """h:mm:ss.mmm since the start."""
    sign, ms = ("-", -ms) if ms < 0 else ("", ms)
    return f"{sign}{ms // 3_600_000}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"
