"""Article 11 on a conformance run (S13): starts that were switched off, and device identifiers (R71, R72)."""

from collections.abc import Iterator
from math import inf

from hegui.audit import Asked, Finding, check, found
from hegui.audit import trace_evidence as shows
from hegui.catalogue.pi_types import PI_TYPES
from hegui.catalogue.usage_kinds import STARTS
from hegui.facts import Facts
from hegui.facts.queries.timeline import Timeline, timeline
from hegui.facts.queries.usage import TOLERANCE_MS, Use, uses
from hegui.facts.trace import Event, Run, What
from hegui.regulations.terminal_parts import acts, declared, records

# How `covers` of a run, or a `setting` event of it, calls the permission to start: off is blocked.
_SWITCHES = {"self_start": ("self_start", "自启动"), "linked_start": ("linked_start", "关联启动")}
_ON, _OFF = ("on", "开", "开启"), ("off", "关", "关闭")

# Identifiers that stay; the others the user can reset.
_PERSISTENT = tuple(f"device_id.{one}" for one in ("imei", "meid", "imsi", "serial", "mac", "bt_mac"))
_RESETTABLE = ("device_id.oaid", "oaid", "ad_id")
_LIMITS = ("oaid_limit", "ad_limit")
_KEPT = ("denied", "masked")
# Since Android 10 ordinary apps get none of them: developer.android.com, behaviour changes of API level 29.
_CLOSED_SINCE = 29


@check("app-2021:11.2.1", needs=("trace",), missing=("NO_RECORD", "TRACE_SHORT", "HUMAN_PENDING"))
def blocks_starts_switched_off(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A start that goes through although the user switched that kind off; a blocked one must stand in the record."""
    blocked: dict[str, list[Use]] = {kind: [] for kind in STARTS}
    entries = [one for run in records(facts) for one in uses(run)]
    off = {run.meta.package for run in acts(facts) if _is_off(run, "self_start")}
    for run in acts(facts):
        for one in uses(run):
            kind = one.kind
            if kind not in STARTS or not _is_off(run, kind, one.event.t_ms):
                continue
            if one.what.result == "denied":
                blocked[kind].append(one)
            elif one.what.type == "process_start" or one.what.result == "ok":
                yield found(
                    "violation",
                    f"{STARTS[kind].zh}已关闭，仍启动成功：{one.package or run.meta.run_id}",
                    f"{STARTS[kind].en} is switched off, and it went through: {one.package or run.meta.run_id}",
                    shows.event(facts, run, one.event),
                    basis="observed",
                )
    for one in entries:
        # An app that was kept from starting cannot log it: the terminal's own entry tells, of one the user switched off.
        if one.what.result == "denied" and one.kind == "self_start" and one.package in off:
            blocked["self_start"].append(one)
    unlogged = [one for one in blocked["linked_start"] if not any(_same(one, entry) for entry in entries)]
    if unlogged:
        yield found(
            "risk" if entries else None,
            f"{len(unlogged)} 次被拦下的关联启动在终端记录中没有" + ("" if entries else "（没有给出终端记录）"),
            f"{len(unlogged)} blocked linked starts do not stand in the record"
            + ("" if entries else " (none was given)"),
            *(shows.event(facts, one.run, one.event) for one in unlogged[:4]),
            basis="observed",
            missing=() if entries else ("NO_RECORD",),
        )
    tried = [one for several in blocked.values() for one in several]
    if tried:
        whole = all(blocked.values()) and not unlogged
        yield found(
            "compliant" if whole else None,
            f"关闭后被拦下：自启动 {len(blocked['self_start'])} 次，关联启动 {len(blocked['linked_start'])} 次",
            f"blocked after switching off: {len(blocked['self_start'])} self-starts, {len(blocked['linked_start'])} linked",
            *(shows.event(facts, one.run, one.event) for one in tried[:4]),
            basis="observed",
            missing=() if whole else ("TRACE_SHORT",),
        )


def _is_off(run: Run, kind: str, at_ms: float = inf) -> bool:
    """Whether the user had that kind of start switched off: the whole run, or by the last setting before a time."""
    names = _SWITCHES[kind]

    def switch(what: What) -> bool:
        return what.type == "setting" and (what.key or "") in names

    set_to = [one.what.new for one in timeline(run).events(switch) if one.t_ms < at_ms]
    if set_to:
        return (set_to[-1] or "").lower() in _OFF
    return any(
        name in names and state.lower() in _OFF for name, _, state in (one.partition("=") for one in run.meta.covers)
    )


def _same(act: Use, entry: Use) -> bool:
    if entry.kind != act.kind or (act.package and entry.package != act.package):
        return False
    return entry.undated or abs(entry.at_ms - act.at_ms) <= TOLERANCE_MS + act.slack_ms + entry.slack_ms


@check("app-2021:11.7", needs=("trace",), missing=("OS_LEVEL_UNKNOWN", "TRACE_SHORT", "HUMAN_PENDING"))
def keeps_device_ids_from_ordinary_apps(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """An ordinary app that got a persistent identifier; a resettable one that a reset does not change (R72)."""
    refused: set[str] = set()
    changed = limited = False
    for run in acts(facts):
        if run.meta.package in declared(facts).privileged or run.meta.platform == "ios":
            continue
        line = timeline(run)
        for one in line.events(_reads_persistent):
            # Only what the test app itself says of its call: ok is the real value, masked zeros or a made-up one.
            if one.what.result == "ok":
                yield _got_it(facts, run, one)
            elif one.what.result in _KEPT:
                refused.add(one.what.pi_type or "")
        for one in line.events(_resets):
            # The log tells two values apart by marks of its own; the values stay with it.
            same = one.what.old == one.what.new
            changed |= not same
            if same:
                yield found(
                    "risk",
                    "可重置标识重置后没有改变",
                    "the resettable identifier is the same after a reset",
                    shows.event(facts, run, one),
                    basis="observed",
                    missing=("HUMAN_PENDING",),
                )
        for one in line.events(_reads_resettable):
            if not _is_limited(line, one):
                continue
            if one.what.result == "ok":
                yield found(
                    "risk",
                    "用户已限制跟踪，仍取得可重置标识",
                    "the user limited tracking, and the resettable identifier was still given",
                    shows.event(facts, run, one),
                    basis="observed",
                    missing=("HUMAN_PENDING",),
                )
            limited |= one.what.result in _KEPT
    if refused or changed or limited:
        whole = changed and limited and {"device_id.imei", "device_id.serial", "device_id.mac"} <= refused
        names = "、".join(PI_TYPES[one].zh for one in sorted(refused)) or "无"
        names_en = ", ".join(PI_TYPES[one].en for one in sorted(refused)) or "none"
        yield found(
            "compliant" if whole else None,
            f"被拒绝或只给假值的固定标识：{names}；可重置标识{'重置后改变' if changed else '没有试过重置'}，"
            f"{'限制后不再提供' if limited else '没有试过限制'}",
            f"persistent identifiers refused or masked: {names_en}; the resettable one "
            + ("changes on reset" if changed else "was not reset")
            + (", and is withheld when limited" if limited else ", nor limited"),
            *(shows.whole(facts, run) for run in acts(facts)),
            basis="observed",
            missing=() if whole else ("TRACE_SHORT",),
        )


def _reads_persistent(what: What) -> bool:
    return what.type == "api" and what.pi_type in _PERSISTENT and not what.derived


def _reads_resettable(what: What) -> bool:
    return what.type == "api" and what.pi_type in _RESETTABLE and not what.derived


def _is_limited(line: Timeline, read: Event) -> bool:
    """Whether the user's last setting before a read was to limit tracking."""
    set_to = [
        one.what.new
        for one in line.events(lambda what: what.type == "setting" and what.key in _LIMITS)
        if one.t_ms < read.t_ms
    ]
    return bool(set_to) and (set_to[-1] or "").lower() in _ON


def _resets(what: What) -> bool:
    """The reset of an identifier, with marks of the value before and after; without both it tells nothing."""
    return what.type == "setting" and what.key in _RESETTABLE and bool(what.old and what.new)


def _got_it(facts: Facts, run: Run, one: Event) -> Finding:
    level, name = run.meta.os_api, PI_TYPES[one.what.pi_type or ""]
    stated = run.meta.platform == "harmony" or (level is not None and level >= _CLOSED_SINCE)
    unknown = level is None and not stated
    where_zh = "鸿蒙系统" if run.meta.platform == "harmony" else f"API {level}" if level else "系统级别不明"
    where_en = "HarmonyOS" if run.meta.platform == "harmony" else f"API {level}" if level else "of unknown level"
    return found(
        "violation" if stated else "undetermined" if unknown else "risk",
        f"普通测试应用取得了固定标识 {name.zh}（{where_zh}）",
        f"an ordinary test app got a persistent identifier, {name.en} ({where_en})",
        shows.event(facts, run, one),
        basis="observed",
        missing=("OS_LEVEL_UNKNOWN",) if unknown else (),
    )
