"""Article 9 on screens: the notice at first launch, agreeing of one's own free will, and the way back to the rules."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import screen_evidence as shows
from hegui.facts import Facts, is_read
from hegui.facts.screens import Screen, Sign, Ui
from hegui.regulations.screen_parts import (
    app_screens,
    explored,
    first_shown,
    first_use,
    launches,
    opened_by,
    showing,
)


@check("cac-2026:9.1.1", "app-2021:6.1.1", needs=("ui",), missing=("TRACE_NOT_FRESH", "UI_UNREACHED", "HUMAN_PENDING"))
def gives_notice_at_first_launch(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Before the first screen that can be used, a notice of the rules that leads to them (R14)."""
    if not is_read(facts.ui):
        return
    own = {one.id for one in app_screens(facts)}
    runs = list(launches(facts))
    if not runs:
        yield found(
            "undetermined",
            "界面都不是从全新安装后的首次启动开始，首次告知无从判断",
            "no run of screens begins with a first launch after installation, so the first notice is open",
            shows.coverage(facts, facts.ui),
            basis="observed",
            missing=("TRACE_NOT_FRESH",),
        )
    for run in runs:
        mine = [one for one in run if one.id in own]
        use = first_use(mine)
        before = run[: run.index(use)] if use else run
        notice = next(showing(before, "rules_notice"), None)
        if notice is not None:
            yield _notice(facts, facts.ui, *notice, mine=notice[0].id in own)
        elif use is not None:
            yield _used_without(facts, facts.ui, use, run)
        else:
            yield found(
                "undetermined",
                "首次启动的界面里既没有规则告知，也没有走到可以使用的页面",
                "the first launch shows neither a notice of the rules nor a screen that can be used",
                shows.whole(facts, run[-1]),
                basis="observed",
                missing=("UI_UNREACHED",),
            )


def _notice(facts: Facts, ui: Ui, screen: Screen, sign: Sign, mine: bool) -> Finding:
    """What is to be said of a notice that came in time."""
    links = screen.of("rules_link")
    led = [each for link in links for each in opened_by(ui, screen, link.node)]
    evidence = (shows.sign(facts, screen, sign), *(shows.sign(facts, screen, link) for link in links[:2]))
    if not mine:
        return found(
            "undetermined",
            f"规则告知由“{screen.owner}”的界面给出，是否属于本应用待人工确认",
            f'the notice is on a screen of "{screen.owner}"; whether it is for this app awaits review',
            *evidence,
            basis="observed",
            missing=("HUMAN_PENDING",),
        )
    if not any("一" <= letter <= "鿿" for node in screen.nodes for letter in node.text or sign.text):
        return found(
            "risk",
            "首次启动的规则告知没有中文",
            "the notice at first launch is not in Chinese",
            *evidence,
            basis="observed",
        )
    if not links:
        return found(
            "risk",
            "首次启动有规则告知，但其中没有通往规则的链接",
            "the notice at first launch has no link to the rules",
            *evidence,
            basis="observed",
        )
    if any(each.of("rules_page") for each in led):
        return found(
            "compliant",
            "首次启动时，在可以使用之前已告知规则，链接可打开规则",
            "at first launch the rules are announced before the app can be used, and the link opens them",
            *evidence,
            basis="observed",
        )
    if led:
        return found(
            "risk",
            "首次启动的规则告知有链接，点开后没有看到规则正文，待人工核对",
            "the link of the first notice was opened and no rules were seen behind it; a person must look",
            *evidence,
            shows.whole(facts, led[0]),
            basis="observed",
            missing=("HUMAN_PENDING",),
        )
    return found(
        "undetermined",
        "首次启动时已告知规则；其中的链接没有点开，是否可达规则尚未查看",
        "the rules are announced at first launch; the link was not opened, so whether it leads to them is open",
        *evidence,
        basis="observed",
        missing=("UI_UNREACHED",),
    )


def _used_without(facts: Facts, ui: Ui, use: Screen, run: tuple[Screen, ...]) -> Finding:
    """No notice came before the first screen that can be used."""
    later = next(showing(run, "rules_notice"), None)
    if use.of("login") and use.of("rules_link"):
        return found(
            "risk",
            "首次启动没有单独的规则告知，只在登录页列出规则链接，是否醒目待人工确认",
            "no notice at first launch but a line with a link on the login screen; whether that is prominent awaits review",
            shows.whole(facts, use),
            *(shows.sign(facts, use, one) for one in use.of("rules_link")[:2]),
            basis="observed",
            missing=("HUMAN_PENDING",),
        )
    if later is not None:
        # A notice may be drawn over a page that is already there: only an act on that page shows that it could be used.
        acted = any(tap.from_screen == use.id for tap in ui.graph)
        return found(
            "violation" if acted else "risk",
            "规则告知出现在可以使用的页面之后" + ("，此前已可操作" if acted else "，此前能否操作待人工确认"),
            "the notice came after a screen that can be used"
            + (" and on which something was done" if acted else "; whether it could be used awaits review"),
            shows.whole(facts, use),
            shows.sign(facts, *later),
            basis="observed",
            missing=() if acted else ("HUMAN_PENDING",),
        )
    sure = ui.explored.get(use.phase, False)
    return found(
        "violation" if sure else "undetermined",
        "首次启动直接进入可以使用的页面，没有规则告知" + ("" if sure else "（但首次启动的界面没有探索完整）"),
        "the first launch goes straight to a screen that can be used, without a notice of the rules"
        + ("" if sure else " (but it was not explored in full)"),
        *(shows.whole(facts, one) for one in run[: run.index(use) + 1][-3:]),
        basis="observed",
        missing=() if sure else ("UI_UNREACHED",),
    )


@check("app-2021:6.1.1", needs=("ui",), missing=("UI_UNREACHED",))
def links_the_rules_where_one_logs_in(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Each screen to log in or register has a link to the rules (R14, limb 3)."""
    if not is_read(facts.ui):
        return
    pages: dict[str, list[Screen]] = {}
    for screen, _ in showing(app_screens(facts), "login"):
        pages.setdefault(screen.page or screen.id, []).append(screen)
    for several in pages.values():
        if any(one.of("rules_link") for one in several):
            continue
        sure = all(facts.ui.explored.get(one.phase, False) for one in several)
        yield found(
            "violation" if sure else "undetermined",
            "登录、注册页没有通往规则的链接" + ("" if sure else "（但该页没有探索完整）"),
            "a screen to log in or register has no link to the rules"
            + ("" if sure else " (but it was not explored in full)"),
            shows.sign(facts, several[0], several[0].of("login")[0]),
            basis="observed",
            missing=() if sure else ("UI_UNREACHED",),
        )


@check(
    "app-2021:6.2",
    "cac-2026:9.1.2",
    "app-2021:6.0.2",
    needs=("ui",),
    missing=("TRACE_NOT_FRESH", "UI_UNREACHED", "HUMAN_PENDING"),
)
def ticks_the_box_itself(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A box to agree that is ticked when first shown (R15, limb 1). A box that is a picture does not tell its state."""
    if not is_read(facts.ui):
        return
    screens = app_screens(facts)
    boxes = list(showing(first_shown(screens), "consent_box"))
    first_launches = list(launches(facts))
    fresh_runs = {run[0].run_id for run in first_launches}
    for screen, box in boxes:
        if box.checked is None:
            yield found(
                "undetermined",
                "同意的勾选框是图片，控件树看不出是否已勾选，须看截图",
                "the box to agree is a picture: the tree does not tell whether it is ticked; look at the screenshot",
                shows.sign(facts, screen, box),
                basis="observed",
                missing=("HUMAN_PENDING",),
            )
        elif box.checked:
            fresh = screen.run_id in fresh_runs
            yield found(
                "violation" if fresh else "risk",
                f"同意框首次出现时已勾选：“{box.text}”" + ("" if fresh else "；不是全新安装，可能是此前勾选的"),
                f'the box to agree is ticked when first shown: "{box.text}"'
                + ("" if fresh else "; not a fresh installation, so it may have been ticked before"),
                shows.sign(facts, screen, box),
                basis="observed",
                missing=() if fresh else ("TRACE_NOT_FRESH",),
            )
    where_asked = [*(run[0] for run in first_launches), *(one for one, _ in showing(screens, "login"))]
    all_empty = all(box.checked is False for _, box in boxes)
    if asked.duty.id == "app-2021:6.2" and all_empty and first_launches and explored(facts.ui, where_asked):
        yield found(
            "compliant",
            "首次启动和登录的界面已探索完整，没有默认勾选的同意框",
            "first launch and login were explored in full; no box to agree is ticked by default",
            shows.coverage(facts, facts.ui),
            *(shows.sign(facts, *one) for one in boxes[:3]),
            basis="observed",
        )


@check("cac-2026:9.1.2", "app-2021:6.0.2", "cac-2026:3.2.1", needs=("ui",))
def takes_using_for_agreeing(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """ "Logging in means that you agree", with no box to tick and no control to agree (R15, limb 2)."""
    for screen, line in showing(app_screens(facts), "implied_consent"):
        if not screen.of("consent_box") and not screen.of("agree"):
            yield found(
                "violation",
                f"以使用代替同意，没有勾选框或同意按钮：“{line.text}”",
                f'using is taken for agreeing, with no box to tick and no button: "{line.text}"',
                shows.sign(facts, screen, line),
                basis="observed",
            )


@check("cac-2026:9.1.2", "app-2021:6.0.2", needs=("ui",), missing=("UI_UNREACHED",))
def lets_the_user_refuse(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Where the rules are put to the user, agreeing and refusing stand side by side, and refusing leads on (R15, limb 3)."""
    if not is_read(facts.ui):
        return
    screens = app_screens(facts)
    for screen, sign in showing(first_shown(screens), "rules_notice"):
        agree, refuse = screen.of("agree"), screen.of("refuse")
        evidence = [shows.sign(facts, screen, one) for one in (sign, *agree[:1], *refuse[:1])]
        if agree and not refuse:
            yield found(
                "risk",
                "规则告知只有同意，没有拒绝的控件",
                "the notice of the rules has a control to agree and none to refuse",
                *evidence,
                basis="observed",
            )
            continue
        led = [each for one in refuse for each in opened_by(facts.ui, screen, one.node)]
        onward = [each for each in led if each.page != screen.page or not each.page]
        if led and not onward:
            yield found(
                "risk",
                "拒绝后仍回到同一个规则告知",
                "refusing leads back to the same notice",
                *evidence,
                shows.whole(facts, led[0]),
                basis="observed",
            )
        elif onward:
            spoiled = any(one.checked is not False for _, one in showing(screens, "consent_box"))
            yield found(
                None if spoiled or not explored(facts.ui, [screen]) else "compliant",
                "规则告知里同意与拒绝并列，拒绝后可继续",
                "the notice offers agreeing and refusing, and refusing leads on",
                *evidence,
                shows.whole(facts, onward[0]),
                basis="observed",
                missing=("UI_UNREACHED",) if spoiled or not explored(facts.ui, [screen]) else (),
            )
        else:
            yield found(
                "undetermined",
                "规则告知里有拒绝的控件；没有点过，拒绝后能否继续尚未查看",
                "the notice offers to refuse; that was not tried, so whether it leads on is open",
                *evidence,
                basis="observed",
                missing=("UI_UNREACHED",),
            )


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
    return found(
        "violation" if sure else "undetermined",
        "设置页没有查看规则的入口" + ("" if sure else "（但没有探索完整）"),
        "the settings have no entry to the rules" + ("" if sure else " (but they were not explored in full)"),
        *(shows.whole(facts, one) for one in settings[:2]),
        shows.coverage(facts, ui),
        basis="observed",
        missing=() if sure else ("UI_UNREACHED",),
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
        sure = explored(facts.ui, pages)
        yield found(
            "risk" if sure else "undetermined",
            "规则页没有看到保存、分享或复制的控件" + ("；文字能否选取待人工确认" if sure else "（但没有探索完整）"),
            "no control to save, share or copy the rules was seen where they are shown"
            + ("; whether the text can be selected awaits review" if sure else " (but it was not explored in full)"),
            shows.sign(facts, pages[0], pages[0].of("rules_page")[0]),
            basis="observed",
            missing=("HUMAN_PENDING",) if sure else ("UI_UNREACHED",),
        )
