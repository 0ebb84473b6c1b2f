"""Where rules tell the user to go: a path through menus, a form, an address, a person to contact."""

import re

MAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}\s?[@＠]\s?[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}"
    r"){0,4}\.[A-Za-z]{2,}"
)
PHONE = re.compile(
    r"(?<![\d./-])(?:\+?86[- ]?)?(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}|"
    r"[(（]?0\d{2,3}[)）]?[- －—]?\d{7,8}(?:[- 转]+\d{1,6})?|[48]00[- －—]?\d{3,4}[- －—]?\d{3,4}|95\d{3,4}|12321|"
    r"12377|\+\d{1,3}[- ]?\d{2,4}[- ]\d{3,4}[- ]?\d{3,4})(?![\d-])"
)
LINK = re.compile(r"https?://[^\s，。；、）)】》”\"<>\u4e00-\u9fff]+")

# A menu step: words in quotation marks or brackets, or short words between arrows.
_STEP = r"[“【「\[\"‘『]\s*[^”】」\]\"’』\n]{1,40}[”】」\]\"’』]"
_ARROW = r"\s*(?:-{1,3}>?|—{1,2}>?|–|－{1,2}>?|→|>{1,2}|＞|›|»|~|/|、?再?点击|进入|选择)\s*"
_PATH = re.compile(
    rf"(?:(?:{_STEP})(?:{_ARROW}(?:{_STEP}|[^，。；\s“【]{{1,14}}))*[^，。；\n]{{0,24}})"
    r"|[\u4e00-\u9fffA-Za-z]{2,12}(?:\s*(?:-{1,2}>|—>|→|>|＞|›|－>|(?<!—)—(?!—)|–|－|"
    r"-(?=[\u4e00-\u9fff]))\s*[\u4e00-\u9fffA-Za-z（）()与及和/]{2,16}){1,6}"
    r"|\b[A-Z][A-Za-z&]*(?: [A-Za-z&]+){0,3}(?:\s*(?:>|→|->|›|»| - | – )\s*[A-Z][A-Za-z&]*(?: [A-Za-z&]+){0,3})+"
)
_CONTACT = re.compile(
    r"(?:发送|发)(?:电子)?邮件|(?:电子)?邮件(?:至|到|方式)|拨打|致电|来电|(?:联系|咨询|通过)(?:我们的|本平台|平台|"
    r"官方|在线|人工|app|应用内|[\u4e00-\u9fffA-Za-z]{0,8})?客服|(?:与|和)(?:我们|客服)[^，。；]{0,6}联系|"
    r"联系我们|(?:本政策|本隐私政策|本指引|下述|下文|上述|以下|公示|公布|列明|载明)[^，。；]{0,16}(?:联系方式|"
    r"方式|途径|渠道|路径)"
    r"|通过[^，。；]{0,24}(?:联系方式|反馈渠道|联系渠道|投诉渠道)|contact us|e-?mail us|contacting us|emailing|"
    r"write to us|call us|customer service|contact our",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"(?:通过|在|进入|登录|前往|点击|访问|打开|到)[^，。；\n]{0,24}(?:设置|我的|个人中心|个人主页|编辑资料|"
    r"账[号户]与?安全|隐私|操作系统|系统设置|设备(?:的|本身)?(?:系统)?设置|手机系统|客户端|应用内|页面|界面|菜单|"
    r"按钮|入口|选项|列表|帮助中心)[^。；，\n]{0,40}"
    r"|通过[^，。；\n]{2,36}(?:方式|功能|路径|页面|途径|渠道|操作|入口|按钮|链接|通道)|(?:关闭|卸载|删除|清除|"
    r"注销)[^，。；\n]{0,20}(?:权限|功能|开关|应用|账[号户])[^，。；]{0,10}方式|填写[^，。；]{1,16}表"
    r"|(?:in|through|via|from|under|by (?:visiting|going to|opening|using)|go(?:ing)? to|visit|open|tap|"
    r"click)\s+[^.;\n]{0,40}(?:settings?|account|profile|menu|page|screen|tab|button|form|centre|center|section|"
    r"toggle|switch)[^.;\n]{0,40}",
    re.IGNORECASE,
)
# 以下方式 is no way yet; the lines below have it.
_POINTS_ON = re.compile(
    r"(?:以下|下列|如下|下述)(?:方式|途径|路径|渠道|方法|联系方式)|following (?:ways|methods|means)"
)
_NUMBER = re.compile(r"^(?:(?:\d{1,2}[.．]){1,4}\d{0,2}|\d{1,2}[、)）]|[（(]\d{1,2}[）)]|[a-zA-Z][.)）])\s*")
_LONGEST = 160


def way(text: str) -> str | None:
    """The words of the first clear way in a text; None if it names none. A path is preferred, then a place, then a contact."""
    for pattern in (_PATH, MAIL, _PLACE, _CONTACT, PHONE, LINK):
        for found in pattern.finditer(text):
            if pattern is _PATH and not _is_path(found[0]):
                continue
            told = _clause(text, found.start(), found.end())
            if pattern is _PLACE and told.startswith("我们"):
                continue
            if not _POINTS_ON.search(told) or pattern in (MAIL, PHONE, LINK):
                return told
    return None


def contacts_in(text: str) -> bool:
    return any(pattern.search(text) for pattern in (MAIL, PHONE, _CONTACT))


def _is_path(text: str) -> bool:
    """Quoted words alone are often a name (“哔哩哔哩”); a path has an arrow, or words of a screen after it."""
    return bool(
        re.search(r"-{1,3}>?|—|–|－|→|>|＞|›|»", text[1:])
        or re.search(
            r"页面?|功能|设置|我的|中心|按钮|菜单|选项|入口|进行|中(?:查|访|修|删|更|注|申|关|编|撤|管|提|操)|"
            r"注销|资料|反馈|客服|账[号户]|安全|管理|删除|编辑",
            text,
        )
    )


def _clause(text: str, start: int, end: int) -> str:
    """The clause around [start, end), no longer than _LONGEST."""
    before = max(text.rfind(mark, 0, start) for mark in "，。；！\n：")
    after = [at for mark in "。；！\n" if (at := text.find(mark, end)) >= 0]
    comma = text.find("，", end)
    stop = min([*after, len(text)])
    if 0 <= comma < stop:
        stop = comma
    return _NUMBER.sub("", text[max(before + 1, start - 60) : min(stop, start + _LONGEST)].strip(" ，。；：、\n"))
