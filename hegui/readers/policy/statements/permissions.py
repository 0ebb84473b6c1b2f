"""The permissions that rules name: from tables and lists, before the word 权限, by Android name, and after verbs of access."""

import re
from bisect import bisect_left
from dataclasses import dataclass, replace

from hegui.catalogue.lexicons import permission_words
from hegui.catalogue.permissions import GROUPS, permission
from hegui.facts.policy import StatedPermission
from hegui.readers.policy.statements.context import Context, Contexts
from hegui.readers.policy.statements.mentions import asks_permission, permission_pattern, whole
from hegui.readers.policy.statements.reading import Reading, Sentence
from hegui.readers.policy.statements.records import Record

_ANDROID = re.compile(
    r"(?<![A-Za-z.])(?:[a-z]+(?:\.[a-z]+)*\.permission\.)?([A-Z]{2,}(?:_[A-Z0-9]+)+)(?![A-Za-z])"
    r"|(?<![A-Za-z.])(?:[a-z]+(?:\.[a-z]+)*\.permission\.)?(CAMERA|INTERNET|BLUETOOTH|VIBRATE|NFC)(?![A-Za-z_])"
)
_WORD = re.compile(r"权限|\bpermissions?\b")
_ACCESS = re.compile(
    r"(?:调用|开启|打开|启用|访问|使用|唤起)(?:您|你|用户)?(?:的)?(?:手机|设备|移动设备|终端)?(?:的|中的|上的|"
    r"内的|系统)?$|\b(?:use|access|turn on|activate) (?:your |the )?(?:phone's |device's )?$"
)
_REFUSED = re.compile(
    r"(?:不会?|不再|无需|不需要|从不|未|不必|do not|will not|never|does not)(?:向您)?[^，。；]{0,6}(?:申请|请求|"
    r"索取|获取|调用|要求|开启|使用|request|access|use|ask)[^，。；]{0,40}$"
)
_BESIDE = re.compile(r"^[^，。；\n]{0,6}(?:设置路径|管理路径|开关路径|状态|设置项)")
_FREQUENCIES = tuple(
    re.compile(pattern)
    for pattern in (
        r"\d+\s*次[/／每](?:天|日|分钟|小时|启动|秒)",
        r"每(?:隔)?\s*\d*\s*(?:秒钟?|分钟|小时|天|日|周|月)[^，。；、|]{0,12}",
        r"每(?:次|一次|当)[^，。；|]{0,24}",
        r"(?:仅|只|最多)?[^，。；、|]{0,12}(?:单次|一次性?|1\s*次|首次启动)[^，。；、|]{0,10}",
        r"频[率度次][为是：:]?[^，。；|]{1,24}",
        r"(?:实时|持续|连续|不间断)(?:地)?(?:获取|收集|采集|调用|读取|定位|使用)?",
        r"(?:仅|只)(?:会|将)?(?:在|当|于)[^，。；|]{2,36}?(?:时|期间|过程中|情况下|后)",
        r"使用(?:该|此|本|相关|相应)?(?:功能|服务)?期间[^，。；|]{0,10}",
        r"(?:必要时|按需|需要时|根据(?:业务|实际|功能)?需要)[^，。；|]{0,10}",
        r"(?:each|every) time[^.;,|]{0,50}|every \d+ (?:seconds?|minutes?|hours?|days?)|once (?:per|a|each|"
        r"every)[^.;,|]{0,30}|only (?:when|while|once)[^.;|]{2,50}|while (?:you are |the app is )?(?:using|"
        r"in use)[^.;,|]{0,30}|as needed|when necessary",
    )
)
_FOR = re.compile(r"用于|以便|为了|实现|帮助|方便|使用|读取|保存|推送")


@dataclass(frozen=True, slots=True)
class PermissionAt:
    """A stated permission with its place in Reading.text."""

    start: int
    end: int
    permission: StatedPermission
    record: Record | None = None


def frequency(text: str) -> str | None:
    """The words on how often; None if there are none."""
    for pattern in _FREQUENCIES:
        if found := pattern.search(text):
            return found[0].strip("，,：: ")
    return None


def read_permissions(reading: Reading, contexts: Contexts, records: list[Record], used: set[int]) -> list[PermissionAt]:
    found = [one for record in records for one in _of_record(reading, record)]
    found += _in_prose(reading, contexts, used)
    return sorted(found, key=lambda one: one.start)


def _of_record(reading: Reading, record: Record) -> list[PermissionAt]:
    cell = record.fields.get("perms")
    name_too = record.fields.get("name") if record.kind == "permission" else None
    if cell is None or record.kind in ("sdk", "sharing"):
        return []
    purpose = record.words("purpose", "necessity")
    function = (
        record.words("function", "name")
        if record.kind != "permission" or name_too is None
        else record.words("function")
    )
    freq = record.words("freq") or frequency(" | ".join(one.text for one in record.fields.values()))
    span = reading.span(record.start, record.end)
    found = []
    for start, end, name in _names(reading, cell.start, cell.end, alone=True):
        found.append(
            PermissionAt(
                start, end,
                StatedPermission(
                    name, freq, span, group_of(name), reading.text[start:end], purpose, function,
                    0.95 if record.form == "table" else 0.9,
                ), record,
            )
        )  # fmt: skip
    # A cell often has both the Chinese and the Android name of one permission.
    return _without_group_doubles(found)


def _without_group_doubles(found: list[PermissionAt]) -> list[PermissionAt]:
    exact = {one.permission.group for one in found if one.permission.name not in GROUPS}
    kept: dict[str, PermissionAt] = {}
    for one in found:
        if one.permission.name in GROUPS and one.permission.name in exact:
            continue
        kept.setdefault(one.permission.name, one)
    return list(kept.values())


def _names(reading: Reading, start: int, end: int, *, alone: bool) -> list[tuple[int, int, str]]:
    """Permissions named in [start, end): where, and by Android name or group."""
    found = []
    for one in _ANDROID.finditer(reading.text, start, end):
        if name := android_name(one[1] or one[2], one[0]):
            found.append((one.start(), one.end(), name))
    words = permission_words()
    for one in permission_pattern().finditer(reading.folded, start, end):
        if not whole(reading.folded, *one.span()) or any(s < one.end() and one.start() < e for s, e, _ in found):
            continue
        if alone or asks_permission(reading.folded, one.end()):
            found.append((one.start(), one.end(), words[one[0]].name))
    return sorted(found)


def android_name(short: str, written: str) -> str | None:
    """The full name of a permission written with or without its prefix; None if the catalogue has none of it."""
    for name in (written, f"android.permission.{short}"):
        if "." in name and permission(name) is not None:
            return name
    return None


def group_of(name: str) -> str | None:
    if name in GROUPS:
        return name
    known = permission(name)
    return known.group if known else None


def _in_prose(reading: Reading, contexts: Contexts, used: set[int]) -> list[PermissionAt]:
    found: list[PermissionAt] = []
    places = {reading.sentence_at(one.start()).number for one in _WORD.finditer(reading.folded)}
    places |= {reading.sentence_at(one.start()).number for one in _ANDROID.finditer(reading.text)}
    words = permission_words()
    for one in permission_pattern().finditer(reading.folded):
        if words[one[0]].alone and _ACCESS.search(reading.folded, max(0, one.start() - 30), one.start()):
            places.add(reading.sentence_at(one.start()).number)
    for number in sorted(places):
        sentence = reading.sentences[number]
        if sentence.line.number in used:
            continue
        context = contexts.of(sentence)
        if context.section.topic in ("definition", "exempt"):
            continue
        in_sentence = []
        for start, end, name in _names(reading, sentence.start, sentence.end, alone=True):
            conf = _confidence(reading, context, start, end)
            if conf:
                in_sentence.append((start, end, name, conf))
        freq = _freq_of(reading, sentence, places) if in_sentence else None
        seen: set[str] = set()
        for start, end, name, conf in in_sentence:
            if name in seen:
                continue
            seen.add(name)
            purpose = context.purpose or _below(reading, contexts, context)
            stated = StatedPermission(
                name, freq, reading.span(sentence.start, sentence.end), group_of(name), reading.text[start:end],
                purpose, context.function, conf,
            )  # fmt: skip
            found.append(PermissionAt(start, end, stated))
    return found


def _freq_of(reading: Reading, sentence: Sentence, places: set[int]) -> str | None:
    """How often, from the sentence; else from the others of its line, if none of them speaks of permissions."""
    if found := frequency(reading.said(sentence)):
        return found
    others = [
        one for one in reading.sentences_in(sentence.line.start, sentence.line.end) if one.number != sentence.number
    ]
    if any(one.number in places for one in others):
        return None
    return next((found for one in others if (found := frequency(reading.said(one)))), None)


def _confidence(reading: Reading, context: Context, start: int, end: int) -> float:
    before = reading.folded[context.sentence.start : start]
    after = reading.folded[end : context.sentence.end]
    if _REFUSED.search(before) or context.denied(start):
        return 0.0
    if any(first <= start < last for first, last in context.quoted):
        return 0.0
    if _ANDROID.match(reading.text, start):
        return 0.95
    if asks_permission(reading.folded, end):
        if _BESIDE.match(after.partition("权限")[2]):
            return 0.5
        return 0.6 if context.section.topic == "rights" else 0.9
    word = permission_words().get(reading.folded[start:end])
    if word and word.alone and _ACCESS.search(before[-30:]) and not re.match(r"信息|数据|内容|服务", after):
        return 0.6 if context.confidence else 0.0
    return 0.0


def _below(reading: Reading, contexts: Contexts, context: Context) -> str | None:
    """What a permission is for, where its name stands alone on a line and the words follow on the next ones."""
    line = context.sentence.line
    if line.end - line.start > 40:
        return None
    for other in reading.lines[line.number + 1 : line.number + 4]:
        text = reading.said(other)
        if _WORD.search(text) and len(text) <= 16:
            return None
        if _FOR.search(text) and len(text) > 6:
            return contexts.at(other.start).purpose or text
    return None


def with_functions(found: list[PermissionAt], functions: list[tuple[int, int, str]]) -> tuple[StatedPermission, ...]:
    """The permissions with the function they stand in; `functions` are (start, end, name), sorted by start.

    Where one names a permission and the next how often it is used, in the same function, both get the words.
    """
    often: dict[tuple[str, int], str] = {}
    starts = [start for start, _, _ in functions]
    stated = []
    for one in found:
        index = bisect_left(starts, one.start + 1) - 1
        made = one.permission
        inside = index >= 0 and one.start < functions[index][1]
        if made.function is None and inside:
            made = replace(made, function=functions[index][2])
        key = (made.name, index if inside else -1)
        if made.freq and inside:
            often.setdefault(key, made.freq)
        stated.append((key, made))
    return tuple(replace(made, freq=made.freq or often.get(key)) for key, made in stated)
