"""Article 31 on a conformance run (S13): the mark at the top of the screen while a sensor is in use (R70)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from hegui.audit import Asked, Evidence, Finding, check, found
from hegui.audit import screen_evidence as seen
from hegui.audit import trace_evidence as shows
from hegui.catalogue.lexicons.screens.terminal import groups_named, is_indicator, is_status_bar
from hegui.catalogue.permissions import GROUPS
from hegui.facts import Facts
from hegui.facts.queries.sessions import Session, sessions
from hegui.facts.queries.timeline import Timeline, timeline
from hegui.facts.screens import Node, Screen
from hegui.facts.trace import Run
from hegui.regulations.terminal_parts import acts, declared, session_screens

_SHOWN_WITHIN_MS, _GONE_WITHIN_MS = 2000, 5000
_LEAST_DP = 8
_GROUP = {"camera": "camera", "mic": "microphone", "location": "location"}
_OF_DUTY = {"cac-2026:31.1": ("camera", "mic", "location"), "app-2021:11.3": ("camera", "mic")}

# What a dump shows of one sensor: a mark that names it, one that names none (a dot), or neither.
_Mark = Literal["named", "dot", ""]


@check(*_OF_DUTY, needs=("trace", "ui"), missing=("TRACE_SHORT", "HUMAN_PENDING"))
def marks_sensors_in_use(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A sensor in use without a mark, a mark that stays, comes late, is too small, or names another app."""
    wanted = _OF_DUTY[asked.duty.id]
    good: dict[str, set[str]] = {kind: set() for kind in wanted}
    used = 0
    for run in acts(facts):
        line = timeline(run)
        if not line.timed:
            continue
        bars = [one for one in _bars(facts, run) if one.clock == "elapsed"]
        of_run = sessions(line, tuple(_GROUP))
        for session in of_run:
            if session.kind in good:
                used += 1
                use = _Use(facts, run, line, session, of_run, bars)
                yield from use.faults()
                good[session.kind] |= use.shown_well()
    if not used:
        return
    short = [kind for kind in wanted if good[kind] < {"shown", "gone", "name"}]
    yield found(
        None if short else "compliant",
        "亮起、熄灭和应用名称都看到的："
        + ("、".join(GROUPS[_GROUP[one]].zh for one in wanted if one not in short) or "无")
        + f"；没有看全的：{'、'.join(GROUPS[_GROUP[one]].zh for one in short) or '无'}（全屏沉浸时须能划出，不在此列）",
        "seen to light, to go out and to name the app: "
        + (", ".join(GROUPS[_GROUP[one]].en for one in wanted if one not in short) or "none")
        + f"; not seen whole: {', '.join(GROUPS[_GROUP[one]].en for one in short) or 'none'} (full screen is not looked at)",
        *(shows.whole(facts, run) for run in acts(facts)),
        basis="observed",
        missing=("TRACE_SHORT",) if short else (),
    )


def _bars(facts: Facts, run: Run) -> list[Screen]:
    """The dumps of a run that hold the status bar: one without it says nothing of the mark."""
    return [
        one
        for one in session_screens(facts)
        if one.run_id == run.meta.run_id and any(is_status_bar(node.name, one.owner) for node in one.nodes)
    ]


def _marks(screen: Screen) -> list[Node]:
    return [
        node
        for node in screen.nodes
        if node.visible and is_status_bar(node.name, screen.owner) and is_indicator(node.name, node.text)
    ]


def _bar_nodes(screen: Screen) -> Counter[tuple[str, str]]:
    return Counter(
        (node.name, node.cls) for node in screen.nodes if node.visible and is_status_bar(node.name, screen.owner)
    )


@dataclass(frozen=True)
class _Use:
    """One use of a sensor and the dumps of the status bar around it."""

    facts: Facts
    run: Run
    line: Timeline
    session: Session
    others: list[Session]
    bars: list[Screen]

    @property
    def start(self) -> int:
        return self.session.opened.t_ms

    @property
    def slack(self) -> int:
        return self.line.slack(self.session.opened.what)

    @property
    def during(self) -> list[Screen]:
        until = self.session.until(self.line)
        return [one for one in self.bars if self.start < one.t_ms < until]

    @property
    def after(self) -> list[Screen]:
        """After its end, until the sensor is opened again."""
        if self.session.closed is None:
            return []
        end = self.session.closed.t_ms
        # Two calls may have opened one use; what another still holds open is no mark that stays.
        if any(self._same(one) and one.opened.t_ms <= end < one.until(self.line) for one in self.others):
            return []
        again = [one.opened.t_ms for one in self.others if self._same(one) and one.opened.t_ms > end]
        return [one for one in self.bars if end < one.t_ms < min(again, default=one.t_ms + 1)]

    def _same(self, other: Session) -> bool:
        return other is not self.session and other.kind == self.session.kind

    def mark(self, screen: Screen) -> _Mark:
        named = [set(groups_named(node.text)) for node in _marks(screen)]
        if any(_GROUP[self.session.kind] in groups for groups in named):
            return "named"
        busy = any(
            one.kind != self.session.kind and one.opened.t_ms <= screen.t_ms <= one.until(self.line) + _GONE_WITHIN_MS
            for one in self.others
        )
        # A dot may be that of another sensor that is in use, or was a moment ago.
        return "dot" if any(not groups for groups in named) and not busy else ""

    def faults(self) -> Iterator[Finding]:
        name = GROUPS[_GROUP[self.session.kind]]
        marked = [one for one in self.during if self.mark(one)]
        due = self.start + _SHOWN_WITHIN_MS + self.slack
        bare = [one for one in self.during if not self.mark(one) and one.t_ms > due]
        # Where other marks without a name were there, it may be one of them.
        silent = [one for one in bare if not _marks(one) or all(groups_named(node.text) for node in _marks(one))]
        if not marked and silent:
            bare_for_sure = [one for one in silent if self._shows_nothing_new(one)]
            yield self._found(
                "violation" if bare_for_sure else "risk",
                f"“{name.zh}”在用，2 秒后屏幕顶部仍没有"
                + (
                    "标识，状态栏与未用时相同"
                    if bare_for_sure
                    else "可认出的标识；或有未认出的元素，或没有未用时的界面可比"
                ),
                f"“{name.en}” in use, and 2 s later no mark at the top"
                + (
                    ": the status bar is that of a time without use"
                    if bare_for_sure
                    else " that is known; it holds a node that is not, or there is no dump without use to compare"
                ),
                bare_for_sure or silent,
                missing=() if bare_for_sure else ("HUMAN_PENDING",),
            )
        elif marked and silent and silent[0].t_ms < marked[0].t_ms:
            late = (silent[0].t_ms - self.start) / 1000
            yield self._found(
                "risk",
                f"“{name.zh}”的标识迟缓：启用 {late:.1f} 秒后尚未亮起",
                f"the mark of “{name.en}” is slow: not yet there {late:.1f} s after the opening",
                [silent[0], marked[0]],
            )
        if self.session.closed is not None:
            over = self.session.closed.t_ms + _GONE_WITHIN_MS + self.slack
            stuck = [one for one in self.after if one.t_ms > over and self.mark(one)]
            if stuck:
                yield self._found(
                    "violation",
                    f"“{name.zh}”关闭 5 秒后标识仍在",
                    f"the mark of “{name.en}” is still there 5 s after the end",
                    stuck,
                )
        yield from self._wrong_app(marked)
        yield from self._too_small(marked)

    def _shows_nothing_new(self, screen: Screen) -> bool:
        """Whether the status bar holds no node that it does not hold while nothing is in use. A maker's mark may have a name
        and words that nobody here knows: then something new stands there."""
        ends = [(one.opened.t_ms, one.until(self.line) + _GONE_WITHIN_MS) for one in self.others]
        idle = [one for one in self.bars if not any(start <= one.t_ms <= end for start, end in ends)]
        return any(_bar_nodes(screen) <= _bar_nodes(one) for one in idle)

    def _own(self) -> str:
        """The name of the test app, as declared; "" where it is not."""
        return declared(self.facts).apps.get(self.run.meta.package, "")

    def _names(self, screen: Screen) -> str:
        return " ".join(node.text for node in _marks(screen))

    def _wrong_app(self, marked: list[Screen]) -> Iterator[Finding]:
        """An expanded mark that names another known app and not the one that uses the sensor."""
        own = self._own()
        others = [one for one in declared(self.facts).apps.values() if one and one not in own and own not in one]
        wrong = [
            one
            for one in marked
            if own and own not in self._names(one) and any(each in self._names(one) for each in others)
        ]
        if wrong:
            yield self._found(
                "violation",
                f"标识指为别的应用：“{self._names(wrong[0])}”，实际使用者为 {own}",
                f"the mark names another app: “{self._names(wrong[0])}”; {own} uses it",
                wrong,
            )

    def _too_small(self, marked: list[Screen]) -> Iterator[Finding]:
        dpi = declared(self.facts).screen_dpi
        for screen in marked if dpi else ():
            for node in _marks(screen):
                if dpi and node.bounds:
                    left, top, right, bottom = node.bounds
                    size = min(right - left, bottom - top) * 160 / dpi
                    if 0 < size < _LEAST_DP:
                        yield self._found(
                            "risk",
                            f"标识过小：{size:.1f} dp（少于 {_LEAST_DP} dp）",
                            f"the mark is too small: {size:.1f} dp, less than {_LEAST_DP} dp",
                            [screen],
                        )
                        return

    def shown_well(self) -> set[str]:
        """What was seen as it should be: shown in time, gone in time, the name of the app."""
        good = set()
        marked = [one for one in self.during if self.mark(one)]
        if any(one.t_ms <= self.start + _SHOWN_WITHIN_MS + self.slack for one in marked):
            good.add("shown")
        if self.session.closed is not None:
            end = self.session.closed.t_ms + _GONE_WITHIN_MS + self.slack
            if any(one.t_ms <= end and not _marks(one) for one in self.after):
                good.add("gone")
        own = self._own()
        if own and any(own in self._names(one) for one in marked):
            good.add("name")
        return good

    def _found(
        self,
        verdict: Literal["violation", "risk"],
        zh: str,
        en: str,
        screens: list[Screen],
        missing: tuple[str, ...] = (),
    ) -> Finding:
        evidence: list[Evidence] = [shows.event(self.facts, self.run, self.session.opened)]
        evidence += [shows.event(self.facts, self.run, self.session.closed)] if self.session.closed else []
        evidence += [
            seen.whole(self.facts, one, "; ".join(node.text or node.name for node in _marks(one)) or "no mark")
            for one in screens[:3]
        ]
        return found(verdict, zh, en, *evidence, basis="observed", missing=missing)
