"""Article 32 on the screens of a conformance run (S13): records shown in one place, rules that are public, warnings (R71)."""

from collections.abc import Iterator

from hegui.audit import Asked, Evidence, Finding, check, found
from hegui.audit import screen_evidence as seen
from hegui.audit import trace_evidence as shows
from hegui.catalogue.lexicons.screens.terminal import is_record_page, kinds_named, warns
from hegui.catalogue.permissions import GROUPS
from hegui.catalogue.usage_kinds import READS, STARTS, USAGE_KINDS
from hegui.facts import Facts, is_read
from hegui.facts.screens import Screen
from hegui.regulations.terminal_parts import acts, boxes, declared, explored, held, of_system, records, texts
from hegui.words import Words

_OF_DUTY: dict[str, dict[str, Words]] = {
    "cac-2026:32.1.1": GROUPS,
    "cac-2026:32.1.2": STARTS,
    "cac-2026:32.1.3": READS,
}


@check(*_OF_DUTY, needs=("trace",), missing=("NO_UI", "UI_UNREACHED"))
def shows_records_in_one_place(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Kinds of acts that the test app did and no page of records names (R71, limb 3).

    A page that names them all says nothing of whether each act stands in the record: that alone carries good news.
    """
    if not acts(facts) or not records(facts):
        return
    wanted = [kind for kind in _OF_DUTY[asked.duty.id] if held(facts).of(kind)]
    pages: dict[tuple[str, str], list[Screen]] = {}
    for screen in of_system(facts):
        if not screen.of("system_permission") and is_record_page("\n".join(texts(screen))):
            pages.setdefault((screen.owner, screen.activity), []).append(screen)
    if not wanted:
        return
    if not pages:
        yield found(
            "undetermined",
            "没有看到终端展示使用记录的页面，不知是否集中展示",
            "no page of the terminal that shows usage records was seen: whether they stand in one place is not known",
            *(shows.whole(facts, run) for run in records(facts)[:3]),
            basis="observed",
            missing=("UI_UNREACHED" if is_read(facts.ui) else "NO_UI",),
        )
        return
    # The place is the page that names most; scrolling it makes several dumps of one activity.
    best = max(pages.values(), key=lambda several: len(_named(several) & set(wanted)))
    absent = [kind for kind in wanted if kind not in _named(best)]
    whole = explored(facts, *(screen for several in pages.values() for screen in several))
    zh, en = "、".join(USAGE_KINDS[one].zh for one in absent), ", ".join(USAGE_KINDS[one].en for one in absent)
    yield found(
        None if not absent else "violation" if whole else "undetermined",
        f"集中展示的页面中没有：{zh}" + ("" if whole else "（页面没有看全）")
        if absent
        else "试过的各类都在同一页面展示",
        f"the page that shows records does not name: {en}" + ("" if whole else " (it was not seen whole)")
        if absent
        else "all kinds that were tried are shown on one page",
        *(seen.whole(facts, screen) for screen in best[:3]),
        basis="observed",
        missing=("UI_UNREACHED",) if absent and not whole else (),
    )


def _named(several: list[Screen]) -> set[str]:
    return {kind for screen in several for text in texts(screen) for kind in kinds_named(text)}


@check("cac-2026:32.1.4", needs=("decl",), missing=("LINK_NOT_FETCHED", "HUMAN_PENDING"))
def publishes_the_rules_of_recording(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Rules of recording that the maker says are not public; an address is no more than said until it was fetched (R71)."""
    said = declared(facts)
    if not is_read(facts.decl) or (said.rules_public is None and not said.rules_url):
        return
    where = said.rules_url or ""
    line = f"terminal.rules_public = {said.rules_public}, rules_url = {where or 'none'}; {facts.decl.signed_by}"
    evidence = Evidence("declaration", facts.decl.at, line, "")
    if said.rules_public is False and where:
        yield found(
            "risk",
            f"声明前后矛盾：既称记录规则没有公开，又给出网址 {where}",
            f"the declaration contradicts itself: the rules are said not to be public, and stand at {where}",
            evidence,
            basis="declared",
            missing=("HUMAN_PENDING",),
        )
    elif said.rules_public is False:
        yield found(
            "violation",
            "终端厂商自己声明记录规则没有公开",
            "the maker declares that its rules of recording are not published",
            evidence,
            basis="declared",
        )
    else:
        yield found(
            None,
            f"声明记录规则公开于 {where or '（未给网址）'}，未联网核实",
            f"the rules of recording are declared to stand at {where or '(no address)'}; that was not fetched",
            evidence,
            basis="declared",
            missing=("LINK_NOT_FETCHED",),
        )


@check("cac-2026:32.2", needs=("trace", "ui"), missing=("UI_UNREACHED", "TRACE_SHORT", "HUMAN_PENDING"))
def warns_of_risks(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A permission granted on screens of the system none of which says what risk comes with it (R71)."""
    asked_for = {group for _, groups in boxes(facts) for group in groups if group in GROUPS}
    if not asked_for:
        return
    on_boxes = {screen.id: groups for screen, groups in boxes(facts)}
    best: dict[str, tuple[str, Screen]] = {}
    for screen in of_system(facts):
        for text in texts(screen):
            for group in on_boxes.get(screen.id) or [one for one in kinds_named(text) if one in GROUPS]:
                how = warns(group, text)
                if how == "named" or (how and group not in best):
                    best[group] = (how, screen)
    whole = explored(facts, *of_system(facts))
    for group in sorted(asked_for):
        how, where = best.get(group, ("", None))
        box = [seen.whole(facts, one) for one, groups in boxes(facts) if group in groups]
        if where is None:
            yield found(
                "violation" if whole else "undetermined",
                f"“{GROUPS[group].zh}”从授权到设置都没有风险说明" + ("" if whole else "（系统界面没有看全）"),
                f"from box to settings no word of the risk of “{GROUPS[group].en}”"
                + ("" if whole else " (the system's screens were not seen whole)"),
                *box,
                basis="observed",
                missing=() if whole else ("UI_UNREACHED",),
            )
        elif how == "vague":
            yield found(
                "risk",
                f"“{GROUPS[group].zh}”只笼统提到风险，没有说明会怎样",
                f"for “{GROUPS[group].en}” a risk is mentioned, and not what may happen",
                seen.whole(facts, where),
                basis="observed",
                missing=("HUMAN_PENDING",),
            )
    untried = [group for group in GROUPS if group not in asked_for]
    clear = not untried and all(best.get(group, ("",))[0] == "named" for group in GROUPS)
    yield found(
        "compliant" if clear else None,
        f"有具体风险说明的权限 {sum(how == 'named' for how, _ in best.values())} 组；没有试过的 {len(untried)} 组",
        f"{sum(how == 'named' for how, _ in best.values())} groups with a warning that says what may happen; "
        f"{len(untried)} not tried",
        *(seen.whole(facts, screen) for _, screen in best.values()),
        basis="observed",
        missing=("TRACE_SHORT",) if untried else ("HUMAN_PENDING",) if not clear else (),
    )
