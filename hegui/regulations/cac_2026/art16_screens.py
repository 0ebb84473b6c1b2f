"""Article 16(2) on screens: the guardian's step before anything is collected from a child under 14 (R46)."""

from collections.abc import Iterator, Sequence

from hegui.audit import Asked, Evidence, Finding, check, found
from hegui.audit import screen_evidence as shows
from hegui.audit import trace_evidence as ran
from hegui.catalogue.lexicons.screens import says
from hegui.facts import Facts, is_read
from hegui.facts.screens import Screen
from hegui.facts.trace import Event
from hegui.regulations.screen_parts import app_screens, explored, is_functional, run_of, showing
from hegui.regulations.trace_parts import got, runs, takings, timelines

# The run in which somebody registers as a child under 14 (RULES §3), as its log or the phase of its dumps says.
_AS_A_CHILD = "S10"


@check(
    "cac-2026:16.2.2",
    needs=("ui",),
    missing=("UI_UNREACHED", "AGE_UNKNOWN", "NO_RECORD", "HUMAN_PENDING"),
)
def asks_a_guardian_before_collecting(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Registering as a child under 14 leads to a step for the guardian before anything is collected (R46, A-32).

    Who the guardian was and how that was verified, only the record tells.
    """
    if not is_read(facts.ui):
        return
    screens = app_screens(facts)
    ids = {run.meta.run_id for run, _ in timelines(facts, _AS_A_CHILD)}
    ids |= {one.run_id for one in screens if one.phase == _AS_A_CHILD}
    tried = [sorted((one for one in screens if one.run_id == id), key=lambda one: one.t_ms) for id in sorted(ids)]
    for run in tried:
        if run:
            yield _as_a_child(facts, run)
    if not any(tried):
        yield from _without_trying(facts, screens)


def _as_a_child(facts: Facts, run: Sequence[Screen]) -> Finding:
    """What came of registering as a child in one run, whose dumps are in order."""
    gate = next((at for at, one in enumerate(run) if one.of("age_gate")), None)
    step = next((at for at, one in enumerate(run) if one.of("guardian")), None)
    start = gate if gate is not None else next((at for at, one in enumerate(run) if one.of("login")), len(run))
    used = next((at for at, one in enumerate(run) if at > start and _in_use(one)), None)
    asked_at = [shows.sign(facts, one, one.of("age_gate")[0]) for one in run[start : start + 1] if one.of("age_gate")]
    if step is not None and (used is None or step < used):
        return _guardian(facts, run, start, step, used, asked_at)
    if refusal := next((one for one in run if _refuses(one)), None):
        return found(
            "undetermined",
            "以未满 14 岁者注册被拒绝；此后如何处理已收集的信息待人工确认",
            "registering as a child under 14 is refused; what becomes of what was collected by then awaits review",
            *asked_at,
            shows.whole(facts, refusal),
            basis="observed",
            assumptions=("A-32",),
            missing=("HUMAN_PENDING",),
        )
    if used is None:
        return found(
            "undetermined",
            "以未满 14 岁者注册的运行没有走到可以使用的页面",
            "the run that registers as a child under 14 did not come to a screen that can be used",
            *asked_at,
            shows.whole(facts, run[-1]),
            basis="observed",
            missing=("UI_UNREACHED",),
        )
    serves = is_read(facts.decl) and facts.decl.app.serves_children is True
    sure = gate is not None or serves
    return found(
        "violation" if sure else "risk",
        "以未满 14 岁者注册，没有监护人环节即可使用" + ("" if sure else "；应用没有问年龄"),
        "registering as a child under 14 leads to the app without a step for the guardian"
        + ("" if sure else "; the app does not ask for the age"),
        *asked_at,
        shows.whole(facts, run[used]),
        basis="observed",
        assumptions=("A-32",),
        missing=() if sure else ("AGE_UNKNOWN",),
    )


def _guardian(
    facts: Facts, run: Sequence[Screen], start: int, step: int, used: int | None, asked_at: list[Evidence]
) -> Finding:
    """A step for the guardian is there: was anything taken before it, and is it more than a tick?"""
    evidence = [*asked_at, shows.sign(facts, run[step], run[step].of("guardian")[0])]
    # The step stood there from some time after the dump before it.
    taken = _taken(facts, run[start], run[step - 1]) if step > start else []
    if taken:
        return found(
            "violation",
            f"监护人环节之前已收集个人信息（{len(taken)} 次）",
            f"personal information was collected {len(taken)} times before the step for the guardian",
            *evidence,
            *(
                ran.event(facts, line, one)
                for line in runs(facts)
                if line.meta.run_id == run[step].run_id
                for one in taken[:3]
            ),
            basis="observed",
        )
    on_the_way = run[step:used]
    if not any(node.editable and node.visible for one in on_the_way for node in one.nodes):
        return found(
            "risk",
            "监护人环节只是打勾或点击，没有核验监护人",
            "the step for the guardian is a tick or a tap; nobody is verified",
            *evidence,
            basis="observed",
        )
    return found(
        "undetermined",
        "收集之前有监护人环节；核验的方式、时间须看监护人同意的记录",
        "a step for the guardian comes before collecting; how and when it was verified takes the record",
        *evidence,
        basis="observed",
        missing=("NO_RECORD",),
    )


def _taken(facts: Facts, first: Screen, last: Screen) -> list[Event]:
    """What the log shows the app to have got between two dumps of its run."""
    run = run_of(facts, first)
    if run is None:
        return []
    line = next(line for each, line in timelines(facts) if each is run)
    rows = {row for several in takings(line).values() for row in several if got(line.row(row)[0], run.meta)}
    events = [line.event(at) for at in line.places(rows)]
    return [one for one in events if first.t_ms + line.slack(one.what) < one.t_ms < last.t_ms - line.slack(one.what)]


def _without_trying(facts: Facts, screens: Sequence[Screen]) -> Iterator[Finding]:
    """Nobody registered as a child: what the screens of registering show of age and guardian."""
    handled = [*showing(screens, "age_gate"), *showing(screens, "guardian")]
    logins = [one for one, _ in showing(screens, "login")]
    serves = facts.decl.app.serves_children if is_read(facts.decl) else None
    if handled:
        yield found(
            "undetermined",
            "有询问年龄或监护人的界面；没有以未满 14 岁者注册的运行（S10），其效果尚未查看",
            "age or guardian are asked for; no run registers as a child under 14 (S10), so what it leads to is open",
            *(shows.sign(facts, *one) for one in handled[:3]),
            basis="observed",
            missing=("UI_UNREACHED",),
        )
    elif logins and serves is not False and is_read(facts.ui):
        sure = explored(facts.ui, logins)
        yield found(
            "risk" if sure else "undetermined",
            "登录、注册没有任何年龄或监护人的处理" + ("" if sure else "（但没有探索完整）"),
            "logging in and registering deal with neither age nor guardian"
            + ("" if sure else " (but not all was explored)"),
            *(shows.whole(facts, one) for one in logins[:2]),
            basis="observed",
            assumptions=("A-32",),
            missing=("AGE_UNKNOWN",) if sure else ("UI_UNREACHED",),
        )


def _in_use(screen: Screen) -> bool:
    steps = ("age_gate", "guardian", "login", "rules_notice")
    return is_functional(screen) and not _refuses(screen) and not any(sign.kind in steps for sign in screen.signs)


def _refuses(screen: Screen) -> bool:
    return any(node.visible and says("refuses_children", node.text) for node in screen.nodes)
