"""Article 23, limits of an SDK: no more than its function needs. Judged for the SDK given alone and for those embedded."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check
from hegui.catalogue.pi_types import pi_type
from hegui.catalogue.sdks import FUNC_CLASSES
from hegui.facts import Facts, Unread
from hegui.regulations.reads import can_read, reads
from hegui.regulations.sdk_parties import needs_of, sdks_of
from hegui.words import Words


@check("cac-2026:23.1.2", needs=("pkg.callsites",))
def reads_more_than_its_function_needs(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Information outside what an SDK of its function class commonly needs (R58, limb 1); a reviewer decides."""
    pkg = facts.pkg
    if isinstance(pkg, Unread):
        return
    for sdk in sdks_of(pkg):
        needs = needs_of(sdk.func_class)
        if needs is None:
            continue
        function = FUNC_CLASSES[sdk.func_class]

        def says(who: Words, kind: str, places: int, function: Words = function) -> Words:
            return Words(
                f"{who.zh}的功能是{function.zh}，其代码可读取{pi_type(kind).zh}，{places} 处，超出该类 SDK 通常所需",
                f"{who.en} is for {function.en}; its code can read {pi_type(kind).en} in {places} places, beyond what an SDK "
                "of that kind commonly needs",
            )

        beyond = [one for one in reads(pkg) if one.origin == sdk.sdk_id and not _within(one.pi_type or "", needs)]
        yield from can_read(pkg, asked, beyond, says, missing=("NO_TRACE", "HUMAN_PENDING"))


def _within(kind: str, needs: frozenset[str]) -> bool:
    return kind in needs or kind.partition(".")[0] in needs
