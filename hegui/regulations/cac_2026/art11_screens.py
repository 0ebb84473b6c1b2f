"""Article 11 on screens: an option for each function scene that is not basic."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import screen_evidence as shows
from hegui.facts import Facts, is_read
from hegui.facts.declaration import Scene
from hegui.facts.screens import Sign
from hegui.regulations.screen_parts import app_screens, explored, showing


@check(
    "cac-2026:11.1.1",
    "app-2021:8.4.1",
    needs=("ui", "decl"),
    missing=("UI_UNREACHED", "SCENE_UNMAPPED", "HUMAN_PENDING"),
)
def offers_an_option_for_each_scene(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A switch for each declared scene that is not basic, known by the scene's name or by that of its switch (R41, A-05).

    Whether it changes what is collected takes a run with it off.
    """
    if not is_read(facts.ui) or not is_read(facts.decl):
        return
    scenes = [one for one in facts.decl.app.scenes if not one.basic]
    if not scenes:
        return
    screens = app_screens(facts)
    switches = [*showing(screens, "scene_option"), *showing(screens, "personalisation")]
    settings = [one for one, _ in showing(screens, "settings")]
    sure = explored(facts.ui, settings)
    lacking = [one for one in scenes if not any(_is_of(sign, one) for _, sign in switches)]
    names = "、".join(one.name for one in lacking)
    evidence = [shows.sign(facts, *one) for one in switches[:4]] or [shows.coverage(facts, facts.ui)]
    if not lacking:
        yield found(
            "compliant",
            f"声明的 {len(scenes)} 个非基本功能场景均有开关；关闭后是否停止收集，须另看",
            f"each of the {len(scenes)} declared scenes that are not basic has a switch; its effect is seen elsewhere",
            *evidence,
            basis="observed",
            assumptions=("A-05",),
        )
    elif not sure:
        yield found(
            "undetermined",
            f"没有看到这些功能场景的开关：{names}（但设置没有探索完整）",
            f"no switch was seen for these scenes: {names} (but the settings were not explored in full)",
            *evidence,
            basis="observed",
            assumptions=("A-05",),
            missing=("UI_UNREACHED",),
        )
    elif not switches:
        yield found(
            "violation",
            f"设置里没有任何功能场景的开关；声明的场景有：{names}",
            f"the settings have no switch for any scene; declared are: {names}",
            *(shows.whole(facts, one) for one in settings[:2]),
            *evidence,
            basis="observed",
            assumptions=("A-05",),
        )
    else:
        yield found(
            "risk",
            f"这些功能场景没有对应的开关：{names}",
            f"these scenes have no switch: {names}",
            *evidence,
            basis="observed",
            assumptions=("A-05",),
            missing=("SCENE_UNMAPPED",),
        )


def _is_of(sign: Sign, scene: Scene) -> bool:
    label = sign.text
    # `switch` is a path ("设置 > 隐私 > 附近的人"), of which the last step is the label.
    last = (scene.switch or "").replace("→", ">").replace("-", ">").split(">")[-1].strip()
    return bool(label) and (scene.name in label or (bool(last) and last in label))
