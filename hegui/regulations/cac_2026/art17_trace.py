"""Articles 17 and 24 on recorded runs: personalisation switched on and off, compared pair by pair (S8)."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import trace_evidence as shows
from hegui.catalogue.behaviours.causes import makes_profiles
from hegui.facts import Facts
from hegui.facts.queries.pairs import paired, sides, sign_flip
from hegui.facts.queries.timeline import timeline
from hegui.facts.trace import Event, Run, What
from hegui.regulations.trace_parts import (
    kinds_of,
    origin_of,
    takes,
    timelines,
    why_actor,
)
from hegui.regulations.trace_rules import is_sdk

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
    pairs = [tuple(_count(run, sdks_alone) for run in pair) for pair in paired(on, off)]
    differences = [more - less for more, less in pairs]
    share = sign_flip(differences)
    stat_zh = (
        f"{len(pairs)} 对运行，开 {sum(more for more, _ in pairs)} 次、关 {sum(less for _, less in pairs)} 次；"
        f"若开关无作用，至少这样的差出现的机会为 {share:.3f}"
    )
    stat_en = (
        f"{len(pairs)} pairs, {sum(more for more, _ in pairs)} on and {sum(less for _, less in pairs)} off; "
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


def _count(run: Run, sdks_alone: bool) -> int:
    return sum(one.what.count for one in _profiled(run, sdks_alone))


def _profiled(run: Run, sdks_alone: bool) -> list[Event]:
    def wanted(what: What) -> bool:
        return takes(what) and what.result != "denied" and any(map(makes_profiles, kinds_of(what)))

    line = timeline(run)
    mine = [
        row
        for row in line.rows(wanted)
        if (actor := origin_of(*line.row(row))) != "system"
        and not line.foreign(line.row(row)[0])
        and (is_sdk(actor) or not sdks_alone)
    ]
    return [line.event(at) for at in line.places(mine)]
