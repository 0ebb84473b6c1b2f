"""Run-time logs (--trace) to facts: each read in a confined child, told what stands beside it, and attributed.

Beside a log `NAME` may lie `NAME.run.toml`, written by whoever made the run: what no tool writes down (scenario, fresh
install, when the user agreed, how far the clock was off) and, for a table of an unknown tool, its columns. See
docs/trace.md.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from hegui.facts.facts import Stage
from hegui.facts.json import adapter, first_fault
from hegui.facts.trace import Run, Trace, TraceMeta, What
from hegui.readers import sandbox, toml
from hegui.readers.errors import ReadError, one_line
from hegui.readers.limits import Limits
from hegui.readers.part import One, Part, file_input, read_each
from hegui.readers.trace.times import DAY_MS, MOST_MS, moment
from hegui.readers.trace.whose import attributed

# A million events are some 25 MB of columns; stacks and records come on top.
DEFAULT_LIMITS = Limits(memory_mb=1024, answer_mb=256)
_SIDECAR_BYTES = 1 << 20
_FOR_READER = ("columns", "collector", "package")
_FOR_META = (
    "run_id", "scenario", "fresh_install", "started_at", "device", "os_api", "app_version_code", "collector", "hooks",
    "platform", "package", "uncertainty_ms", "skew_ms", "ended_ms", "covers",
)  # fmt: skip
_OTHERS = ("columns", "agreed_at", "refused_at")
_IN_MS = ("uncertainty_ms", "skew_ms", "ended_ms", "agreed_at", "refused_at")


@dataclass(frozen=True)
class _Log:
    runs: tuple[Run, ...]
    hooks: tuple[str, ...]


def read_traces(
    paths: Sequence[Path], limits: Limits = DEFAULT_LIMITS, package: str = "", hosts: Iterable[str] = ()
) -> Part[Trace]:
    """Read logs of any known tool. Never raises on a bad log: its stage is failed, with one line that says why.

    `package` is the application id, `hosts` its Application class and first screens, for attribution. A run that a log
    ascribes to another package (an iOS report, a dump of the whole phone) is left out then, and its stage says so. The
    same file twice is read once.
    """
    names = _names(paths)
    each = read_each(
        paths,
        "trace",
        lambda path: replace(file_input("trace", path), name=names[path]),
        lambda path, name: _read(path, name, names[path], limits, package),
    )
    runs = [run for _, log in each.read for run in log.runs]
    hooks = {hook for _, log in each.read for hook in log.hooks}
    if not runs:
        return each.part(each.unread("NO_TRACE"))
    began = time.perf_counter()
    trace = attributed(Trace(_told_apart(_watched(runs, hooks))), package, hosts)
    each.seconds["trace attribution"] = time.perf_counter() - began
    each.stages.append(Stage("trace attribution", "done"))
    return each.part(trace)


def _names(paths: Sequence[Path]) -> dict[Path, str]:
    """What each log is called in the facts: its file name, with a number where another one before it has the same."""
    names: dict[Path, str] = {}
    for path in dict.fromkeys(paths):
        before = sum(one.name == path.name for one in names)
        names[path] = f"{path.name} ({before + 1})" if before else path.name
    return names


def _read(path: Path, stage_name: str, name: str, limits: Limits, package: str) -> One[_Log]:
    beside = _beside(path)
    given = {key: value for key, value in beside.items() if key in _FOR_READER}
    told = {"package": package} | given if package else given
    result = sandbox.run("trace", path, limits.for_size(path.stat().st_size), {"given": told})
    seconds = sum(result.seconds.values())
    for error in result.errors.values():
        raise error
    stage = result.stages[0]
    try:
        runs: tuple[Run, ...] = adapter(tuple[Run, ...]).validate_python(result.fields.get("runs", []))
        hooks: tuple[str, ...] = adapter(tuple[str, ...]).validate_python(result.fields.get("hooks", []))
    except ValidationError as error:
        said = one_line(": ".join(first_fault(error)))
        raise ReadError(
            f"{path.name}：读取结果不合格式：{said}", f"{path.name}: what was read does not fit: {said}"
        ) from None
    others = sorted({run.meta.package for run in runs if package and run.meta.package not in ("", package)})
    own = tuple(_completed(run, name, beside) for run in runs if run.meta.package not in others)
    details = [str(result.fields.get("recognised", "")), stage.detail, *map(str, result.fields.get("hook_notes", ()))]
    if others:
        details.append(
            f"{len(others)} other packages left out: {one_line(', '.join(others[:3]))}{' …' if len(others) > 3 else ''}"
        )
    if others and not own:
        stage = replace(stage, state="skipped", reason="OTHER_APP")
    state = replace(stage, name=stage_name, detail="; ".join(detail for detail in details if detail))
    return One(_Log(own, hooks), state, seconds)


def _completed(run: Run, name: str, beside: dict[str, Any]) -> Run:
    """The run with what the file beside it says."""
    meta = replace(run.meta, source=name)
    told: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in beside.items() if key in _FOR_META
    }
    # How exact the log itself is stays the least that its times are off.
    told["uncertainty_ms"] = max(meta.uncertainty_ms, int(told.get("uncertainty_ms", 0)))
    meta = replace(meta, **told)
    shift = meta.skew_ms
    run = replace(run, meta=meta, t_ms=tuple(t_ms + shift for t_ms in run.t_ms) if shift else run.t_ms)
    for key, act in (("agreed_at", "agree"), ("refused_at", "refuse")):
        if key in beside:
            run = _with_consent(run, name, key, beside[key], act)
    return run


def _with_consent(run: Run, name: str, key: str, value: Any, act: str) -> Run:
    """The run with the agreement or refusal that its maker noted: milliseconds since the start, or a time as in the log.

    It takes the place of a derived one.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        at = value
    else:
        found, start = moment(str(value)), moment(run.meta.started_at)
        if found is None or start is None or (found.of != "day" and start.of != "day"):
            raise _wrong(
                name,
                f"{key} 须为距开始的毫秒数，或与日志同样写法的时间",
                f"{key} is milliseconds since the start, or a time",
            )
        at = found.ms - start.ms if found.of == "day" else (found.ms - start.ms) % DAY_MS
        at += run.meta.skew_ms
    if not -MOST_MS < at < MOST_MS:
        raise _wrong(name, f"{key} 距开始超过三百年", f"{key} is more than three centuries from the start")
    derived = {index for index, what in enumerate(run.whats) if what.type == "consent" and what.derived}
    events = [one for one in zip(run.t_ms, run.line, run.what, strict=True) if one[2] not in derived]
    whats = (*run.whats, What("consent", scope="rules", act=act, behaviour=f"{name}.run.toml {key}"))
    events.append((at, 0, len(whats) - 1))
    events.sort(key=lambda one: one[0])
    t_ms, line, what = zip(*events, strict=True)
    return replace(run, whats=whats, t_ms=t_ms, line=line, what=what)


def _watched(runs: list[Run], hooks: set[str]) -> list[Run]:
    """The runs of PrivacySentry, told what the list of its build says it watches."""
    if not hooks:
        return runs
    return [
        replace(run, meta=replace(run.meta, hooks=tuple(sorted(hooks))))
        if run.meta.collector == "PrivacySentry" and not run.meta.hooks
        else run
        for run in runs
    ]


def _told_apart(runs: list[Run]) -> tuple[Run, ...]:
    """Runs without an id of their own get one from their file; no two share one unless their makers said so."""
    made: list[Run] = []
    taken = {run.meta.run_id for run in runs if run.meta.run_id}
    for run in runs:
        if not run.meta.run_id:
            stem = run.meta.source + (f"/{run.meta.package}" if run.meta.package else "")
            name, number = stem, 2
            while name in taken:
                name, number = f"{stem}#{number}", number + 1
            taken.add(name)
            run = replace(run, meta=replace(run.meta, run_id=name))
        made.append(run)
    return tuple(made)


def _beside(path: Path) -> dict[str, Any]:
    """NAME.run.toml, {} when there is none. Raises ReadError that names the field."""
    beside = path.with_name(path.name + ".run.toml")
    try:
        if beside.stat().st_size > _SIDECAR_BYTES:
            raise _wrong(beside.name, "超过 1 MiB", "larger than 1 MiB")
        found = toml.loads(beside.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise _wrong(beside.name, f"无法读取：{error.strerror}", f"cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise _wrong(beside.name, f"不是有效的 TOML：{error}", f"not valid TOML: {error}") from None
    # A time may be written as one of TOML, as beside a capture.
    found = {key: value.isoformat() if isinstance(value, date | time_of_day) else value for key, value in found.items()}
    unknown = sorted(set(found) - {*_FOR_META, *_OTHERS})
    if unknown:
        raise _wrong(beside.name, f"没有字段 {unknown[0]}", f"no field {unknown[0]}")
    try:
        adapter(TraceMeta).validate_python(
            {"run_id": ""} | {key: value for key, value in found.items() if key in _FOR_META}
        )
    except ValidationError as error:
        said = ": ".join(first_fault(error))
        raise _wrong(beside.name, f"字段 {said}", f"field {said}") from None
    for key in _IN_MS:
        value = found.get(key, 0)
        if isinstance(value, int) and not -MOST_MS < value < MOST_MS:
            raise _wrong(
                beside.name, f"{key} 超过三百年，须为毫秒数", f"{key} is more than three centuries in milliseconds"
            )
    columns = found.get("columns", {})
    if not isinstance(columns, dict):
        raise _wrong(beside.name, "columns 须为一张表", "columns is a table")
    for name, value in columns.items():
        names = value if isinstance(value, list) else [value]
        if not names or not all(isinstance(one, str) and one for one in names):
            raise _wrong(
                beside.name, f"columns.{name} 须为列名或列名的列表", f"columns.{name} is a heading or a list of them"
            )
    return found


def _wrong(name: str, zh: str, en: str) -> ReadError:
    return ReadError(f"{name}：{one_line(zh)}；见 docs/trace.md", f"{name}: {one_line(en)}; see docs/trace.md")
