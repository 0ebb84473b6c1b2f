"""Article 11 on the screens of a conformance run (S13): what prompts, settings and the installer show (R69, R71)."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import screen_evidence as seen
from hegui.catalogue.lexicons.screens import says
from hegui.catalogue.lexicons.screens.terminal import groups_named, is_installer, kinds_named, leads_to_settings
from hegui.catalogue.permissions import GROUPS
from hegui.catalogue.usage_kinds import STARTS
from hegui.facts import Facts, is_read
from hegui.facts.screens import Screen
from hegui.regulations.terminal_parts import acts, boxes, explored, of_system, texts

# The phase of a dump made while a package is installed, as the index says.
_INSTALL = ("install", "安装")


@check("app-2021:11.1.3", needs=("trace", "ui"), missing=("HUMAN_PENDING",))
def eases_asking_and_telling(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A permission box of the system that shows neither the app's purpose nor a way to the settings."""
    shown = list(boxes(facts))
    if not shown:
        return
    told = [screen for screen, _ in shown if any(says("purpose", text) for text in texts(screen))]
    ways = [
        screen
        for screen, _ in shown
        if any(node.visible and node.clickable and leads_to_settings(node.text) for node in screen.nodes)
    ]
    lacking = [("应用填写的用途", "the purpose the app states")] if not told else []
    lacking += [("权限设置的入口", "a way to the settings")] if not ways else []
    zh, en = "、".join(one for one, _ in lacking), ", ".join(one for _, one in lacking)
    yield found(
        "risk" if lacking else "compliant",
        f"{len(shown)} 个系统授权框中都没有：{zh}" if lacking else "系统授权框展示应用填写的用途，并有设置入口",
        f"none of {len(shown)} boxes of the system shows: {en}"
        if lacking
        else "boxes of the system show the purpose the app states, and a way to the settings",
        *(seen.whole(facts, screen) for screen, _ in shown[:5]),
        basis="observed",
        missing=("HUMAN_PENDING",) if lacking else (),
    )


@check("app-2021:11.2.2", needs=("trace", "ui"), missing=("UI_UNREACHED",))
def has_switches_for_starts(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Settings of a terminal without a switch for self-start or for linked start (R71, limb 5)."""
    settings = [one for one in of_system(facts) if not one.of("system_permission") and not _is_install(one)]
    if not acts(facts) or not settings:
        return
    switch = {kind: next((one for one in settings if kind in _switched(one)), None) for kind in STARTS}
    whole = explored(facts, *settings)
    for kind, screen in switch.items():
        if screen is None:
            yield found(
                "violation" if whole else "undetermined",
                f"系统设置中没有“{STARTS[kind].zh}”的开关" + ("" if whole else "（设置没有看全）"),
                f"the settings hold no switch for {STARTS[kind].en}" + ("" if whole else " (they were not seen whole)"),
                *(seen.whole(facts, one) for one in settings[:5]),
                basis="observed",
                missing=() if whole else ("UI_UNREACHED",),
            )
    if all(switch.values()):
        yield found(
            "compliant",
            "系统设置中有自启动和关联启动的开关",
            "the settings hold switches for self-start and for linked start",
            *(seen.whole(facts, screen) for screen in switch.values() if screen),
            basis="observed",
        )


def _switched(screen: Screen) -> set[str]:
    """The kinds of start that a switch of the screen is about: by its row, or by the title where rows are names of apps."""
    rows = [sign.text for sign in screen.of("scene_option")]
    if not rows:
        return set()
    by_row = {kind for row in rows for kind in kinds_named(row) if kind in STARTS}
    title = next(iter(texts(screen)), "")
    return by_row or {kind for kind in kinds_named(title) if kind in STARTS}


@check(
    "app-2021:11.6",
    needs=("trace", "ui", "pkg.permissions"),
    missing=("UI_UNREACHED",),
)
def installer_lists_permissions(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A sensitive permission of the test app that the system's installer does not list (R69, limb 3)."""
    pkg = facts.pkg
    if not is_read(pkg) or not is_read(pkg.permissions) or pkg.name not in {run.meta.package for run in acts(facts)}:
        return
    wanted = {one.group for one in pkg.permissions if one.group and one.dangerous and one.group in GROUPS}
    screens = [one for one in of_system(facts) if _is_install(one)]
    if not wanted or not screens:
        return
    listed = {group for screen in screens for text in texts(screen) for group in groups_named(text)}
    absent = [group for group in GROUPS if group in wanted - listed]
    whole = explored(facts, *screens)
    zh, en = "、".join(GROUPS[one].zh for one in absent), ", ".join(GROUPS[one].en for one in absent)
    yield found(
        "compliant" if not absent else "violation" if whole else "undetermined",
        f"安装界面没有列出：{zh}" + ("" if whole else "（安装界面没有看全）")
        if absent
        else f"安装界面列出了全部 {len(wanted)} 组敏感权限",
        f"the installer does not list: {en}" + ("" if whole else " (its screens were not seen whole)")
        if absent
        else f"the installer lists all {len(wanted)} sensitive groups",
        *(seen.whole(facts, screen) for screen in screens[:5]),
        basis="observed",
        missing=("UI_UNREACHED",) if absent and not whole else (),
    )


def _is_install(screen: Screen) -> bool:
    return screen.phase in _INSTALL or is_installer(screen.owner, "\n".join(texts(screen)))
