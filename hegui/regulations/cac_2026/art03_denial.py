"""Articles 3(4) and 11(1): after a permission is denied or a function switched off, everything else goes on."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from hegui.audit import Asked, Finding, check, found
from hegui.audit import screen_evidence as shows
from hegui.audit import trace_evidence as did
from hegui.audit.verdict import Verdict
from hegui.catalogue.lexicons.screens import says
from hegui.catalogue.permissions import GROUPS
from hegui.facts import Facts, is_read
from hegui.facts.declaration import Scene
from hegui.facts.queries.pairs import switched_off
from hegui.facts.queries.timeline import Timeline
from hegui.facts.screens import Screen, Sign, Ui
from hegui.facts.trace import Event
from hegui.regulations.screen_parts import app_screens, is_functional, opened_by, scene_shown
from hegui.regulations.trace_parts import (
    asked_groups,
    map_approved,
    needs,
    requests,
    run_name,
    runs,
    scenes,
    seconds,
    timelines,
)
from hegui.words import Words

# RULES R22: that many prompts for one permission, each after a refusal, leave no way but to give in.
_LOOP = 3
# A request that follows a denial by no more than this, with no act between, was not asked for by the user.
_AT_ONCE_MS = 10_000


@dataclass(frozen=True)
class _Loss:
    """What a run goes on without from a time on: denied permission groups, or functions switched off."""

    since_ms: int
    words: Words
    groups: frozenset[str] = frozenset()
    off: tuple[str, ...] = ()

    def touches(self, scene: Scene) -> bool:
        """Whether a scene itself needs what was denied, or is what was switched off."""
        return scene.name in self.off or any(needs(scene, group) for group in self.groups)


@check(
    "cac-2026:3.4.1",
    "app-2021:7.5",
    needs=("ui",),
    missing=("TRACE_SHORT", "SCENE_UNMAPPED", "NO_TRACE", "HUMAN_PENDING"),
)
def others_stay_usable_without_a_permission(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """After a permission is denied, no scene that does not need it is closed (R22, limbs 1 and 2)."""
    for _, result in _others(facts, _denials):
        yield result


@check(
    "cac-2026:11.1.2",
    "app-2021:8.4.2",
    "cac-2026:3.4.1",
    needs=("ui",),
    missing=("TRACE_SHORT", "SCENE_UNMAPPED", "NO_TRACE", "HUMAN_PENDING"),
)
def others_stay_usable_with_one_off(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """With one function switched off, no other is closed (R22, limb 5)."""
    results = list(_others(facts, _without_scenes))
    for _, result in results:
        yield result
    # A switch that was off with nothing shown afterwards was not tried.
    clear = {name for loss, one in results if one.verdict is None and not one.missing for name in loss.off}
    optional = {one.name for one in scenes(facts) if not one.basic}
    whole = optional and optional <= clear and all(one.verdict is None for _, one in results)
    if whole and asked.duty.id != "cac-2026:3.4.1" and is_read(facts.ui):
        yield found(
            "compliant",
            f"声明的 {len(optional)} 个非基本场景逐一关闭后，其余场景都打开过且可以使用",
            f"with each of the {len(optional)} scenes that are not basic switched off, all others were opened and could be used",
            shows.coverage(facts, facts.ui),
            *(one for _, result in results for one in result.evidence[:2]),
            basis="observed",
        )


def _others(
    facts: Facts, losses: Callable[[Facts, str, Sequence[Screen]], Iterator[_Loss]]
) -> Iterator[tuple[_Loss, Finding]]:
    """What became of the scenes that a loss does not touch, run by run."""
    own = app_screens(facts)
    for run_id in dict.fromkeys(one.run_id for one in own):
        shown = sorted((one for one in own if one.run_id == run_id), key=lambda one: one.t_ms)
        for loss in losses(facts, run_id, shown):
            for result in _after(facts, loss, [one for one in shown if one.t_ms > loss.since_ms]):
                yield loss, result


def _after(facts: Facts, loss: _Loss, shown: Sequence[Screen]) -> Iterator[Finding]:
    used: dict[str, Screen] = {}
    closed: list[tuple[Screen, Sign, Scene | None]] = []
    for screen in shown:
        scene = scene_shown(facts, screen)
        if scene is not None and loss.touches(scene):
            continue
        if sign := next((one for one in screen.of("blocked") if _is_about(one, loss)), None):
            closed.append((screen, sign, scene))
        elif scene is not None and is_functional(screen):
            used.setdefault(scene.name, screen)
    for screen, sign, scene in closed:
        # What a scene showed once may be its first words only; where it was used after all, nothing was closed.
        if scene is None or scene.name not in used:
            yield _closed(facts, loss, screen, sign, scene)
    if closed or not shown:
        return
    untried = [one.name for one in scenes(facts) if not loss.touches(one) and one.name not in used]
    open_ones = not scenes(facts) or bool(untried)
    yield found(
        None,
        f"{loss.words.zh}后，看到的其他场景可以使用" + (f"；没有打开：{'、'.join(untried)}" if untried else ""),
        f"after {loss.words.en}, the other scenes that were seen can be used"
        + (f"; not opened: {', '.join(untried)}" if untried else ""),
        *(shows.whole(facts, one) for one in list(used.values())[:3]),
        basis="observed",
        missing=(("TRACE_SHORT",) if scenes(facts) else ("SCENE_UNMAPPED",)) if open_ones else (),
    )


def _closed(facts: Facts, loss: _Loss, screen: Screen, sign: Sign, scene: Scene | None) -> Finding:
    verdict: Verdict = "undetermined" if scene is None else "violation" if map_approved(facts) else "risk"
    zh = f"“{scene.name}”" if scene else f"页面 {screen.activity or screen.id}（未对应到声明的场景）"
    en = (
        f"the scene {scene.name}"
        if scene
        else f"the page {screen.activity or screen.id}, which belongs to no declared scene,"
    )
    return found(
        verdict,
        f"{loss.words.zh}后，{zh}不能使用：“{sign.text}”",
        f'after {loss.words.en}, {en} cannot be used: "{sign.text}"',
        shows.sign(facts, screen, sign),
        basis="observed",
        missing=("SCENE_UNMAPPED",) if scene is None else () if map_approved(facts) else ("HUMAN_PENDING",),
    )


def _is_about(sign: Sign, loss: _Loss) -> bool:
    """Whether what a closed screen asks for is what was lost; it may just as well want something else that it needs."""
    if loss.groups:
        return not loss.groups.isdisjoint(sign.groups)
    return not sign.groups and any(name in sign.text for name in loss.off)


def _denials(facts: Facts, run_id: str, shown: Sequence[Screen]) -> Iterator[_Loss]:
    """The permissions denied in the log of a run and not granted in it afterwards."""
    if any(one.clock == "order" for one in shown):
        return
    for run, line in timelines(facts):
        if run.meta.run_id != run_id or not line.timed:
            continue
        answers = line.events(lambda what: what.type == "perm_res")
        granted = {
            group
            for one in answers
            if (one.what.result or "").startswith("granted")
            for group in asked_groups(one.what)
        }
        for no in answers:
            groups = frozenset(asked_groups(no.what)) - granted
            if (no.what.result or "").startswith("denied") and groups:
                yield _Loss(no.t_ms + line.slack(no.what), _denied(groups), groups)


def _denied(groups: frozenset[str]) -> Words:
    names = [GROUPS.get(one, Words(one, one)) for one in sorted(groups)]
    return Words(f"拒绝{'、'.join(one.zh for one in names)}权限", f"denying {', '.join(one.en for one in names)}")


def _without_scenes(facts: Facts, run_id: str, shown: Sequence[Screen]) -> Iterator[_Loss]:
    """The scenes that a run goes without: as its log says (S12), or as their switch was last seen."""
    told = {name for run in runs(facts) if run.meta.run_id == run_id for name in switched_off(run)}
    for scene in scenes(facts):
        since = 0 if scene.name in told else None
        for screen, state in _states(shown, scene):
            since = None if state else since if since is not None else screen.t_ms
        if since is not None:
            yield _Loss(since, Words(f"关闭“{scene.name}”", f"switching off {scene.name}"), off=(scene.name,))


def _states(shown: Sequence[Screen], scene: Scene) -> Iterator[tuple[Screen, bool]]:
    label = (scene.switch or scene.name).replace("→", ">").split(">")[-1].strip()
    for screen in shown:
        for sign in screen.of("scene_option"):
            if sign.checked is not None and (scene.name in sign.text or label in sign.text):
                yield screen, sign.checked


# ------------------------------------------------------------------------------------------------ prompts in a circle


@check("app-2021:7.3.1", "cac-2026:3.4.1", needs=("ui",), missing=("CATEGORY_UNKNOWN", "HUMAN_PENDING", "UI_UNREACHED"))
def prompts_until_the_user_gives_in(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Prompts for one permission, each opened by refusing the one before, three in a row (R22, limb 1)."""
    if not is_read(facts.ui):
        return
    told: set[str] = set()
    for screen in facts.ui.screens:
        for group in sorted(_prompted(screen)):
            chain = _chain(facts.ui, screen, group)
            if len(chain) >= _LOOP and group not in told:
                told.add(group)
                verdict, missing, why = _how_sure(facts, group)
                name = GROUPS.get(group, Words(group, group))
                yield found(
                    verdict,
                    f"拒绝{name.zh}权限后接连弹窗，共 {len(chain)} 个{why.zh}",
                    f"refusing {name.en} is answered by one prompt after the other, {len(chain)} in all{why.en}",
                    *(shows.whole(facts, one) for one in chain[:4]),
                    basis="observed",
                    missing=missing,
                )


def _chain(ui: Ui, start: Screen, group: str) -> list[Screen]:
    """The prompts for a group that refusing leads through from one, until something else is shown. A circle goes on for ever:
    it is walked until it is long enough to be told."""
    chain = [start]
    while len(chain) < _LOOP + 1:
        at = chain[-1]
        refusals = [one for one in at.nodes if one.visible and _refuses(one.text)]
        led = [each for one in refusals for each in opened_by(ui, at, one.id) if each.run_id == at.run_id]
        onward = [each for each in led if group in _prompted(each)]
        # The way out may be any of what refusing led to.
        if not onward or len(onward) < len({each.page or each.id for each in led}):
            break
        chain.append(onward[0])
    return chain


def _refuses(text: str) -> bool:
    return bool(text) and (says("close", text) or says("refusing", text)) and not says("go_allow", text)


def _prompted(screen: Screen) -> set[str]:
    """The groups that a box of the system or a prompt of the app asks for."""
    return {
        group for kind in ("system_permission", "permission_prompt") for one in screen.of(kind) for group in one.groups
    }


@check(
    "app-2021:7.3.1",
    "cac-2026:3.4.1",
    needs=("trace",),
    missing=("TRACE_NO_UI", "CATEGORY_UNKNOWN", "HUMAN_PENDING", "TRACE_SHORT"),
)
def requests_until_the_user_gives_in(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A permission requested three times in a row, each time at once after its denial and with no act of the user (R22)."""
    for run, line in timelines(facts):
        if line.timed and line.shows_acts:
            for group, several in _in_a_row(line).items():
                verdict, missing, why = _how_sure(facts, group)
                name = GROUPS.get(group, Words(group, group))
                span, count = seconds(several[-1].t_ms - several[0].t_ms), len(several)
                yield found(
                    verdict,
                    f"{run_name(run).zh}：{span} 秒内 {count} 次申请{name.zh}权限，每次都紧接在拒绝之后且无用户操作{why.zh}",
                    f"{run_name(run).en}: {name.en} was requested {count} times within {span} s, each time right after "
                    f"its denial and with no act of the user{why.en}",
                    *did.events(facts, run, several),
                    basis="observed",
                    missing=missing,
                )


def _in_a_row(line: Timeline) -> dict[str, list[Event]]:
    """By group, the first requests in a row that are long enough to be a loop."""
    denied: dict[str, list[Event]] = {}
    for one in line.events(lambda what: what.type == "perm_res" and (what.result or "").startswith("denied")):
        for group in asked_groups(one.what):
            denied.setdefault(group, []).append(one)
    rows: dict[str, list[Event]] = {}
    for req in requests(line):
        for group in asked_groups(req.what):
            row = rows.setdefault(group, [])
            if row and _follows(line, row[-1], req, denied.get(group, ())):
                row.append(req)
            elif len(row) < _LOOP:
                rows[group] = [req]
    return {group: row for group, row in rows.items() if len(row) >= _LOOP}


def _follows(line: Timeline, last: Event, req: Event, denied: Sequence[Event]) -> bool:
    """Whether a request came at once after the denial of the last one, and not because of an act. `denied` is in order."""
    at = bisect_left(denied, last.t_ms, key=lambda one: one.t_ms)
    no = denied[at] if at < len(denied) else None
    if no is None or not no.t_ms <= req.t_ms <= no.t_ms + _AT_ONCE_MS:
        return False
    act = line.act_before(req.t_ms)
    return act is None or act.t_ms <= no.t_ms + line.slack(no.what, act.what)


def _how_sure(facts: Facts, group: str) -> tuple[Verdict, tuple[str, ...], Words]:
    """What a loop for a permission may be called: a basic function may need it, which a person must weigh."""
    basic = [one.name for one in scenes(facts) if one.basic and needs(one, group)]
    if basic:
        return "risk", ("HUMAN_PENDING",), Words(
            f"；基本功能“{basic[0]}”声明需要它", f"; the basic function {basic[0]} is declared to need it"
        )  # fmt: skip
    if not scenes(facts):
        return "risk", ("CATEGORY_UNKNOWN",), Words(
            "；基本功能是否需要它尚不知", "; whether the basic function needs it is not known"
        )  # fmt: skip
    return "violation", (), Words("", "")
