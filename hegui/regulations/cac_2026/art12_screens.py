"""Article 12(1) on screens: the purpose told at the moment a permission is asked for (R27)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hegui.audit import Asked, Evidence, Finding, check, found
from hegui.audit import screen_evidence as shows
from hegui.audit import trace_evidence as ran
from hegui.audit.verdict import Verdict
from hegui.catalogue.lexicons.screens import purpose_key, told_purpose
from hegui.catalogue.permissions import GROUPS
from hegui.facts import Facts, is_read
from hegui.facts.screens import Screen, Sign
from hegui.regulations.screen_parts import app_screens
from hegui.regulations.trace_parts import asked_groups, requests, timelines
from hegui.words import Words

# RULES R27: what is shown this close to the request is shown with it; what came up to so long before, on the way to it.
_AT_MS = 1000
_BEFORE_MS = 10_000


@dataclass
class _Request:
    """A request for some groups in one run, by the trace or by the dump of its box; `boxes` are the dumps of the box."""

    run_id: str
    at_ms: int
    groups: tuple[str, ...]
    shown: list[Evidence]
    boxes: list[Screen] = field(default_factory=list)
    origin: str = "app"


@dataclass(frozen=True)
class _Told:
    verdict: Verdict
    words: Words
    evidence: tuple[Evidence, ...]
    missing: tuple[str, ...] = ()


@check("cac-2026:12.1.3", needs=("ui",), missing=("UI_UNREACHED", "HUMAN_PENDING"))
def tells_the_purpose_when_asking(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Words for what the permission is used for, on the screen when it is asked for (R27).

    A dump of the box alone does not show a banner in another window beside it: that takes a dump of all windows, or of the
    app's window while the box stands.
    """
    if not is_read(facts.ui):
        return
    weighed = [(one, _told(facts, one)) for one in _requests(facts)]
    looked_at = {group for one, told in weighed if told.verdict != "undetermined" for group in one.groups}
    alike: dict[tuple[Verdict, str, tuple[str, ...], str], list[tuple[_Request, _Told]]] = {}
    for one, told in weighed:
        # Of the same group one request was seen on a screen, and this other one was not.
        if told.verdict == "undetermined" and looked_at.issuperset(one.groups):
            continue
        alike.setdefault((told.verdict, told.words.zh, one.groups, one.origin), []).append((one, told))
    for (verdict, _, groups, origin), several in alike.items():
        names = [GROUPS.get(group, Words(group, group)) for group in groups]
        told = several[0][1]
        yield found(
            verdict,
            f"申请{'、'.join(one.zh for one in names) or '某项'}权限时（共 {len(several)} 次）：{told.words.zh}",
            f"when {', '.join(one.en for one in names) or 'a permission'} is asked for ({len(several)} times): {told.words.en}",
            *[each for one, _ in several[:2] for each in one.shown],
            *told.evidence,
            basis="observed",
            missing=told.missing,
            actor=origin,
        )


def _requests(facts: Facts) -> list[_Request]:
    """Each request that a trace or the dump of a box shows."""
    if not is_read(facts.ui):
        return []
    found_ones = [
        _Request(run.meta.run_id, one.t_ms, asked_groups(one.what), [ran.event(facts, run, one)], [], one.origin)
        for run, line in timelines(facts)
        if line.timed
        for one in requests(line)
    ]
    for screen in sorted(facts.ui.screens, key=lambda one: one.t_ms):
        for sign in screen.of("system_permission"):
            known = next((one for one in reversed(found_ones) if _same(one, screen, sign)), None)
            if known is None:
                known = _Request(screen.run_id, screen.t_ms, sign.groups, [shows.sign(facts, screen, sign)])
                found_ones.append(known)
            known.boxes.append(screen)
    return found_ones


def _same(one: _Request, box: Screen, sign: Sign) -> bool:
    """Whether the box is that of a request: of one of its groups, and while nothing tells that it was gone between."""
    if one.run_id != box.run_id or not (set(one.groups) & set(sign.groups) or one.groups == sign.groups):
        return False
    if one.boxes:
        return box.page == one.boxes[-1].page and box.clock == one.boxes[-1].clock
    return box.clock == "elapsed" and -_AT_MS <= box.t_ms - one.at_ms <= _BEFORE_MS


def _told(facts: Facts, one: _Request) -> _Told:
    run = [each for each in app_screens(facts) if each.run_id == one.run_id]
    if any(each.clock == "order" for each in one.boxes):
        first = min(each.t_ms for each in one.boxes)
        # Without times, the dump next before the box is the page that asked.
        beside, before, after = [], [each for each in run if each.t_ms < first][-1:], []
    else:
        timed = [each for each in run if each.clock == "elapsed"]
        beside = _within(timed, one.at_ms - _AT_MS, one.at_ms + _AT_MS)
        before = _within(timed, one.at_ms - _BEFORE_MS, one.at_ms - _AT_MS - 1)
        after = _within(timed, one.at_ms + _AT_MS + 1, one.at_ms + _BEFORE_MS)
    with_box = [(each, sign) for each in one.boxes for sign in _purposes(each)]
    close = [(each, sign) for each in (*beside, *before) for sign in _purposes(each)]
    named = [pair for pair in close if set(pair[1].groups) & set(one.groups)]
    clear = [pair for pair in (*with_box, *named) if pair[1].kind == "purpose"]
    if clear:
        return _Told("compliant", Words("界面写明了用途", "the screen tells what for"), _shown(facts, clear))
    if with_box or named:
        words = Words("用途只是笼统的话", "the purpose told is one that fits anything")
        return _Told("risk", words, _shown(facts, [*with_box, *named]))
    if [each for each in close if each[0] in beside]:
        words = Words("界面有用途的话，但没有说是哪项权限", "words of a purpose, which do not say for which permission")
        return _Told("risk", words, _shown(facts, close), ("HUMAN_PENDING",))
    late = [(each, sign) for each in after for sign in _purposes(each) if set(sign.groups) & set(one.groups)]
    if late:
        words = Words("授权结果之后才说明用途", "the purpose is told only after the answer")
        return _Told("risk", words, _shown(facts, late))
    return _nothing(facts, one, [each for each in beside if each.t_ms >= one.at_ms])


def _nothing(facts: Facts, one: _Request, own_at: Sequence[Screen]) -> _Told:
    """No word of a purpose: how far that was looked for.

    A dump of the app's window tells only while the box stands, and only where the tree holds its words at all.
    """
    first, last = (pick((each.t_ms for each in one.boxes), default=0) for pick in (min, max))
    own_during = [each for each in own_at if first <= each.t_ms <= last and any(node.text for node in each.nodes)]
    evidence = tuple(shows.whole(facts, each) for each in (*one.boxes, *own_at)[:3])
    if own_during or any(_shows_app_too(facts, each) for each in one.boxes):
        return _Told("violation", Words("界面没有用途说明", "the screen does not tell what for"), evidence)
    if one.boxes:
        words = Words(
            "只见系统授权框，没有用途说明；界面导出只含授权框的窗口，旁边有无说明待看截图",
            "only the system's box; the dump holds its window alone, so look at the picture for words beside it",
        )
        return _Told("risk", words, evidence, ("HUMAN_PENDING",))
    words = Words(
        "没有当时的界面，是否说明用途尚未查看", "no dump was made then, so whether the purpose is told is open"
    )
    return _Told("undetermined", words, (*one.shown, *evidence), ("UI_UNREACHED",))


def _shows_app_too(facts: Facts, box: Screen) -> bool:
    """Whether a dump of a box holds the window of the app as well, with words in it, by the resource ids of its nodes."""
    names = {node.name.partition(":")[0] for node in box.nodes if node.visible and node.text and ":" in node.name}
    return is_read(facts.pkg) and facts.pkg.name in names


def _within(screens: Sequence[Screen], start_ms: int, end_ms: int) -> list[Screen]:
    return [one for one in screens if start_ms <= one.t_ms <= end_ms]


def _purposes(screen: Screen) -> list[Sign]:
    return [*screen.of("purpose"), *screen.of("vague_purpose")]


def _shown(facts: Facts, pairs: Sequence[tuple[Screen, Sign]]) -> tuple[Evidence, ...]:
    return tuple(shows.sign(facts, screen, sign) for screen, sign in pairs[:3])


@check("cac-2026:12.1.3", needs=("pkg",), missing=("NO_UI",))
def carries_the_purpose_in_the_package(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """On iOS and HarmonyOS the system's box shows the purpose that the package states (R27, limb 2); Android has none."""
    if not is_read(facts.pkg) or facts.pkg.platform == "android" or not is_read(facts.pkg.purpose_strings):
        return
    for key, text in sorted(facts.pkg.purpose_strings.items()):
        group = purpose_key(key)
        if group is None:
            continue
        name = GROUPS.get(group, Words(group, group))
        # The string is the purpose, whether or not it begins with "in order to".
        clear = bool(text.strip()) and told_purpose(f"用于{text}") == "specific"
        yield found(
            "compliant" if clear else "risk",
            f"安装包写明{name.zh}权限的用途：“{text[:60]}”"
            if clear
            else f"{name.zh}权限的用途为空或笼统：“{text[:60]}”",
            f'the package states what {name.en} is for: "{text[:60]}"'
            if clear
            else f'what {name.en} is for is empty or fits anything: "{text[:60]}"',
            Evidence("package_static", f"Info.plist@{key}", text[:120], facts.pkg.sha256),
            basis="textual",
        )
