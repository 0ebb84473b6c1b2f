"""Article 17(1) on screens: an option to turn personalisation off, how far it is to get there, and whether it stays off."""

from collections.abc import Iterator
from dataclasses import dataclass

from hegui.audit import Asked, Evidence, Finding, check, found
from hegui.audit import package_evidence as static
from hegui.audit import policy_evidence as said
from hegui.audit import screen_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.catalogue.lexicons.screens import says
from hegui.facts import Facts, is_read
from hegui.facts.queries.timeline import timeline
from hegui.facts.screens import Screen, Sign, Ui
from hegui.facts.trace import Run
from hegui.regulations.policy_parts import app_rules
from hegui.regulations.refusals import date_ms
from hegui.regulations.screen_parts import app_screens, explored, first_use, opened_by, run_of, showing
from hegui.regulations.sdk_parties import sdks_of
from hegui.words import Words

# What such an SDK shows goes by the person's traits (R47); it may be set not to, so that it is no proof.
_PERSONAL = ("ads", "mediation", "push", "content", "e_commerce")


@check("cac-2026:17.1", "app-2021:8.2.2", needs=("ui",), missing=("UI_UNREACHED", "HUMAN_PENDING"))
def offers_to_turn_personalisation_off(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """An option to turn personalisation off, for content and for advertisements where both are used, under a name that tells
    what it is, within so many taps of the main page (R47)."""
    if not is_read(facts.ui):
        return
    screens = app_screens(facts)
    options = list(showing(screens, "personalisation"))
    used, evidence = _used(facts)
    settings = [one for one, _ in showing(screens, "settings")]
    sure = explored(facts.ui, settings)
    if options:
        yield _found(facts, facts.ui, screens, options, asked.number("personal.max_taps"))
        for kind in sorted(_kinds_used(facts) - {kind for _, sign in options for kind in _kinds(sign.text)}):
            name = _KINDS[kind]
            yield found(
                "risk" if sure else "undetermined",
                f"关闭个性化的选项不含{name.zh}" + ("" if sure else "（但设置没有探索完整）"),
                f"the option to turn personalisation off is not for {name.en}"
                + ("" if sure else " (but the settings were not explored in full)"),
                *(shows.sign(facts, *one) for one in options[:3]),
                *evidence,
                basis="observed",
                missing=() if sure else ("UI_UNREACHED",),
            )
        return
    if named := _declared_switch(facts, screens):
        yield found(
            "risk",
            f"声明的个性化开关名为“{named[1].text}”，看不出是关闭个性化的选项",
            f'the declared switch is called "{named[1].text}", which does not tell that it turns personalisation off',
            shows.sign(facts, *named),
            basis="observed",
            missing=("HUMAN_PENDING",),
        )
        return
    if used is None:
        return
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
    """An option is there: is it a switch, and how far is it from the main page?"""
    main = first_use(one for one in screens if not one.of("login"))
    switches = _switches(ui, options)
    way = ui.way({main.id}, {one.id for one, _ in switches or options}) if main else None
    evidence = [shows.sign(facts, *one) for one in (switches or options)[:3]]
    if way:
        evidence.append(shows.way(facts, ui, way, switches or options))
    if way is None:
        return found(
            "undetermined",
            f"有“{options[0][1].text}”，从主页面到它的点击没有记录",
            f'there is "{options[0][1].text}"; the taps from the main page to it were not recorded',
            *evidence,
            basis="observed",
            missing=("UI_UNREACHED",),
        )
    if not switches:
        return found(
            "undetermined",
            f"有“{options[0][1].text}”，没有看到可以开关的控件：没有点开，或为自绘，须看截图",
            f'there is "{options[0][1].text}", and no switch was seen: it was not opened, or is drawn by hand and takes the '
            "screenshot",
            *evidence,
            basis="observed",
            missing=("UI_UNREACHED", "HUMAN_PENDING"),
        )
    if len(way) > most:
        return found(
            "risk",
            f"从主页面到“{switches[0][1].text}”需点击 {len(way)} 次，超过 {most:g} 次",
            f'from the main page to "{switches[0][1].text}" it takes {len(way)} taps, more than {most:g}',
            *evidence,
            basis="observed",
        )
    return found(
        "compliant",
        f"从主页面点击 {len(way)} 次可到“{switches[0][1].text}”",
        f'"{switches[0][1].text}" is {len(way)} taps from the main page',
        *evidence,
        basis="observed",
    )


def _switches(ui: Ui, options: list[tuple[Screen, Sign]]) -> list[tuple[Screen, Sign]]:
    """The options that can be turned off where they stand, else the switches on the pages they open."""
    on_page = [(screen, sign) for screen, sign in options if sign.checked is not None]
    behind = [each for screen, sign in options for each in opened_by(ui, screen, sign.node)]
    return on_page or [(one, sign) for one in behind for sign in one.of("scene_option") if sign.checked is not None]


_KINDS = {"content": Words("内容推送", "content"), "ads": Words("广告", "advertisements")}


def _kinds(text: str) -> set[str]:
    """What an option, or a sentence of the rules, is about; an option named for personalisation as a whole is for both."""
    of_ads, of_content = says("personal_ads", text), says("personal_content", text)
    if of_ads or of_content:
        return {kind for kind, named in (("ads", of_ads), ("content", of_content)) if named}
    return set(_KINDS)


def _kinds_used(facts: Facts) -> set[str]:
    """What is personalised: as the rules name it, and advertisements where an SDK for them is packaged."""
    rules = app_rules(facts)
    used = rules.personal.get("used") if rules else None
    named: set[str] = set()
    if rules and used and used.value != "否":
        sentence = f"{used.value} {rules.said(used.span) if used.span else ''}"
        named = {kind for kind in _KINDS if says(f"personal_{kind}", sentence)}
    if is_read(facts.pkg) and any(one.func_class in ("ads", "mediation") for one in sdks_of(facts.pkg)):
        named.add("ads")
    return named


def _declared_switch(facts: Facts, screens: tuple[Screen, ...]) -> tuple[Screen, Sign] | None:
    """The switch that the declaration names as the one for personalisation, where it is on a screen under that name."""
    path = facts.decl.app.personalisation_switch if is_read(facts.decl) else None
    label = (path or "").replace("→", ">").replace("-", ">").split(">")[-1].strip()
    return next((one for one in showing(screens, "scene_option") if label and label in one[1].text), None)


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


@dataclass(frozen=True)
class _State:
    """An option at one time. at_ms: on the clock that the dated runs of a device share, else on that of its run."""

    at_ms: int
    run: Run
    screen: Screen
    sign: Sign


@check("cac-2026:17.1", "app-2021:8.2.2", needs=("ui",), missing=("UI_UNREACHED",))
def stays_off_after_a_relaunch(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """An option turned off is still off when the app was started anew, or updated (R47, limb 4)."""
    options = [
        (screen, sign) for screen, sign in showing(app_screens(facts), "personalisation") if sign.checked is not None
    ]
    if not any(showing(app_screens(facts), "personalisation")):
        return
    stayed: list[tuple[_State, _State]] = []
    for states in _by_option(facts, options):
        for at, before in enumerate(states):
            after = next((one for one in states[at + 1 :] if _started_between(before, one)), None)
            if before.sign.checked or after is None or _turned_on(before, after):
                continue
            if after.sign.checked:
                yield found(
                    "risk",
                    f"“{before.sign.text}”关闭后，重新启动又变为开启，此间没有用户操作",
                    f'"{before.sign.text}" was off and, after a restart, is on again without an act of the user',
                    shows.sign(facts, before.screen, before.sign),
                    shows.sign(facts, after.screen, after.sign),
                    basis="observed",
                )
                return
            stayed.append((before, after))
    if stayed:
        yield found(
            "compliant",
            f"“{stayed[0][0].sign.text}”关闭后，重新启动仍为关闭",
            f'"{stayed[0][0].sign.text}" is still off after a restart',
            *(shows.sign(facts, one.screen, one.sign) for one in stayed[0]),
            basis="observed",
        )
    else:
        yield found(
            "undetermined",
            "关闭个性化后重新启动是否仍为关闭，没有查看（须有重启前后的界面和同一运行的日志）",
            "whether personalisation stays off over a restart was not looked at (it takes dumps before and after, and the log)",
            shows.coverage(facts, facts.ui) if is_read(facts.ui) else shows.sign(facts, *options[0]),
            basis="observed",
            missing=("UI_UNREACHED",),
        )


def _by_option(facts: Facts, options: list[tuple[Screen, Sign]]) -> list[list[_State]]:
    """The states of each option in order of time: within a run, or over the dated runs of one device."""
    found_ones: dict[tuple[str, ...], list[_State]] = {}
    for screen, sign in options:
        run = run_of(facts, screen)
        if run is None:
            continue
        start = date_ms(run)
        story = (run.meta.run_id,) if start is None else (run.meta.device, run.meta.package)
        state = _State((start or 0) + screen.t_ms, run, screen, sign)
        found_ones.setdefault((sign.text, *story), []).append(state)
    return [sorted(several, key=lambda one: one.at_ms) for several in found_ones.values()]


def _started_between(before: _State, after: _State) -> bool:
    """Whether the app was started anew, without its data being cleared."""
    if before.run is not after.run:
        return not after.run.meta.fresh_install
    return any(before.screen.t_ms < one.t_ms <= after.screen.t_ms for one in timeline(after.run).starts)


def _turned_on(before: _State, after: _State) -> bool:
    """Whether the user may have turned it on again: an act of theirs on that control, or acts that the log does not show."""
    since = before.screen.t_ms if before.run is after.run else 0
    line = timeline(after.run)
    acts = [one.what for one in line.acts if since < one.t_ms <= after.screen.t_ms]
    named = any(not one.node_text or one.node_text in after.sign.text for one in acts)
    return bool(after.sign.checked) and (named or not line.shows_acts)
