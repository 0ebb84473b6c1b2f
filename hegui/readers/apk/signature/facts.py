"""From an APK to the facts about its signatures: which schemes count, whether they hold, and whether they agree."""

import hashlib
import re
import struct
from collections import Counter
from collections.abc import Mapping

from hegui.facts.package import Signature, SignatureFault
from hegui.readers.apk import signing_block as blocks
from hegui.readers.apk.container import Container
from hegui.readers.apk.signature.block import PAIR_OF, check_block
from hegui.readers.apk.signature.findings import NOUGAT, SCHEMES, Findings, Signed
from hegui.readers.apk.signature.jar import check_jar, jar_files
from hegui.readers.apk.signature.keys import certificate_fact, certificate_facts

_LAST_WITH_JANUS = 26
# Faults that say what hegui cannot do: alone they make the state "unsupported", never "broken".
_NOT_OURS_TO_SAY = {"ALGORITHM_NOT_CHECKED", "KEY_NOT_CHECKED", "TOO_LARGE"}
# What only v1 can tell of a file that v2 or v3 found changed: which entry.
_OF_ENTRIES = {"DUPLICATE_ENTRY", "ENTRY_MISSING", "ENTRY_UNREADABLE", "ENTRY_NOT_SIGNED", "ENTRY_CHANGED"}
_MOST_OF_A_KIND = 20


def signature_facts(apk: Container, min_sdk: int | None, target_sdk: int | None) -> dict[str, object]:
    """The facts `signers`, `sig_schemes` and `signature` of the package.

    `min_sdk` None: not known; then every scheme is checked, by the rules of the last platform that looked at v1.
    `signers` holds the certificate that counts on the newest platform first; when the state is not "verified" they are
    claims. `schemes` of a certificate are those that carry it, among the schemes that count.
    """
    findings = Findings()
    low = NOUGAT - 1 if min_sdk is None else max(min_sdk, 1)
    block = blocks.find_signing_block(apk)
    pairs = {name: block and block.find(pair_id) for name, pair_id in PAIR_OF.items()}
    jar = jar_files(apk.entries)
    found = {name for name, pair in pairs.items() if pair}
    schemes = tuple(name for name in SCHEMES if name in found or (name == "v1" and jar.is_signed))
    _check_file(apk, schemes, findings)
    if block and block.problem:
        findings.warn(schemes[-1] if found else "v2", "SIGNING_BLOCK_MALFORMED", block.problem, f"@{block.end}")

    checked: dict[str, tuple[Signed, ...]] = {}
    if block and found:
        checked = check_block(apk, block, low, found, findings)
    if low < NOUGAT or not found:
        if jar.is_signed:
            checked["v1"] = check_jar(apk, jar, low, found, findings)
        elif found and min_sdk is None:
            findings.warn("v1", "V1_MISSING", "the lowest API level is unknown; below 24 nothing could be installed")
        elif found:
            findings.fault("v1", "V1_MISSING", f"API level {low} to 23 are supported, {', '.join(schemes)} is there")
    elif jar.is_signed and any(fault.code == "CONTENT_CHANGED" for fault in findings.faults):
        inside = Findings()
        check_jar(apk, jar, low, found, inside)
        findings.faults += [fault for fault in inside.faults if fault.code in _OF_ENTRIES]
    if "v1" in checked:
        _check_beginning(apk, low, found, findings)
    if schemes == ("v1",) and target_sdk is not None and target_sdk >= 30:
        findings.fault("v1", "V1_ONLY_REFUSED", f"target API level {target_sdk} needs v2 or later from Android 11 on")
    if not findings.faults:
        _check_agreement(checked, findings)
    signers = certificate_facts(checked, findings)
    lineage = max((s.lineage for name in ("v3.1", "v3") for s in checked.get(name, ())), key=len, default=())
    return {
        "signers": signers,
        "sig_schemes": schemes,
        "signature": Signature(
            state=_state(schemes, findings.faults),
            faults=_shortened(findings.faults),
            warnings=_shortened(findings.warnings),
            lineage=tuple(certificate_fact(der, ()) for der in lineage),
        ),
    }


def _state(schemes: tuple[str, ...], faults: list[SignatureFault]) -> str:
    if not schemes:
        return "unsigned"
    if not faults:
        return "verified"
    return "unsupported" if all(fault.code in _NOT_OURS_TO_SAY for fault in faults) else "broken"


def _shortened(found: list[SignatureFault]) -> tuple[SignatureFault, ...]:
    """At most twenty of a kind, then how many more: a package of other hands has as many faults as entries."""
    kept, counts = [], Counter[tuple[str, str]]()
    for each in found:
        counts[each.scheme, each.code] += 1
        if counts[each.scheme, each.code] <= _MOST_OF_A_KIND:
            kept.append(each)
    for (scheme, code), count in counts.items():
        if count > _MOST_OF_A_KIND:
            kept.append(SignatureFault(scheme, code, f"and {count - _MOST_OF_A_KIND} more"))
    return tuple(kept)


def _check_file(apk: Container, schemes: tuple[str, ...], findings: Findings) -> None:
    """What the platform refuses before it looks at any signature."""
    if not schemes:
        return
    end, data = apk.eocd_offset, apk.data
    size, offset, comment = struct.unpack_from("<IIH", data, end + 12)
    if (extra := len(data) - end - 22 - comment) != 0:
        detail = f"{extra} bytes after the end record and its comment" if extra > 0 else f"{-extra} bytes are missing"
        findings.fault(schemes[-1], "TRAILING_DATA", detail, f"@{end + 22 + comment}")
    if offset != apk.cd_offset or size != apk.cd_size:
        detail = f"the end record says the directory is at {offset} with {size} bytes"
        findings.fault(schemes[-1], "ZIP_OFFSETS_SHIFTED", f"{detail}, it is at {apk.cd_offset} with {apk.cd_size}")


def _check_beginning(apk: Container, low: int, found: set[str], findings: Findings) -> None:
    """Data before the first entry, which v1 does not cover (CVE-2017-13156, "Janus").

    A DEX there is run by Android 5 to 8.0 while the signature is checked on the archive behind it. With v2 or later
    the signer signed those bytes too, so that nobody else can have put them there: then it is only a warning.
    """
    before = apk.zip_start
    if before == 0:
        return
    head = bytes(apk.data[:8])
    report = findings.warn if found or low > _LAST_WITH_JANUS else findings.fault
    if re.match(rb"dex\n\d{3}\0", head):
        report("v1", "JANUS_PREPENDED_DATA", f"{before} bytes before the first entry are a DEX of their own", "@0")
    else:
        findings.warn("v1", "PREPENDED_DATA", f"{before} bytes before the first entry, beginning {head.hex()}", "@0")


def _check_agreement(checked: Mapping[str, tuple[Signed, ...]], findings: Findings) -> None:
    """Every scheme that counts must name the same signers, or for v3 the first key of its lineage."""
    v1, v2 = ({s.certificate for s in checked.get(name, ())} for name in ("v1", "v2"))
    if v1 and v2 and v1 != v2:
        findings.fault("v2", "SIGNERS_DIFFER", f"v1 is signed by {_short(v1)}, v2 by {_short(v2)}")
    old, v3 = v1 or v2, checked.get("v3", ())
    if not old or not v3:
        return
    lineage = max((s.lineage for s in (*checked.get("v3.1", ()), *v3)), key=len)
    first = {lineage[0]} if lineage else {s.certificate for s in v3}
    if old != first or len(old) != 1:
        findings.fault("v3", "SIGNERS_DIFFER", f"v3 goes back to {_short(first)}, v1 or v2 is by {_short(old)}")


def _short(certificates: set[bytes]) -> str:
    return ", ".join(sorted(hashlib.sha256(der).hexdigest()[:16] for der in certificates))
