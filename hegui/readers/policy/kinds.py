"""What a document of the rules is for, told by its title, its first headings and its file name."""

import re

from hegui.facts.policy import DocumentKind

_LIST = r"(?:清单|列表|目录|名单)"

# In this order: "儿童个人信息保护规则及监护人须知" is about children though it says rules.
_KINDS: dict[DocumentKind, re.Pattern[str]] = {
    "children": re.compile(r"儿童|未成年|少年|child|minor", re.IGNORECASE),
    "sdk_list": re.compile(
        rf"sdk.{{0,20}}(?:{_LIST}|list)|(?:{_LIST}|list of).{{0,20}}sdk|sdk[_-]?(?:list|table)"
        rf"|第三方(?:代码|插件).{{0,10}}{_LIST}",
        re.IGNORECASE,
    ),
    "sharing_list": re.compile(
        rf"(?:共享|第三方|合作方|合作伙伴).{{0,20}}{_LIST}|sharing[ _-]?list|third[ _-]?part(?:y|ies).{{0,20}}list",
        re.IGNORECASE,
    ),
    "collected_list": re.compile(
        rf"(?:已?收集|个人信息).{{0,16}}{_LIST}|collect(?:ed|ion).{{0,20}}list", re.IGNORECASE
    ),
    "summary": re.compile(r"摘要|概要|简明|简版|简要|要点|摘编|summary|at a glance", re.IGNORECASE),
    "rules": re.compile(
        r"隐私|个人信息(?:保护|处理|收集使用)|收集使用规则|privacy|personal (?:information|data)|data protection",
        re.IGNORECASE,
    ),
}
_SUBJECT = re.compile(r"个人信息|个人資料|隐私|personal (?:information|data)|privacy", re.IGNORECASE)
_OFTEN = 3
# A longer text is the rules, with their summary at the head.
_LONGEST_SUMMARY = 6_000


def kind_of(title: str, headings: tuple[str, ...], name: str, text: str) -> DocumentKind:
    """The title tells, else the first heading that does, else the file name, else what the text often speaks of."""
    for words in (title, *headings, name):
        for kind, pattern in _KINDS.items():
            if pattern.search(words) and not (kind == "summary" and len(text) > _LONGEST_SUMMARY):
                return kind
    return "rules" if len(_SUBJECT.findall(text[:20_000])) >= _OFTEN else "other"
