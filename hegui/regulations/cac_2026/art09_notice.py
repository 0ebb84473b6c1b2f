"""Article 9 on screens: the notice at first launch, and the rules where one logs in."""

from collections.abc import Iterator

from hegui.audit import Asked, Evidence, Finding, check, found
from hegui.audit import screen_evidence as shows
from hegui.facts import Facts, is_read
from hegui.facts.queries.consent import Consents
from hegui.facts.screens import Screen, Sign, Ui
from hegui.regulations.screen_parts import (
    acted,
    after_use,
    app_screens,
    explored,
    first_use,
    launches,
    leading_to,
    not_seen,
    opened_by,
    run_of,
    showing,
)

# RULES R14: a summary has that many characters, and a notice stands for that long unless the user ends it.
_SUMMARY = 30
_STANDS_MS = 2_000


@check(
    "cac-2026:9.1.1",
    "app-2021:6.1.1",
    needs=("ui",),
    missing=("TRACE_NOT_FRESH", "UI_UNREACHED", "TRACE_NO_UI", "HUMAN_PENDING"),
)
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
        use = first_use(one for one in run if one.id in own)
        before = run[: run.index(use)] if use else run
        notice = next(showing(before, "rules_notice"), None)
        if notice is not None and notice[0].id in own:
            yield from _notice(facts, facts.ui, run, *notice)
        elif notice is not None:
            yield _of_another(facts, *notice)
        elif hint := next((one for one in showing(before, "rules_link") if one[0].id in own), None):
            yield _not_known(facts, *hint)
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


def _of_another(facts: Facts, screen: Screen, sign: Sign) -> Finding:
    """A system, a mini-program platform or the wizard of a phone may give the notice, if it is for this app."""
    return found(
        "undetermined",
        f"规则告知由“{screen.owner}”的界面给出，是否属于本应用待人工确认",
        f'the notice is on a screen of "{screen.owner}"; whether it is for this app awaits review',
        shows.sign(facts, screen, sign),
        basis="observed",
        missing=("HUMAN_PENDING",),
    )


def _not_known(facts: Facts, screen: Screen, link: Sign) -> Finding:
    """Something before the first use names the rules, in a form or in words that are not known for a notice."""
    return found(
        "undetermined",
        "可以使用之前有提及规则的界面，没有认出是否为告知，须看截图",
        "a screen before the app can be used names the rules and was not known for a notice: look at the screenshot",
        shows.sign(facts, screen, link),
        shows.whole(facts, screen),
        basis="observed",
        missing=("HUMAN_PENDING",),
    )


def _notice(facts: Facts, ui: Ui, run: tuple[Screen, ...], screen: Screen, sign: Sign) -> Iterator[Finding]:
    """What is to be said of a notice that came in time."""
    links = screen.of("rules_link")
    led = [each for link in links for each in opened_by(ui, screen, link.node)]
    evidence = (shows.sign(facts, screen, sign), *(shows.sign(facts, screen, link) for link in links[:2]))
    chinese, other = _letters(screen)
    if chinese < _SUMMARY and chinese < other:
        yield found(
            "risk",
            f"首次启动的规则告知不是中文（中文 {chinese} 字，其他字母 {other} 个）；测试机语言是否为中文须核对",
            f"the notice at first launch is not in Chinese ({chinese} Chinese characters, {other} other letters); whether the "
            "phone was set to Chinese must be checked",
            *evidence,
            basis="observed",
            missing=("HUMAN_PENDING",),
        )
    yield from _gone_by_itself(facts, ui, run, screen, evidence)
    if not links:
        yield found(
            "risk",
            "首次启动有规则告知，但其中没有通往规则的链接",
            "the notice at first launch has no link to the rules",
            *evidence,
            basis="observed",
        )
    elif any(each.of("rules_page") for each in led):
        yield found(
            "compliant",
            "首次启动时，在可以使用之前已告知规则，链接可打开规则",
            "at first launch the rules are announced before the app can be used, and the link opens them",
            *evidence,
            basis="observed",
        )
    elif broken := next((each for each in led if each.of("broken_page")), None):
        yield found(
            "risk",
            "首次启动的规则告知有链接，点开后页面打不开",
            "the link of the first notice leads to a page that is not there",
            *evidence,
            shows.sign(facts, broken, broken.of("broken_page")[0]),
            basis="observed",
        )
    else:
        zh, en = (
            (
                "链接点开后没有认出规则正文，须看截图",
                "what the link opened was not known for rules: look at the screenshot",
            )
            if led
            else (
                "其中的链接没有点开，是否可达规则尚未查看",
                "the link was not opened, so whether it leads to them is open",
            )
        )
        yield found(
            "undetermined",
            f"首次启动时已告知规则；{zh}",
            f"the rules are announced at first launch; {en}",
            *evidence,
            *(shows.whole(facts, one) for one in led[:1]),
            basis="observed",
            missing=("HUMAN_PENDING",) if led else ("UI_UNREACHED",),
        )


def _letters(screen: Screen) -> tuple[int, int]:
    """How many Chinese characters a screen shows, and how many other letters."""
    letters = [letter for node in screen.nodes if node.visible for letter in node.text if letter.isalpha()]
    chinese = sum("一" <= letter <= "鿿" for letter in letters)
    return chinese, len(letters) - chinese


def _gone_by_itself(
    facts: Facts, ui: Ui, run: tuple[Screen, ...], screen: Screen, evidence: tuple[Evidence, ...]
) -> Iterator[Finding]:
    """A notice that nobody acted on and that another screen had taken the place of within two seconds.

    It was seen in one dump: it may have come right after the dump before, so it stood no longer than from there on.
    """
    at = run.index(screen)
    # A box of the system stands over a notice and does not end it.
    others = [
        one for one in run[at + 1 :] if one.owner == screen.owner and (one.page or one.id) != (screen.page or screen.id)
    ]
    comes_back = any(one.of("rules_notice") for one in run[at + 1 :])
    answered = any(tap.from_screen == screen.id for tap in ui.graph)
    if not others or comes_back or answered or any(one.clock == "order" for one in (screen, others[0])):
        return
    start_ms = run[at - 1].t_ms if at else 0
    if others[0].t_ms - start_ms >= _STANDS_MS:
        return
    by_user = acted(facts, screen, start_ms, others[0].t_ms)
    if not by_user:
        told = by_user is False
        yield found(
            "risk" if told else "undetermined",
            "首次启动的规则告知不到 2 秒即消失，" + ("其间用户没有操作" if told else "其间用户有无操作没有记录"),
            "the notice at first launch was gone within 2 s, "
            + ("and the user did nothing" if told else "and nothing tells whether the user did something"),
            *evidence,
            shows.whole(facts, others[0]),
            basis="observed",
            missing=() if told else ("TRACE_NO_UI",),
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
        return after_use(ui, use, "规则告知", "the notice", shows.whole(facts, use), shows.sign(facts, *later))
    return not_seen(
        ui.explored.get(use.phase, False) and not _agreed_before(facts, use),
        "首次启动直接进入可以使用的页面，没有规则告知",
        "the first launch goes straight to a screen that can be used, without a notice of the rules",
        *(shows.whole(facts, one) for one in run[: run.index(use) + 1][-3:]),
    )


def _agreed_before(facts: Facts, use: Screen) -> bool:
    """Whether the log records an agreement before: then something to agree to was shown, and no dump of it was made."""
    run = run_of(facts, use)
    agreed = Consents(run).agreed if run else None
    return agreed is not None and agreed.t_ms <= use.t_ms


@check("app-2021:6.1.1", needs=("ui",), missing=("UI_UNREACHED",))
def links_the_rules_where_one_logs_in(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Each screen to log in or register has a link to the rules (R14, limb 3). Where none was seen, that there is none takes a
    declaration, or all having been explored."""
    if not is_read(facts.ui):
        return
    screens = app_screens(facts)
    pages: dict[str, list[Screen]] = {}
    for screen, _ in showing(screens, "login"):
        pages.setdefault(screen.page or screen.id, []).append(screen)
    linked = {one.id for one in screens if one.of("login") and one.of("rules_link")}
    for several in pages.values():
        # The second step of logging in, say for the password, follows the page with the link.
        if not any(one.of("rules_link") for one in several) and not linked & leading_to(facts.ui, several[0]):
            yield not_seen(
                all(facts.ui.explored.get(one.phase, False) for one in several),
                "登录、注册页没有通往规则的链接",
                "a screen to log in or register has no link to the rules",
                shows.sign(facts, several[0], several[0].of("login")[0]),
            )
    no_account = is_read(facts.decl) and facts.decl.app.has_account is False
    if screens and not pages and not no_account and not explored(facts.ui, screens):
        yield found(
            "undetermined",
            "没有看到登录、注册页，其中有无规则的链接尚未查看（没有探索完整）",
            "no screen to log in or register was seen, so whether it has a link to the rules is open (not all was explored)",
            shows.coverage(facts, facts.ui),
            basis="observed",
            missing=("UI_UNREACHED",),
        )
