"""Runs compared: personalisation on and off (article 17), a scene switched off (article 11), the old and the new version (9)."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import trace_evidence as shows
from hegui.catalogue.pi_types import pi_type
from hegui.facts import Facts, is_read
from hegui.facts.declaration import Scene
from hegui.facts.queries.consent import Consents
from hegui.facts.queries.pairs import fisher, sides, sign_flip
from hegui.facts.queries.timeline import timeline
from hegui.facts.trace import Event, Run, What
from hegui.regulations.reads import who
from hegui.regulations.trace_parts import (
    got,
    kinds_of,
    origin_of,
    run_name,
    runs,
    scenes,
    takes,
    takings,
    timelines,
    times,
    why_actor,
)
from hegui.regulations.trace_rules import is_sdk

# What personalisation is made of: identifiers for advertising, profiles, the list of apps.
_FOR_PROFILES = frozenset({"device_id.oaid", "device_id.idfa", "ad_profile", "browse_search", "app_list"})
# Pairs RULES asks for (S8): fewer cannot tell a difference from chance.
_PAIRS = 5


@check("cac-2026:17.2", "cac-2026:24.2.2", needs=("trace",), missing=("SERVER_SIDE", "TRACE_SHORT", "NO_CAPTURE"))
def goes_on_though_switched_off(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """With personalisation off, what profiles are made of is taken or sent all the same (R48, limb 3): a risk, as it may serve
    other ends. What servers do with what they have, no run shows."""
    sdks_alone = asked.duty.obligor == "sdk_operator"
    planned = [run for run, _ in timelines(facts, "S8")]
    if not planned:
        return
    on, off = sides(planned)
    counts_on, counts_off = (
        [sum(one.what.count for one in _profiled(run, sdks_alone)) for run in side] for side in (on, off)
    )
    differences = [more - less for more, less in zip(counts_on, counts_off, strict=False)]
    share = sign_flip(differences)
    stat_zh = (
        f"{len(differences)} 对运行，开 {sum(counts_on)} 次、关 {sum(counts_off)} 次；"
        f"若开关无作用，至少这样的差出现的机会为 {share:.3f}"
    )
    stat_en = (
        f"{len(differences)} pairs, {sum(counts_on)} on and {sum(counts_off)} off; "
        f"were the switch without effect, a difference like this had a chance of {share:.3f}"
    )
    few_zh = f"；不足 {_PAIRS} 对，不能与偶然相区别" if len(differences) < _PAIRS else ""
    few_en = f"; fewer than {_PAIRS} pairs cannot be told from chance" if few_zh else ""
    still = [(run, one) for run in off for one in _profiled(run, sdks_alone)]
    if still:
        first = still[0][1]
        yield found(
            "risk",
            f"关闭个性化后仍读取或发送可用于画像的信息；{stat_zh}{few_zh}",
            f"with personalisation off, information that profiles are made of is still taken or sent; {stat_en}{few_en}",
            *(shows.event(facts, run, one) for run, one in still[:5]),
            *(shows.whole(facts, run) for run in planned),
            basis="observed",
            missing=("NO_CAPTURE", "SERVER_SIDE"),
            actor=first.origin,
            why_actor=why_actor(first),
        )
    else:
        yield found(
            None,
            f"关闭个性化后未见读取或发送可用于画像的信息；{stat_zh}{few_zh}；服务器端如何使用，运行记录看不到",
            f"with personalisation off, nothing that profiles are made of was taken or sent; {stat_en}{few_en}; "
            "what the servers do no run shows",
            *(shows.whole(facts, run) for run in planned),
            basis="observed",
            missing=("SERVER_SIDE", *(("TRACE_SHORT",) if few_zh else ())),
        )


def _profiled(run: Run, sdks_alone: bool) -> list[Event]:
    def wanted(what: What) -> bool:
        return takes(what) and what.result != "denied" and not _FOR_PROFILES.isdisjoint(kinds_of(what))

    line = timeline(run)
    mine = [
        row
        for row in line.rows(wanted)
        if (actor := origin_of(*line.row(row))) != "system"
        and not line.foreign(line.row(row)[0])
        and (is_sdk(actor) or not sdks_alone)
    ]
    return [line.event(at) for at in line.places(mine)]


@check("cac-2026:11.1.2", needs=("trace",), missing=("SCENE_UNMAPPED", "TRACE_SHORT"))
def takes_for_a_scene_switched_off(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """In a run with a scene switched off (S12), a kind was taken that only this scene is declared to need (R41, limb 4)."""
    quiet: list[Run] = []
    for run, line in timelines(facts, "S12"):
        off = [one for one in scenes(facts) if _switched_off(run, one)]
        if not off:
            continue
        alone = {kind for one in off for kind in one.types}
        alone -= {kind for one in scenes(facts) if one not in off for kind in one.types}
        before = len(quiet)
        for (actor, kind), rows in takings(line).items():
            took = [row for row in rows if got(line.row(row)[0], run.meta) is not False]
            if kind not in alone or not took:
                continue
            sure = [row for row in took if got(line.row(row)[0], run.meta)]
            several = [line.event(at) for at in line.places(sure or took)]
            yield found(
                "violation" if sure else "risk",
                f"{run_name(run).zh}：场景“{off[0].name}”关闭后，{who(actor).zh}仍读取只有它才需要的{pi_type(kind).zh}，{times(len(several)).zh}",
                f"{run_name(run).en}: with the scene {off[0].name} off, {who(actor).en} still takes {pi_type(kind).en}, which it "
                f"alone is declared to need, {times(len(several)).en}",
                *shows.events(facts, run, several),
                shows.whole(facts, run, ", ".join(run.meta.covers)),
                basis="observed",
                assumptions=("A-05",),
                actor=actor,
                why_actor=why_actor(several[0]),
            )
            before = -1
        if before >= 0:
            quiet.append(run)
    if quiet:
        yield found(
            None,
            f"{len(quiet)} 次关闭场景的运行中，未见读取只有该场景才需要的信息；其余场景是否照常可用须逐一试过",
            f"in {len(quiet)} runs with a scene off, nothing was taken that it alone needs; whether the others stay usable takes "
            "trying each",
            *(shows.whole(facts, run, ", ".join(run.meta.covers)) for run in quiet),
            basis="observed",
            missing=("TRACE_SHORT",),
        )


def _switched_off(run: Run, scene: Scene) -> bool:
    return any(one.partition("=")[0].strip() == scene.name for one in run.meta.covers)


@check(
    "cac-2026:9.3.2",
    "app-2021:6.3.2",
    needs=(),
    missing=("TRACE_SHORT", "TRACE_NO_CONSENT", "HUMAN_PENDING"),
)
def takes_more_before_new_consent(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """After an upgrade to changed rules (S7), a kind the old version was never seen to take is taken before the user agreed
    anew (R19, limb 3). That the old version did not take it is only as sure as its runs."""
    # Where one of the four is not given, the check on the rules alone (article 8) says what can be said.
    old = facts.previous
    if (
        not is_read(old)
        or not is_read(old.trace)
        or not is_read(old.policy)
        or not is_read(facts.policy)
        or old.policy.text == facts.policy.text
    ):
        return
    before = [{kind for _, kind in takings(timeline(run))} for run in runs(old)]
    after = [{kind for _, kind in takings(timeline(run))} for run in runs(facts)]
    for run, line in timelines(facts, "S7"):
        consents = Consents(run)
        for (actor, kind), rows in takings(line).items():
            if any(kind in one for one in before):
                continue
            early = [
                line.event(at)
                for row in rows
                if got(line.row(row)[0], run.meta)
                for side, start, end, _by in consents.stretches(line.row(row)[0])
                if side in ("before", "refused")
                for at in line.of_row(row)
                if start <= at < end
            ]
            if not early:
                continue
            share = fisher(0, len(before), sum(kind in one for one in after), len(after))
            known = consents.tells
            yield found(
                "risk" if known else "undetermined",
                f"{run_name(run).zh}：升级后、重新同意前，{who(actor).zh}读取了旧版各次运行中未见的{pi_type(kind).zh}"
                f"（旧版 {len(before)} 次、新版 {len(after)} 次运行；若两版无异，这样的结果有 {share:.3f} 的机会）",
                f"{run_name(run).en}: after the upgrade and before a new consent, "
                f"{who(actor).en} took {pi_type(kind).en}, which no "
                f"run of the old version showed ({len(before)} old runs, {len(after)} new; "
                f"were both alike, the chance is {share:.3f})",
                *shows.events(facts, run, early),
                basis="observed",
                missing=("HUMAN_PENDING",) if known else ("TRACE_NO_CONSENT",),
                actor=actor,
                why_actor=why_actor(early[0]),
            )
    if runs(facts):
        yield found(
            None,
            "其余种类旧版已见，或在重新同意之后才读取",
            "all other kinds were seen in the old version, or taken after the new consent",
            *(shows.whole(facts, run) for run in runs(facts)),
            basis="observed",
            missing=("TRACE_SHORT",),
        )
