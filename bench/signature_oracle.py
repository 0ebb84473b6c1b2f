"""Compare our signature verdicts with those of Debian's apksigner, on real packages and on mutated copies of them.

Run from the repository root: `python -m bench.signature_oracle [--all]`. It needs `apksigner` on the path, androguard
(group "bench", for the API levels in the manifests) and the packages in ../shared/materials/apk; without one of them it
says so and stops. Mutants and their keys are made afresh in a temporary folder.

Per case it prints both verdicts and both first reasons; then the differences with their explanation, and the CPU time.
It ends with 1 when a difference has no explanation in EXPLAINED.
"""

import argparse
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization

from hegui.facts.package import Certificate, Signature
from hegui.readers.apk.container import Container
from hegui.readers.apk.signature import signature_facts
from hegui.readers.errors import ReadError
from tests.readers.apk import make_signed as make

ROOT = Path(__file__).resolve().parent.parent
MATERIALS = ROOT.parent / "shared" / "materials" / "apk"
APKSIGNER = shutil.which("apksigner") or ""

# Case (a pattern), apksigner's verdict, ours, and why they differ.
EXPLAINED = (
    (
        "*janus*",
        "verified",
        "broken",
        "apksigner does not look before the first entry. Android 5 to 8.0 run a DEX there although v1 does not cover it "
        "(CVE-2017-13156), so v1 does not protect what runs.",
    ),
    *(
        (
            pattern,
            "verified",
            "broken",
            "This version of apksigner drops an error of a whole v2 or v3 block and goes on to the other schemes; later "
            "ones keep it. The platform throws (ApkSignatureSchemeV2Verifier: failed to read the list, no signers).",
        )
        for pattern in (
            "*: v[23]: empty*",
            "*: v[23]: no signers*",
            "*: v[23]: first of two is empty*",
            "*: v[23]: flip at 0%*",
        )
    ),
    (
        "*eleven signers*",
        "verified",
        "broken",
        "The platform accepts ten signers (MAX_V2_SIGNERS in ApkSignatureSchemeV2Verifier); this apksigner is older.",
    ),
)


@dataclass(frozen=True)
class Case:
    """A package to judge. `min_sdk` None: what the manifest says; `levels`: lowest and target level it says."""

    name: str
    path: Path
    levels: tuple[int, int]
    min_sdk: int | None = None


@dataclass(frozen=True)
class Verdict:
    """`certificates` are the SHA-256 digests of the signers that count on the newest platform."""

    state: str
    why: str
    schemes: frozenset[str]
    certificates: frozenset[str]
    cpu_s: float

    @property
    def plain(self) -> str:
        return self.state if self.state == "verified" else "broken"


# --- The two judges ---------------------------------------------------------------------------------------------------


def run(command: list[str]) -> tuple[int, str, float]:
    """Exit code, output and CPU time in seconds of a child process."""
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        return child.returncode, out.read().decode("utf-8", "replace"), usage.ru_utime + usage.ru_stime


def theirs(case: Case) -> Verdict:
    command = [APKSIGNER, "verify", "--verbose", "--print-certs"]
    if case.min_sdk is not None:
        command += ["--min-sdk-version", str(case.min_sdk)]
    code, text, cpu_s = run([*command, str(case.path)])
    schemes = frozenset(re.findall(r"^Verified using (v[\d.]+) scheme .*: true$", text, re.M))
    certificates = frozenset(re.findall(r"^Signer #\d+ certificate SHA-256 digest: (\w+)$", text, re.M))
    wrong = re.search(r"^(?:ERROR: |Exception in .*?: |.*?Exception: )(.*)$", text, re.M)
    why = "" if code == 0 else (wrong[1] if wrong else text.strip().partition("\n")[0])
    return Verdict("verified" if code == 0 else "broken", why, schemes, certificates, cpu_s)


def ours(case: Case) -> Verdict:
    before = time.thread_time()
    try:
        container = Container.open(case.path)
        low, target = case.levels
        facts: dict[str, Any] = signature_facts(container, low if case.min_sdk is None else case.min_sdk, target)
    except ReadError as error:
        return Verdict("unreadable", error.words.en, frozenset(), frozenset(), time.thread_time() - before)
    cpu_s = time.thread_time() - before
    signature: Signature = facts["signature"]
    signers: tuple[Certificate, ...] = facts["signers"]
    why = "; ".join(f"{fault.code} {fault.at}" for fault in signature.faults[:1])
    schemes = frozenset(scheme for signer in signers for scheme in signer.schemes)
    newest = max(schemes, default="")
    counted = [signer.sha256 for signer in signers if newest in signer.schemes]
    return Verdict(signature.state, why, schemes, frozenset(counted[:1] if newest > "v2" else counted), cpu_s)


def levels(path: Path) -> tuple[int, int]:
    """Lowest and target API level, from androguard's reading of the manifest."""
    from androguard.core.axml import AXMLPrinter  # type: ignore[import-untyped,unused-ignore]
    from loguru import logger

    logger.disable("androguard")
    with Container.open(path) as container:
        root = AXMLPrinter(container.read("AndroidManifest.xml")).get_xml_obj()
    names = [f"{{http://schemas.android.com/apk/res/android}}{name}SdkVersion" for name in ("min", "target")]
    low = max((int(each.get(names[0]) or 1) for each in root.iter("uses-sdk")), default=1)
    target = max((int(each.get(names[1]) or low) for each in root.iter("uses-sdk")), default=low)
    return low, target


BLOCK = (".RSA", ".DSA", ".EC")

# --- Mutants ----------------------------------------------------------------------------------------------------------


def flip(apk: bytes, at: int) -> bytes:
    return apk[:at] + bytes([apk[at] ^ 1]) + apk[at + 1 :]


def flip_at(data: bytes, share: float) -> bytes:
    return flip(data, int(len(data) * share))


def parts(apk: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """Entries, signing block (or nothing), central directory, end record."""
    end = apk.rindex(b"PK\5\6")
    size, offset = struct.unpack_from("<II", apk, end + 12)
    start = offset
    if apk[offset - 16 : offset] == b"APK Sig Block 42":
        start = offset - 8 - int(struct.unpack_from("<Q", apk, offset - 24)[0])
    return apk[:start], apk[start:offset], apk[offset : offset + size], apk[end:]


def join(entries: bytes, block: bytes, directory: bytes, end: bytes) -> bytes:
    return entries + block + directory + end[:16] + make.u32(len(entries) + len(block)) + end[20:]


def pairs_of(block: bytes) -> list[tuple[int, bytes]]:
    found, at = [], 8
    while at < len(block) - 24:
        length, pair = struct.unpack_from("<QI", block, at)
        found.append((pair, block[at + 12 : at + 8 + length]))
        at += 8 + length
    return found


def with_pairs(apk: bytes, pairs: list[tuple[int, bytes]]) -> bytes:
    entries, _, directory, end = parts(apk)
    return make.with_block(join(entries, b"", directory, end), pairs) if pairs else join(entries, b"", directory, end)


def content(apk: bytes, name: str) -> tuple[int, int]:
    """Where the packed bytes of an entry begin, and how many they are."""
    at = parts(apk)[2].index(name.encode())
    packed = struct.unpack_from("<I", parts(apk)[2], at - 26)[0]
    local = struct.unpack_from("<I", parts(apk)[2], at - 4)[0]
    name_length, extra = struct.unpack_from("<HH", apk, local + 26)
    return local + 30 + name_length + extra, packed


def files(apk: bytes) -> dict[str, bytes]:
    with tempfile.TemporaryFile() as file:
        file.write(apk)
        with zipfile.ZipFile(file) as archive:
            return {name: archive.read(name) for name in archive.namelist()}


def unsigned(apk: bytes) -> dict[str, bytes]:
    return {name: data for name, data in files(apk).items() if not name.startswith("META-INF/")}


def rezip(apk: bytes, change: Callable[[dict[str, bytes]], Mapping[str, bytes]] = dict, method: int = 8) -> bytes:
    """Packed anew, so without its signing block."""
    return make.pack(change(files(apk)), method=method)


def edit(
    suffix: str | tuple[str, ...], change: Callable[[bytes], bytes]
) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda all_files: {n: change(data) if n.endswith(suffix) else data for n, data in all_files.items()}


def moved(apk: bytes) -> bytes:
    """Every entry padded to 4 bytes by its extra field, as zipalign does, and the signing block kept."""
    _, block, directory, end = parts(apk)
    out, new, at = b"", bytearray(directory), 0
    while at < len(new):
        packed, _, name, extra, comment = struct.unpack_from("<IIHHH", new, at + 20)
        (local,) = struct.unpack_from("<I", new, at + 42)
        flags, local_name, local_extra = (
            *struct.unpack_from("<H", apk, local + 6),
            *struct.unpack_from("<HH", apk, local + 26),
        )
        start = local + 30 + local_name + local_extra
        padding = bytes(-(len(out) + start - local) % 4 + 4)
        struct.pack_into("<I", new, at + 42, len(out))
        header = apk[local : local + 28] + struct.pack("<H", local_extra + len(padding))
        out += header + apk[local + 30 : start] + padding + apk[start : start + packed + (16 if flags & 8 else 0)]
        at += 46 + name + extra + comment
    return join(out, block, bytes(new), end)


def prepended(apk: bytes, head: bytes) -> bytes:
    """Bytes put before the archive, and all offsets corrected."""
    entries, block, directory, end = parts(apk)
    new, at = bytearray(directory), 0
    while at < len(new):
        name, extra, comment = struct.unpack_from("<HHH", new, at + 28)
        struct.pack_into("<I", new, at + 42, struct.unpack_from("<I", new, at + 42)[0] + len(head))
        at += 46 + name + extra + comment
    return join(head + entries, block, bytes(new), end)


def in_block(apk: bytes, pair: int, share: float) -> bytes:
    """A bit flipped in a pair's value, at this share of its length."""
    changed = [(i, flip_at(v, share) if i == pair else v) for i, v in pairs_of(parts(apk)[1])]
    return with_pairs(apk, changed)


def mutants(apk: bytes) -> Iterator[tuple[str, bytes]]:
    """Copies of a signed package, each changed in one way."""
    entries, block, directory, end = parts(apk)
    inside = pairs_of(block) if block else []
    for name in ("classes.dex", "AndroidManifest.xml", "resources.arsc"):
        if name.encode() in directory:
            at, size = content(apk, name)
            yield f"flip in {name}", flip(apk, at + size // 2)
    yield "flip in a local header's time", flip(apk, entries.index(b"PK\3\4") + 10)
    yield "flip in a local header's name", flip(apk, entries.index(b"PK\3\4") + 31)
    yield "flip in a local header's crc", flip(apk, entries.index(b"PK\3\4") + 14)
    yield "flip in the directory's time", flip(apk, len(entries) + len(block) + 12)
    yield "flip in the directory's name", flip(apk, len(entries) + len(block) + 47)
    yield "flip in the directory's attributes", flip(apk, len(entries) + len(block) + 38)
    yield "flip in the end record's count", flip(apk, len(apk) - len(end) + 10)
    yield "append a byte", apk + b"\0"
    yield "append a ZIP", apk + make.pack({"x": b"y"})
    yield "append a comment with its length", apk[:-2] + b"\4\0more"
    yield "cut the last byte", apk[:-1]
    yield "cut half", apk[: len(apk) // 2]
    yield "prepend, offsets left", b"#!/bin/sh\n" + apk
    yield "prepend, offsets corrected", prepended(apk, b"#!/bin/sh\n")
    yield "prepend a DEX (janus)", prepended(apk, b"dex\n035\0" + bytes(120))
    yield "zip again", rezip(apk)
    yield "zip again, stored", rezip(apk, method=0)
    yield "move as zipalign does", moved(apk)
    yield "add an entry to META-INF", rezip(apk, lambda f: {**f, "META-INF/services/x": b"evil"})
    yield "add an entry", rezip(apk, lambda f: {**f, "classes9.dex": b"evil"})
    yield "add a folder", rezip(apk, lambda f: {**f, "folder/": b""})
    yield "remove an entry", rezip(apk, lambda f: {n: data for n, data in f.items() if n != "classes.dex"})
    if any(name.startswith("META-INF/") for name in files(apk)):

        def jar(suffix: str | tuple[str, ...], change: Callable[[bytes], bytes]) -> bytes:
            return rezip(apk, edit(suffix, change))

        yield "manifest: another byte", jar("MANIFEST.MF", lambda data: flip(data, len(data) // 2))
        yield "manifest: main section", jar("MANIFEST.MF", lambda data: data.replace(b"1.0", b"1.1", 1))
        yield (
            "manifest: a section more",
            jar("MANIFEST.MF", lambda data: data + b"Name: x\r\nSHA1-Digest: AAAA\r\n\r\n"),
        )
        yield "manifest: only newlines", jar("MANIFEST.MF", lambda data: data.replace(b"\r\n", b"\n"))
        yield "manifest: gone", rezip(apk, lambda f: {n: d for n, d in f.items() if not n.endswith("MANIFEST.MF")})
        yield ".SF: another byte", jar(".SF", lambda data: flip(data, len(data) // 2))
        yield (
            ".SF: announces nothing",
            jar(".SF", lambda data: re.sub(rb"X-Android-APK-Signed: [^\r\n]*\r?\n", b"", data)),
        )
        yield ".SF: gone", rezip(apk, lambda f: {n: d for n, d in f.items() if not n.endswith(".SF")})
        for share in (0.02, 0.3, 0.6, 0.8, 0.99):
            yield f"CMS block: flip at {share:.0%}", jar(BLOCK, partial(flip_at, share=share))
        yield "CMS block: cut", jar(BLOCK, lambda data: data[: len(data) // 2])
        yield "CMS block: empty", jar(BLOCK, lambda data: b"")
        yield "CMS block: more after it", jar(BLOCK, lambda data: data + b"\0\0")
        yield (
            "CMS block: gone",
            rezip(apk, lambda f: {n: d for n, d in f.items() if not n.endswith(BLOCK)}),
        )
        yield "a signer more without .SF", rezip(apk, lambda f: {**f, "META-INF/A.RSA": b"x"})
    if not block:
        return
    start = len(entries)
    yield "block: gone", with_pairs(apk, [])
    yield "block: first size", flip(apk, start)
    yield "block: last size", flip(apk, start + len(block) - 24)
    yield "block: magic", flip(apk, start + len(block) - 1)
    yield "block: length of the first pair", flip(apk, start + 9)
    yield "block: pairs turned round", with_pairs(apk, inside[::-1])
    yield "block: a pair more", with_pairs(apk, [(0x71777777, b"channel"), *inside])
    yield "block: the last pair too long", flip(apk, start + len(block) - 24 - len(inside[-1][1]) - 12 + 2)
    for pair, value in inside:
        if pair not in (make.V2, make.V3):
            continue
        name = "v2" if pair == make.V2 else "v3"
        yield f"{name}: gone", with_pairs(apk, [(i, v) for i, v in inside if i != pair])
        yield f"{name}: alone", with_pairs(apk, [(pair, value)])
        yield f"{name}: twice", with_pairs(apk, [*inside, (pair, value)])
        yield f"{name}: first of two is empty", with_pairs(apk, [(pair, b"\0\0\0\0"), *inside])
        yield f"{name}: empty", with_pairs(apk, [(i, b"" if i == pair else v) for i, v in inside])
        yield f"{name}: no signers", with_pairs(apk, [(i, b"\0\0\0\0" if i == pair else v) for i, v in inside])
        yield (
            f"{name}: more after the signers",
            with_pairs(apk, [(i, v + b"\1" if i == pair else v) for i, v in inside]),
        )
        for share in (0.0, 0.01, 0.03, 0.05, 0.2, 0.5, 0.65, 0.8, 0.95):
            yield f"{name}: flip at {share:.0%}", in_block(apk, pair, share)


# --- Signing with apksigner -------------------------------------------------------------------------------------------


class Signing:
    """Signs packages with apksigner and keys made for this run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def key(self, kind: str, name: str) -> list[str]:
        stem = self.folder / f"{kind}-{name}"
        made = make.key(kind, name)
        stem.with_suffix(".pk8").write_bytes(
            made.private.private_bytes(
                serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        stem.with_suffix(".der").write_bytes(made.certificate)
        return ["--key", str(stem.with_suffix(".pk8")), "--cert", str(stem.with_suffix(".der"))]

    def sign(self, apk: bytes, *options: str) -> bytes:
        source, target = self.folder / "in.apk", self.folder / "out.apk"
        source.write_bytes(apk)
        code, text, _ = run([APKSIGNER, "sign", *options, "--out", str(target), str(source)])
        if code:
            raise RuntimeError(f"apksigner sign {' '.join(options)}: {text}")
        return target.read_bytes()

    def lineage(self, old: list[str], new: list[str], *options: str) -> list[str]:
        out = self.folder / "lineage"
        code, text, _ = run(
            [APKSIGNER, "rotate", "--out", str(out), "--old-signer", *old, *options, "--new-signer", *new]
        )
        if code:
            raise RuntimeError(f"apksigner rotate: {text}")
        return ["--lineage", str(out)]

    def variants(self, apk: bytes) -> Iterator[tuple[str, bytes]]:
        """The package signed in every way apksigner can."""

        def schemes(v1: bool, v2: bool, v3: bool) -> list[str]:
            chosen = (("v1", v1), ("v2", v2), ("v3", v3), ("v4", False))
            return [word for name, on in chosen for word in (f"--{name}-signing-enabled", str(on).lower())]

        rsa, ec, dsa, other = (self.key(*each) for each in (("rsa", "A"), ("ec", "A"), ("dsa", "A"), ("ec", "B")))
        old_platform, new_platform = ["--min-sdk-version", "8"], ["--min-sdk-version", "28"]
        yield "v1, SHA-1", self.sign(apk, *schemes(True, False, False), *old_platform, *rsa)
        yield "v1, SHA-256", self.sign(apk, *schemes(True, False, False), "--min-sdk-version", "18", *rsa)
        yield "v1, EC", self.sign(apk, *schemes(True, False, False), "--min-sdk-version", "21", *ec)
        yield "v1, DSA", self.sign(apk, *schemes(True, False, False), "--min-sdk-version", "21", *dsa)
        yield "v2, RSA", self.sign(apk, *schemes(False, True, False), *rsa)
        yield "v2, EC", self.sign(apk, *schemes(False, True, False), *ec)
        yield "v2, DSA", self.sign(apk, *schemes(False, True, False), *dsa)
        yield "v3, RSA", self.sign(apk, *schemes(False, False, True), *new_platform, *rsa)
        yield "v3, EC", self.sign(apk, *schemes(False, False, True), *new_platform, *ec)
        yield "v1 v2 v3", self.sign(apk, *schemes(True, True, True), *old_platform, *rsa)
        yield (
            "v1 v2, two signers",
            self.sign(apk, *schemes(True, True, False), "--min-sdk-version", "21", *rsa, "--next-signer", *ec),
        )
        yield "v2 v3, verity", self.sign(apk, *schemes(False, True, True), "--verity-enabled", *rsa)
        yield "v2 v3, verity, EC", self.sign(apk, *schemes(False, True, True), "--verity-enabled", *ec)
        proof = self.lineage(ec, other)
        both = [*proof, *ec, "--next-signer", *other]
        yield "rotated, v1 v2 v3", self.sign(apk, *schemes(True, True, True), "--min-sdk-version", "21", *both)
        yield "rotated, v2 v3", self.sign(apk, *schemes(False, True, True), *both)
        yield "rotated, v3", self.sign(apk, *schemes(False, False, True), *new_platform, *proof, *other)
        proof = self.lineage(ec, other, "--set-rollback", "true")
        yield (
            "rotated, old key may roll back",
            self.sign(apk, *schemes(False, False, True), *new_platform, *proof, *other),
        )
        stamp = ["--stamp-signer", *self.key("rsa", "Stamp")]
        yield "v2 with a source stamp", self.sign(apk, *schemes(False, True, False), *rsa, *stamp)
        # What apksigner cannot make, from our own signer.
        plain = make.key("ec", "A")
        yield "mixed keys, v1 and v2", make.with_v2(self.sign(apk, *schemes(True, False, False), *rsa), plain)
        for name, signed in own_variants(apk, plain):
            yield f"own: {name}", signed


def own_variants(apk: bytes, by: make.Key) -> Iterator[tuple[str, bytes]]:
    forever, new = make.FOREVER, make.key("ec", "B")

    def v3(*ranges: tuple[int, int], **wrong: Any) -> bytes:
        value = make.scheme(*(make.signer(apk, by, sdk=each, **wrong) for each in ranges))
        return make.with_block(apk, [(make.V3, value)])

    yield "v3 with a hole", v3((28, 29), (31, forever))
    yield "v3 with an overlap", v3((28, 30), (30, forever))
    yield "v3 that ends early", v3((28, 30))
    yield "v3 that begins late", v3((30, forever))
    yield "v3 with another range signed", v3((28, forever), signed_sdk=(28, 30))
    yield "v3 with a range turned round", v3((30, 28))
    yield "v3 with another's certificate", v3((28, forever), certificate_list=[new.certificate])
    yield "v3 without certificate", v3((28, forever), certificate_list=[])
    yield "v3 with other digests", v3((28, forever), digest_ids=[0x0202])
    yield "v3 with an unknown attribute", v3((28, forever), attributes=[(0x1234, b"")])
    yield "v3 with an empty lineage", v3((28, forever), attributes=[(0x3BA06F8C, make.u32(1))])
    yield "v3 with a lineage of others", v3((28, forever), attributes=[(0x3BA06F8C, make.lineage(by, new))])
    proof = make.lineage(new, by)
    yield "v3 with a lineage", v3((28, forever), attributes=[(0x3BA06F8C, proof)])
    yield "v3 with a lineage cut short", v3((28, forever), attributes=[(0x3BA06F8C, proof[:-1])])
    wrong = make.lineage(new, by, corrupt=True)
    yield "v3 with a lineage not signed", v3((28, forever), attributes=[(0x3BA06F8C, wrong)])
    yield "v2 with two algorithms", make.with_v2(apk, by, [0x0201, 0x0202])
    yield "v2 with an unknown algorithm beside", make.with_v2(apk, by, [0x0201, 0x0999])
    yield "v2 with an unknown algorithm", make.with_v2(apk, by, [0x0999])
    yield (
        "v2 with verity only",
        make.with_block(
            make.align(apk), [(make.V2, make.scheme(make.signer(make.align(apk), by, [0x0423])))], aligned=True
        ),
    )
    yield "v2 that announces v3", make.with_v2(apk, by, attributes=[(0xBEEFF00D, make.u32(3))])
    yield "v2 that announces scheme 9", make.with_v2(apk, by, attributes=[(0xBEEFF00D, make.u32(9))])
    yield "v2 with the key of another", make.with_v2(apk, by, public_key=new.public)
    yield "v2 with eleven signers", make.with_block(apk, [(make.V2, make.scheme(*[make.signer(apk, by)] * 11))])
    all_files = unsigned(apk)
    for digest in ("md5", "sha1", "sha256", "sha512"):
        yield f"v1 with {digest}", make.with_v1(all_files, make.key("rsa", "A"), digest)
    jar = make.jar(all_files, by, announces="2, 3")
    yield "v1 that announces v2 and v3", make.pack({**all_files, **jar.files()})
    quiet = make.jar(all_files, by)
    for attributes in (False, True):
        block = make.cms_block(quiet.sf, by, attributes=attributes)
        signed = make.Jar(quiet.manifest, quiet.sf, block, "EC").files()
        yield f"v1 with EC{', signed attributes' * attributes}", make.pack({**all_files, **signed})
    for usage in ("none", "strange"):
        yield f"v1, key usage {usage}", make.with_v1(all_files, make.key("ec", "A", usage=usage))
    yield "v1 without the manifest's digest", make.with_v1(all_files, by, whole=False)
    yield "v1 over some entries", make.with_v1(all_files, by, names={"classes.dex"})
    yield "v1 without a version", make.with_v1(all_files, by, version="")
    yield (
        "v1, wrong signature OID",
        make.pack(
            {
                **all_files,
                **make.Jar(
                    jar.manifest, jar.sf, make.cms_block(jar.sf, by, signature_oid="1.2.840.10045.4.1"), "EC"
                ).files(),
            }
        ),
    )


# --- The comparison ---------------------------------------------------------------------------------------------------


def cases(folder: Path, *, everything: bool) -> Iterator[Case]:
    """Real packages, then mutants of them, then packages signed here and mutants of those."""
    for path in sorted(MATERIALS.rglob("*.apk")):
        found = levels(path)
        for min_sdk in (None, 1, 23, 24, 28) if everything or path.stat().st_size < 1 << 20 else (None,):
            yield Case(f"{path.stem}{'' if min_sdk is None else f' from {min_sdk}'}", path, found, min_sdk)

    def made(base: str, apks: Iterator[tuple[str, bytes]], said: tuple[int, int], *low: int | None) -> Iterator[Case]:
        for name, apk in apks:
            path = folder / f"{len(list(folder.iterdir()))}.apk"
            path.write_bytes(apk)
            for min_sdk in low:
                yield Case(f"{base}: {name}{'' if min_sdk is None else f' from {min_sdk}'}", path, said, min_sdk)

    real = {name: MATERIALS / "fdroid" / f"{name}.apk" for name in ("org.maxsdkversion_4", "v1.v2.sig_1020", "urzip")}
    for path in [path for path in real.values() if path.is_file()]:
        yield from made(path.stem, mutants(path.read_bytes()), levels(path), None, 28)
    base = real["org.maxsdkversion_4"]
    signing = Signing(folder)
    plain = make.pack(unsigned(base.read_bytes()))
    signed = dict(signing.variants(plain))
    yield from made("signed", iter(signed.items()), levels(base), None, 8, 21, 24, 28)
    # A package whose target makes Android 11 ask for v2.
    if (recent := MATERIALS / "fdroid" / "org.sajeg.fallingblocks_3.apk").is_file():
        again = signing.variants(make.pack(unsigned(recent.read_bytes())))
        yield from made("new target", again, levels(recent), None, 21)
    for name in ("v1, EC", "v2, EC", "v3, RSA", "rotated, v2 v3", "v2 v3, verity"):
        yield from made(f"signed {name}", mutants(signed[name]), levels(base), 23 if name == "v1, EC" else 28)


def compare(everything: bool) -> int:
    print(f"{'apksigner':9} {'hegui':10} case | apksigner's reason | ours")
    differences, unexplained, count = [], 0, 0
    cpu = {"theirs": 0.0, "ours": 0.0}
    with tempfile.TemporaryDirectory() as name:
        todo = list(cases(Path(name), everything=everything))
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            verdicts = list(pool.map(theirs, todo))
        for case, a in zip(todo, verdicts, strict=True):
            b = ours(case)
            count += 1
            cpu["theirs"] += a.cpu_s
            cpu["ours"] += b.cpu_s
            same = a.plain == b.plain
            if same and a.plain == "verified":
                same = a.schemes == b.schemes and a.certificates == b.certificates
            print(f"{a.state:9} {b.state:10} {case.name} | {a.why[:90]} | {b.why}")
            if not same:
                differences.append((case, a, b))
    print(f"\n{count} cases, {count - len(differences)} agree in verdict, and if verified in schemes and certificates.")
    for case, a, b in differences:
        reasons = [
            why for pattern, *states, why in EXPLAINED if fnmatch(case.name, pattern) and states == [a.plain, b.plain]
        ]
        unexplained += not reasons
        print(f"- {case.name}: apksigner {a.state} {sorted(a.schemes)}, hegui {b.state} {sorted(b.schemes)} {b.why}")
        print(f"  {reasons[0] if reasons else 'NOT EXPLAINED'}")
    print(f"{len(differences)} differ, {unexplained} without explanation.")
    print(
        f"CPU s in all cases: apksigner {cpu['theirs']:.1f} (a process each), hegui {cpu['ours']:.2f} (in this process)."
    )
    whole_processes()
    return 1 if unexplained else 0


def whole_processes() -> None:
    """CPU time of a whole process each, start-up included, on the largest packages."""
    script = (
        "import sys; from pathlib import Path; from hegui.readers.apk.container import Container; "
        "from hegui.readers.apk.signature import signature_facts; "
        "signature_facts(Container.open(Path(sys.argv[1])), int(sys.argv[2]), None)"
    )
    print("CPU s of a whole process each, start-up included:")
    for path in sorted(MATERIALS.rglob("*.apk"), key=lambda each: -each.stat().st_size)[:4]:
        case = Case(path.stem, path, levels(path), 21)
        # The better of three, for the first run of each pays for cold caches.
        a = min(theirs(case).cpu_s for _ in range(3))
        b = min(run([sys.executable, "-c", script, str(path), "21"])[2] for _ in range(3))
        inside = min(ours(case).cpu_s for _ in range(3))
        size = path.stat().st_size / 1e6
        print(
            f"  {size:5.1f} MB {path.stem}: apksigner {a:.2f}, hegui {b:.2f} (verification {inside:.3f}): 1/{a / b:.1f}"
        )


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--all", action="store_true", help="every lowest API level also for the large packages")
    chosen = options.parse_args()
    if not APKSIGNER:
        print("skipped: apksigner is not on the path (Debian package apksigner)")
        return 0
    if not MATERIALS.is_dir():
        print("skipped: ../shared/materials/apk is absent")
        return 0
    try:
        import androguard  # type: ignore[import-untyped,unused-ignore]  # noqa: F401
    except ImportError:
        print("skipped: androguard is not installed (group bench)")
        return 0
    return compare(chosen.all)


if __name__ == "__main__":
    sys.exit(main())
