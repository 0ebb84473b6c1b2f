"""Article 7(1) on screens: the rules can be read in the app, without logging in."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import screen_evidence as shows
from hegui.facts import Facts, is_read
from hegui.regulations.screen_parts import app_screens, reachable, showing


@check("cac-2026:7.1.0.1", needs=("ui",), missing=("UI_UNREACHED",))
def shows_the_rules_in_the_app(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Where in the app the rules are, and whether one must log in to get there (R01). Their text is judged by itself; that no
    place has them takes all places."""
    if not is_read(facts.ui):
        return
    ui, screens = facts.ui, app_screens(facts)
    pages = list(showing(ui.screens, "rules_page"))
    if not pages or not screens:
        yield found(
            None,
            "界面中没有走到规则正文",
            "the rules themselves were not reached in the screens",
            shows.coverage(facts, ui),
            basis="observed",
            missing=("UI_UNREACHED",),
        )
        return
    logins = {one.id for one, _ in showing(screens, "login")}
    goal = {one.id for one, _ in pages}
    start = {screens[0].id} - logins
    # A login screen that itself leads to the rules shows them before anybody logs in.
    linked = {tap.to_screen for tap in ui.graph if tap.from_screen in logins}
    free = bool(goal & reachable(ui, start, short_of=logins)) or bool(goal & linked)
    behind = not free and bool(goal & reachable(ui, {screens[0].id}))
    yield found(
        "risk" if behind else None,
        "应用内的规则须登录后才能看到" if behind else "应用内可以看到规则" + ("，无须登录" if free else ""),
        "the rules in the app are seen only after logging in"
        if behind
        else "the rules can be read in the app" + (" without logging in" if free else ""),
        *(shows.sign(facts, *one) for one in pages[:2]),
        basis="observed",
    )
