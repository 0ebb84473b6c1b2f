"""Article 8(1) of the 2021 draft on screens: showing users, again and again, what was collected and used (R77)."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import screen_evidence as shows
from hegui.catalogue.lexicons.screens import LABEL, says
from hegui.facts import Facts, is_read
from hegui.facts.screens import Screen
from hegui.regulations.screen_parts import app_screens, explored, showing
from hegui.words import Words

# What the page tells of each kind of information; the last only one that keeps count can tell.
_COLUMNS = {
    "list_type": Words("种类", "type"),
    "list_purpose": Words("目的", "purpose"),
    "list_scene": Words("场景", "scene"),
    "list_count": Words("次数或时间", "count or time"),
}


@check("app-2021:8.1.2", needs=("ui",), missing=("UI_UNREACHED", "NO_RECORD"))
def shows_what_was_collected(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A page that lists what was collected, by type, purpose, scene and how often or when (R77).

    A list that never counts is a text, not a status. How often users are led to it takes the record.
    """
    if not is_read(facts.ui):
        return
    screens = app_screens(facts)
    lists: dict[str, list[Screen]] = {}
    for one, _ in showing(screens, "collected_list"):
        lists.setdefault(one.activity or one.page or one.id, []).append(one)
    settings = [one for one, _ in showing(screens, "settings")]
    if not lists:
        if settings:
            yield _none(facts, screens, settings, explored(facts.ui, settings))
        return
    # Dumps of one page scrolled on show one list; the fullest page answers.
    told = {key: _told(several) for key, several in lists.items()}
    best = max(sorted(told), key=lambda key: len(told[key]))
    lacking = [name for topic, name in _COLUMNS.items() if topic not in told[best]]
    evidence = [shows.sign(facts, one, one.of("collected_list")[0]) for one in lists[best][:3]]
    if lacking:
        yield found(
            "risk",
            f"已收集个人信息的页面没有写明{'、'.join(one.zh for one in lacking)}",
            f"the page of what was collected does not tell {', '.join(one.en for one in lacking)}",
            *evidence,
            basis="observed",
        )
    else:
        yield found(
            "undetermined",
            "已收集个人信息的页面写明种类、目的、场景和次数；是否按周期提示用户须看推送或访问记录",
            "the page of what was collected tells type, purpose, scene and count; whether users are led to it takes the record",
            *evidence,
            basis="observed",
            missing=("NO_RECORD",),
        )


def _told(screens: list[Screen]) -> set[str]:
    texts = [node.text for one in screens for node in one.nodes if node.visible and node.text]
    titles = {sign.text for one in screens for sign in one.of("collected_list")}
    rows = [text for text in texts if text not in titles]
    return {topic for topic in _COLUMNS if any(says(topic, text) for text in rows)}


def _none(facts: Facts, screens: tuple[Screen, ...], settings: list[Screen], sure: bool) -> Finding:
    """No page was known for the list. Where an entry is called so, its page may be a web page or have another title."""
    named = [
        (one, node)
        for one in screens
        for node in one.nodes
        if node.visible and len(node.text) <= LABEL and says("collected_list", node.text)
    ]
    if named:
        return found(
            "undetermined",
            f"有“{named[0][1].text}”，没有认出展示已收集个人信息情况的页面，须点开或看截图",
            f'there is "{named[0][1].text}", and no page was known for what was collected: open it, or look at the screenshot',
            *(shows.whole(facts, one, node.text) for one, node in named[:2]),
            basis="observed",
            missing=("UI_UNREACHED",),
        )
    return found(
        "violation" if sure else "undetermined",
        "没有展示已收集个人信息情况的页面" + ("" if sure else "（但没有探索完整）"),
        "no page shows what was collected" + ("" if sure else " (but not all was explored)"),
        *(shows.whole(facts, one) for one in settings[:2]),
        basis="observed",
        missing=() if sure else ("UI_UNREACHED",),
    )
