"""The SDKs found in a package (第三方SDK), each with what it can reach and what the rules text says of it."""

from dataclasses import dataclass

from hegui.catalogue.sdks import Sdk as CataloguedSdk
from hegui.catalogue.sdks import sdk
from hegui.facts import Facts
from hegui.facts.package import Sdk
from hegui.facts.policy import Policy, StatedSdk
from hegui.facts.unread import Unread, is_read
from hegui.report.reading import Cell, Reading, Row
from hegui.words import Words

MOST_SDKS = 150
# Below this RULES R05 does not count an SDK as found.
SURE = 0.8


@dataclass(frozen=True)
class Embedded:
    """An SDK. `known` is None where the catalogue does not hold it.

    `stated`: how the rules name it; None when they do not, Unread when there are none to ask.
    """

    sdk: Sdk
    known: CataloguedSdk | None
    reads: tuple[tuple[Row, Cell], ...] | Unread
    stated: StatedSdk | None | Unread

    @property
    def name(self) -> Words:
        return self.known.name if self.known else Words(self.sdk.name, self.sdk.name)

    @property
    def sure(self) -> bool:
        return self.sdk.conf >= SURE


def embedded(facts: Facts, found: Reading | Unread) -> tuple[Embedded, ...] | Unread:
    """Those that can reach the most kinds first, then those that are known to collect, by name."""
    if isinstance(facts.pkg, Unread):
        return facts.pkg
    if isinstance(facts.pkg.sdks, Unread):
        return facts.pkg.sdks
    rows = [Embedded(one, sdk(one.sdk_id), _reads(one, found), _stated(one, facts.policy)) for one in facts.pkg.sdks]
    return tuple(sorted(rows, key=_order))


def _order(one: Embedded) -> tuple[int, bool, str, str]:
    kinds = len(one.reads) if is_read(one.reads) else 0
    return (-kinds, not one.sdk.collects_pi, one.sdk.name, one.sdk.sdk_id)


def _reads(one: Sdk, found: Reading | Unread) -> tuple[tuple[Row, Cell], ...] | Unread:
    return found if isinstance(found, Unread) else found.cells_of(one.sdk_id)


def _stated(one: Sdk, policy: Policy | Unread) -> StatedSdk | None | Unread:
    """The row of the rules with its package name, else with its name."""
    if isinstance(policy, Unread):
        return policy
    return next(
        (row for row in policy.sdks if row.package and row.package == one.pkg_prefix),
        next((row for row in policy.sdks if row.name == one.name), None),
    )
