"""Network captures (--traffic) to facts: each read in a confined child, then put in order and named.

Beside a capture `NAME` may lie `NAME.run.toml`: run_id, started_at (of the run, ISO 8601: t_ms begins there), skew_ms
(added to its times), uncertainty_ms; and `NAME.canaries.toml` or `.json` with planted markers. See docs/evidence.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from hegui.catalogue.sdks import by_domain
from hegui.facts.json import adapter, first_fault
from hegui.facts.traffic import Capture, Flow, Lookup, Net
from hegui.facts.unread import Unread
from hegui.readers import sandbox, toml
from hegui.readers.errors import Malformed, ReadError, one_line
from hegui.readers.limits import Limits
from hegui.readers.part import One, Part, file_input, read_each
from hegui.readers.trace.times import MOST_MS
from hegui.readers.traffic.canaries import Canary, checked, read_canaries
from hegui.readers.traffic.sent import Examined

DEFAULT_LIMITS = Limits(memory_mb=2048, answer_mb=256)
_BESIDE_BYTES = 1 << 20
_BESIDE = {"run_id": str, "started_at": str | datetime, "skew_ms": int, "uncertainty_ms": int}


@dataclass(frozen=True)
class _Read:
    capture: Capture
    flows: tuple[Flow, ...]
    lookups: tuple[Lookup, ...]
    canaries: tuple[str, ...]


def read_traffic(paths: Sequence[Path], canaries: Sequence[Canary] = (), limits: Limits = DEFAULT_LIMITS) -> Part[Net]:
    """Read captures of any known tool. Never raises on a bad capture: its stage is failed, with one line that says why.

    `canaries` are looked for in all captures, beside those that lie with each. Raises Malformed for wrong `canaries`.
    """
    given = checked(canaries)
    each = read_each(
        paths, "traffic", partial(file_input, "traffic"), lambda path, name: _read(path, name, given, limits)
    )
    if not each.read:
        return each.part(each.unread("NO_CAPTURE"))
    read = [one for _, one in each.read]
    net = Net(
        tuple(flow for one in read for flow in one.flows),
        tuple(lookup for one in read for lookup in one.lookups),
        tuple(one.capture for one in read),
        tuple(sorted({id for one in read for id in one.canaries})),
    )
    return each.part(net)


def _read(path: Path, name: str, given: tuple[Canary, ...], limits: Limits) -> One[_Read]:
    beside = _beside(path)
    own = [made for suffix in ("toml", "json") if (made := path.with_name(f"{path.name}.canaries.{suffix}")).is_file()]
    canaries = checked((*given, *(one for made in own for one in read_canaries(made))), path.name)
    told = [(one.id, one.pi_type, one.value) for one in canaries]
    result = sandbox.run("traffic", path, limits.for_size(path.stat().st_size), {"canaries": told})
    for error in result.errors.values():
        raise error
    stage = result.stages[0]
    if "examined" not in result.fields:
        raise ReadError(f"{path.name}：{stage.detail or stage.reason}", f"{path.name}: {stage.detail or stage.reason}")
    try:
        examined: Examined = adapter(Examined).validate_python(result.fields["examined"])
        capture, flows, lookups = _placed(path.name, examined, beside)
    except (ValidationError, OverflowError) as error:
        said = one_line(": ".join(first_fault(error)) if isinstance(error, ValidationError) else error)
        raise ReadError(
            f"{path.name}：读取结果不合格式：{said}", f"{path.name}: what was read does not fit: {said}"
        ) from None
    stage = replace(stage, name=name, detail="; ".join(filter(None, (_summary(capture, flows, lookups), stage.detail))))
    read = _Read(capture, flows, lookups, tuple(one.id for one in canaries))
    return One(read, stage, sum(result.seconds.values()))


def _placed(name: str, read: Examined, beside: dict[str, Any]) -> tuple[Capture, tuple[Flow, ...], tuple[Lookup, ...]]:
    """Times since the start, in order, and the receivers named."""
    shift = beside.get("skew_ms", 0)
    times = [flow.t_ms for flow in read.flows] + [lookup.t_ms for lookup in read.lookups]
    first = min(times, default=0) + shift
    start = _milliseconds(name, beside["started_at"]) if "started_at" in beside else first
    flows = [
        replace(flow, t_ms=flow.t_ms + shift - start, recipient=sdk.id if (sdk := by_domain(flow.host)) else "")
        for flow in read.flows
    ]
    lookups = [replace(one, t_ms=one.t_ms + shift - start) for one in read.lookups]
    began = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=start)
    capture = Capture(
        name,
        adapter(Capture.__annotations__["format"]).validate_python(read.format),
        began.isoformat(timespec="milliseconds"),
        beside.get("run_id", ""),
        read.records,
        read.records_unread,
        beside.get("uncertainty_ms", 0),
    )
    return capture, tuple(sorted(flows, key=lambda one: one.t_ms)), tuple(sorted(lookups, key=lambda one: one.t_ms))


def _summary(capture: Capture, flows: tuple[Flow, ...], lookups: tuple[Lookup, ...]) -> str:
    closed = sum(isinstance(flow.hits, Unread) for flow in flows)
    said = f"{capture.format}, {capture.records} records, {len(flows)} flows, {len(lookups)} lookups"
    return said + (f", {closed} flows not decrypted (CAPTURE_ENCRYPTED)" if closed else "")


def _milliseconds(name: str, started_at: str | datetime) -> int:
    try:
        moment = started_at if isinstance(started_at, datetime) else datetime.fromisoformat(started_at)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise _wrong(name, "started_at 须为带时区的 ISO 8601 时间", "started_at is an ISO 8601 time with its zone")
    return round(moment.timestamp() * 1000)


def _beside(path: Path) -> dict[str, Any]:
    file = path.with_name(f"{path.name}.run.toml")
    if not file.exists():
        return {}
    try:
        if file.stat().st_size > _BESIDE_BYTES:
            raise _wrong(path.name, "超过 1 MiB", "larger than 1 MiB")
        table = toml.loads(file.read_text("utf-8-sig"))
    except OSError as error:
        raise _wrong(path.name, f"无法读取：{error.strerror}", f"cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise _wrong(path.name, f"不是 TOML：{one_line(error)}", f"not TOML: {one_line(error)}") from None
    for key, value in table.items():
        if (
            key not in _BESIDE
            or not isinstance(value, _BESIDE[key])
            or isinstance(value, bool)
            or (isinstance(value, int) and not -MOST_MS < value < MOST_MS)
        ):
            known = "、".join(_BESIDE)
            raise _wrong(
                path.name,
                f"字段 {one_line(key)} 不对；可用 {known}",
                f"field {one_line(key)} is wrong; there are {known}",
            )
    return table


def _wrong(name: str, zh: str, en: str) -> Malformed:
    return Malformed(f"{name}.run.toml：{zh}", f"{name}.run.toml: {en}")
