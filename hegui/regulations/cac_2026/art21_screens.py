"""Article 21 on screens: proving who one is with the national network identity (网号、网证), and not in plain as well (R63)."""

from collections.abc import Iterator

from hegui.audit import Asked, Evidence, Finding, check, found
from hegui.audit import screen_evidence as shows
from hegui.facts import Facts, is_read
from hegui.facts.screens import Screen, Sign, Ui
from hegui.regulations.screen_parts import app_screens, is_functional, may_be_left_out, reachable, showing


@check("cac-2026:21.1", "app-2021:13.5", needs=("ui",), missing=("NO_DECL", "UI_UNREACHED", "HUMAN_PENDING"))
def offers_the_national_identity_service(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Where the app asks who one really is, whether it offers 网号、网证 (R63, limbs 1 and 3).

    The 2026 draft only encourages it: there, not offering it is told and decides nothing.
    """
    if not is_read(facts.ui):
        return
    screens = app_screens(facts)
    asks = list(showing(screens, "identity"))
    offers = [*showing(screens, "network_id"), *showing(screens, "network_id_done")]
    declared = facts.decl.app.network_id if is_read(facts.decl) else None
    by = _declared(facts, f"network_id = {declared}") if declared is not None else []
    must = asked.duty.regulation == "app-2021"
    evidence = [*(shows.sign(facts, *one) for one in (*offers[:2], *asks[:2])), *by]
    if offers:
        yield found(
            "compliant",
            f"身份核验提供国家网络身份认证：“{offers[0][1].text}”",
            f'the national network identity is offered: "{offers[0][1].text}"',
            *evidence,
            basis="observed",
        )
    elif asks and declared:
        yield found(
            "undetermined",
            "声明可用国家网络身份认证，实名界面上没有看到",
            "declared to offer the national network identity; it was not seen where identity is asked for",
            *evidence,
            basis="declared",
            missing=("UI_UNREACHED", "HUMAN_PENDING"),
        )
    elif asks:
        yield found(
            "risk" if must else None,
            f"实名要求填写“{asks[0][1].text}”，没有看到国家网络身份认证" + ("" if must else "（鼓励事项，不扣分）"),
            f'identity is asked for ("{asks[0][1].text}"), the national network identity was not seen'
            + ("" if must else " (encouraged, not required)"),
            *evidence,
            basis="observed",
            missing=() if declared is False else ("NO_DECL",),
        )


@check("cac-2026:21.2", needs=("ui",), missing=("UI_UNREACHED", "NO_UI", "NO_DECL", "HUMAN_PENDING"))
def demands_identity_in_plain_after_it(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """After 网号、网证 succeeded, no field for name, number or document that must be filled in (R63, limb 2).

    A law that asks for it is an exception, and awaits review; what may be left out is not demanded.
    """
    if not is_read(facts.ui):
        return
    ui, screens = facts.ui, app_screens(facts)
    passed = list(showing(screens, "network_id_done"))
    offers = list(showing(screens, "network_id"))
    if not passed:
        if offers:
            yield found(
                "undetermined",
                "提供国家网络身份认证；没有走过核验成功之后的页面",
                "the national network identity is offered; what comes after it succeeded was not gone through",
                *(shows.sign(facts, *one) for one in offers[:2]),
                basis="observed",
                missing=("UI_UNREACHED",),
            )
        return
    after = _after(ui, screens, passed)
    demanded = [(one, sign) for one in after for sign in one.of("identity") if not may_be_left_out(one, sign)]
    evidence = [shows.sign(facts, *passed[0])]
    if demanded:
        yield _demanded(facts, demanded[0], evidence)
    elif any(is_functional(one) for one in after):
        yield found(
            "compliant",
            "网号、网证核验成功后没有再要求明文身份信息",
            "after the national network identity succeeded no identity data in plain are demanded",
            *evidence,
            *(shows.whole(facts, one) for one in after[:2]),
            basis="observed",
        )
    else:
        yield found(
            "undetermined",
            "网号、网证核验成功之后的页面没有走完",
            "what comes after the national network identity succeeded was not gone through",
            *evidence,
            basis="observed",
            missing=("UI_UNREACHED",),
        )


def _demanded(facts: Facts, one: tuple[Screen, Sign], evidence: list[Evidence]) -> Finding:
    """Identity data that must be given although the service succeeded."""
    basis = facts.decl.app.identity_basis if is_read(facts.decl) else None
    zh = f"网号、网证核验成功后仍须填写“{one[1].text}”，没有可跳过的控件"
    en = f'after the national network identity succeeded "{one[1].text}" must be filled in, with no control to skip it'
    evidence = [*evidence, shows.sign(facts, *one)]
    if basis:
        return found(
            "undetermined",
            f"{zh}；声明的法律依据“{basis[:60]}”待人工复核",
            f'{en}; the declared legal basis "{basis[:60]}" awaits review',
            *evidence,
            *_declared(facts, f"identity_basis = {basis[:80]}"),
            basis="observed",
            missing=("HUMAN_PENDING",),
        )
    if not is_read(facts.decl):
        return found("risk", f"{zh}；有无法律依据未声明", f"{en}; no legal basis was declared or denied", *evidence,
                     basis="observed", missing=("NO_DECL",))  # fmt: skip
    return found("violation", f"{zh}，声明中没有法律依据", f"{en}, and the declaration names no legal basis", *evidence,
                 *_declared(facts, "identity_basis not declared"), basis="observed")  # fmt: skip


def _after(ui: Ui, screens: tuple[Screen, ...], passed: list[tuple[Screen, Sign]]) -> list[Screen]:
    """The pages of success and what follows: by recorded taps, or, where none were recorded there, in the same run."""
    first = [screen for screen, _ in passed]
    ids = reachable(ui, {one.id for one in first})
    if any(tap.from_screen in {one.id for one in first} for tap in ui.graph):
        return [one for one in screens if one.id in ids]
    return [
        one for one in screens
        if any(one.run_id == begin.run_id and one.clock == begin.clock and one.t_ms >= begin.t_ms for begin in first)
    ]  # fmt: skip


def _declared(facts: Facts, excerpt: str) -> list[Evidence]:
    return [Evidence("declaration", facts.decl.at, excerpt, "")] if is_read(facts.decl) else []
