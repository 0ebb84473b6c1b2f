"""Article 3(4): service for those who refuse the rules, a broad reason, or a field that the app need not know."""

from collections.abc import Iterator

from hegui.audit import Asked, Evidence, Finding, check, found
from hegui.audit import screen_evidence as shows
from hegui.audit import trace_evidence as did
from hegui.catalogue.app_types import AppType, app_type
from hegui.catalogue.lexicons.screens import says
from hegui.facts import Facts, is_read
from hegui.facts.screens import Screen, Sign, Ui
from hegui.regulations.screen_parts import (
    Refusal,
    app_screens,
    explored,
    is_functional,
    refusal,
    showing,
)
from hegui.regulations.trace_parts import run_name, seconds, timelines

# Leaving this soon after refusing is put down to it (RULES R22).
_QUITS_MS = 10_000
# A crash looks like being shut out: only what happened twice is more than a risk (RULES R22).
_REPEATED = 2
# What one logs in with is asked of everybody who wants an account.
_LOGS_IN_WITH = ("account.phone", "account.email")


@check(
    "cac-2026:3.4.1",
    "app-2021:7.5",
    "app-2021:6.0.2",
    needs=("ui",),
    missing=("UI_UNREACHED", "CATEGORY_UNKNOWN", "HUMAN_PENDING"),
)
def serves_those_who_refuse(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """After refusing the rules, is there still something to use (R22, limb 4)?

    Closing or only asking again is a risk, for which information the service cannot do without a person must say; where the
    declared kind of app needs none at all and two runs end so, it is a violation (A-09).
    """
    if not is_read(facts.ui):
        return
    own = {one.id for one in app_screens(facts)}
    shut: list[tuple[Screen, Sign, Refusal]] = []
    for screen, refuse in _notices(facts):
        tried = refusal(facts.ui, screen)
        if any(one.id in own and is_functional(one) for one in tried.ends):
            yield found(
                None,
                "拒绝规则后仍有可以使用的页面",
                "after refusing the rules there is still a screen that can be used",
                shows.sign(facts, screen, refuse),
                *(shows.whole(facts, one) for one in tried.ends[:2]),
                basis="observed",
            )
        elif tried.ends or any(_is_again(one, screen) for one in tried.asked_again):
            shut.append((screen, refuse, tried))
        else:
            yield found(
                "undetermined",
                "没有一直拒绝到底，拒绝规则后能否使用尚未查看",
                "refusing was not tried to its end, so whether the app can be used after it is open",
                shows.sign(facts, screen, refuse),
                basis="observed",
                missing=("UI_UNREACHED",),
            )
    if shut:
        yield _shut_out(facts, shut, own)


def _notices(facts: Facts) -> Iterator[tuple[Screen, Sign]]:
    """The first notice of the rules in each run, with its control to refuse."""
    seen: set[str] = set()
    for screen, refuse in showing(sorted(app_screens(facts), key=lambda one: one.t_ms), "refuse"):
        if screen.of("rules_notice") and screen.run_id not in seen:
            seen.add(screen.run_id)
            yield screen, refuse


def _is_again(one: Screen, notice: Screen) -> bool:
    return (one.page or one.id) == (notice.page or notice.id)


def _shut_out(facts: Facts, shut: list[tuple[Screen, Sign, Refusal]], own: set[str]) -> Finding:
    screen, refuse, tried = shut[0]
    away = not any(one.id in own for one in (*tried.ends, *tried.asked_again))
    kind = _declared_type(facts)
    certain = kind is not None and kind.needs_none and len(shut) >= _REPEATED
    zh = "拒绝规则后应用退出" if away else "拒绝规则后没有可以使用的页面"
    en = "the app closes after the rules are refused" if away else "after refusing the rules no screen can be used"
    if kind is not None and kind.needs_none:
        zh += f"；声明的类型“{kind.zh}”基本功能无须个人信息，{len(shut)} 次运行如此"
        en += f"; the declared kind, {kind.en}, needs no personal information, and {len(shut)} runs ended so"
    return found(
        "violation" if certain else "risk",
        zh,
        en,
        *(shows.sign(facts, one, sign) for one, sign, _ in shut[:2]),
        shows.sign(facts, screen, refuse),
        *(shows.whole(facts, one) for one in (*tried.ends, *tried.asked_again)[:2]),
        basis="observed",
        assumptions=("A-09",),
        missing=() if certain else ("HUMAN_PENDING", *(() if kind else ("CATEGORY_UNKNOWN",))),
    )


def _declared_type(facts: Facts) -> AppType | None:
    return app_type(facts.decl.app.type) if is_read(facts.decl) and facts.decl.app.type else None


@check("cac-2026:3.4.1", "app-2021:7.5", needs=("trace",), missing=("TRACE_SHORT", "CATEGORY_UNKNOWN", "HUMAN_PENDING"))
def quits_after_refusing_the_rules(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """The app ends within ten seconds of the rules being refused, with no act of the user in between (R22, limb 4; A-09)."""
    for run, line in timelines(facts):
        exits = line.events(lambda what: what.type == "exit" and not line.foreign(what))  # noqa: B023 - called at once
        for no in line.events(
            lambda what: what.type == "consent" and what.act == "refuse" and what.scope in (None, "rules")
        ):
            gone = next((one for one in exits if no.t_ms <= one.t_ms <= no.t_ms + _QUITS_MS), None)
            if not line.timed or gone is None:
                continue
            act = line.act_before(gone.t_ms)
            if act is None or act.t_ms <= no.t_ms + line.slack(no.what, act.what):
                after = seconds(gone.t_ms - no.t_ms)
                yield found(
                    "risk",
                    f"{run_name(run).zh}：拒绝规则 {after} 秒后应用退出",
                    f"{run_name(run).en}: the app ended {after} s after the rules were refused",
                    did.event(facts, run, no),
                    did.event(facts, run, gone),
                    basis="observed",
                    assumptions=("A-09",),
                    missing=("HUMAN_PENDING", *(() if _declared_type(facts) else ("CATEGORY_UNKNOWN",))),
                )


@check("app-2021:7.5", "cac-2026:3.4.1", needs=("ui",), missing=("CATEGORY_UNKNOWN", "HUMAN_PENDING"))
def asks_for_more_than_the_app_must_know(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A field that must be filled in to open an account, outside what the declared kind of app must know (R22, limb 3)."""
    kind = _declared_type(facts)
    told: set[str] = set()
    for screen, field in showing(app_screens(facts), "required_field"):
        extra = [one for one in field.types if one not in _LOGS_IN_WITH]
        if not extra or field.text in told or (kind is not None and _is_necessary(extra, kind)):
            continue
        told.add(field.text)
        yield found(
            "risk" if kind else "undetermined",
            f"开户或完善资料时必填“{field.text}”"
            + (f"，不在“{kind.zh}”的必要个人信息之内" if kind else "；应用类型没有声明，是否必要无从判断"),
            f'"{field.text}" must be filled in to open an account'
            + (
                f", which is not among what {kind.en} must know"
                if kind
                else "; the kind of app is not declared, so whether it is necessary is open"
            ),
            shows.sign(facts, screen, field),
            basis="observed",
            missing=("HUMAN_PENDING",) if kind else ("CATEGORY_UNKNOWN",),
        )


def _is_necessary(types: list[str], kind: AppType) -> bool:
    """A label may stand for several kinds: one of them being necessary is enough."""
    return any(one in kind.types for one in types)


@check("app-2021:7.6", needs=("ui",), missing=("UI_UNREACHED", "HUMAN_PENDING"))
def forces_agreement_by_a_broad_reason(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Better service, research, pushed messages or risk control as the reason to agree, and no way on without (R22, R23).

    A reason told beside others that a function needs is common: what counts is whether it can be refused by itself, or all.
    """
    if not is_read(facts.ui):
        return
    screens = app_screens(facts)
    for screen, reason in showing(screens, "broad_purpose"):
        if not (screen.of("agree") or screen.of("permission_prompt") or screen.of("permission_rationale")):
            continue
        apart = [one for one in (*screen.of("consent_box"), *screen.of("scene_option"), *screen.of("personalisation"))
                 if says("broad_purpose", one.text)]  # fmt: skip
        yield _forced(facts, facts.ui, screen, reason, apart)


def _forced(facts: Facts, ui: Ui, screen: Screen, reason: Sign, apart: list[Sign]) -> Finding:
    own = {one.id for one in app_screens(facts)}
    tried = refusal(ui, screen)
    usable = [one for one in tried.ends if one.id in own and is_functional(one)]
    shut = [one for one in tried.ends if one.of("blocked") or one.id not in own]
    evidence: list[Evidence] = [shows.sign(facts, screen, reason), *(shows.sign(facts, screen, one) for one in apart)]
    if apart and all(one.checked is False for one in apart) and usable and explored(ui, app_screens(facts)):
        return found(
            "compliant",
            f"“{reason.text}”可以单独不选，拒绝后仍可使用",
            f'"{reason.text}" can be left out by itself, and the app can be used after refusing',
            *evidence,
            shows.whole(facts, usable[0]),
            basis="observed",
        )
    if shut and not usable:
        return found(
            "risk",
            f"以“{reason.text}”为由要求同意，拒绝后不能继续使用",
            f'"{reason.text}" is the reason to agree, and after refusing the app cannot be used',
            *evidence,
            shows.whole(facts, shut[0]),
            basis="observed",
            assumptions=("A-09",),
            missing=("HUMAN_PENDING",),
        )
    return found(
        None,
        f"同意的理由里有“{reason.text}”；" + ("拒绝后仍可使用" if usable else "拒绝没有试到底"),
        f'a reason to agree is "{reason.text}"; '
        + ("after refusing the app can be used" if usable else "refusing was not tried to its end"),
        *evidence,
        *(shows.whole(facts, one) for one in usable[:1]),
        basis="observed",
        missing=("HUMAN_PENDING",) if usable else ("UI_UNREACHED",),
    )
