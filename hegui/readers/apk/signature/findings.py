"""What the checks of all schemes share: the findings, the signers, and the API levels at which the rules change."""

from dataclasses import dataclass, field

from hegui.catalogue.signature_faults import CODES
from hegui.facts.package import SignatureFault
from hegui.readers.apk.signing_block import FOREVER

# The API levels that matter: Digest-Algorithms no longer read, signed attributes checked, v2, v3, v3.1.
JELLY_BEAN_MR2, KITKAT, NOUGAT, PIE, TIRAMISU = 18, 19, 24, 28, 33
SCHEMES = ("v1", "v2", "v3", "v3.1")


@dataclass
class Findings:
    """Faults and warnings as they are found."""

    faults: list[SignatureFault] = field(default_factory=list)
    warnings: list[SignatureFault] = field(default_factory=list)

    def fault(self, scheme: str, code: str, detail: str, at: str = "") -> None:
        self.faults.append(_finding(scheme, code, detail, at))

    def warn(self, scheme: str, code: str, detail: str, at: str = "") -> None:
        self.warnings.append(_finding(scheme, code, detail, at))


def _finding(scheme: str, code: str, detail: str, at: str) -> SignatureFault:
    if code not in CODES:
        raise KeyError(f"no signature code {code!r}; they are in hegui/catalogue/signature_faults.py")
    return SignatureFault(scheme, code, detail, at)


@dataclass(frozen=True)
class Signed:
    """A signer of one scheme: its certificate (DER), the platforms it signs for, and the certificates before it."""

    certificate: bytes
    min_sdk: int = 0
    max_sdk: int = FOREVER
    lineage: tuple[bytes, ...] = ()
