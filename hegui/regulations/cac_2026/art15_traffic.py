"""Article 15(2) on traffic: biometrics that left the device, after which consent, and what nobody could read."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import trace_evidence as runs_show
from hegui.audit import traffic_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.catalogue.behaviours.acts import tells
from hegui.facts import Facts, is_read
from hegui.facts.queries.sessions import uses
from hegui.facts.queries.timeline import Timeline
from hegui.facts.trace import Event, Run
from hegui.facts.traffic import Flow, Net
from hegui.regulations.sensor_parts import LARGE_BYTES, SENSORS, at_biometric_step
from hegui.regulations.trace_parts import map_approved, run_name, scene_of, seconds, timelines
from hegui.regulations.traffic_parts import WHY_ACTOR, SameRuns, Sent, evidence, hosts, kinds, sent, sides_of, unheard

_BIOMETRICS = ("face", "finger", "voice", "iris", "gait")


@check(
    "cac-2026:15.2.1",
    needs=("net",),
    missing=("CAPTURE_ENCRYPTED", "NO_CANARY", "NO_CAPTURE", "TRACE_NO_CONSENT", "TRACE_SHORT", "HUMAN_PENDING"),
)
def lets_biometrics_leave(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A face, fingerprint, voice or other biometric found in what left the device, and whether it was agreed to before (R44).

    The picture of a document shows a face and is no template of one: it is told apart.
    """
    if not is_read(facts.net):
        return
    left = [one for one in sent(facts) if one.hit.pi_type.startswith("biometric.")]
    for several, document in ((_of(left, document=False), False), (_of(left, document=True), True)):
        if several:
            yield _left(facts, several, document=document)
    if not left:
        yield _none_left(facts, facts.net)


def _of(left: list[Sent], *, document: bool) -> list[Sent]:
    return [one for one in left if tells("document_image", one.hit.key) is document]


def _left(facts: Facts, left: list[Sent], *, document: bool) -> Finding:
    sides = sides_of(facts, left, ("biometric", *(f"biometric.{one}" for one in _BIOMETRICS)))
    verdict: Verdict = "risk"
    missing = "HUMAN_PENDING"
    if "before" in sides:
        zh, en = "此前没有单独同意", "without a separate consent before"
        verdict, missing = ("risk", "HUMAN_PENDING") if document else ("violation", "")
    elif sides == {"after"}:
        zh, en = "此前有单独同意，法律依据待人工确认", "after a separate consent; the legal basis awaits review"
    else:
        zh, en = "此前是否单独同意没有记录", "whether it was agreed to before was not recorded"
        missing = "TRACE_NO_CONSENT"
    label = ("证件图像（含人脸），", "a document image that shows a face, ") if document else ("", "")
    return found(
        verdict,
        f"{label[0]}{kinds(left).zh}信息发送到 {hosts(left)}，{zh}",
        f"{label[1]}{kinds(left).en} sent to {hosts(left)}, {en}",
        *evidence(facts, left),
        basis="observed",
        assumptions=("A-19",),
        missing=(missing,) if missing else (),
        actor=left[0].flow.origin,
        why_actor=WHY_ACTOR,
    )


def _none_left(facts: Facts, net: Net) -> Finding:
    """Compliant where the step that compares biometrics was run, all of its traffic was read, and nothing large was sent."""
    lacking = [*unheard(net)]
    if any(one.bytes >= LARGE_BYTES for one in net.flows):
        lacking.append("HUMAN_PENDING")
    if not _exercised(facts, net):
        lacking.append("TRACE_SHORT")
    return found(
        None if lacking else "compliant",
        "抓到的流量里没有辨认出生物识别信息" + ("" if lacking else "；比对步骤已实际执行，流量全部可读，没有大的上传"),
        "no biometrics were recognised in what was captured"
        + ("" if lacking else "; the step that compares was run, all traffic was read, and nothing large was sent"),
        shows.coverage(facts, net),
        basis="observed",
        assumptions=("A-19",),
        missing=tuple(lacking),
    )


def _exercised(facts: Facts, net: Net) -> bool:
    """Whether a captured run went through a declared scene that compares biometrics, by an approved map."""
    captured = {one.run_id for one in net.captures}
    scenes = [
        scene_of(facts, page) for run, line in timelines(facts) if run.meta.run_id in captured for page in line.pages
    ]
    about = any(kind.partition(".")[0] == "biometric" for one in scenes if one for kind in one.types)
    return about and map_approved(facts)


@check("cac-2026:15.2.1", needs=("net", "trace"), missing=("CAPTURE_ENCRYPTED", "HUMAN_PENDING"))
def sends_what_nobody_could_read(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A large request that could not be read, just after camera or microphone was used where biometrics are compared (R44)."""
    if not is_read(facts.net):
        return
    window_ms = round(asked.number("window_s") * 1000)
    same = SameRuns(facts)
    taken = {run.meta.run_id: _taken_to_compare(facts, line) for run, line in timelines(facts) if line.timed}
    told: set[tuple[str, str]] = set()
    for flow in facts.net.flows:
        at = same.moment(flow) if flow.bytes >= LARGE_BYTES and _opaque(flow) else None
        if at is None or (at.run.meta.run_id, flow.host) in told:
            continue
        for one in taken.get(at.run.meta.run_id, ()):
            if -at.slack_ms <= at.t_ms - one.t_ms <= window_ms + at.slack_ms:
                told.add((at.run.meta.run_id, flow.host))
                yield _could_be_it(facts, at.run, one, flow, max(0, round(at.t_ms) - one.t_ms))
                break


def _opaque(flow: Flow) -> bool:
    return not isinstance(flow.hits, tuple) or bool(flow.gaps)


def _taken_to_compare(facts: Facts, line: Timeline) -> list[Event]:
    """The uses of camera or microphone at a step that compares biometrics."""
    return [one for one in uses(line, SENSORS) if at_biometric_step(facts, line, one.t_ms)]


def _could_be_it(facts: Facts, run: Run, taken: Event, flow: Flow, after_ms: int) -> Finding:
    return found(
        "risk",
        f"{run_name(run).zh}：人脸、声纹等比对步骤使用相机或麦克风 {seconds(after_ms)} 秒后，"
        f"向 {flow.host} 上传 {flow.bytes} 字节，内容未能读出",
        f"{run_name(run).en}: {seconds(after_ms)} s after camera or microphone was used to compare a face or voice, "
        f"{flow.bytes} bytes that could not be read went to {flow.host}",
        shows.flow(facts, flow, f"{flow.bytes} bytes"),
        runs_show.event(facts, run, taken),
        basis="observed",
        assumptions=("A-19",),
        missing=("CAPTURE_ENCRYPTED",),
        actor=flow.origin,
        why_actor=WHY_ACTOR,
    )
