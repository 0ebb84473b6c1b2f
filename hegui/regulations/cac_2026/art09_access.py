"""Article 9 on screens: the way back to the rules from the settings, and keeping them."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import screen_evidence as shows
from hegui.facts import Facts, is_read
from hegui.facts.screens import Screen, Ui
from hegui.regulations.screen_parts import app_screens, explored, not_seen, showing


@check("cac-2026:9.2.2", needs=("ui",), missing=("UI_UNREACHED",))
def leads_from_settings_to_the_rules(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """From the settings, one tap opens the rules (R18). A page between, such as "About", is a risk."""
    if not is_read(facts.ui):
        return
    ui, screens = facts.ui, app_screens(facts)
    settings = [one for one, _ in showing(screens, "settings")]
    rules = [one for one in ui.screens if one.of("rules_page")]
    if not settings:
        yield found(
            "undetermined",
            "没有走到设置页，查看规则的入口无从判断",
            "the settings were not reached, so the way to the rules is open",
            shows.coverage(facts, ui),
            basis="observed",
            missing=("UI_UNREACHED",),
        )
        return
    links = [(one, sign) for one, sign in showing(settings, "rules_link")]
    evidence = [shows.sign(facts, *one) for one in links[:2]] or [shows.whole(facts, settings[0])]
    taps = ui.clicks({one.id for one in settings}, {one.id for one in rules}) if rules else None
    if taps is not None and taps <= 1:
        yield found(
            "compliant",
            "设置页一次点击即可打开规则",
            "one tap in the settings opens the rules",
            *evidence,
            *(shows.sign(facts, one, one.of("rules_page")[0]) for one in rules[:1]),
            basis="observed",
        )
    elif taps is not None:
        yield found(
            "risk",
            f"从设置页到规则需点击 {taps} 次",
            f"from the settings to the rules it takes {taps} taps",
            *evidence,
            *(shows.sign(facts, one, one.of("rules_page")[0]) for one in rules[:1]),
            basis="observed",
        )
    elif links:
        yield found(
            "undetermined",
            "设置页有规则入口，没有点开，能否打开规则尚未查看",
            "the settings have an entry to the rules; it was not opened, so whether it leads to them is open",
            *evidence,
            basis="observed",
            missing=("UI_UNREACHED",),
        )
    else:
        yield _no_way(facts, ui, settings, screens)


def _no_way(facts: Facts, ui: Ui, settings: list[Screen], screens: tuple[Screen, ...]) -> Finding:
    """The settings show no entry to the rules, and none was found behind them."""
    sure = explored(ui, settings)
    # An entry elsewhere, say on the page of the user, may be as prominent as the settings.
    elsewhere = [
        (one, sign)
        for one, sign in showing(screens, "rules_link")
        if not one.of("rules_notice") and not one.of("login")
    ]
    if sure and elsewhere:
        return found(
            "risk",
            "设置页没有规则入口，入口在别处",
            "the settings have no entry to the rules; there is one elsewhere",
            shows.whole(facts, settings[0]),
            *(shows.sign(facts, *one) for one in elsewhere[:2]),
            basis="observed",
        )
    return not_seen(
        sure,
        "设置页没有查看规则的入口",
        "the settings have no entry to the rules",
        *(shows.whole(facts, one) for one in settings[:2]),
        shows.coverage(facts, ui),
    )


@check("cac-2026:9.2.3", needs=("ui",), missing=("UI_UNREACHED", "HUMAN_PENDING"))
def lets_the_rules_be_saved(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Saving, sharing or copying the rules where they are shown (R18, limb 4)."""
    if not is_read(facts.ui):
        return
    screens = app_screens(facts)
    pages = [one for one in screens if one.of("rules_page")]
    saves = list(showing(screens, "save_rules"))
    if saves:
        yield found(
            "compliant",
            f"规则页提供“{saves[0][1].text}”",
            f'the rules can be kept: "{saves[0][1].text}"',
            *(shows.sign(facts, *one) for one in saves[:2]),
            basis="observed",
        )
    elif pages:
        yield not_seen(
            explored(facts.ui, pages),
            "规则页没有看到保存、分享或复制的控件；文字能否选取待人工确认",
            "no control to save, share or copy the rules was seen where they are shown; whether their text can be selected "
            "awaits review",
            shows.sign(facts, pages[0], pages[0].of("rules_page")[0]),
            verdict="risk",
            missing=("HUMAN_PENDING",),
        )
