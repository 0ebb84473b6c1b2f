"""Words of the lexicons found in a text: longest match, whole words only, listed words only in an enumeration."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import ahocorasick  # type: ignore[import-not-found]

from hegui.catalogue.lexicons import TypeWord, permission_words, recipient_words, right_words, sdk_words, type_words
from hegui.readers.policy.statements.reading import Reading

# What stands before or after a word of an enumeration. In English a comma alone is too little.
_BEFORE = re.compile(
    r"(?:[、（(/：:“]|[，,；](?=.)|(?:和|及|与|或|以及|或者|包括|如|例如|比如|您的|用户的|收集|获取|读取|采集|"
    r"访问|调用|上传的?|提供的?|发布的?|输入的?|填写的?|拍摄的?|移动端的?|该|其)|录制的?)$"
)
_AFTER = re.compile(r"[、（(）)/]|(?:和|及|与|或|以及|或者)|等|信息|数据|内容|记录|号码|[，。；\n]|$")
_BEFORE_EN = re.compile(r"(?:[,(/:;]|\b(?:and|or|your|including|as|collect|access|of|the|upload|post|e\.g\.))\s*$")
_AFTER_EN = re.compile(r"[^\S\n]*(?:[,()/;.\n]|and\b|or\b|etc|information|data|$)")
# What a general word for a device's data is explained by.
_OF_DEVICE = ("device_id", "model", "brand", "os_version", "network_type", "screen")
_EXPLAINED = re.compile(r"\s*(?:[（(：:]|包括|例如|如|主要是|是指|such as|including)")
_NAMED_BEFORE = re.compile(r"(?:上述|以上|前述|该等?|此类?|这些)$")
_LETTER = re.compile(r"[a-z0-9]")
_PERMISSION_NEXT = re.compile(
    r"(?:[（(][^（()）]{1,12}[）)]|[）)])?[的等]?(?:访问|使用|读取|读写|写入|获取|调用|相关|功能|系统|敏感)*权限|"
    r"(?:[（(][^（()）]{1,12}[）)])?(?:、|或|和|及|以及)[^，。；、]{1,10}(?:(?:、|或|和|及|"
    r"以及)[^，。；、]{1,10}){0,6}?权限|\s*(?:(?:,|and|or|/)\s*[a-z ]{2,20}){0,4}\bpermissions?\b"
)


_SDK = re.compile(r"sdk(?![a-z])", re.IGNORECASE)
_NAME_BEFORE = re.compile(
    r"(?:[\u4e00-\u9fff]{2,8}|[A-Za-z][A-Za-z0-9+.·-]{1,20})(?: ?[A-Za-z0-9+\u4e00-\u9fff]{1,8})?(?=[”\"」]?\s?$)"
)
_LONGEST_NAME = 32
_NO_NAME = re.compile(
    r"第三方|合作|接入|相关|我们|您|该|此|本|上述|这些|各|其他|部分|嵌入|集成|使用|以下|包[（(]|工具|的$|等$|或$|"
    r"与$|和$|及$|类$|功能$|为$|是$|通过|软件|提供|开发|可能|某些|具体|所|有|服务商|供应商|当|如|由|third|party|"
    r"our|the|this|an?$|via|these|such|some|mobile|android|ios$|情况|内嵌|请以",
    re.IGNORECASE,
)  # fmt: skip
_CATEGORY = re.compile(
    r"(?:消息|应用|数据|移动)?(?:推送|安全|支付|地图|统计|登录|分享|广告|定位|分析|推广|人脸识别|语音|直播|客服|"
    r"埋点|监测|性能|一键登录)(?:类)?"
)
_HEAD = re.compile(
    r"^.*(?:接入了?|集成了?|使用了?|嵌入了?|通过|调用|引入|包括|如|例如|由|与|和|向|的|及|、|为|加载|用到|采用|需要|以)了?"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A word at [start, end) of Reading.text that stands for a kind of personal information."""

    word: TypeWord
    start: int
    end: int


@cache
def _types() -> Any:
    machine = ahocorasick.Automaton()
    for word, entries in type_words().items():
        machine.add_word(word, (len(word), entries))
    machine.make_automaton()
    return machine


@cache
def _sdks() -> Any:
    machine = ahocorasick.Automaton()
    for word, id in sdk_words().items():
        machine.add_word(word, (len(word), id))
    machine.make_automaton()
    return machine


@cache
def permission_pattern() -> re.Pattern[str]:
    words = sorted(permission_words(), key=len, reverse=True)
    return re.compile("|".join(re.escape(word) for word in words))


@cache
def recipient_pattern() -> re.Pattern[str]:
    chinese = sorted((word for word in recipient_words() if not word.isascii()), key=len, reverse=True)
    english = sorted((word for word in recipient_words() if word.isascii()), key=len, reverse=True)
    return re.compile("|".join(chinese) + r"|\b(?:" + "|".join(english) + r")\b")


@cache
def _rights() -> Any:
    machine = ahocorasick.Automaton()
    for key, (words, blocked) in right_words().items():
        for word in blocked:
            if word not in machine:
                machine.add_word(word, (len(word), ""))
        for word in words:
            machine.add_word(word, (len(word), key))
    machine.make_automaton()
    return machine


def load() -> None:
    """Build the machines, before any text."""
    _types()
    _sdks()
    _rights()
    permission_pattern()
    recipient_pattern()


def type_mentions(reading: Reading) -> list[Mention]:
    """The words for kinds of personal information, in the order of the text. A word for two kinds gives two."""
    text = reading.folded
    found: list[Mention] = []
    for last, (length, entries) in _types().iter_long(text):
        start, end = last - length + 1, last + 1
        if not entries or not whole(text, start, end):
            continue
        for entry in entries:
            if not entry.listed or _enumerated(text, start, end):
                found.append(Mention(entry, start, end))
    exact = {
        reading.sentence_at(one.start).number
        for one in found
        if one.word.type.startswith(_OF_DEVICE) and not one.word.alone
    }
    return [
        one
        for one in found
        if not one.word.alone
        or not (
            reading.sentence_at(one.start).number in exact
            or _EXPLAINED.match(text, one.end)
            or _NAMED_BEFORE.search(text, max(0, one.start - 4), one.start)
            or asks_permission(text, one.end)
        )
    ]


def sdk_mentions(reading: Reading) -> Iterator[tuple[int, int, str]]:
    """Known names of SDKs: start, end and id in the catalogue."""
    text = reading.folded
    for last, (length, id) in _sdks().iter_long(text):
        if whole(text, last - length + 1, last + 1):
            yield last - length + 1, last + 1, id


def right_mentions(text: str) -> Iterator[tuple[int, str]]:
    """Where rights are named in a folded text, and which."""
    for last, (length, key) in _rights().iter_long(text):
        if key and whole(text, last - length + 1, last + 1):
            yield last - length + 1, key


def named_sdks(text: str) -> Iterator[tuple[int, int]]:
    """Where a name stands before the word SDK; the word is part of the name. 第三方SDK and 推送SDK name none."""
    for one in _SDK.finditer(text):
        begin = max(0, one.start() - _LONGEST_NAME, text.rfind("\n", 0, one.start()) + 1)
        found = _NAME_BEFORE.search(text[begin : one.start()])
        if not found:
            continue
        name = _HEAD.sub("", found[0].strip(" -"))
        start = begin + found.end() - len(name)
        if len(name) >= 2 and not _NO_NAME.search(name) and not _CATEGORY.fullmatch(name):
            yield start, one.end()


def asks_permission(text: str, end: int) -> bool:
    """Whether the word that ends here names a permission (相机、麦克风权限) and not what is behind it."""
    return _PERMISSION_NEXT.match(text, end) is not None


def whole(text: str, start: int, end: int) -> bool:
    """Whether [start, end) cuts no Latin word or number in two; a plural is the word."""
    if start and _LETTER.match(text[start]) and _LETTER.match(text[start - 1]):
        return False
    if _LETTER.match(text[end - 1]) and _LETTER.match(text[end : end + 1]):
        return text[end] == "s" and not _LETTER.match(text[end + 1 : end + 2])
    return True


def _enumerated(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 12) : start], text[end : end + 12]
    if text[start:end].isascii() and text[start - 1 : start].isspace():
        return bool(_BEFORE_EN.search(before)) and bool(_AFTER_EN.match(after))
    begins = start == 0 or text[start - 1] == "\n"
    return (begins or bool(_BEFORE.search(before))) and bool(_AFTER.match(after))
