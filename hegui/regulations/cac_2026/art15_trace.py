"""Article 15 on recorded runs: biometrics that leave the device, and what left just after the camera or microphone."""

from bisect import bisect_left
from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import trace_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.catalogue.pi_types import pi_type
from hegui.facts import Facts
from hegui.facts.queries.sessions import uses
from hegui.facts.trace import Event, What
from hegui.regulations.reads import who
from hegui.regulations.sensor_parts import LARGE_BYTES, SENSORS, at_biometric_step
from hegui.regulations.trace_parts import agreed_by_tap, run_name, seconds, tells_consent, timelines, times, why_actor
from hegui.regulations.traffic_parts import Side, side


@check(
    "cac-2026:15.2.1",
    needs=("trace",),
    missing=("CAPTURE_ENCRYPTED", "TRACE_NO_CONSENT", "TRACE_SHORT", "HUMAN_PENDING"),
)
def sends_biometrics(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A flow seen to carry a face, fingerprint, voice or other biometric, without a consent of its own before it (R44)."""
    for run, line in timelines(facts):
        agreed = next(iter(line.events(lambda what: what.type == "consent" and _own_consent(what))), None)
        grouped: dict[tuple[str, str, Side], list[Event]] = {}
        for one in line.events(lambda what: what.type == "net" and any(map(_is_biometric, what.pi))):
            if line.foreign(one.what) or one.origin == "system":
                continue
            slack = line.slack(one.what, *([agreed.what] if agreed else []))
            lies = side(one.t_ms, agreed.t_ms if agreed else None, slack)
            if lies == "before" and (not tells_consent(run, one.t_ms) or agreed_by_tap(run, one.t_ms)):
                lies = "untold"
            grouped.setdefault((one.origin, one.what.host or "", lies), []).append(one)
        for (actor, host, lies), several in grouped.items():
            kinds = [
                pi_type(kind)
                for kind in dict.fromkeys(kind for one in several for kind in one.what.pi)
                if _is_biometric(kind)
            ]
            verdict, zh, en, missing = _SIDES[lies]
            many = times(sum(one.what.count for one in several))
            yield found(
                verdict,
                f"{run_name(run).zh}：{who(actor).zh}向 {host} 发送{'、'.join(each.zh for each in kinds)}，{many.zh}，{zh}",
                f"{run_name(run).en}: {who(actor).en} sends {', '.join(each.en for each in kinds)} to {host} {many.en}, {en}",
                *shows.events(facts, run, several),
                *([shows.event(facts, run, agreed)] if agreed else []),
                basis="observed",
                assumptions=("A-19",),
                missing=(missing,) if missing else (),
                actor=actor,
                why_actor=why_actor(several[0]),
            )


_SIDES: dict[Side, tuple[Verdict, str, str, str]] = {
    "before": ("violation", "此前没有单独同意", "without a separate consent before", ""),
    "unsure": (
        "undetermined",
        "与单独同意相距在时钟误差之内",
        "within what the times are off from a separate consent",
        "TRACE_SHORT",
    ),
    "untold": (
        "undetermined",
        "此前是否单独同意，日志看不出",
        "whether a separate consent came before, the log does not tell",
        "TRACE_NO_CONSENT",
    ),
    "after": (
        "risk",
        "此前有单独同意，法律依据待人工确认",
        "after a separate consent; the legal basis awaits review",
        "HUMAN_PENDING",
    ),
}


def _is_biometric(kind: str) -> bool:
    return kind.startswith("biometric.")


def _own_consent(what: What) -> bool:
    return what.act == "agree" and (what.scope or "").startswith("biometric")


@check("cac-2026:15.2.1", needs=("trace",), missing=("CAPTURE_ENCRYPTED", "HUMAN_PENDING"))
def uploads_after_taking(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A large flow that nobody could read, just after camera or microphone was used at a step that compares faces or
    voices (R44): it may be the picture, and it takes a decrypted capture to tell."""
    window_ms = round(asked.number("window_s") * 1000)
    for run, line in timelines(facts):
        if not line.timed:
            continue
        large = line.events(lambda what: what.type == "net" and not what.pi and (what.bytes or 0) >= LARGE_BYTES)
        told: set[str] = set()
        for one in uses(line, SENSORS) if large else ():
            at = bisect_left(large, one.t_ms, key=lambda each: each.t_ms)
            if at == len(large) or large[at].t_ms - one.t_ms > window_ms or (large[at].what.host or "") in told:
                continue
            if not at_biometric_step(facts, line, one.t_ms):
                continue
            sent = large[at]
            told.add(sent.what.host or "")
            yield found(
                "risk",
                f"{run_name(run).zh}：人脸、声纹等比对步骤使用相机或麦克风 {seconds(sent.t_ms - one.t_ms)} 秒后，"
                f"向 {sent.what.host} 上传 {sent.what.bytes} 字节，内容未能读出",
                f"{run_name(run).en}: {seconds(sent.t_ms - one.t_ms)} s after camera or microphone was used to compare a face "
                f"or voice, {sent.what.bytes} bytes that could not be read went to {sent.what.host}",
                shows.event(facts, run, one),
                shows.event(facts, run, sent),
                basis="observed",
                assumptions=("A-19",),
                missing=("CAPTURE_ENCRYPTED",),
                actor=sent.origin,
                why_actor=why_actor(sent),
            )
