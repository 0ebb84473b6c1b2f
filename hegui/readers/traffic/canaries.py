"""Planted markers (预埋标记, RULES D6): unique values put on the test device, and every form in which one may leave it.

Given beside the capture as TOML or JSON:

    [[canary]]
    id = "contact-1"
    pi_type = "contacts"
    value = "13900001234"
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import ahocorasick  # type: ignore[import-not-found]

from hegui.catalogue.pi_types import PI_TYPES
from hegui.readers import toml
from hegui.readers.errors import Malformed, ReadError, one_line

# Shorter values occur by chance.
_SHORTEST = 6
# Each is looked for in some hundred forms.
_LONGEST = 1000
_SEPARATORS = re.compile(r"[\s:\-()]")
_PAIR = re.compile(r"\s*(-?\d{1,3}\.\d{4,})\s*[,;]\s*(-?\d{1,3}\.\d{4,})\s*")
_MOST_BYTES = 1 << 20


@dataclass(frozen=True)
class Canary:
    """`value` is as planted: a number, a text, or "latitude,longitude"."""

    id: str
    pi_type: str
    value: str


@dataclass(frozen=True, slots=True)
class Found:
    """`text` is what stands there."""

    canary: Canary
    encoding: str
    text: str = ""


def read_canaries(path: Path) -> tuple[Canary, ...]:
    """The markers in a TOML or JSON file with a list `canary`. Raises ReadError that names the entry that is wrong."""
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            raise ValueError("more than 1 MiB")
        text = data.decode("utf-8-sig")
        table = (
            json.loads(text)
            if text.lstrip()[:1] in ("{", "[") and not text.lstrip().startswith("[[")
            else toml.loads(text)
        )
    except OSError as error:
        raise ReadError(
            f"预埋标记 {path}：无法读取：{error.strerror}", f"canaries {path}: cannot be read: {error.strerror}"
        ) from None
    except (ValueError, RecursionError) as error:
        raise Malformed(
            f"预埋标记 {path}：不是 TOML 或 JSON（{one_line(error)}）；写成 [[canary]] 表，含 id、pi_type、value",
            f"canaries {path}: neither TOML nor JSON ({one_line(error)}); write [[canary]] tables with id, pi_type, value",
        ) from None
    rows = table.get("canary") if isinstance(table, dict) else table
    if not isinstance(rows, list) or not rows:
        raise Malformed(f"预埋标记 {path}：没有 [[canary]] 条目", f"canaries {path}: no [[canary]] entry")
    made = tuple(_canary(path, number, row) for number, row in enumerate(rows, 1))
    return checked(made, path.name)


def checked(canaries: Iterable[Canary], name: str = "canaries") -> tuple[Canary, ...]:
    """The markers as given. Raises Malformed for one too short to be told from chance, or an id given twice."""
    made = tuple(canaries)
    seen: set[str] = set()
    for one in made:
        if len(_SEPARATORS.sub("", one.value)) < _SHORTEST:
            raise Malformed(
                f"{name}：标记 {one.id} 的值不足 {_SHORTEST} 个字符，会与偶然出现的内容混淆；换一个更长、更独特的值",
                f"{name}: the value of {one.id} has fewer than {_SHORTEST} characters and occurs by chance; plant a longer one",
            )
        if len(one.value) > _LONGEST:
            raise Malformed(
                f"{name}：标记 {one_line(one.id)} 的值超过 {_LONGEST} 个字符；换一个较短的值",
                f"{name}: the value of {one_line(one.id)} has more than {_LONGEST} characters; plant a shorter one",
            )
        if one.id in seen:
            raise Malformed(f"{name}：标记编号 {one.id} 重复", f"{name}: two markers have the id {one.id}")
        seen.add(one.id)
    return made


def _canary(path: Path, number: int, row: Any) -> Canary:
    wanted = ("id", "pi_type", "value")
    if not isinstance(row, dict) or set(row) != set(wanted) or not all(isinstance(row[one], str) for one in wanted):
        raise Malformed(
            f"预埋标记 {path} 第 {number} 条：应恰有 id、pi_type、value 三个文字字段",
            f"canaries {path}, entry {number}: id, pi_type and value are wanted, all texts, and nothing else",
        )
    if row["pi_type"] not in PI_TYPES:
        raise Malformed(
            f"预埋标记 {path} 第 {number} 条：没有个人信息种类 {row['pi_type']}；见 hegui catalogue list types",
            f"canaries {path}, entry {number}: no kind of personal information {row['pi_type']!r}",
        )
    return Canary(**row)


class Markers:
    """All forms of all markers in one automaton; a megabyte is searched in some ten milliseconds whatever their number."""

    def __init__(self, canaries: Iterable[Canary]) -> None:
        self._automaton = ahocorasick.Automaton()
        self._pairs: list[tuple[Canary, tuple[re.Pattern[str], re.Pattern[str]]]] = []
        forms: dict[str, list[Found]] = {}
        for canary in canaries:
            for form, encoding in _forms(canary.value):
                forms.setdefault(form, []).append(Found(canary, encoding, form))
            if pair := _PAIR.fullmatch(canary.value):
                # Apps send both numbers apart, and round: four decimals, some eleven metres, are what must agree.
                self._pairs.append((canary, (_shortened(pair[1]), _shortened(pair[2]))))
        for form, meant in forms.items():
            self._automaton.add_word(form, (len(form), meant))
        if forms:
            self._automaton.make_automaton()
        self._any = bool(forms)

    def find(self, text: str) -> tuple[Found, ...]:
        """The markers in a text (bytes as Latin-1), each once, in its most direct form. Numbers must stand alone."""
        found: dict[str, Found] = {}
        for end, (length, meant) in self._automaton.iter(text) if self._any else ():
            for one in meant:
                known = found.get(one.canary.id)
                if (known is None or _DIRECT[one.encoding] < _DIRECT[known.encoding]) and _alone(
                    text, end, length, one
                ):
                    found[one.canary.id] = one
        for canary, (latitude, longitude) in self._pairs:
            if canary.id not in found and latitude.search(text) and longitude.search(text):
                found[canary.id] = Found(canary, "clear")
        return tuple(found.values())


_DIRECT = {one: number for number, one in enumerate(("clear", "url", "base64", "hex", "md5", "sha1", "sha256"))}
_HASHES = ("md5", "sha1", "sha256")


def _forms(value: str) -> Iterator[tuple[str, str]]:
    """Every form with its encoding, as Latin-1 text of the bytes sent. The same form may come twice."""
    for variant in _variants(value):
        data = variant.encode()
        yield data.decode("latin-1"), "clear"
        for quoted in {quote(variant, safe=""), quote_plus(variant)} - {variant}:
            yield quoted, "url"
            yield re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), quoted), "url"
        # JSON writes other letters as \\uXXXX.
        if not variant.isascii():
            yield json.dumps(variant)[1:-1], "clear"
        for digest, how in ((data.hex(), "hex"), *((hashlib.new(name, data).hexdigest(), name) for name in _HASHES)):
            yield digest, how
            yield digest.upper(), how
        for name in _HASHES:
            yield base64.b64encode(hashlib.new(name, data).digest()).decode().rstrip("="), name
        yield from ((form, "base64") for form in _base64_forms(data))


def _variants(value: str) -> tuple[str, ...]:
    """The value as planted, without separators, in both cases; a Chinese number with and without its country code."""
    plain = value.strip()
    bare = _SEPARATORS.sub("", plain)
    numbers = {bare.removeprefix("+"), bare.removeprefix("+86")} if bare.startswith("+86") else {bare}
    if re.fullmatch(r"1[3-9]\d{9}", bare):
        numbers |= {f"+86{bare}", f"86{bare}"}
    made = {one for base in {plain, *numbers} for one in (base, base.lower(), base.upper())}
    return tuple(sorted(one for one in made if len(one) >= _SHORTEST))


def _base64_forms(data: bytes) -> Iterator[str]:
    """What of the Base64 of any text that holds these bytes depends on them alone: one for each position modulo 3."""
    for offset in range(3):
        whole = base64.b64encode(b"\0" * offset + data).decode().rstrip("=")
        start = -(-offset * 8 // 6)
        # The last character may mix with what follows.
        full = (offset + len(data)) * 8 // 6
        form = whole[start:full]
        if len(form) >= _SHORTEST:
            yield form
            yield form.replace("+", "-").replace("/", "_")


def _alone(text: str, end: int, length: int, one: Found) -> bool:
    """Not a part of a longer number or hash."""
    if one.encoding == "base64":
        return True
    first, after = text[end - length + 1], text[end + 1 : end + 2]
    before = text[end - length : end - length + 1] if end >= length else ""
    if one.encoding in ("clear", "url"):
        return not (first.isdigit() and before.isdigit()) and not (text[end].isdigit() and after.isdigit())
    # Hexadecimal text of a longer value, too, holds that of the marker; a hash stands alone.
    return one.encoding == "hex" or not (before.isalnum() or after.isalnum())


def _shortened(number: str) -> re.Pattern[str]:
    """A number cut off or rounded to four decimals, whatever digits follow."""
    whole, _, decimals = number.partition(".")
    forms = {f"{whole}.{decimals[:4]}", f"{float(number):.4f}"}
    return re.compile(rf"(?<![\d.])(?:{'|'.join(sorted(map(re.escape, forms)))})")
