"""Article 18(1) on screens: the way to cancel an account (R50)."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import screen_evidence as shows
from hegui.catalogue.lexicons.screens import says
from hegui.facts import Facts, is_read
from hegui.facts.screens import Node, Screen, Ui
from hegui.regulations.screen_parts import (
    app_screens,
    cancelling,
    explored,
    first_use,
    showing,
    words_of,
)
from hegui.words import Words

# RULES R50.
_MOST_STEPS = 10


@check("cac-2026:18.1.1", needs=(), missing=("UI_UNREACHED",))
def has_a_way_to_cancel(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """An entry to cancel the account in the app, in a few steps, without harsh conditions, and not by hotline alone (R50).

    Without screens it is silent: that there are no accounts may be declared without them.
    """
    if not is_read(facts.ui):
        return
    ui, screens = facts.ui, app_screens(facts)
    entries = list(showing(screens, "cancellation"))
    if not entries:
        yield from _no_entry(facts, ui, screens)
        return
    behind = cancelling(ui, screens)
    harsh = next(
        ((one, node) for one in behind for node in one.nodes if node.visible and says("harsh", node.text)), None
    )
    by_hand = _by_hand(behind)
    start = first_use(one for one in screens if not one.of("login"))
    done = {one.id for one in behind if one.of("cancel_done")}
    way = ui.way({start.id}, done or {one.id for one, _ in entries}) if start else None
    where = Words("注销完成", "the end of cancelling") if done else Words("注销入口", "the entry for cancelling")
    evidence = [shows.sign(facts, *one) for one in entries[:2]]
    if way:
        evidence.append(shows.way(facts, ui, way, entries))
    if harsh is not None:
        yield found(
            "risk",
            f"注销设有不便的条件：“{harsh[1].text[:60]}”",
            f'cancelling comes with a burdensome condition: "{harsh[1].text[:60]}"',
            *evidence,
            shows.whole(facts, harsh[0], harsh[1].text[:60]),
            basis="observed",
        )
    elif by_hand is not None:
        yield found(
            "risk",
            f"注销入口之后只有人工渠道：“{by_hand[1].text[:60]}”",
            f'behind the entry there is only a way by hand: "{by_hand[1].text[:60]}"',
            *evidence,
            shows.whole(facts, by_hand[0], by_hand[1].text[:60]),
            basis="observed",
        )
    elif way is None:
        yield found(
            "undetermined",
            f"有注销入口“{entries[0][1].text}”，从主页面到它的点击没有记录",
            f'there is an entry "{entries[0][1].text}"; the taps from the main page to it were not recorded',
            *evidence,
            basis="observed",
            missing=("UI_UNREACHED",),
        )
    elif len(way) > _MOST_STEPS:
        yield found(
            "risk",
            f"到{where.zh}需点击 {len(way)} 次，超过 {_MOST_STEPS} 次",
            f"it takes {len(way)} taps to {where.en}, more than {_MOST_STEPS}",
            *evidence,
            basis="observed",
        )
    elif not done and not explored(ui, behind):
        yield found(
            "undetermined",
            f"点击 {len(way)} 次可到注销入口；"
            + ("注销流程没有走完" if behind else "入口没有点开")
            + "，能否完成尚未查看",
            f"the entry is {len(way)} taps away; it was "
            + ("not gone through to the end" if behind else "not opened")
            + ", so whether cancelling works is open",
            *evidence,
            *(shows.whole(facts, one) for one in behind[:2]),
            basis="observed",
            missing=("UI_UNREACHED",),
        )
    else:
        yield found(
            "compliant",
            f"点击 {len(way)} 次可到{where.zh}（入口“{entries[0][1].text}”），其后的页面没有不便的条件",
            f'{where.en} is {len(way)} taps away (by "{entries[0][1].text}"), and no burdensome condition stands behind the '
            "entry",
            *evidence,
            *(shows.whole(facts, one) for one in behind[:2]),
            basis="observed",
        )


def _by_hand(behind: list[Screen]) -> tuple[Screen, Node] | None:
    """Words that send the user to a hotline or to mail, where nothing on these pages leads on or can be filled in."""
    leads_on = any(
        node.editable
        or (node.clickable and (text := words_of(one, node)) and not says("close", text) and not says("by_hand", text))
        for one in behind
        for node in one.nodes
        if node.visible
    )
    if leads_on:
        return None
    told = ((one, node) for one in behind for node in one.nodes if node.visible and says("by_hand", node.text))
    return next(told, None)


def _no_entry(facts: Facts, ui: Ui, screens: tuple[Screen, ...]) -> Iterator[Finding]:
    """No entry was seen: that tells only where there are accounts and the settings were explored."""
    login = next(showing(screens, "login"), None)
    declared = is_read(facts.decl) and facts.decl.app.has_account is True
    if login is None and not declared:
        return
    settings = [one for one, _ in showing(screens, "settings")]
    sure = explored(ui, settings)
    told = next(
        ((one, node) for one in screens if not one.of("rules_page") and not one.of("rules_notice")
         for node in one.nodes if node.visible and says("cancellation_told", node.text)), None,
    )  # fmt: skip
    zh, en = "有账号，设置里没有注销账号的入口", "there are accounts, and the settings have no entry to cancel one"
    if told:
        zh += f"，只在别处提到：“{told[1].text[:60]}”"
        en += f', which is only spoken of elsewhere: "{told[1].text[:60]}"'
    yield found(
        "undetermined" if not sure else "risk" if told else "violation",
        zh + ("" if sure else "（但没有探索完整）"),
        en + ("" if sure else " (but they were not explored in full)"),
        *([shows.sign(facts, *login)] if login else []),
        *([shows.whole(facts, told[0], told[1].text[:60])] if told else []),
        *(shows.whole(facts, one) for one in settings[:2]),
        shows.coverage(facts, ui),
        basis="observed",
        missing=() if sure else ("UI_UNREACHED",),
    )
