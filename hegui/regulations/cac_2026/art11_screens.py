"""Article 11 on screens: an option for each function scene that is not basic."""

from collections.abc import Iterator, Sequence

from hegui.audit import Asked, Evidence, Finding, check, found
from hegui.audit import screen_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.catalogue.lexicons.screens import LABEL, is_os_settings, says
from hegui.facts import Facts, is_read
from hegui.facts.declaration import Scene
from hegui.facts.screens import Node, Screen, Sign, Ui
from hegui.regulations.screen_parts import app_screens, explored, opened_by, showing
from hegui.words import Words


@check(
    "cac-2026:11.1.1",
    "app-2021:8.4.1",
    needs=("ui", "decl"),
    missing=("UI_UNREACHED", "SCENE_UNMAPPED", "HUMAN_PENDING"),
)
def offers_an_option_for_each_scene(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A switch of its own for each declared scene that is not basic, known by the scene's name or that of its switch (R41, A-05).

    A page of the system's permissions counts half; one switch for several scenes is no choice between them. Whether a switch
    changes what is collected takes a run with it off.
    """
    if not is_read(facts.ui) or not is_read(facts.decl):
        return
    scenes = [one for one in facts.decl.app.scenes if not one.basic]
    if not scenes:
        return
    screens = app_screens(facts)
    switches = [*showing(screens, "scene_option"), *showing(screens, "personalisation")]
    switches = [(screen, sign) for screen, sign in switches if sign.checked is not None]
    own = [(screen, sign) for screen, sign in switches if not says("all_at_once", sign.text)]
    settings = [one for one, _ in showing(screens, "settings")]
    of_scene = {scene.name: next((pair for pair in own if _is_named(pair[1].text, scene)), None) for scene in scenes}
    lacking = [one for one in scenes if of_scene[one.name] is None]
    shared = _shared(of_scene)
    evidence = [shows.sign(facts, *one) for one in switches[:4]] or [shows.coverage(facts, facts.ui)]
    whole = [*(shows.whole(facts, one) for one in settings[:2]), *evidence]
    share = Words(
        f"声明的 {len(scenes)} 个非基本功能场景中 {len(scenes) - len(lacking)} 个有开关",
        f"{len(scenes) - len(lacking)} of the {len(scenes)} declared scenes that are not basic have a switch",
    )
    if shared:
        yield _found(
            "risk",
            f"“{shared[0][1].text}”一个开关管着几个功能场景：{'、'.join(shared[1])}",
            f'one switch, "{shared[0][1].text}", is for several scenes: {", ".join(shared[1])}',
            evidence,
        )
    if not lacking:
        if not shared:
            yield _found(
                "compliant",
                f"{share.zh}；关闭后是否停止收集，须另看",
                f"{share.en}; its effect is seen elsewhere",
                evidence,
            )
        return
    names = "、".join(one.name for one in lacking)
    if not explored(facts.ui, settings):
        yield _found(
            "undetermined",
            f"没有看到这些功能场景的开关：{names}（但设置没有探索完整）",
            f"no switch was seen for these scenes: {names} (but the settings were not explored in full)",
            evidence,
            ("UI_UNREACHED",),
        )
    elif named := _named(screens, lacking):
        yield _found(
            "undetermined",
            f"{share.zh}；“{named[0][1].text}”见于界面，没有看到开关：没有点开，或为自绘，须看截图",
            f'{share.en}; "{named[0][1].text}" is on a screen, and no switch was seen: it was not opened, or is drawn by hand',
            [*(shows.whole(facts, one, node.text) for one, node in named[:3]), *evidence],
            ("HUMAN_PENDING",),
        )
    elif not own:
        yield _without(facts, facts.ui, screens, settings, bool(switches), names, whole)
    else:
        yield _found(
            "risk",
            f"{share.zh}，这些没有对应的开关：{names}",
            f"{share.en}; these have none: {names}",
            evidence,
            ("SCENE_UNMAPPED",),
        )


def _named(screens: Sequence[Screen], scenes: Sequence[Scene]) -> list[tuple[Screen, Node]]:
    """Where, on the pages of settings and those that hold switches, the words of these scenes' switches stand."""
    return [
        (one, node)
        for one in screens
        if one.of("settings") or one.of("scene_option")
        for node in one.nodes
        if node.visible and len(node.text) <= LABEL and any(_is_named(node.text, scene) for scene in scenes)
    ]


def _without(
    facts: Facts,
    ui: Ui,
    screens: Sequence[Screen],
    settings: Sequence[Screen],
    all_at_once: bool,
    names: str,
    evidence: list[Evidence],
) -> Finding:
    """The settings were explored and hold no switch of any scene: what they hold instead."""
    links = list(showing(screens, "os_permissions"))
    # The system's own page, reached from the app's settings: its owner is no screen of the app.
    own = {one.id for one in screens}
    led = [
        (at, tap.node) for at in settings for tap in ui.graph if tap.from_screen == at.id and tap.to_screen not in own
    ]
    if links or any(is_os_settings(one.owner) for at, node in led for one in opened_by(ui, at, node)):
        return _found(
            "risk",
            f"没有功能场景的开关，只通往系统的权限页：{names}",
            f"no switch for any scene, only a way to the system's page of permissions: {names}",
            [*(shows.sign(facts, *one) for one in links[:2]), *evidence],
        )
    if all_at_once:
        return _found(
            "violation",
            f"只有一个“全部”开关，不能按功能场景选择；声明的场景有：{names}",
            f"only a switch for everything, no choice by scene; declared are: {names}",
            evidence,
        )
    return _found(
        "violation",
        f"设置里没有任何功能场景的开关；声明的场景有：{names}",
        f"the settings have no switch for any scene; declared are: {names}",
        evidence,
    )


def _found(verdict: Verdict, zh: str, en: str, evidence: Sequence[Evidence], missing: tuple[str, ...] = ()) -> Finding:
    return found(verdict, zh, en, *evidence, basis="observed", assumptions=("A-05",), missing=missing)


def _shared(
    of_scene: dict[str, tuple[Screen, Sign] | None],
) -> tuple[tuple[Screen, Sign], list[str]] | None:
    """A switch that several scenes are declared to have in common, with their names."""
    by_node: dict[tuple[str, str], list[str]] = {}
    for name, pair in of_scene.items():
        if pair:
            by_node.setdefault((pair[0].id, pair[1].node), []).append(name)
    for names in by_node.values():
        if len(names) > 1 and (pair := of_scene[names[0]]):
            return pair, names
    return None


def _is_named(label: str, scene: Scene) -> bool:
    # `switch` is a path ("设置 > 隐私 > 附近的人"), of which the last step is the label.
    last = (scene.switch or "").replace("→", ">").replace("-", ">").split(">")[-1].strip()
    return bool(label) and (scene.name in label or (bool(last) and last in label))
