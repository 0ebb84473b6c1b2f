"""What the checks on uses of camera, microphone and location share: what one use may be called, and how it is told."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hegui.audit import Evidence, Finding, found
from hegui.audit import trace_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.catalogue.apis import entry
from hegui.catalogue.behaviours.acts import tells
from hegui.facts import Facts
from hegui.facts.queries.sessions import kind_of
from hegui.facts.queries.timeline import Timeline, between
from hegui.facts.trace import Event, Run, TraceMeta, What
from hegui.regulations.reads import who
from hegui.regulations.trace_parts import (
    lacks_acts,
    needs,
    read_whole,
    run_name,
    runs,
    scene_of,
    scenes,
    timelines,
    times,
    watches,
    why_actor,
)
from hegui.words import Words

SENSORS = ("camera", "mic")
NAMES = {
    "camera": Words("相机", "the camera"),
    "mic": Words("麦克风", "the microphone"),
    "location": Words("定位", "location"),
}
GROUP = {"camera": "camera", "mic": "microphone", "location": "location"}
GRACE = {"camera": "grace.camera_s", "mic": "grace.microphone_s", "location": "grace.location_s"}

# The families of the API catalogue by which each is used; a collector that watches one of them sees uses.
_FAMILIES = {"camera": ("camera.",), "mic": ("microphone.",), "location": ("location.", "fused.")}
_TAKES = ("capture", "start", "read")
# The calls by which a camera or microphone that was opened begins to take anything (RULES R33).
_BEGINS = {"camera": ("camera.take_picture", "camera.capture_session"), "mic": ("microphone.record", "microphone.read")}

# A picture of a face is tens of kilobytes and more; a template, or telling how it went, is not.
LARGE_BYTES = 50_000


@dataclass(frozen=True)
class Weighed:
    """What one use may be called, and why. `verdict` None: nothing is held against it, but it clears nothing either."""

    verdict: Verdict | None
    why: Words
    missing: tuple[str, ...] = ()


# An assistant that listens to be called is switched on once; which act did that, a run rarely shows (RULES R33).
LISTENS = Weighed(
    None,
    Words(
        "声明了语音唤醒场景，用户是否开启过待人工确认",
        "a scene that listens for a wake word is declared; whether the user switched it on awaits review",
    ),
    ("HUMAN_PENDING",),
)


def listens_for_its_name(facts: Facts) -> bool:
    """Whether a scene is declared in which the microphone listens for a wake word."""
    return any(tells("wakes_by_word", one.name) and needs(one, "microphone") for one in scenes(facts))


class Grouped:
    """Uses that may be called the same, by party and kind: the first tells why."""

    def __init__(self) -> None:
        self._by: dict[tuple[str, str, Verdict | None, tuple[str, ...]], tuple[Weighed, list[Event]]] = {}

    def add(self, actor: str, kind: str, weighed: Weighed, *several: Event) -> None:
        self._by.setdefault((actor, kind, weighed.verdict, weighed.missing), (weighed, []))[1].extend(several)

    def findings(self, facts: Facts, run: Run) -> Iterator[Finding]:
        for (actor, kind, *_), (weighed, several) in self._by.items():
            many = times(sum(one.what.count for one in several if one.what.op not in ("close", "stop")))
            yield found(
                weighed.verdict,
                f"{run_name(run).zh}：{who(actor).zh}使用{NAMES[kind].zh}，{many.zh}，{weighed.why.zh}",
                f"{run_name(run).en}: {who(actor).en} uses {NAMES[kind].en} {many.en}; {weighed.why.en}",
                *shows.events(facts, run, several),
                shows.whole(facts, run),
                basis="observed",
                missing=weighed.missing,
                actor=actor,
                why_actor=why_actor(several[0]),
            )

    def open_questions(self) -> set[str]:
        """What those lack against which nothing is held."""
        return {code for weighed, _ in self._by.values() if weighed.verdict is None for code in weighed.missing}


def not_sure_it_opened(one: Event, why: Words) -> Weighed:
    more = (
        Words("，但被拒绝", ", but it was denied")
        if one.what.result == "denied"
        else Words("；来源没有记录是否成功", "; the source does not record whether it succeeded")
    )
    return Weighed("risk", Words(why.zh + more.zh, why.en + more.en))


def took_nothing(line: Timeline) -> frozenset[int]:
    """The openings (their seq) that took no picture and no sound, where the collector would have shown it: the torch, or a
    look whether there is a camera or microphone at all (RULES R33)."""
    return line.kept("took_nothing", lambda: _took_nothing(line))


def _took_nothing(line: Timeline) -> frozenset[int]:
    by_kind: dict[str, list[Event]] = {kind: [] for kind in _BEGINS}
    for one in line.events(lambda what: kind_of(what) in _BEGINS):
        by_kind[kind_of(one.what) or ""].append(one)
    idle: set[int] = set()
    for kind, of_kind in by_kind.items():
        takes = [one.t_ms for one in of_kind if one.what.op in _TAKES or _begins(one.what)]
        ends = [one.t_ms for one in of_kind if one.what.op in ("close", "stop")]
        shows_taking = bool(takes) or watches(line.meta, *_BEGINS[kind])
        for one in of_kind:
            if one.what.op != "open":
                continue
            at = bisect_right(ends, one.t_ms)
            end_ms = ends[at] if at < len(ends) else line.end_ms
            torch = any("torch" in arg.casefold() for arg in one.what.args)
            if torch or (shows_taking and not between(takes, one.t_ms, end_ms + 1)):
                idle.add(one.seq)
    return frozenset(idle)


def _begins(what: What) -> bool:
    """Whether the call itself begins to take: MediaRecorder.start opens nothing to look whether it is there."""
    known = entry(what.api_id or "")
    return known is not None and known.act in ("read", "listen")


def watched(meta: TraceMeta, kinds: Iterable[str]) -> bool:
    """Whether the collector watched uses of each of these kinds, as far as it says what it watched at all."""
    return not meta.hooks or all(any(watches(meta, family) for family in _FAMILIES[kind]) for kind in kinds)


def at_biometric_step(facts: Facts, line: Timeline, t_ms: int) -> bool:
    """Whether a face, fingerprint or voice is compared at a time, by the act before, the page, or its declared scene."""
    page, act = line.page_at(t_ms), line.act_before(t_ms)
    scene = scene_of(facts, page)
    said = (
        act.what.node_text if act else "",
        scene.name if scene else "",
        page.what.page if page and page.what else "",
    )
    listed = scene is not None and any(kind.partition(".")[0] == "biometric" for kind in scene.types)
    return listed or any(tells("compares_biometrics", text) for text in said)


def delivered(what: What) -> bool:
    """A position that the system hands to a listener, and no call of the app."""
    return what.type == "loc" and what.op in ("fix", "update") and what.mode != "single" and not what.api_id


def good_news(facts: Facts, kinds: tuple[str, ...], fine: int, unsettled: set[str], says: Words) -> Iterator[Finding]:
    """Compliant where each scene was used and left (S4), all uses were watched and none awaits an answer; worse findings
    outweigh it. `unsettled`: the reason codes of uses against which nothing is held, and which are not cleared either."""
    planned = [
        line
        for _, line in timelines(facts, "S4")
        if line.shows_acts and line.timed and read_whole(line.meta) and line.meta.hooks and watched(line.meta, kinds)
    ]
    evidence: list[Evidence] = [shows.whole(facts, run) for run in runs(facts)]
    if fine and planned and not unsettled:
        yield found(
            "compliant",
            f"逐场景使用（S4）中，{fine} {says.zh}",
            f"scene by scene (S4): {fine} {says.en}",
            *evidence,
            basis="observed",
        )
    elif evidence:
        deaf = not all(run.meta.hooks and watched(run.meta, kinds) for run in runs(facts))
        yield found(
            None,
            f"{fine} {says.zh}，但没有逐场景做全（S4）、采集不全或尚有待确认"
            if fine
            else "各次运行中没有可据以说明符合的使用",
            f"{fine} {says.en}; not every scene was run (S4) or watched, or something awaits an answer"
            if fine
            else "no use in these runs that shows compliance",
            *evidence,
            basis="observed",
            missing=(
                "TRACE_NO_UI" if lacks_acts(timelines(facts)) else "TRACE_SHORT",
                *(("TRACE_HOOK_GAP",) if deaf else ()),
                *sorted(unsettled),
            ),
        )
