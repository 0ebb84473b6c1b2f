"""Who runs the app and how to reach them; the names of the app; version, dates and language."""

import re
from collections import Counter
from datetime import date

from hegui.facts.policy import PolicyOperator, Stated
from hegui.readers.policy.statements.context import Contexts
from hegui.readers.policy.statements.reading import Reading
from hegui.readers.policy.statements.ways import MAIL, PHONE, way

_COMPANY = re.compile(
    r"(?P<zh>[\u4e00-\u9fff（）()A-Za-z0-9·]{2,40}?(?:有限责任公司|股份有限公司|有限公司|集团公司|工作室|"
    r"合伙企业|事务所|研究院|委员会|银行)"
    r"(?:[（(](?:有限合伙|普通合伙|特殊普通合伙|个人独资|个体工商户|虚构)[）)])?)"
    r"|(?P<en>\b[A-Z][\w&'-]*(?:[ ,]+(?:[A-Z(][\w&'()-]*|of|and|the)){0,8}?,? (?:Co\.?,? ?Ltd\.?|Company Limited|"
    r"Limited|Inc\.?|LLC|Ltd\.?|Corporation|Corp\.?|GmbH|S\.A\.|B\.V\.|Pte\.? Ltd\.?|PLC)(?![a-z]))"
)
# Words before a name that are no part of it. A single character (和, 为) may be: 华为技术有限公司; it leads only where a place
# follows, with which most names begin.
_PLACE = (
    "北京|上海|天津|重庆|香港|澳门|广州|深圳|珠海|东莞|佛山|杭州|宁波|南京|苏州|无锡|成都|武汉|厦门|福州|长沙|西安|郑州|合肥|"
    "济南|青岛|大连|沈阳|长春|哈尔滨|石家庄|太原|南昌|昆明|贵阳|南宁|海口|三亚|兰州|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|"
    "福建|江西|山东|河南|湖北|湖南|广东|广西|海南|四川|贵州|云南|陕西|甘肃|青海|宁夏|新疆|内蒙古|中国|[\u4e00-\u9fff]{2,3}[省市]"
)
_LEAD_IN = re.compile(
    r"(?:运营主体|运营者|经营者|运营方|开发者|提供者|提供商|提供方|开发方|控制者|处理者|关联方|合作方|主体名称|公司名称)(?:名称)?[为是]?|"
    rf"子公司|下属的|控制的|感谢您使用|我们是|我们指|系指|指的是|是指|即指|均由|是由|系由|请联系|联系|版权所有|(?:由|归|属于|指|与|和|"
    rf"及|或|、|向|即|为|是|以及|我们[（(])(?={_PLACE})"
)
# In a name 由 and 是 are rare; they lead in also where no place follows.
_VERB = re.compile(r"^[^（(]{0,14}?(?:由|是|指)(?=[\u4e00-\u9fff]{4,})")
_OPENED = re.compile(r"^[^（()）]*[（(](?![^（()）]*[）)])")
_LEGAL = re.compile(r"公司(?:[（(][^（()）]+[）)])?$")
_CALLED_WE = re.compile(
    r"^[”\"]?[^，。；]{0,14}[（(][^（()）。]{0,40}(?:我们|本公司|公司|we|us|our|本平台|平台|运营者|开发者)|"
    r"^[^，。；]{0,14}[，,][^，。；]{0,6}(?:以下|下称|简称|或称|合称|统称)[^。]{0,20}(?:我们|公司|平台|“)|"
    r"^[^，。；]{0,12}(?:以下|下称|简称|hereinafter)[^。]{0,20}(?:我们|本公司|公司|“|we|us)",
    re.IGNORECASE,
)
_RUNS = re.compile(r"运营|开发|所有|提供(?:的)?(?:产品|服务)|operat|provided by|developed by|版权", re.IGNORECASE)
_RUNS_BEFORE = re.compile(
    r"(?:运营主体|运营者|经营者|运营方|运营商名称|开发者|主体名称|公司名称|提供者|我们是|我们指|版权所有|operated by|"
    r"provided by|developed by|operator|company(?: name)?)[^，。；\n]{0,10}$",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"第三方|合作|关联|共享|SDK|sdk|委托|支付机构|支付宝|third|partner|affiliate|法院|仲裁|争议|例如|下属|旗下"
)
_PERSON = re.compile(
    r"(?:运营者|开发者|运营主体|主体名称|运营方|开发者名称|个人开发者|operator|developer)(?:名称|"
    r"姓名)?(?:（[^（）]{1,8}）)?[^\S\n]*[：:][^\S\n]*([^\s，。；（(：:]{2,30})",
    re.IGNORECASE,
)

_DATE = re.compile(
    r"(?P<y>20\d{2})\s*[】\]]?\s*[年./-]\s*[【\[]?\s*(?P<m>\d{1,2})\s*[】\]]?\s*[月./-]\s*[【\[]?\s*(?P<d>\d{1,2})"
    r"|(?P<mon>January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|"
    r"Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.? (?P<d2>\d{1,2})(?:st|nd|rd|th)?,? (?P<y2>20\d{2})"
    r"|(?P<d3>\d{1,2})(?:st|nd|rd|th)? (?P<mon3>January|February|March|April|May|June|July|August|September|"
    r"October|November|December) (?P<y3>20\d{2})"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EFFECTIVE = re.compile(r"生效|施行|effective|in force|takes effect", re.IGNORECASE)
_PUBLISHED = re.compile(
    r"更新|发布|修订|版本|公布|最近|最新|updated|published|revised|version|posted|modified", re.IGNORECASE
)
_VERSION = re.compile(
    r"(?:版本(?:号|编号)?|version)\s*[：:为]?\s*[【\[]?\s*([vV]?\d+(?:\.\d+)*(?![\d年.-])|(?<=[：:])20\d{2}-\d{2}-\d{2})|"
    r"(?<![A-Za-z0-9])[（(]?([vV]\d+(?:\.\d+){1,3})[）)]?",
    re.IGNORECASE,
)
_HEAD = 3000

_TITLE = re.compile(
    r"(?:(?<=《)|(?<=\n)|^)([^《》\n，。：:；（）、•]{1,24}?)(?:APP|App|app|应用|软件|客户端|"
    r"平台)?(?:的)?(?:用户)?(?:隐私(?:权)?(?:保护)?(?:政策|声明|条款|协议|指引|指南|规则|权政策)|个人信息(?:保护|"
    r"处理|收集(?:和|与|及|、)?使用)(?:政策|规则|声明)|Privacy (?:Policy|Notice|Statement))",
    re.IGNORECASE,
)
_LABELLED_APP = re.compile(
    r"(?:^|(?<=\n)|(?<=[。；，]))(?:应用|产品|软件|APP|平台)(?:程序)?(?:的)?名称[^\S\n]*[：:][^\S\n]*[“「《]?([^\s“”「」《》，。；（(：:]{1,30})",
    re.IGNORECASE,
)
_NAMED_APP = re.compile(
    r"[“\"「]([^“”\"「」，。]{1,20})[”\"」]?(?:APP|App|app|应用|软件|客户端|及相关服务|平台)|"
    r"欢迎(?:您)?使用[“「《]?([^”」》，。！“]{1,20})[”」》，。！]|"
    r"感谢您?使用[“「《]?([^”」》，。！“]{1,20})[”」》，。！]|Privacy Policy (?:for|"
    r"of) (?:the )?([A-Z][\w .-]{1,30})"
)
_NOT_AN_APP = re.compile(
    r"^(?:如|则|但|当|就|并|除|均|为|具体|了解|适用|优先|单独|一、|八、|\d)|^(?:本|我们|您|的|用户|隐私|最新|该|"
    r"此|关于|儿童|更新|单独|当本|就本|the|this|our|我们的)$|我们|本(?:隐私|政策|应用)|《|以下|特别|更新|儿童|"
    r"未成年|同意|第三方|阅读|关于"
)

_ADDRESS = re.compile(
    r"(?:(?:注册|联系|通[讯信]|邮寄|办公|公司|常用办公|收件|寄送|邮政)?地址|邮寄(?:至|到)|寄送至|"
    r"住所(?:地)?)(?:下列地址|如下)?(?:\s*[为是：:]+\s*|"
    r"\n)(?P<zh>[\u4e00-\u9fffA-Za-z0-9（）()\-－—#,，、 ]{6,80}?)(?=[。；\n]|，(?:邮编|联系|电话|邮箱|收件)|（收|"
    r"$)"
    r"|(?:address|mail(?:ed)? to)\s*(?:is)?\s*[:：]?\s*(?P<en>[A-Z0-9][\w ,.#'-]{10,100}?(?:China|P\.R\.C\.|PRC|"
    r"USA|Singapore|\d{5,6}))"
)
_REGION = re.compile(r"省|市|区|县|路|街|号|楼|室|Road|Street|District|Room|Building|Avenue")
_IN_APP = re.compile(
    r"(?:反馈|客服|联系我们|在线咨询|帮助中心|意见|support|feedback|help|customer service)", re.IGNORECASE
)
# Where to read on is no way to reach anybody.
_POINTER = re.compile(r"章节|第[一二三四五六七八九十\d]+[章节条部]|“[^“”]*联系[^“”]*”[^，。；]{0,4}[章一节所中]")
_REACH = re.compile(r"联系|反馈|咨询|投诉|contact|reach|feedback", re.IGNORECASE)


def read_operator(reading: Reading, contexts: Contexts, used: set[int]) -> PolicyOperator:
    name = _name(reading, contexts, used)
    span = reading.span(*name[1]) if name else None
    return PolicyOperator(name[0] if name else None, _contacts(reading, contexts, used), span)


def _name(reading: Reading, contexts: Contexts, used: set[int]) -> tuple[str, tuple[int, int]] | None:
    """The company the rules most clearly call 我们 or the operator; else a person named as operator."""
    scores: Counter[str] = Counter()
    places: dict[str, tuple[int, int]] = {}
    for one in _COMPANY.finditer(reading.text):
        context = contexts.at(one.start())
        line = context.sentence.line
        if line.number in used and not _RUNS_BEFORE.search(reading.text[max(0, one.start() - 16) : one.start()]):
            continue
        name = _without_lead_in(one[0])
        if len(name) < 5 or (one["zh"] and re.search(r"我们|您|第三方|其他|任何|以及|包括|公司[的与]", name)):
            continue
        start = one.end() - len(name)
        before, after = reading.text[max(line.start, start - 24) : start], reading.text[one.end() : one.end() + 60]
        score = 0
        score += 4 * bool(_CALLED_WE.search(after))
        score += 3 * bool(_RUNS_BEFORE.search(before))
        score += 2 * bool(_RUNS.search(re.split(r"[。；\n]", after[:24])[0]))
        score += one.start() < _HEAD
        score += context.section.topic == "contact"
        score -= 3 * (context.section.topic in ("share", "permission") or bool(_OTHERS.search(before)))
        # 北京市某某仲裁委员会 is named for other reasons.
        if score >= (1 if one["en"] or _LEGAL.search(name) else 3):
            scores[name] = max(scores[name], score)
            places.setdefault(name, (start, one.end()))
    if scores:
        name = max(scores, key=lambda key: (scores[key], -places[key][0]))
        return name, places[name]
    for one in _PERSON.finditer(reading.text):
        if contexts.at(one.start()).sentence.line.number not in used:
            return one[1].strip('”“"'), one.span(1)
    return None


def _without_lead_in(words: str) -> str:
    """The name at the end of what was matched."""
    leads = list(_LEAD_IN.finditer(words))
    name = words[leads[-1].end() :] if leads else _VERB.sub("", words)
    return _OPENED.sub("", name).strip('（(“" 为是：:')


def _contacts(reading: Reading, contexts: Contexts, used: set[int]) -> tuple[Stated, ...]:
    found: dict[str, Stated] = {}

    def add(value: str, start: int, end: int, conf: float) -> None:
        found.setdefault(value, Stated(value, reading.span(start, end), conf))

    for pattern in (MAIL, PHONE, _ADDRESS):
        for one in pattern.finditer(reading.text):
            context = contexts.at(one.start())
            if context.sentence.line.number in used or _of_others(reading, context.sentence.line.number):
                continue
            if pattern is _ADDRESS:
                value, span = (one["zh"], one.span("zh")) if one["zh"] else (one["en"], one.span("en"))
                if _REGION.search(value) and not re.search(r"我们|您|信息", value):
                    add(value.strip(" ，,（("), *span, 0.85)
            else:
                line = context.sentence.line
                near = reading.text[line.start : line.end]
                said = (
                    context.section.topic == "contact"
                    or _REACH.search(near)
                    or re.search(r"邮|电话|热线|mail|phone|tel", near, re.IGNORECASE)
                )
                if pattern is MAIL or said:
                    add(
                        re.sub(r"\s", "", one[0]) if pattern is MAIL else one[0].strip(),
                        one.start(),
                        one.end(),
                        0.95 if said else 0.7,
                    )
    for line in reading.lines:
        text = reading.said(line)
        topic = reading.section_of(line).topic
        if topic in ("contact", "rights", "") and _IN_APP.search(text) and _REACH.search(text):
            for sentence in reading.sentences_in(line.start, line.end):
                words = reading.said(sentence)
                path = way(words) if _IN_APP.search(words) and _REACH.search(words) else None
                if (
                    path
                    and not MAIL.search(path)
                    and not PHONE.search(path)
                    and not _POINTER.search(path)
                    and re.search(r"客服|反馈|设置|我的|“|【|help|feedback|settings", path, re.IGNORECASE)
                ):
                    add(path, sentence.start, sentence.end, 0.75)
    return tuple(sorted(found.values(), key=lambda one: one.span.start if one.span else 0))


def _of_others(reading: Reading, number: int) -> bool:
    """Whether a line belongs to a list of third parties, whose contacts are not the operator's."""
    document = reading.document_of(reading.lines[number])
    return document is not None and document.kind in ("sdk_list", "sharing_list")


def read_dates(reading: Reading) -> tuple[str | None, str | None]:
    """The dates of publication and of effect, as ISO dates: those near the top first, then at the end."""
    published: str | None = None
    effective: str | None = None
    ends = (one for one in reading.policy.documents if one.kind == "rules")
    main = next(ends, None)
    for one in _DATE.finditer(reading.text):
        if (
            main
            and reading.policy.documents
            and reading.document_at(reading.span(one.start(), one.end()).start) != main.name
        ):
            continue
        value = _iso(one)
        if value is None:
            continue
        line = reading.sentence_at(one.start()).line
        before = reading.text[max(line.start, one.start() - 24) : one.start()]
        after = re.split(r"[，。；,;]", reading.text[one.end() : min(line.end, one.end() + 16)])[0]
        if re.search(r"首次|成立|法|条例|规定|原|上一", before.rpartition("，")[2]) or re.search(r"首次", after):
            continue
        said = before.rpartition("，")[2]
        effect, publish = _EFFECTIVE.search(said), _PUBLISHED.search(said)
        if not effect and not publish:
            effect, publish = _EFFECTIVE.search(after), _PUBLISHED.search(after)
        if not effect and not publish and line.end - line.start <= 16 and line.number:
            above = reading.said(reading.lines[line.number - 1])
            if len(above) <= 16:
                effect, publish = _EFFECTIVE.search(above), _PUBLISHED.search(above)
        if effect and effective is None:
            effective = value
        if publish and published is None:
            published = value
    return published, effective


def _iso(found: re.Match[str]) -> str | None:
    if found["y"]:
        parts = found["y"], found["m"], found["d"]
    else:
        month = (found["mon"] or found["mon3"])[:3].lower()
        parts = found["y2"] or found["y3"], str(_MONTHS.index(month) + 1), found["d2"] or found["d3"]
    try:
        return date(*(int(part) for part in parts)).isoformat()
    except ValueError:
        return None


def read_version(reading: Reading) -> str | None:
    """The version of the rules, as it stands near their top or end."""
    for part in (reading.text[:_HEAD], reading.text[-_HEAD:]):
        for one in _VERSION.finditer(part):
            around = part[max(0, one.start() - 8) : one.start()].rpartition("\n")[2]
            if not re.search(r"系统|安卓|android|ios|sdk|操作|软件|应用|浏览器|tls|http", around, re.IGNORECASE):
                return one[1] or one[2]
    return None


def read_app_names(reading: Reading) -> tuple[Stated, ...]:
    """Names of the app: behind a label, from titles, and where the rules put it in quotation marks."""
    found: dict[str, Stated] = {}
    for pattern, conf in ((_LABELLED_APP, 0.95), (_TITLE, 0.9), (_NAMED_APP, 0.75)):
        for one in pattern.finditer(reading.text, 0, _HEAD):
            group = next(index for index in range(1, (one.lastindex or 0) + 1) if one[index])
            name = one[group].strip('“”"【】 ')
            if len(name) < 2 or _NOT_AN_APP.search(name):
                continue
            found.setdefault(name, Stated(name, reading.span(*one.span(group)), conf))
    return tuple(found.values())


def read_language(reading: Reading) -> str:
    """ "zh" or "en": the script that carries the text."""
    text = reading.text[:200_000]
    chinese = len(re.findall(r"[\u4e00-\u9fff]", text))
    # An English word has about five letters where Chinese has two characters.
    return "zh" if chinese * 2.5 >= len(re.findall(r"[A-Za-z]", text)) else "en"
