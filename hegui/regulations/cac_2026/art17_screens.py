"""Article 17(1) on screens: an option to turn personalisation off, and how far it is to get there."""

from collections.abc import Iterator

from hegui.audit import Asked, Evidence, Finding, check, found
from hegui.audit import package_evidence as static
from hegui.audit import policy_evidence as said
from hegui.audit import screen_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.facts import Facts, is_read
from hegui.facts.screens import Screen, Sign, Ui
from hegui.regulations.policy_parts import app_rules
from hegui.regulations.screen_parts import app_screens, explored, first_use, showing
from hegui.regulations.sdk_parties import sdks_of

# What such an SDK shows goes by the person's traits (R47); it may be set not to, so that it is no proof.
_PERSONAL = ("ads", "mediation", "push", "content", "e_commerce")


@check("cac-2026:17.1", "app-2021:8.2.2", needs=("ui",), missing=("UI_UNREACHED", "HUMAN_PENDING"))
def offers_to_turn_personalisation_off(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """An option to turn personalisation off, within so many taps of the main page (R47)."""
    if not is_read(facts.ui):
        return
    screens = app_screens(facts)
    options = list(showing(screens, "personalisation"))
    if options:
        yield _found(facts, facts.ui, screens, options, asked.number("personal.max_taps"))
        return
    used, evidence = _used(facts)
    if used is None:
        return
    settings = [one for one, _ in showing(screens, "settings")]
    sure = explored(facts.ui, settings)
    yield found(
        used if sure else "undetermined",
        "使用了个性化推送，设置里没有关闭个性化的选项" if sure else "没有看到关闭个性化的选项（但设置没有探索完整）",
        "personalisation is used and the settings have no option to turn it off"
        if sure
        else "no option to turn personalisation off was seen (but the settings were not explored in full)",
        shows.coverage(facts, facts.ui),
        *(shows.whole(facts, one) for one in settings[:2]),
        *evidence,
        basis="observed",
        missing=() if sure and used == "violation" else ("HUMAN_PENDING",) if sure else ("UI_UNREACHED",),
    )


def _found(
    facts: Facts, ui: Ui, screens: tuple[Screen, ...], options: list[tuple[Screen, Sign]], most: float
) -> Finding:
    """An option is there: how far is it from the main page?"""
    main = first_use(one for one in screens if not one.of("login"))
    taps = ui.clicks({main.id}, {one.id for one, _ in options}) if main else None
    evidence = [shows.sign(facts, *one) for one in options[:3]]
    if taps is None:
        return found(
            "undetermined",
            f"有“{options[0][1].text}”，从主页面到它的点击没有记录",
            f'there is "{options[0][1].text}"; the taps from the main page to it were not recorded',
            *evidence,
            basis="observed",
            missing=("UI_UNREACHED",),
        )
    if taps > most:
        return found(
            "risk",
            f"从主页面到“{options[0][1].text}”需点击 {taps} 次，超过 {most:g} 次",
            f'from the main page to "{options[0][1].text}" it takes {taps} taps, more than {most:g}',
            *evidence,
            basis="observed",
        )
    return found(
        "compliant",
        f"从主页面点击 {taps} 次可到“{options[0][1].text}”；关闭后重启是否仍为关闭，须另看",
        f'"{options[0][1].text}" is {taps} taps from the main page; whether it stays off after a restart is seen elsewhere',
        *evidence,
        basis="observed",
    )


def _used(facts: Facts) -> tuple[Verdict | None, list[Evidence]]:
    """What the lack of an option would be: where the operator says that it personalises, where only an SDK may, or nothing."""
    rules = app_rules(facts)
    used = rules.personal.get("used") if rules else None
    if rules and used and used.value != "否":
        return "violation", [said.sentence(rules, used.span) if used.span else said.whole(rules, used.value)]
    if is_read(facts.decl) and facts.decl.app.personalised:
        line = f"personalised = true; {facts.decl.signed_by}"
        return "violation", [Evidence("declaration", facts.decl.at, line, "")]
    if is_read(facts.pkg):
        may = [one for one in sdks_of(facts.pkg) if one.func_class in _PERSONAL]
        if may:
            return "risk", [static.sdk(facts.pkg, one) for one in may[:3]]
    return None, []
