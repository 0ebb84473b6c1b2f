"""What a sentence does with the personal information it names: collect or deny, who, what for, in which function."""

import re
from dataclasses import dataclass
from functools import cached_property

from hegui.readers.policy.statements.mentions import named_sdks, recipient_pattern
from hegui.readers.policy.statements.reading import Reading, Section, Sentence

_VERBS = (
    "收集|采集|获取|获得|读取|访问|上传|回传|存储|储存|保存|记录|留存|缓存|共享|分享|提供|出售|出租|披露|转让|"
    "传输|泄露|扫描|监听|窃取|交换|公开|截取|抓取|(?<=[会不行您])(?:录音|录像|录屏|拍照)|(?<=会)定位(?!于)"
)
_ACTS = {
    "share": re.compile(
        r"共享|分享|提供给|出售|出租|披露|转让|泄露|交换|公开|向|与|给|shar|sell|disclos|rent|transfer"
    ),
    "upload": re.compile(r"上传|回传|传输|upload|transmit|send"),
    "store": re.compile(r"存储|储存|保存|留存|缓存|store|retain|keep|sav"),
}
_NEGATION = re.compile(
    r"(?P<not>并?不会|绝?不会|(?<![如若得])不(?!仅|限|同|断|再|限于|得不|可避免|仅限|论|管|时|影响|变|便|良|当|"
    r"妨)|从未|从不|绝不|决不|并未|未曾|均不|亦不|也不)"
    # 不会将收集的信息…: what is done to it comes after.
    rf"(?P<between>[^，。；！\n]{{0,40}}?)(?P<verb>{_VERBS})(?![到来]?的)"
)
_NEGATION_EN = re.compile(
    r"\b(?:we|app|it|which)?\s*(?P<not>do not|does not|don't|doesn't|will not|won't|never|shall not|"
    r"did not)\s+(?P<between>[^.;]{0,30}?)\b"
    r"(?P<verb>collect|access|read|obtain|gather|upload|store|retain|keep|share|sell|disclose|rent|transfer|"
    r"transmit|record|save)\w*"
)
_OF_USER = re.compile(r"(您|你|用户|如|若|如果|倘若|选择|拒绝|if you|you)[^，。；我]{0,10}$")
_CONDITION = re.compile(
    r"未经|通常(?:情况下)?|一般(?:情况下|而言)?|原则上|(?:如果?|若|当|倘若)(?:您|你|用户)(?:未|不|没)|"
    r"除[^。；]{2,80}外|未获|未取得|未征得|未得到|没有[^，。]{0,12}(同意|许可|授权)|在?未[^，。]{0,12}(同意|许可|"
    r"授权)|除非|除(?:了|法律|本|以下|上述|非|下列|另|经|得到|获得|事先|依法|前述|为)|以外|之外|除外|以下情况|"
    r"以下情形|下列情[况形]|超出|超范围|无关的?|不必要|额外|多余|(撤回|关闭|取消|注销|拒绝|卸载|"
    r"停止)[^，。]{0,20}(后|的|，)|否则|模式下|(?:停止|不再)(?:收集|处理)|without (your|the user's|obtaining|"
    r"user)|unless|except|other than|if you (withdraw|refuse|decline|do not)|unrelated|beyond|any more than|"
    r"more than"
)
_WITH_CONDITION_AFTER = re.compile(
    r"^[^。；！]{0,80}?(除非|除外|以外|之外|情形外|情况外|例外|但[^。]{0,10}除|unless|except)"
)

# 不会在后台获取 denies one way of it, and leaves open that it is done in another. 不会主动收集 is a denial (R02): what an
# SDK then does is shown beside it.
_LIMITED = re.compile(r"后台|静默|暗中|私自|秘密|频繁|持续|长期|永久|一直|实时|in the background|continuously")
# 不会因您同意而一揽子收集 denies the way, not the collecting.
_NOT_DENIED = re.compile(
    r"仅因|强制|捆绑|一揽子|过度|只|仅(?!限)|不需要时|不必要|影响|擅自|非法|非常规|违规|跨境|境外|cookie"
)
_BY_APP = re.compile(r"(?:我们|本应用|本软件|app|平台|公司)[^，。；您]{0,12}$")
_SAID_OF_OTHERS = re.compile(
    r"本身|sdk[^。；我]{0,80}$|(?:权限|功能)[^，。；我]{0,8}$|(?:第三方|合作|服务商|供应商|商家|他们|"
    r"其)[^，。；我]{0,14}$"
)
# How far back the subject of a denial is looked for.
_NEAR = 100
_CLAUSE_END = re.compile(r"[，。；！,;.](?!\d)")
_GOES_ON = re.compile(
    r"\s*(?:例如|如(?![您果需未用])|包括|比如|诸如|也不|亦不|或者|以及|such as|including|e\.g|nor|or )"
)

_COLLECTS = re.compile(
    r"收集|采集|获取|获得|读取|访问|调用|记录|上传|提供|提交|填写|输入|使用|需要|存储|保存|处理|共享|传输|授权|"
    r"上报|接收|披露|展示|留存|登记|绑定|验证|包括|涉及|关联|扫描|录入|开启|分享|传递|发送|匹配|识别|交换|同步|"
    r"分析"
    r"|collect|obtain|access|receiv|record|provid|gather|process|stor|shar|us(e|es|ed|ing)\b|request|ask|submit|"
    r"enter|includ|read|upload|log|transfer|disclos"
)
_COLLECTS_STRONG = re.compile(
    r"(我们|本应用|本软件|app|sdk|平台|公司|系统)?[^，。；]{0,12}(收集|采集|获取|读取|记录)|(需要|要求|须|请)(您|"
    r"你|用户)?[^，。；]{0,8}(提供|填写|输入|上传|提交)|验证(您|你)|我们(会|将)?(核验|验证)"
    r"|\b(we|app|it|they)\b[^.;]{0,30}\b(collect|obtain|gather|access|record|read|receive)|you (need|have|"
    r"are required|must)[^.;]{0,15}provide|ask you (for|to)"
)
_DEFINITION = re.compile(
    r"(信息|数据|sdk|cookie|账号|标识符?|地址|设备|权限)[”\"』」]?[^，。；]{0,10}[，,：:]?(是指|指的是|系指|意指|"
    r"即指|是(?:由|一[种串个])|：?指(?!定|示|引|导|纹|令|出|南|派|标))|\b(means|refers to|is defined as)\b"
)
_INVOLVES = re.compile(r"(本政策|本隐私政策|我们|本应用|本协议|本指引|本app)[^，。；]{0,8}(涉及|收集|处理|使用)")
_ADVICE = re.compile(
    r"请(您|你)?(务必)?(不要|勿|妥善|谨慎|注意保[护管]|避免|慎重)|切勿|透露|告知他人|泄露给|强烈建议|不要(将|把|"
    r"向|轻易|在)|公开分享|please (do not|don't|keep|be careful|safeguard)"
)
_BY_USER = re.compile(
    r"(您|你|用户)(有权|可以|可|能够|能|亦可|也可|还可)[^，。；]{0,60}?"
    r"(访问|查询|查看|查阅|更正|修改|删除|更换|更改|编辑|清除|管理|关闭|撤回|导出|复制|变更|解绑|设置)"
    r"|you (can|may)[^.;]{0,30}(access|correct|delete|modify|change|update|remove|view|manage|turn off|export)"
)
_HYPOTHESIS = re.compile(
    r"(如果?|若|一旦|当)我们(发现|得知|知悉|意识到|了解到)|误收集|不慎收集|if we (learn|discover|become aware|find)"
)
_EXEMPT = re.compile(
    # What counts as sensitive, said in general, is not what is collected.
    r"^(?!.*我们).*(?:被认为是|被视为|视为|被认定为)[^，。]{0,4}敏感(?:个人)?信息|"
    r"法律意义上|不属于(您的)?个人信息|无法识别特定|单独的设备信息|单独.{0,10}无法识别|匿名化处理后"
)

# Parts in which a kind of information is named for other reasons, unless something is collected there.
_OTHER_TOPICS = ("rights", "security", "contact", "minor", "crossborder")

_QUOTED = re.compile(r"《[^《》]{1,60}》|【[^【】]{1,80}】|[“\"][^“”\"]{0,60}[-—>→/—－–][^“”\"]{0,80}[”\"]")

_PURPOSES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:^|[，。；：、）)])(?:为了|出于|为(?!准|止|例|其|此|该|主|您的|限|用户的))(?P<for>(?:(?!我们|所必|"
        r"之外)[^，。；：]){3,60}?)(?:之?目的|所必[需须])?[，,]",
        r"(?:仅|主要|将|会|可能)?(?:被)?用于(?P<for>(?!其他|任何其|本政策|未)[^。；，（)）]{2,60})",
        r"用[以来](?P<for>[^。；，（]{2,50})",
        r"(?:，|信息)?以便(?:于|我们|您)?(?P<for>[^。；，（]{2,60})",
        r"(?:这|此|其)?(?:是为了?|旨在|目的(?:是|为|在于)[：:]?|使用目的[：:])(?P<for>[^。；，（]{2,60})",
        r"(?:^|[，。；：、）)息])(?:从而|进而)?以(?P<for>(?:实现|完成|帮助|提供|保障|验证|满足|确保|改[进善]|优化|"
        r"提[升高]|确认|判断|核[验实]|防止|防范|预防|向您|为您|支持|保证|维护|识别|展示|推荐|使|助|及时|进行|协助|"
        r"增强|达到|提醒|方便|让|协)[^。；，（]{1,60})",
        r"来(?P<for>(?:实现|帮助|提供|保障|验证|判断|完成|识别|为您|向您|改善|优化|确定|核实|确认|维护|提升|展示|"
        r"统计|分析|防)[^。；，（]{1,50})",
        r"(?P<for>(?:可以|能够|将)?(?:帮助|协助|方便|便于|有助于|确保|避免|保障|防止|提升|满足)(?:您|我们|了解|"
        r"用户|为您|账号|安全|产品)[^。；，（]{2,50})",
        r"(?:为|是)(?:实现|提供|完成|使用)?(?P<for>[^。；，（]{2,25}?)(?:功能|服务)?(?:所|的)?(?<!非)必[需要须]",
        r"(?:(?<!促)使(?:得)?|(?<!转)让)(?P<for>(?:我们|您)[^。；，（]{3,50})",
        r"(?P<for>(?:向您|为您|给您|对您|与您)(?:提供|推荐|展示|推送|发送|反馈|进行|实现|匹配|联系|播放|"
        r"保留)[^。；，（]{2,50})",
        r"(?P<for>(?:完成|进行|实现|核[验实]|验证|判断|识别|防范|保护|维护|统计|分析)[^。；，（]{2,40})$",
    )
)
_NO_PURPOSE = re.compile(r"(?:不会?|不将|未|从不|并不|并非|不得)(?:将其)?(?:被|再)?(?:用于|用来|用以|为)|转让")
_PURPOSES_EN = re.compile(
    r"\b(?:in order to|so that|so as to|for the purposes? of|for purposes of|(?:is |are |be )?used? (?:it |them |"
    r"this information )?(?:to|for)"
    r"|to (?=(?:provide|enable|help|improve|verify|ensure|complete|identify|protect|deliver|process|"
    r"personali[sz]e|allow|create|register|recommend|show|support|send|display|analy[sz]e|maintain|contact|"
    r"respond|prevent|detect|let|find|sign|log|keep|scan|take|remember|store|save|play|record|receive|search|"
    r"navigate|open|publish|upload|manage|fulfil|make|give|offer|calculate|count|match|check|confirm|determine|"
    r"comply|understand|measure|run|operate|perform)\b))\s*(?P<for>[^.;]{3,90})"
)
_FUNCTIONS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:当|在)?(?:您|你|用户)(?:在)?(?:首次|选择|需要|主动|希望)?(?:使用|开启|开通|进行|参与|申请|享受|参加|"
        r"体验|启用)(?:我们的?|本(?:应用|产品|软件|平台)的?|"
        r"[^，。；]{0,8}?(?:提供)?的)?(?P<what>[^，。；：（]{2,30}?)(?:等)?(?:相关)?(?:的)?(?:功能|服务|业务|"
        r"操作)?(?:时|的?过程中|后|之前|前|中)?[，,（]",
        r"(?:为了?|以|用于)(?:向您)?(?:实现|提供|完成|支持|使用)(?P<what>[^，。；]{2,24}?)(?:等)?(?:的)?(?:功能|"
        r"服务|业务)",
        r"当(?:您|你|用户)(?P<what>[^，。；：]{2,24}?)(?:的)?时[，,]",
        r"^(?:您|你|用户)(?P<what>[^，。；：]{2,24}?)(?:的)?时[，,](?:我们|本应用)(?:会|将|需)?(?:收集|获取|采集|读取|需要|要求)",
    )
)
_FUNCTION_EN = re.compile(
    r"\b(?:when|if) you (?:use|enable|choose|turn on)?\s*(?:our |the )?(?P<what>[a-z][^.;,]{2,50}?)(?: feature|"
    r" function| service)?[,]"
)
_METHOD = re.compile(
    r"(?:您|你|用户|由您|由用户)(?:[^，。；]{0,4})?(?:主动|自行|自愿|自主)(?:[^，。；]{0,6})?(?:提供|填写|上传|"
    r"输入|发布|设置|选择)|自动(?:化手段)?(?:收集|采集|获取|接收|记录)"
    r"|通过[^，。；]{2,30}(?:方式|接口|技术)?(?:收集|获取|采集|读取)|(?:经|在|获得)?您?(?:的)?(?:明示)?(?:授权|"
    r"同意)后[^，。；]{0,8}(?:收集|获取|采集|读取|访问)"
    r"|(?:需要?|须|要求|请)(?:您|你|用户)?(?:向我们|在[^，。；]{1,12})?(?:主动)?(?:提供|填写|上传|输入|提交)|"
    r"(?:您|你)(?:需要?|须|可|可以|应)(?:当)?(?:向我们|至少)?(?:主动)?(?:提供|填写|上传|输入|提交)"
    r"|(?:请求|申请|征[得求]|经|获得)(?:您|你)?(?:的)?(?:明示)?授权|调用[^，。；]{1,16}(?:接口|权限|功能)|"
    r"sdk(?:自动)?(?:采集|收集)|主动(?:提供|填写|收集)|手动(?:填写|输入|上传)"
    r"|you (?:actively |voluntarily )?(?:provide|enter|submit|fill in|upload)|automatically (?:collect|record|"
    r"receive|log)\w*|with your (?:permission|consent|authori[sz]ation)|"
    r"through (?:the )?[a-z ]{3,30} (?:permission|api|interface|sdk)"
)
_NECESSITY = re.compile(
    r"必要|必需|必须|所需|不可或缺|需要(?:您|收集|获取|使用)|才能|无法(?:实现|完成|为您|向您)|"
    r"根据[^，。；]{0,20}(?:法律|法规|规定|要求)|依据[^，。；]{0,12}(?:法律|法规)|为了|是为|用于|以便|"
    r"基于[^，。；]{2,24}(?:要求|需要)|necessary|required|needed|in order to|essential|need (?:it|this|your)"
)
_IMPACT = re.compile(
    r"(?:如|若|如果|倘若|一旦|当)?(?:您|你|用户)?(?:选择)?(?:拒绝|不同意|不提供|不授权|未提供|不开启|关闭|"
    r"不同意提供|未授权|不愿|取消|不上传|不填写|撤回)[^。；]{0,60}?(?:无法|不能|影响|受限|导致|不会|仅|仍|将不|"
    r"依然|不再|才能)[^。；]{0,60}"
    r"|(?:一旦)?(?:泄露|泄漏|非法提供|滥用|非法使用|被冒用)[^。；]{0,80}(?:可能|会|容易|导致|危害|损害|侵害|"
    r"风险)[^。；]{0,60}|对(?:您|用户)?(?:的)?(?:个人)?权益(?:的)?影响[^。；]{0,80}|拒绝提供[^。；]{0,60}|"
    r"(?:仅)?会?(?:使|导致)您?无法[^。；]{2,50}|不影响您?[^。；]{2,40}(?:使用|服务|功能)"
    r"|if you (?:refuse|decline|do not|don't|choose not)[^.;]{3,120}|(?:leak|misuse|disclosure|"
    r"breach)[^.;]{0,60}(?:may|could|can)[^.;]{3,80}|without (?:it|this|them)[^.;]{3,80}|impact on (?:you|"
    r"your rights)[^.;]{0,80}"
)
_SUBJECT = r"(?:^|[，。；：、\n]|由|而|且|如|若|时，|并由|和|将由|委托)"
_TAKES = re.compile(r"[^，。；我]{0,22}?(?:收集|采集|获取|读取|获知|使用|访问|collect|obtain|access|receiv|process)")
_SDK_TAKES = re.compile(r"[^。；]{0,60}?(?:收集|采集|获取|读取|collect|obtain|access)")
_GIVES = re.compile(
    r"共享|提供|披露|传输|转让|委托|分享|交给|发送|同步|比对|传递|给予|告知|上报|交换|shar|disclos|provid|"
    r"transfer|send|sell|transmit|entrust"
)
# What is given: between 将 and the verb, or after the verb and the one it is given to.
_GIVEN = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:将|把)(?!会)(?P<what>[^；。]{1,160}?)(?:共享|提供|披露|传输|转让|分享|交给|发送|同步|传递|给予|交换)",
        r"(?:向|(?<!参)与|给|同|和|至)(?!您|你)[^，。；您]{1,40}?(?:共享|提供(?!方|商|者|的)|披露|传输|转让|分享|"
        r"发送|同步|传递|交换)(?P<what>[^；。]{1,200})",
        r"\b(?:shar|disclos|provid|transfer|send|sell|transmit)\w*\s(?P<what>[^.;]{1,160}?)\b(?:with|to)\b",
        r"\b(?:shar|disclos|provid|transfer)\w*\s(?:with|to)\s[^.;,]{1,40}(?P<what>[^.;]{1,160})",
    )
)
_TAKEN = re.compile(r"收集|获取|采集|读取|记录|我们(?:会|需|可能|将)|您(?:需|须|可|要)|需要您|collect|obtain")
_NOT_A_NAME = re.compile(r"^(?:该|此|本|我们|您|上述|前述|前文|其|相关|有关|一|所|各|某|这|什么)+")
_BEFORE_NAME = re.compile(r".*(?:我们|委托|提供给|共享给|[向与给由和同至将把])(?=[^向与给由]{4,})")
_COMPANY = re.compile(
    r"[\u4e00-\u9fff（）()a-zA-Z]{2,24}?(?:有限责任公司|股份有限公司|有限公司|集团公司)|"
    r"[“\"][^“”\"]{2,12}[”\"](?=sdk|收集|将|会)"
)


@dataclass(frozen=True, slots=True)
class Denial:
    """A stretch that denies: [start, end) in Reading.text is what is denied. `firm` is False under a condition."""

    act: str
    verb: int
    start: int
    end: int
    firm: bool


class Context:
    """A sentence of rules with all that can be asked of it; each answer is found once. Offsets count in Reading.text."""

    def __init__(self, reading: Reading, sentence: Sentence) -> None:
        self.reading = reading
        self.sentence = sentence
        self.text = reading.folded[sentence.start : sentence.end]
        self.section: Section = reading.section_of(sentence.line)

    @cached_property
    def lead(self) -> "Context | None":
        lead = self.sentence.lead
        return None if lead is None else Context(self.reading, self.reading.sentences[lead])

    @cached_property
    def denials(self) -> tuple[Denial, ...]:
        found = []
        conditional = _CONDITION.search(self.text)
        goes_on_below = self.text.rstrip().endswith(("：", ":"))
        for one in (*_NEGATION.finditer(self.text), *_NEGATION_EN.finditer(self.text)):
            start = one.start("not")
            near = self.text[max(0, start - _NEAR) : start]
            if _OF_USER.search(near) or _SAID_OF_OTHERS.search(near) or _NOT_DENIED.search(one["between"]):
                continue
            if one["not"] == "不" and one["verb"] == "提供" and not _BY_APP.search(near):
                # 不提供上述信息将无法…: it is the user who does not.
                continue
            end = self._clause_end(one.end())
            act = next(
                (name for name, pattern in _ACTS.items() if pattern.search(one["verb"])),
                "share" if _shares(one["between"], one["verb"], self.text[one.end() : end]) else "collect",
            )
            firm = not (
                goes_on_below
                or (conditional and conditional.start() < end)
                or _LIMITED.search(one[0])
                or _WITH_CONDITION_AFTER.match(self.text[one.end() : one.end() + 2 * _NEAR])
            )
            offset = self.sentence.start
            found.append(Denial(act, offset + one.start("verb"), offset + start, offset + end, firm))
        return tuple(found)

    def _clause_end(self, position: int) -> int:
        """The end of the clause; what follows with 例如 or 也不 belongs to it."""
        for stop in _CLAUSE_END.finditer(self.text, position):
            if stop[0] not in "，," or not _GOES_ON.match(self.text, stop.end()):
                return stop.start()
        return len(self.text)

    def denied(self, position: int) -> bool:
        """Whether what is named here is denied, under a condition or not."""
        return any(one.start <= position < one.end for one in self.denials)

    @cached_property
    def quoted(self) -> tuple[tuple[int, int], ...]:
        """Names of documents, and paths through menus."""
        return tuple(
            (self.sentence.start + one.start(), self.sentence.start + one.end()) for one in _QUOTED.finditer(self.text)
        )

    @cached_property
    def confidence(self) -> float:
        """How sure it is that what the sentence names is collected, used or shared: 0 where it is not."""
        text, topic = self.text, self.section.topic
        if _ADVICE.search(text) or _EXEMPT.search(text):
            return 0.0
        if _DEFINITION.search(text) and not _INVOLVES.search(text) and "我们" not in text:
            return 0.0
        strong = _COLLECTS_STRONG.search(text) or (self.lead is not None and _COLLECTS_STRONG.search(self.lead.text))
        if topic in ("definition", "exempt", "change"):
            return 0.0
        if topic in _OTHER_TOPICS:
            return 0.8 if strong and not _HYPOTHESIS.search(text) and not _BY_USER.search(text) else 0.0
        if _HYPOTHESIS.search(text):
            return 0.0
        if _BY_USER.search(text) and not strong:
            return 0.0
        if strong:
            return 1.0
        if topic == "" and self.reading.has_topics:
            return 0.0
        if _COLLECTS.search(text) or (self.lead is not None and _COLLECTS.search(self.lead.text)):
            return 0.9
        if topic in ("collect", "share", "permission", "cookie"):
            return 0.75
        return 0.0

    def confidence_at(self, position: int) -> float:
        """The same for one word: in a part about something else it must stand behind the verb of collecting."""
        if self.section.topic in _OTHER_TOPICS and self.confidence:
            verb = _COLLECTS_STRONG.search(self.text)
            if verb and position < self.sentence.start + verb.start():
                return 0.0
        return self.confidence

    @cached_property
    def purpose(self) -> str | None:
        """What it is for, in the words of the rules."""
        for pattern in _PURPOSES:
            for found in pattern.finditer(self.text):
                if not _NO_PURPOSE.search(self.text, max(0, found.start() - 8), found.start("for")):
                    return self._own(found, "for")
        english = _PURPOSES_EN.search(self.text)
        return self._own(english, "for") if english else None

    @cached_property
    def function(self) -> str | None:
        """The function it speaks of (当您使用……时)."""
        for pattern in (*_FUNCTIONS, _FUNCTION_EN):
            if found := pattern.search(self.text):
                name = self._own(found, "what").strip('“”"「」『』【】《》 ')
                if 2 <= len(name) <= 50:
                    return name
        return None

    @cached_property
    def method(self) -> str | None:
        found = _METHOD.search(self.text)
        return self._own(found, 0) if found else None

    @cached_property
    def necessity(self) -> str | None:
        """The sentence, if it says why something is needed."""
        return self._said() if _NECESSITY.search(self.text) or self.purpose else None

    @cached_property
    def impact(self) -> str | None:
        """The words on what it means for the user, if something is given, refused or lost."""
        found = _IMPACT.search(self.text)
        return self._own(found, 0) if found else None

    @cached_property
    def _recipients(self) -> tuple[tuple[int, int, str], ...]:
        found: list[tuple[int, int]] = []
        for pattern in (_COMPANY, recipient_pattern()):
            for one in pattern.finditer(self.text):
                start = one.start() + (lead.end() if (lead := _BEFORE_NAME.match(one[0])) else 0)
                if not any(first < one.end() and start < last for first, last in found):
                    found.append((start, one.end()))
        return tuple(sorted((start, end, self._name(start, end)) for start, end in found))

    @cached_property
    def takers(self) -> tuple[tuple[int, str], ...]:
        """Who takes information itself (第三方支付机构会收集……): from which offset on, and the name."""
        found = []
        for start, end, name in self._recipients:
            before = self.text[max(0, start - 8) : start]
            takes = _TAKES.match(self.text, end)
            subject = re.search(_SUBJECT + r"[^，。；：我您]{0,6}$", before) or start == 0
            given = re.search(
                r"(?:向|(?<!参)与|给|从|自|和|同|至|于)[^，。；]{0,6}$|我们(?:和|与|及|或|以及)[^，。；]{0,16}$",
                self.text[max(0, start - 24) : start],
            )
            if takes and subject and not given:
                found.append((self.sentence.start + start, name))
        written = self.reading.text[self.sentence.start : self.sentence.end]
        for start, end in named_sdks(written):
            if (takes := _SDK_TAKES.match(self.text, end)) and "我们" not in takes[0]:
                found.append((self.sentence.start + start, written[start:end].strip()))
        return tuple(sorted(found))

    @cached_property
    def receivers(self) -> tuple[str, ...]:
        """Who is given information (将……共享给……)."""
        if not _GIVES.search(self.text):
            return ()
        found = []
        for start, _, name in self._recipients:
            before = self.text[max(0, start - 30) : start]
            given = re.search(
                r"(?:向|(?<!参)与|给|和|同|至|予|由|委托|对)(?!您|你)[^，。；：]{0,24}$", before
            ) or re.search(r"\b(?:with|to)\b[^.;]{0,30}$", before)
            if given and not re.search(r"(?:从|来自|接受|收到)[^，。；]{0,6}$", before) and _GIVES.search(self.text):
                found.append(name)
        return tuple(dict.fromkeys(found))

    @cached_property
    def gives(self) -> bool:
        return _GIVES.search(self.text) is not None

    def actor(self, position: int) -> str:
        """Who gets what is named at a place: "app", or the name of a recipient."""
        taker = next((name for start, name in reversed(self.takers) if start < position), None)
        if taker:
            return taker
        if self.receivers and self.section.topic not in ("rights",) and self._object_of_giving(position):
            return self.receivers[0]
        return "app"

    def _object_of_giving(self, position: int) -> bool:
        """Whether the place is between 将 and the verb of giving, or after both."""
        at = position - self.sentence.start
        for pattern in _GIVEN:
            for one in pattern.finditer(self.text):
                if one.start("what") <= at < one.end("what") and not _TAKEN.search(self.text, one.start("what"), at):
                    return True
        return False

    def _name(self, start: int, end: int) -> str:
        at = self.sentence.start
        name = _NOT_A_NAME.sub("", self.reading.text[at + start : at + end].strip('“”"'))
        after = re.match(r"[（(]([^（()）]{2,20})[）)]", self.text[end : end + 24])
        if after and not re.search(r"以下|简称|^如|例如|等$|包括|含", after[1]):
            return f"{name}（{self.reading.text[at + end + 1 : at + end + after.end() - 1]}）"
        return name

    def _own(self, found: re.Match[str], group: str | int) -> str:
        start, end = found.span(group)
        return self.reading.text[self.sentence.start + start : self.sentence.start + end].strip("，,：: \n")

    def _said(self) -> str:
        return self.reading.text[self.sentence.start : self.sentence.end].strip()


class Contexts:
    """The contexts of a reading, each made once."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._made: dict[int, Context] = {}

    def at(self, position: int) -> Context:
        return self.of(self._reading.sentence_at(position))

    def of(self, sentence: Sentence) -> Context:
        if sentence.number not in self._made:
            self._made[sentence.number] = Context(self._reading, sentence)
        return self._made[sentence.number]


def _shares(between: str, verb: str, after: str) -> bool:
    """向第三方提供 is sharing, 提供 alone is not; nor is 向您提供."""
    if verb not in ("提供", "provide", "传输"):
        return False
    return bool(re.search(r"(?:向|给|与|对)(?!您|你)", between) or re.search(r"给(?!您|你)", after[:4]))
