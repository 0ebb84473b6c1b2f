"""The SDKs that rules name: rows of tables, entries of lists, and names in running text."""

import re
from bisect import bisect_left

from hegui.facts.policy import StatedSdk
from hegui.readers.policy.statements.context import Contexts
from hegui.readers.policy.statements.functions import listed_words
from hegui.readers.policy.statements.mentions import Mention, named_sdks, sdk_mentions
from hegui.readers.policy.statements.reading import Reading
from hegui.readers.policy.statements.records import Field, Record

_URL = re.compile(
    r"https?://[^\s，。；、）)】》”\"<>\u4e00-\u9fff]+|"
    r"www\.[^\s，。；、）)】》”\"<>\u4e00-\u9fff]+\.[^\s，。；、）)】》”\"<>\u4e00-\u9fff]+"
)
_PACKAGE = re.compile(
    r"(?<![A-Za-z0-9_./@:])(?:com|cn|org|net|io|im|me|tv|cc|co|androidx?|anet|tmsdk|app|xyz)(?:\.[A-Za-z_*][\w*]*){1,6}"
)
_VERSION = re.compile(r"[vV]?\d+(?:\.\d+){1,4}[\w.+-]*(?:\s*(?:及以上|以上|~|-|至|及更高)[\d.]*)?")
_COMPANY = re.compile(
    r"[\u4e00-\u9fff（）()a-zA-Z]{2,30}(?:有限责任公司|股份有限公司|有限公司|研究院|Inc\.?|Ltd\.?|LLC|Corporation)"
)
_SPEAKS_OF_SDKS = re.compile(r"sdk|插件|软件开发(?:工具)?包|开发者工具包")
_CANCEL = re.compile(r"(?:未|没有|不会?|不再)(?:接入|集成|嵌入|使用)[^，。；]{0,20}$")


def read_sdks(
    reading: Reading, contexts: Contexts, mentions: list[Mention], records: list[Record], used: set[int], own: set[str]
) -> tuple[StatedSdk, ...]:
    """The SDKs of all records, then those only the running text names. `own` are names of the app itself."""
    found = [made for one in records if one.kind == "sdk" and (made := _of_record(reading, mentions, one))]
    listed = {_key(one.name) for one in found}
    return (*found, *(one for one in _in_prose(reading, contexts, mentions, used, own) if _key(one.name) not in listed))


def _of_record(reading: Reading, mentions: list[Mention], record: Record) -> StatedSdk | None:
    name = record.words("sdk", "name", "recipient", "operator")
    function = record.words("function")
    if name is None and function is not None:
        name, function = function, None
    if name is None:
        return None
    whole = "\n".join(one.text for one in record.fields.values())
    cell = record.fields.get("types")
    types: tuple[str, ...] = ()
    if cell:
        first, last = (bisect_left(mentions, at, key=lambda one: one.start) for at in (cell.start, cell.end))
        types = tuple(dict.fromkeys(one.word.type for one in mentions[first:last]))
    package_cell = record.words("package")
    package = _PACKAGE.search(package_cell or name) or (_PACKAGE.search(whole) if package_cell is None else None)
    version_cell = record.words("version")
    version = _VERSION.search(version_cell) if version_cell else None
    operator = record.words("operator")
    if operator == name:
        operator = None
    if operator is None and (company := _COMPANY.search(re.sub(_URL, "", whole))):
        operator = company[0]
    if operator is None and "sdk" in record.fields and "recipient" in record.fields:
        operator = record.words("recipient")
    span = reading.span(record.start, record.end)
    return StatedSdk(
        _plain(name), package[0] if package else package_cell, version[0] if version else version_cell,
        # A list that says what an SDK is used for says what its main function is.
        function or record.words("purpose"),
        operator, types, _link(reading, record, whole), span, record.form, listed_words(cell.text) if cell else (),
        record.words("purpose"), 0.95 if record.form == "table" else 0.9,
    )  # fmt: skip


def _plain(name: str) -> str:
    """The name alone: without the package or version some write behind it."""
    first = name.split("\n")[0]
    short = re.sub(rf"[（(/]?\s*(?:包名)?[：:]?\s*{_PACKAGE.pattern}\s*[）)]?", "", first)
    return short.strip(" ，,、") or first.strip()


def _link(reading: Reading, record: Record, whole: str) -> str | None:
    cell: Field | None = record.fields.get("link")
    for text in (cell.text if cell else "", whole):
        if found := _URL.search(text):
            return found[0].rstrip(".,;")
    # The address may stand behind the words (《隐私政策》), as a link.
    span = reading.span(record.start, record.end)
    for mark in reading.links:
        if span.start <= mark.start < span.end and mark.value.startswith(("http://", "https://")):
            return mark.value
    return record.words("link")


def _in_prose(
    reading: Reading, contexts: Contexts, mentions: list[Mention], used: set[int], own: set[str]
) -> list[StatedSdk]:
    """Names before the word SDK, and known names in sentences that speak of SDKs or of what third parties get."""
    places: dict[str, tuple[int, int, str, float]] = {}
    for start, end in named_sdks(reading.text):
        places.setdefault(_key(reading.text[start:end]), (start, end, reading.text[start:end], 0.85))
    for start, end, _ in sdk_mentions(reading):
        sentence = reading.sentence_at(start)
        near = reading.folded[max(sentence.start, start - 40) : min(sentence.end, end + 30)]
        if not _SPEAKS_OF_SDKS.search(near):
            continue
        name = reading.text[start:end]
        places.setdefault(_key(name), (start, end, name, 0.7))
    found = []
    for key, (start, _, name, conf) in sorted(places.items(), key=lambda item: item[1]):
        sentence = reading.sentence_at(start)
        if sentence.line.number in used or key in own:
            continue
        if any(other != key and key in other and abs(place[0] - start) < 30 for other, place in places.items()):
            continue
        context = contexts.of(sentence)
        if _CANCEL.search(reading.text[sentence.start : start]):
            continue
        first, last = (bisect_left(mentions, at, key=lambda one: one.start) for at in (start, sentence.end))
        types = tuple(dict.fromkeys(one.word.type for one in mentions[first:last] if not context.denied(one.start)))
        link = _URL.search(reading.text, start, sentence.end)
        company = _COMPANY.search(reading.text, max(sentence.start, start - 40), sentence.end)
        found.append(
            StatedSdk(
                re.sub(r"[“”\"「」]", "", name).strip(" -"),
                operator=company[0] if company else None,
                types=types,
                link=link[0] if link else None,
                span=reading.span(sentence.start, sentence.end),
                purpose=context.purpose,
                conf=conf,
            )
        )
    return found


def _key(name: str) -> str:
    return re.sub(r"[\s“”\"'（）()]|sdk", "", name.lower())
