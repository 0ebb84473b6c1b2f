"""Article 9 on screens: the way back to the rules from the settings, and keeping them."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import screen_evidence as shows
from hegui.facts import Facts, is_read
from hegui.facts.screens import Screen, Ui
from hegui.regulations.screen_parts import app_screens, explored, leading_to, not_seen, opened_by, showing


@check("cac-2026:9.2.2", needs=("ui",), missing=("UI_UNREACHED",))
def leads_from_settings_to_the_rules(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """From the settings, or the page as prominent that leads there, one tap opens the rules (R18). A page between, such as
    "About" or one of several pages of settings, is a risk."""
    if not is_read(facts.ui):
        return
    ui, screens = facts.ui, app_screens(facts)
    settings = _first_of(ui, [one for one, _ in showing(screens, "settings")])
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
    beside = _beside(ui, screens, settings)
    links = [(one, sign) for one, sign in showing([*settings, *beside], "rules_link")]
    goals = [(one, one.of("rules_page")[0]) for one in rules]
    way = ui.way({one.id for one in (*settings, *beside)}, {one.id for one in rules})
    evidence = [shows.sign(facts, *one) for one in links[:2]] or [shows.whole(facts, settings[0])]
    if way is not None:
        evidence += [shows.way(facts, ui, way, goals)] if way else [shows.sign(facts, *goals[0])]
    if way is not None and len(way) <= 1:
        elsewhere = bool(way) and way[0].from_screen in {one.id for one in beside}
        yield found(
            "compliant",
            "通往设置的页面一次点击即可打开规则" if elsewhere else "设置页一次点击即可打开规则",
            f"one tap {'on the page that leads to the settings' if elsewhere else 'in the settings'} opens the rules",
            *evidence,
            basis="observed",
        )
    elif way is not None:
        yield found(
            "risk",
            f"从设置页到规则需点击 {len(way)} 次",
            f"from the settings to the rules it takes {len(way)} taps",
            *evidence,
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


def _first_of(ui: Ui, settings: list[Screen]) -> list[Screen]:
    """The settings without their further pages: those that another page of settings, shown before them, led to."""
    return [
        one
        for one in settings
        if not any(_is_before(other, one) and other.id in led for led in [leading_to(ui, one)] for other in settings)
    ]


def _beside(ui: Ui, screens: tuple[Screen, ...], settings: list[Screen]) -> list[Screen]:
    """Pages with a link to the rules that also led to the settings, say that of the user; the way back from them is none."""
    return [
        one
        for page in settings
        for led in [leading_to(ui, page)]
        for one in screens
        if one.id in led and _is_before(one, page) and one.of("rules_link") and not one.of("settings")
    ]


def _is_before(one: Screen, other: Screen) -> bool:
    return one.run_id == other.run_id and one.t_ms < other.t_ms and not one.of("rules_page")


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
    # What can be shared elsewhere is something else; the control may stand in a menu of the page.
    menus = {each.id for one in pages for node in one.nodes for each in opened_by(facts.ui, one, node.id)}
    saves = [(one, sign) for one, sign in showing(screens, "save_rules") if one in pages or one.id in menus]
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
