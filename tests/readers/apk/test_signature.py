"""Whether signatures hold: packages that conform, and one broken package per fault."""

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import x509  # type: ignore[import-untyped]
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hegui.catalogue.signature_faults import CODES
from hegui.facts.package import Certificate, Signature
from hegui.readers.apk.container import Container
from hegui.readers.apk.signature import signature_facts
from hegui.readers.apk.signature.findings import Findings
from hegui.readers.errors import ReadError
from tests.readers.apk import make_signed as make
from tests.readers.apk.make_signed import FILES, FOREVER, V2, V3, V31, key, lineage, pack, scheme, signer

PLAIN = pack(FILES)
ALIGNED = make.align(PLAIN)
MANIFEST = "META-INF/MANIFEST.MF"
STRIPPING, ROTATION, ROTATION_MIN_SDK, DEVELOPMENT = 0xBEEFF00D, 0x3BA06F8C, 0x559F8B02, 0xC2A6B3BA


def facts_of(tmp_path: Path, apk: bytes, min_sdk: int | None = 24, target_sdk: int | None = 34) -> dict[str, Any]:
    path = tmp_path / "app.apk"
    path.write_bytes(apk)
    return signature_facts(Container.open(path), min_sdk, target_sdk)


def signature_of(tmp_path: Path, apk: bytes, min_sdk: int | None = 24, target_sdk: int | None = 34) -> Signature:
    signature = facts_of(tmp_path, apk, min_sdk, target_sdk)["signature"]
    assert isinstance(signature, Signature)
    return signature


def rotated(*, v1: bool = False, flags: int = 0x17) -> bytes:
    """v2 (and v1) by the old key; v3 by the new one, with the proof that the old one handed over."""
    old, new = key(), key(name="New")
    apk = make.with_v1(FILES, old, announces="2,3") if v1 else PLAIN
    v2 = signer(apk, old, attributes=[(STRIPPING, make.u32(3))])
    v3 = signer(apk, new, sdk=(28, FOREVER), attributes=[(ROTATION, lineage(old, new, flags=flags))])
    return make.with_block(apk, [(V2, scheme(v2)), (V3, scheme(v3))])


def rotated_from_33(
    *, until: int = 32, since: int = 33, said: int = 33, v3: bool = True, v31: bool = True, proof: bytes | None = None
) -> bytes:
    """v3 by the old key for Android 9 to 12, v3.1 by the new key from 13 on."""
    old, new = key(), key(name="New")
    proof = lineage(old, new) if proof is None else proof
    first = signer(PLAIN, old, sdk=(28, until), attributes=[(ROTATION_MIN_SDK, make.u32(said))])
    second = signer(PLAIN, new, sdk=(since, FOREVER), attributes=[(ROTATION, proof)])
    pairs = [(V3, scheme(first))] * v3 + [(V31, scheme(second))] * v31
    return make.with_block(PLAIN, pairs)


# --- Packages that conform --------------------------------------------------------------------------------------------

CONFORM: dict[str, tuple[Callable[[], bytes], int, tuple[str, ...]]] = {
    "v1 with RSA and SHA-256": (lambda: make.with_v1(FILES, key("rsa")), 18, ("v1",)),
    "v1 with RSA and SHA-1 for the oldest platforms": (lambda: make.with_v1(FILES, key("rsa"), "sha1"), 1, ("v1",)),
    "v1 with EC and SHA-512": (lambda: make.with_v1(FILES, key(), "sha512"), 18, ("v1",)),
    "v1 with DSA and SHA-1": (lambda: make.with_v1(FILES, key("dsa"), "sha1"), 9, ("v1",)),
    "v1 over deflated entries": (
        lambda: pack({**FILES, **make.jar(FILES, key()).files()}, method=8),
        18,
        ("v1",),
    ),
    "v1 with signed attributes": (lambda: v1_files(attributes=True), 21, ("v1",)),
    "v1 without a digest of the whole manifest": (lambda: make.with_v1(FILES, key(), whole=False), 18, ("v1",)),
    "v1 with a name that wraps": (lambda: make.with_v1({**FILES, "res/" + "long" * 40: b"1"}, key()), 18, ("v1",)),
    "v1 and v2": (lambda: make.with_v2(make.with_v1(FILES, key(), announces="2"), key()), 18, ("v1", "v2")),
    "v2 with EC": (lambda: make.with_v2(PLAIN, key()), 24, ("v2",)),
    "v2 with EC and SHA-512": (lambda: make.with_v2(PLAIN, key(), [0x0202]), 24, ("v2",)),
    "v2 with RSA": (lambda: make.with_v2(PLAIN, key("rsa"), [0x0103]), 24, ("v2",)),
    "v2 with RSA and SHA-512": (lambda: make.with_v2(PLAIN, key("rsa"), [0x0104]), 24, ("v2",)),
    "v2 with RSA-PSS": (lambda: make.with_v2(PLAIN, key("rsa"), [0x0101, 0x0102]), 24, ("v2",)),
    "v2 with DSA": (lambda: make.with_v2(PLAIN, key("dsa"), [0x0301]), 24, ("v2",)),
    "v2 by two signers": (lambda: make.with_block(PLAIN, [(V2, scheme(*two_signers()))]), 24, ("v2",)),
    "v2 with a verity digest beside": (
        lambda: make.with_block(ALIGNED, [(V2, scheme(signer(ALIGNED, key(), [0x0201, 0x0423])))], aligned=True),
        24,
        ("v2",),
    ),
    "v2 before other pairs": (
        lambda: make.with_block(PLAIN, [(0x71777777, b"channel"), (V2, scheme(signer(PLAIN, key())))]),
        24,
        ("v2",),
    ),
    "v3 alone": (lambda: make.with_v3(PLAIN, key()), 28, ("v3",)),
    "v2 and v3 with rotation": (rotated, 24, ("v2", "v3")),
    "v1, v2 and v3 with rotation": (lambda: rotated(v1=True), 21, ("v1", "v2", "v3")),
    "v3 and v3.1 with rotation from Android 13 on": (rotated_from_33, 28, ("v3", "v3.1")),
    "v3.1 that begins later than Android 13": (
        lambda: rotated_from_33(until=33, since=34, said=34),
        28,
        ("v3", "v3.1"),
    ),
}


def two_signers() -> tuple[bytes, bytes]:
    return signer(PLAIN, key()), signer(PLAIN, key(name="New"))


def v1_files(**cms: Any) -> bytes:
    """v1 whose CMS block is made with these changes."""
    jar = make.jar(FILES, key())
    block = make.cms_block(jar.sf, cms.pop("by", key()), **cms)
    return pack({**FILES, **make.Jar(jar.manifest, jar.sf, block, "EC").files()})


@pytest.mark.parametrize("name", CONFORM)
def test_a_package_that_conforms_verifies(tmp_path: Path, name: str) -> None:
    make_apk, min_sdk, schemes = CONFORM[name]
    facts = facts_of(tmp_path, make_apk(), min_sdk, 29)
    assert facts["signature"].faults == ()
    assert facts["signature"].state == "verified"
    assert facts["sig_schemes"] == schemes


def test_an_unsigned_package_is_not_a_broken_one(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, PLAIN)
    assert facts == {"signers": (), "sig_schemes": (), "signature": Signature("unsigned")}


def test_the_certificate_is_described(tmp_path: Path) -> None:
    (found,) = facts_of(tmp_path, make.with_v2(make.with_v1(FILES, key(), announces="2"), key()), 21)["signers"]
    assert found == Certificate(
        sha256=hashlib.sha256(key().certificate).hexdigest(),
        subject="CN=Lantern",
        issuer="CN=Lantern",
        serial="1234",
        not_before="2024-01-01T00:00:00Z",
        not_after="2054-01-01T00:00:00Z",
        key="EC secp256r1",
        schemes=("v1", "v2"),
    )


def test_rotation_shows_the_newest_key_first_and_the_lineage_from_the_oldest(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, rotated(v1=True), 21)
    assert [(each.subject, each.schemes) for each in facts["signers"]] == [
        ("CN=New", ("v3",)),
        ("CN=Lantern", ("v1", "v2")),
    ]
    assert [each.subject for each in facts["signature"].lineage] == ["CN=Lantern", "CN=New"]


# --- One broken package per fault -------------------------------------------------------------------------------------


def edited(apk: bytes, at: int, flip: int = 1) -> bytes:
    return apk[:at] + bytes([apk[at] ^ flip]) + apk[at + 1 :]


def shifted() -> bytes:
    """Bytes before an archive whose offsets were left as they were."""
    return b"#!/bin/sh\n" + make.with_v2(PLAIN, key())


def janus(*, v2: bool = False, head: bytes = b"dex\n035\0" + bytes(120)) -> bytes:
    """A DEX before the archive, and every offset corrected for it."""
    apk = make.with_v1(FILES, key(), announces="2" if v2 else None)
    entries, directory, end = make.sections(apk)
    moved, at = bytearray(directory), 0
    while at < len(moved):
        lengths = struct.unpack_from("<3H", moved, at + 28)
        (offset,) = struct.unpack_from("<I", moved, at + 42)
        struct.pack_into("<I", moved, at + 42, offset + len(head))
        at += 46 + sum(lengths)
    apk = head + entries + bytes(moved) + end[:16] + make.u32(len(head) + len(entries)) + end[20:]
    return make.with_v2(apk, key()) if v2 else apk


def v1(**replaced: bytes | None) -> bytes:
    """v1 by the EC key, some of its files (manifest, sf, block) replaced, or left out with None."""
    jar = make.jar(FILES, key())
    names = {"manifest": MANIFEST, "sf": "META-INF/CERT.SF", "block": "META-INF/CERT.EC"}
    files: dict[str, bytes | None] = {**FILES, **jar.files(), **{names[part]: new for part, new in replaced.items()}}
    return pack({name: content for name, content in files.items() if content is not None})


def v1_by(sf: bytes, manifest: bytes | None = None) -> bytes:
    """v1 whose .SF file is this, properly signed."""
    return v1(
        manifest=make.jar(FILES, key()).manifest if manifest is None else manifest,
        sf=sf,
        block=make.cms_block(sf, key()),
    )


def v2(**wrong: Any) -> bytes:
    return make.with_v2(PLAIN, key(), wrong.pop("algorithms", (0x0201,)), **wrong)


def v3(**wrong: Any) -> bytes:
    return make.with_v3(PLAIN, key(), **wrong)


def v3_twice(first: tuple[int, int], second: tuple[int, int]) -> bytes:
    return make.with_block(PLAIN, [(V3, scheme(signer(PLAIN, key(), sdk=first), signer(PLAIN, key(), sdk=second)))])


def with_key(public_key: bytes) -> bytes:
    """The certificate of the EC key, with another public key in it."""
    certificate = x509.Certificate.load(key().certificate)
    certificate["tbs_certificate"]["subject_public_key_info"] = x509.PublicKeyInfo.load(public_key)
    return bytes(certificate.dump(force=True))


def two_jar_signers(covered_by_second: set[str]) -> bytes:
    first = make.jar(FILES, key())
    sf = make.signature_file(first.manifest, names=covered_by_second)
    second = make.Jar(first.manifest, sf, make.cms_block(sf, key(name="New")), "EC")
    return pack({**FILES, **first.files(), **second.files("OTHER")})


def local_name_differs() -> bytes:
    apk = make.with_v1(FILES, key())
    return apk.replace(b"classes.dex", b"classes.dey", 1)


NEW = "New"
# A public key on a curve that Android accepted once and cryptography does not know.
SECP192K1 = bytes.fromhex(
    "3046301006072a8648ce3d020106052b8104001f033200"
    "04a5e3a7a1ee6a3a6bd1b7a2a1b6cbd5c33f4a5b0f0c9d1e2f30415263748596a7b8c9dadbecfd0e1f2a3b4c5d6e7f8091"
)
V1_SIGNED, V2_SIGNED, V3_SIGNED = v1(), v2(), v3()
SIGNED_MANIFEST = make.manifest(FILES)
BROKEN: dict[str, tuple[str, Callable[[], bytes], int]] = {
    # name of the case: fault, package, lowest API level
    "data after the end record": ("TRAILING_DATA", lambda: v2() + b"more", 24),
    "bytes before an archive with old offsets": ("ZIP_OFFSETS_SHIFTED", shifted, 24),
    "a DEX before an archive with v1 only": ("JANUS_PREPENDED_DATA", janus, 21),
    "v2 alone where Android 5 is supported": ("V1_MISSING", v2, 21),
    "v3.1 without v3": ("V3_MISSING", lambda: rotated_from_33(v3=False), 28),
    "v2 removed although v1 announces it": ("SCHEME_STRIPPED", lambda: make.with_v1(FILES, key(), announces="2"), 24),
    "v3 removed although v2 announces it": (
        "SCHEME_STRIPPED",
        lambda: v2(attributes=[(STRIPPING, make.u32(3))]),
        24,
    ),
    "v3.1 removed although v3 announces it": ("SCHEME_STRIPPED", lambda: rotated_from_33(v31=False), 28),
    "v3.1 beginning elsewhere than v3 says": ("ROTATION_SDK_DIFFERS", lambda: rotated_from_33(said=34), 28),
    "v1 and v2 by different keys": (
        "SIGNERS_DIFFER",
        lambda: make.with_v2(make.with_v1(FILES, key(), announces="2"), key(name=NEW)),
        21,
    ),
    "v3 by another key without a lineage": (
        "SIGNERS_DIFFER",
        lambda: make.with_block(
            PLAIN, [(V2, scheme(signer(PLAIN, key()))), (V3, scheme(signer(PLAIN, key(name=NEW), sdk=(28, FOREVER))))]
        ),
        24,
    ),
    "a v2 block without signers": ("NO_SIGNERS", lambda: make.with_block(PLAIN, [(V2, scheme())]), 24),
    "a CMS block without signers": ("NO_SIGNERS", lambda: v1(block=make.empty_cms()), 21),
    "eleven signers": (
        "TOO_MANY_SIGNERS",
        lambda: make.with_block(PLAIN, [(V2, scheme(*[signer(PLAIN, key())] * 11))]),
        24,
    ),
    "eleven v1 signers": (
        "TOO_MANY_SIGNERS",
        lambda: pack({**FILES, MANIFEST: b"", **{f"META-INF/{number}.RSA": b"" for number in range(11)}}),
        21,
    ),
    "a signer cut short": (
        "SIGNER_MALFORMED",
        lambda: make.with_block(PLAIN, [(V2, make.prefixed(b"\xff\0\0\0"))]),
        24,
    ),
    "a CMS block that is not one": ("SIGNER_MALFORMED", lambda: v1(block=b"0\x80" * 5000), 21),
    "a signer without signatures": ("NO_SUPPORTED_SIGNATURE", lambda: v2(algorithms=()), 24),
    "an unknown algorithm alone": ("NO_SUPPORTED_SIGNATURE", lambda: v2(algorithms=(0x0999,)), 24),
    "verity alone, which Android 7 does not know": ("NO_SUPPORTED_SIGNATURE", lambda: v2(algorithms=(0x0423,)), 24),
    "ML-DSA alone": ("ALGORITHM_NOT_CHECKED", lambda: v2(algorithms=(0x0501,)), 24),
    "a key on a curve that we cannot check": (
        "KEY_NOT_CHECKED",
        lambda: v2(public_key=SECP192K1, certificate_list=[with_key(SECP192K1)]),
        24,
    ),
    "a public key that is none": ("KEY_MALFORMED", lambda: v2(public_key=b"0\0"), 24),
    "a signature by nobody": ("SIGNATURE_DOES_NOT_VERIFY", lambda: v2(corrupt_signature=True), 24),
    "signed data changed after signing": (
        "SIGNATURE_DOES_NOT_VERIFY",
        lambda: v2(change=lambda signed: edited(signed, 20)),
        24,
    ),
    "a .SF file changed after signing": (
        "SIGNATURE_DOES_NOT_VERIFY",
        lambda: v1(sf=make.jar(FILES, key()).sf + b"Name: x\r\n\r\n"),
        21,
    ),
    "a CMS block by a key other than its certificate": (
        "SIGNATURE_DOES_NOT_VERIFY",
        lambda: v1_files(by=make.Key(key(name=NEW).private, key().certificate)),
        21,
    ),
    "a certificate that is none": ("CERTIFICATE_MALFORMED", lambda: v2(certificate_list=[b"0\3\2\1\0"]), 24),
    "a v2 signer without certificate": ("NO_CERTIFICATE", lambda: v2(certificate_list=[]), 24),
    "a CMS block without its certificate": ("NO_CERTIFICATE", lambda: v1_files(with_certificate=False), 21),
    "a certificate only for signing certificates": (
        "CERTIFICATE_NOT_FOR_SIGNING",
        lambda: v1_files(by=key(usage="none")),
        21,
    ),
    "a certificate with an unknown critical extension": (
        "CERTIFICATE_NOT_FOR_SIGNING",
        lambda: v1_files(by=key(usage="strange")),
        21,
    ),
    "another's certificate beside the key": (
        "KEY_NOT_OF_CERTIFICATE",
        lambda: v2(certificate_list=[key(name=NEW).certificate]),
        24,
    ),
    "digests of other algorithms than signatures": ("ALGORITHMS_DIFFER", lambda: v2(digest_ids=[0x0202]), 24),
    "SHA-256 where Android 4.2 is supported": ("ALGORITHM_REFUSED", lambda: make.with_v1(FILES, key("rsa")), 17),
    "a signature algorithm with another digest": (
        "ALGORITHM_REFUSED",
        lambda: v1_files(signature_oid="1.2.840.10045.4.1"),
        21,
    ),
    "signed attributes where Android 4.3 is supported": (
        "SIGNED_ATTRIBUTES_REFUSED",
        lambda: v1_files(attributes=True),
        18,
    ),
    "a range that ends before it begins": ("SDK_RANGE", lambda: v3(sdk=(30, 28)), 28),
    "a range other than the signed one": ("SDK_RANGE", lambda: v3(signed_sdk=(28, 30)), 28),
    "a range that ends too early": ("SDK_RANGE", lambda: v3(sdk=(28, 30)), 28),
    "a range that begins too late": ("SDK_RANGE", lambda: v3(sdk=(30, FOREVER)), 28),
    "a hole between ranges": ("SDK_RANGE", lambda: v3_twice((28, 29), (31, FOREVER)), 28),
    "ranges that overlap": ("SDK_RANGE", lambda: v3_twice((28, 30), (30, FOREVER)), 28),
    "a lineage cut short": ("LINEAGE_MALFORMED", lambda: rotated_from_33(proof=lineage(key(), key(name=NEW))[:-1]), 28),
    "a lineage of an unknown version": ("LINEAGE_MALFORMED", lambda: rotated_from_33(proof=make.u32(2)), 28),
    "a lineage that names a key twice": (
        "LINEAGE_MALFORMED",
        lambda: rotated_from_33(proof=lineage(key(name=NEW), key(), key(name=NEW))),
        28,
    ),
    "a lineage the old key did not sign": (
        "LINEAGE_DOES_NOT_VERIFY",
        lambda: rotated_from_33(proof=lineage(key(), key(name=NEW), corrupt=True)),
        28,
    ),
    "a lineage with an unknown algorithm": (
        "LINEAGE_DOES_NOT_VERIFY",
        lambda: rotated_from_33(proof=lineage(key(), key(name=NEW), algorithm=0x0999)),
        28,
    ),
    "a lineage that ends with another key": (
        "LINEAGE_WITHOUT_SIGNER",
        lambda: rotated_from_33(proof=lineage(key(), key(name="Third"))),
        28,
    ),
    "an empty lineage": ("LINEAGE_WITHOUT_SIGNER", lambda: rotated_from_33(proof=make.u32(1)), 28),
    "lineages that do not continue each other": ("LINEAGES_DIFFER", lambda: two_lineages(), 28),
    "an entry changed under v2": ("CONTENT_CHANGED", lambda: edited(v2(), 60), 24),
    "an entry changed under v3": ("CONTENT_CHANGED", lambda: edited(v3(), 60), 28),
    "the central directory changed under v2": (
        "CONTENT_CHANGED",
        lambda: edited(V2_SIGNED, V2_SIGNED.index(b"PK\1\2") + 12),
        24,
    ),
    "a verity digest over a block off the page": (
        "VERITY_NOT_ALIGNED",
        lambda: make.with_v2(PLAIN, key(), [0x0201, 0x0423]),
        24,
    ),
    "v1 without a manifest": ("MANIFEST_MISSING", lambda: v1(manifest=None), 21),
    "an empty manifest": ("MANIFEST_MALFORMED", lambda: v1(manifest=b"\r\n\r\n"), 21),
    "a manifest of more sections than entries": ("MANIFEST_MALFORMED", lambda: v1(manifest=b"A: b\n\n" * 5000), 21),
    "a manifest section of endless lines": ("MANIFEST_MALFORMED", lambda: v1(manifest=b"A: b\n" + b" c\n" * 20000), 21),
    "a .SF file of endless lines": ("SF_MALFORMED", lambda: v1_by(b"A: b\n" + b" c\n" * 20000), 21),
    "a manifest section without a name": (
        "MANIFEST_MALFORMED",
        lambda: v1(manifest=SIGNED_MANIFEST + b"A: b\r\n\r\n"),
        21,
    ),
    "two manifest sections for one entry": (
        "MANIFEST_MALFORMED",
        lambda: v1(manifest=SIGNED_MANIFEST + b"Name: res/a\r\n\r\n"),
        21,
    ),
    "a manifest section changed after signing": (
        "MANIFEST_CHANGED",
        lambda: v1(manifest=SIGNED_MANIFEST.replace(b"Name: res/a\r\n", b"Name: res/a\r\nX: y\r\n")),
        21,
    ),
    "the manifest's main section changed": (
        "MANIFEST_CHANGED",
        lambda: v1(manifest=SIGNED_MANIFEST.replace(b"tests", b"texts")),
        21,
    ),
    "an entry the .SF file names and the manifest does not": (
        "MANIFEST_CHANGED",
        lambda: v1(manifest=SIGNED_MANIFEST[: SIGNED_MANIFEST.index(b"Name: res/a")]),
        21,
    ),
    "a .SF file without a version": (
        "SF_MALFORMED",
        lambda: v1_by(make.signature_file(SIGNED_MANIFEST, version="")),
        21,
    ),
    "a .SF section without a name": (
        "SF_MALFORMED",
        lambda: v1_by(make.signature_file(SIGNED_MANIFEST) + b"A: b\r\n\r\n"),
        21,
    ),
    "a digest that is not Base64": (
        "SF_MALFORMED",
        lambda: v1_by(b"Signature-Version: 1.0\r\nSHA-256-Digest-Manifest: %%%\r\n\r\n"),
        21,
    ),
    "two entries of one name": (
        "DUPLICATE_ENTRY",
        lambda: pack([("res/a", b"evil"), *{**FILES, **make.jar(FILES, key()).files()}.items()]),
        21,
    ),
    "an entry the manifest names and the archive lacks": (
        "ENTRY_MISSING",
        lambda: pack({**{n: c for n, c in FILES.items() if n != "res/a"}, **make.jar(FILES, key()).files()}),
        21,
    ),
    "a local header with another name": ("ENTRY_UNREADABLE", local_name_differs, 21),
    "an entry that is not in the manifest": (
        "ENTRY_NOT_SIGNED",
        lambda: pack({**FILES, "classes2.dex": b"evil", **make.jar(FILES, key()).files()}),
        21,
    ),
    "an entry that is not in the .SF file": (
        "ENTRY_NOT_SIGNED",
        lambda: v1_by(make.signature_file(SIGNED_MANIFEST, names={"classes.dex"})),
        21,
    ),
    "entries signed by different signers": ("ENTRY_SIGNERS_DIFFER", lambda: two_jar_signers({"classes.dex"}), 21),
    "an entry changed under v1": ("ENTRY_CHANGED", lambda: edited(v1(), 60), 21),
    "a signature file too large to read": (
        "TOO_LARGE",
        lambda: pack({**FILES, **make.jar(FILES, key()).files(), "META-INF/CERT.EC": bytes((1 << 20) + 1)}),
        21,
    ),
}


def two_lineages() -> bytes:
    old, new = key(), key(name=NEW)
    first = signer(PLAIN, new, sdk=(28, 30), attributes=[(ROTATION, lineage(old, new))])
    second = signer(PLAIN, new, sdk=(31, FOREVER), attributes=[(ROTATION, lineage(key(name="Third"), new))])
    return make.with_block(PLAIN, [(V3, scheme(first, second))])


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_package_has_the_fault(tmp_path: Path, name: str) -> None:
    code, make_apk, min_sdk = BROKEN[name]
    signature = signature_of(tmp_path, make_apk(), min_sdk, 29)
    assert code in [fault.code for fault in signature.faults]
    unsupported = code in ("ALGORITHM_NOT_CHECKED", "KEY_NOT_CHECKED", "TOO_LARGE")
    assert signature.state == ("unsupported" if unsupported else "broken")


def test_v1_alone_is_refused_for_a_new_target(tmp_path: Path) -> None:
    apk = make.with_v1(FILES, key())
    assert signature_of(tmp_path, apk, 21, 29).faults == ()
    assert [fault.code for fault in signature_of(tmp_path, apk, 21, 30).faults] == ["V1_ONLY_REFUSED"]


def test_a_changed_entry_is_named_also_where_only_v2_counts(tmp_path: Path) -> None:
    apk = make.with_v2(make.with_v1(FILES, key(), announces="2"), key())
    at = apk.index(FILES["classes.dex"]) + 40
    found = signature_of(tmp_path, edited(apk, at), 24).faults
    assert [(fault.scheme, fault.code, fault.at) for fault in found] == [
        ("v2", "CONTENT_CHANGED", "v2 signer 1"),
        ("v1", "ENTRY_CHANGED", "classes.dex"),
    ]


def test_a_broken_v1_does_not_count_where_every_platform_reads_v2(tmp_path: Path) -> None:
    apk = make.with_v2(pack({**FILES, **make.jar({**FILES, "res/a": b"other"}, key()).files()}), key())
    assert signature_of(tmp_path, apk, 24).state == "verified"
    assert signature_of(tmp_path, apk, 23).state == "broken"


def test_a_broken_v2_does_not_count_where_every_platform_reads_v3(tmp_path: Path) -> None:
    pairs = [
        (V2, scheme(signer(PLAIN, key(), corrupt_signature=True))),
        (V3, scheme(signer(PLAIN, key(), sdk=(28, FOREVER)))),
    ]
    apk = make.with_block(PLAIN, pairs)
    assert signature_of(tmp_path, apk, 28).state == "verified"
    assert signature_of(tmp_path, apk, 27).state == "broken"


def test_only_the_strongest_digest_counts_as_on_a_platform(tmp_path: Path) -> None:
    """A wrong SHA-256 beside a right SHA-512 is never looked at; the other way round it decides."""
    other = pack({**FILES, "res/a": b"y"})
    for digest, state in (("sha256", "verified"), ("sha512", "broken")):

        def wrong(signed: bytes, digest: str = digest) -> bytes:
            return signed.replace(make.content_digest(PLAIN, digest), make.content_digest(other, digest))

        apk = make.with_v2(PLAIN, key(), [0x0201, 0x0202], before=wrong)
        assert signature_of(tmp_path, apk, 24).state == state


def test_a_lowest_level_that_is_unknown_breaks_nothing(tmp_path: Path) -> None:
    signature = signature_of(tmp_path, v2(), None)
    assert signature.state == "verified"
    assert "V1_MISSING" in [warning.code for warning in signature.warnings]
    assert signature_of(tmp_path, make.with_v1(FILES, key("rsa")), None, None).state == "verified"


def test_faults_of_one_kind_are_cut_to_twenty(tmp_path: Path) -> None:
    files = {f"res/{number}": b"x" for number in range(50)}
    apk = pack({**dict.fromkeys(files, b"y"), **make.jar(files, key()).files()})
    faults = signature_of(tmp_path, apk, 21, 29).faults
    assert len(faults) == 21
    assert faults[-1].detail == "and 30 more"


WARNED: dict[str, tuple[str, Callable[[], bytes], int]] = {
    "a DEX before an archive that v2 signs": ("JANUS_PREPENDED_DATA", lambda: janus(v2=True), 21),
    "a DEX before an archive that only patched platforms install": ("JANUS_PREPENDED_DATA", janus, 27),
    "other data before an archive with v1": ("PREPENDED_DATA", lambda: janus(head=b"#!/bin/sh\n"), 21),
    "a signing block whose sizes disagree": (
        "SIGNING_BLOCK_MALFORMED",
        lambda: edited(make.with_block(V1_SIGNED, []), len(make.sections(V1_SIGNED)[0])),
        21,
    ),
    "v1 that does not announce v2": (
        "NO_STRIP_PROTECTION",
        lambda: make.with_v2(make.with_v1(FILES, key()), key()),
        21,
    ),
    "v1 that announces a scheme of the future": (
        "UNKNOWN_SCHEME",
        lambda: make.with_v1(FILES, key(), announces="9"),
        21,
    ),
    "v2 that announces a scheme of the future": (
        "UNKNOWN_SCHEME",
        lambda: v2(attributes=[(STRIPPING, make.u32(9))]),
        24,
    ),
    "an unknown algorithm beside a known one": ("UNKNOWN_ALGORITHM", lambda: v2(algorithms=(0x0201, 0x0999)), 24),
    "an unknown attribute": ("UNKNOWN_ATTRIBUTE", lambda: v2(attributes=[(0x1234, b"")]), 24),
    "an old key that may roll back": ("OLD_KEY_MAY_ROLL_BACK", lambda: rotated(flags=0x1F), 24),
    "a .SF file without the manifest's digest": (
        "MANIFEST_DIGEST_UNUSED",
        lambda: make.with_v1(FILES, key(), whole=False),
        21,
    ),
    "a signature whose .SF file is missing": (
        "SF_MISSING",
        lambda: pack({**FILES, **make.jar(FILES, key()).files(), "META-INF/OTHER.RSA": b""}),
        21,
    ),
    "files in META-INF": (
        "UNPROTECTED_ENTRIES",
        lambda: pack({**FILES, **make.jar(FILES, key()).files(), "META-INF/services/x": b"1"}),
        21,
    ),
    "SHA-1": ("WEAK_DIGEST", lambda: make.with_v1(FILES, key(), "sha1"), 21),
    "a short key": ("WEAK_KEY", lambda: make.with_v2(PLAIN, key("rsa1024"), [0x0103]), 24),
    "a debug certificate": ("DEBUG_CERTIFICATE", lambda: make.with_v2(PLAIN, key(name="Android Debug")), 24),
    "a source stamp": (
        "SOURCE_STAMP_NOT_CHECKED",
        lambda: make.with_block(PLAIN, [(V2, scheme(signer(PLAIN, key()))), (0x6DFF800D, b"")]),
        24,
    ),
}


@pytest.mark.parametrize("name", WARNED)
def test_what_is_odd_but_holds_is_a_warning(tmp_path: Path, name: str) -> None:
    code, make_apk, min_sdk = WARNED[name]
    signature = signature_of(tmp_path, make_apk(), min_sdk, 29)
    assert code in [warning.code for warning in signature.warnings]
    assert signature.state == "verified"


def test_every_code_has_a_case() -> None:
    cases = {code for code, _, _ in (*BROKEN.values(), *WARNED.values())} | {"V1_ONLY_REFUSED"}
    assert cases == set(CODES)


def test_an_unknown_code_fails_at_once() -> None:
    with pytest.raises(KeyError, match="NO_SUCH_CODE"):
        Findings().fault("v1", "NO_SUCH_CODE", "")


# --- Hostile input ----------------------------------------------------------------------------------------------------


def test_a_zip_bomb_is_not_inflated_beyond_its_claim(tmp_path: Path) -> None:
    """Its local and its directory header both say "deflated", and that it holds as much as it is packed."""
    bomb = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = bomb.compress(bytes(64 << 20)) + bomb.flush()
    files = {**FILES, "res/bomb": packed}
    apk = bytearray(pack({**files, **make.jar(files, key()).files()}))
    for magic, method, name in ((b"PK\3\4", 8, 30), (b"PK\1\2", 10, 46)):
        at = apk.index(magic)
        while apk[at + name : at + name + 8] != b"res/bomb":
            at = apk.index(magic, at + 1)
        apk[at + method] = 8
    found = signature_of(tmp_path, bytes(apk), 21, 29).faults
    assert [(fault.code, fault.at) for fault in found] == [("ENTRY_UNREADABLE", "res/bomb")]


_QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)


def _flipped(tmp_path: Path, apk: bytes, at: int, bit: int, min_sdk: int) -> str:
    try:
        return signature_of(tmp_path, edited(apk, at % len(apk), 1 << bit), min_sdk, 29).state
    except ReadError:
        return "unreadable"


@_QUIET
@given(at=st.integers(0, 1 << 20), bit=st.integers(0, 7))
@pytest.mark.parametrize(("apk", "min_sdk"), [(V2_SIGNED, 24), (V3_SIGNED, 28)], ids=["v2", "v3"])
def test_no_flipped_bit_verifies_outside_the_signing_block(
    tmp_path: Path, apk: bytes, min_sdk: int, at: int, bit: int
) -> None:
    at %= len(PLAIN)
    # Offsets in PLAIN beyond its entries are those of the directory and the end record.
    at += len(apk) - len(PLAIN) if at >= len(make.sections(PLAIN)[0]) else 0
    assert _flipped(tmp_path, apk, at, bit, min_sdk) != "verified"


@_QUIET
@given(at=st.integers(0, 1 << 20), bit=st.integers(0, 7))
@pytest.mark.parametrize("apk", [V2_SIGNED, V3_SIGNED], ids=["v2", "v3"])
def test_no_flipped_bit_verifies_inside_the_signing_block(tmp_path: Path, apk: bytes, at: int, bit: int) -> None:
    start = len(make.sections(PLAIN)[0])
    at = start + at % (len(apk) - len(PLAIN))
    assert _flipped(tmp_path, apk, at, bit, 28) != "verified"


@_QUIET
@given(at=st.integers(0, 1 << 20), bit=st.integers(0, 7))
def test_no_flipped_bit_of_content_verifies_under_v1(tmp_path: Path, at: int, bit: int) -> None:
    names = {*FILES, MANIFEST, "META-INF/CERT.SF"}
    with zipfile.ZipFile(io.BytesIO(V1_SIGNED)) as archive:
        spans = [
            (i.header_offset + 30 + len(i.filename), i.file_size) for i in archive.infolist() if i.filename in names
        ]
    places = [place for start, length in spans for place in range(start, start + length)]
    assert _flipped(tmp_path, V1_SIGNED, places[at % len(places)], bit, 21) != "verified"


@_QUIET
@given(cut=st.integers(0, 1 << 20), data=st.binary(max_size=40), at=st.integers(0, 1 << 20))
@pytest.mark.parametrize("apk", [V1_SIGNED, V2_SIGNED, V3_SIGNED], ids=["v1", "v2", "v3"])
def test_anything_is_read_or_refused(tmp_path: Path, apk: bytes, cut: int, data: bytes, at: int) -> None:
    at %= len(apk)
    for broken in (apk[: cut % len(apk)], apk[:at] + data + apk[at + len(data) :], apk[:at] + data + apk[at:]):
        path = tmp_path / "app.apk"
        path.write_bytes(broken)
        try:
            container = Container.open(path)
        except ReadError:
            continue
        signature_facts(container, None, None)


@_QUIET
@given(block=st.binary(max_size=400))
def test_any_cms_block_is_read(tmp_path: Path, block: bytes) -> None:
    assert signature_of(tmp_path, v1(block=block), 21, 29).state == "broken"
