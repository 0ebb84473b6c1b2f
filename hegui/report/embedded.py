"""The SDKs found in a package (第三方SDK), each with what it can reach and what the rules text says of it."""

from dataclasses import dataclass

from hegui.catalogue.sdks import Sdk as CataloguedSdk
from hegui.catalogue.sdks import sdk
from hegui.facts import Facts
from hegui.facts.package import Sdk, SdkClue
from hegui.facts.policy import Policy, StatedSdk
from hegui.facts.unread import Unread, is_read
from hegui.law.knobs import shipped_knobs
from hegui.report.reading import Cell, Reading, Row
from hegui.words import Words

MOST_SDKS = 150
_UNKNOWN = Words("未知 SDK", "unknown SDK")
_CLUES = {
    "class": Words("包内类", "packaged classes"),
    "component": Words("组件及其类", "component with its class"),
    "native_lib": Words("原生库", "native library"),
    "jni": Words("原生方法", "native method"),
    "shape": Words("类形状", "class shapes"),
    "resources": Words("只有资源类", "resource classes only"),
    "declared": Words("清单声明而代码中没有", "declared, not in the code"),
    "meta_data": Words("清单键", "manifest key"),
    "permission": Words("权限名", "permission"),
    "asset": Words("资产文件", "asset"),
    "string": Words("字符串常量", "constant"),
}


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
        if not self.sure:
            return _UNKNOWN
        return self.known.name if self.known else Words(self.sdk.name, self.sdk.name)

    @property
    def clues(self) -> tuple[tuple[Words, SdkClue], ...]:
        """What speaks for it, each with the words for its kind."""
        return tuple((_CLUES.get(one.kind, Words(one.kind, one.kind)), one) for one in self.sdk.clues)

    @property
    def sure(self) -> bool:
        """Whether it may be named: surer than the knob `sdk.conf` asks (RULES R07)."""
        return not self.sdk.candidate and self.sdk.conf >= float(str(shipped_knobs()["sdk.conf"].value))


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
