"""The text of MANIFEST.MF and of .SF files: sections of attributes, and the digests in them.

Sources: JAR File Specification, "JAR Manifest" and "Signed JAR File"; which of several digests counts follows apksigner.
"""

import binascii
import re
from dataclasses import dataclass

from hegui.readers.apk.signature.findings import JELLY_BEAN_MR2
from hegui.readers.apk.signing_block import FOREVER, BadStructure

MANIFEST = "META-INF/MANIFEST.MF"
# A manifest of 200,000 entries has 26 MB.
MOST_MANIFEST_BYTES = 64 << 20
_MOST_LINES = 10_000
_LINE = re.compile(rb"([^\r\n]*)(?:\r\n|\r|\n|\Z)")

# Names of digests in manifests, in the order in which platforms since Android 4.3 prefer them.
_DIGEST_NAMES = (("SHA-512", "sha512"), ("SHA-384", "sha384"), ("SHA-256", "sha256"), ("SHA1", "sha1"))
# Before, a platform took the first that Digest-Algorithms lists and that it knows: name, digest, API level.
_OLD_DIGEST_NAMES = {
    "MD5": ("md5", 1),
    "SHA": ("sha1", 1),
    "SHA1": ("sha1", 1),
    "SHA-1": ("sha1", 1),
    "SHA-256": ("sha256", 1),
    "SHA-384": ("sha384", 9),
    "SHA-512": ("sha512", 9),
}


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a manifest: its bytes from `start` to `end`, blank line included. Keys are in lower case."""

    start: int
    end: int
    name: str | None
    values: dict[str, str]

    def get(self, name: str) -> str | None:
        return self.values.get(name.lower())


@dataclass(frozen=True)
class Manifest:
    """A MANIFEST.MF or .SF file; `main` is its first section."""

    raw: bytes
    main: Section
    sections: tuple[Section, ...]


def parse_manifest(raw: bytes, most: int) -> Manifest:
    """The sections of a MANIFEST.MF or .SF file. Raises BadStructure when it is empty or has more than `most`.

    As the platform reads it: any line end; a line that begins with a space continues the one before; a name ends at
    the first ": "; a section whose first attribute is Name is that entry's.
    """
    sections: list[Section] = []
    lines: list[list[bytes]] = []
    start = count = 0
    for match in _LINE.finditer(raw):
        line, end = match[1], match.end()
        if line:
            if not lines:
                start, count = match.start(), 0
            count += 1
            if lines and line.startswith(b" "):
                lines[-1].append(line[1:])
            else:
                lines.append([line])
        if lines and (not line or end == len(raw)):
            sections.append(_section(start, end, lines))
            lines = []
        if len(sections) > most or count > _MOST_LINES:
            raise BadStructure(f"more than {most} sections, or {_MOST_LINES} lines in one")
        if end == len(raw):
            break
    if not sections:
        raise BadStructure("it is empty")
    return Manifest(raw, sections[0], tuple(sections[1:]))


def _section(start: int, end: int, lines: list[list[bytes]]) -> Section:
    values: dict[str, str] = {}
    name = None
    for number, pieces in enumerate(lines):
        # Names that are not UTF-8 must come out as the container writes them.
        key, _, value = b"".join(pieces).decode("utf-8", "backslashreplace").partition(": ")
        values.setdefault(key.lower(), value)
        if number == 0 and key.lower() == "name":
            name = value
    return Section(start, end, name, values)


def digests_to_check(section: Section, suffix: str, low: int) -> list[tuple[str, bytes]]:
    """The digests that platforms from `low` to the newest would check, () when an old one finds none.

    Raises BadStructure for one that is not Base64.
    """
    chosen: dict[str, bytes] = {}
    if low < JELLY_BEAN_MR2:
        for name in (section.get("Digest-Algorithms") or "SHA SHA1").split():
            digest, since = _OLD_DIGEST_NAMES.get(name.upper(), ("", FOREVER))
            value = section.get(name + suffix)
            if value is not None and since <= low:
                chosen[digest] = _base64(value)
                break
        if not chosen:
            return []
    result = list(chosen.items())
    for name, digest in _DIGEST_NAMES:
        value = section.get(name + suffix)
        if value is not None:
            if (new := (digest, _base64(value))) not in result:
                result.append(new)
            break
    return result


def _base64(text: str) -> bytes:
    try:
        return binascii.a2b_base64(text.encode(), strict_mode=True)
    except ValueError as error:
        raise BadStructure(f"digest {text[:90]!r}: {error}") from error
