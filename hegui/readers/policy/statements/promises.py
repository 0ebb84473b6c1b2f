"""What rules say on complaints, minors, personalisation and changes of the rules themselves."""

import re

from hegui.facts.policy import Stated
from hegui.readers.policy.statements.context import Contexts
from hegui.readers.policy.statements.reading import Reading, Sentence
from hegui.readers.policy.statements.ways import MAIL, PHONE, contacts_in, way

_LIMIT = re.compile(
    r"(?:\d{1,3}|[一二三四五六七八九十]{1,3})[】\]]?\s*(?:个)?(?:工作日|自然日|日|天|小时|business days|"
    r"working days|calendar days|days|hours)(?:之?内|以内)?"
)
_COMPLAINT = re.compile(r"投诉|举报|申诉|complain|grievance")
_QUESTION = re.compile(r"疑问|意见|建议|问题|咨询|反馈|question|comment|concern|inquir|feedback")
_ANSWER = re.compile(r"回复|答复|处理|反馈|响应|回应|解决|审核|respon|repl|answer|handl|resolv")
_TO_AUTHORITY = re.compile(r"监管部门|网信|工信|消费者协会|法院|公安|工商|authority|regulator|court")

_AGE = re.compile(
    r"(?:不满|未满|低于|小于|未达到?|年龄在|under|below|younger than|less than)?\s*(?:the age of )?(?P<n>14|16|18|"
    r"13|十四|十六|十八)\s*[】\]]?\s*(?:周?岁|years?|years? old)?(?:（[^（）]*）)?(?:以下|及以下|or under)?"
)
_MINOR = re.compile(r"未成年|儿童|周岁|minor|child|under the age|under 1[3468]")
_GUARDIAN = re.compile(r"(?:监护人|父母|家长|guardian|parent)")
_CONSENT = re.compile(r"同意|授权|consent|permission|陪同|指导|阅读|agree")
_RULES_FOR_MINORS = re.compile(
    r"《[^《》]{0,24}(?:儿童|未成年|青少年)[^《》]{0,24}》|(?:children|minors)['’]?s? (?:privacy|"
    r"personal information)[^.;]{0,20}(?:policy|rules|notice)"
)

# That the rules themselves give the channel, whatever part they stand in.
_CHANNEL = re.compile(r"(?:投诉|举报)[^。；，]{0,6}(?:渠道|邮箱|电话|热线|方式|途径|信箱)")
_PERSONAL = re.compile(
    r"个性化|定向推送|精准推送|定向推荐|精准推荐|自动化决策|用户画像|算法推荐|猜你喜欢|千人千面|程序化广告|"
    r"推荐您可能感兴趣|可能感兴趣|personali[sz]|targeted ad|interest-based|automated decision|recommendation|"
    r"profil(?:e|ing)"
)
_OFF = re.compile(
    r"关闭|退出|取消|拒绝|停用|不感兴趣|屏蔽|退订|选择不|管理|turn(?:ed)? off|opt[- ]out|disable|switch off|unsubscribe"
)
_CLOSES = re.compile(r"关闭|退出|不感兴趣|屏蔽|turn|disable|opt")
_BY_NAME = re.compile(r"个性化|定向|精准|自动化决策|personali|targeted|interest-based|automated")
# Before 个性化: it is not done. 不再 speaks of what comes after it is turned off, 您不使用 of the user.
_NOT_DONE = re.compile(
    r"(?<![您你])(?:(?:并|从|绝)?不(?:会|将|进行|提供|开展|使用|采用|含|包含|涉及|基于|利用|存在)|[未没](?:有)?(?:进行|提供|开展|使用|"
    r"采用)|(?:do|does|will) not|don't|doesn't|never)(?:[^，。；.;您]|[向为给对]您){0,30}$"
)
_CONDITIONAL = re.compile(r"如果|如您|若|倘若|当您|除非|未经|后，|\b(?:if|unless|without|when)\b")
_ALTERNATIVE = re.compile(
    r"非个性化|不针对(?:您|其|用户)?(?:的)?个人特征|不基于(?:您|用户)?的?个人|普遍推送|无差别|(?:内容)?热度|"
    r"非定向|相关度(?:会|将)?(?:降低|下降|较低)|相关性(?:会|将)?降低|不(?:会)?减少|仍(?:然)?(?:会|将)?(?:看到|"
    r"展示|向您展示|收到)|默认排序|non-personali[sz]ed|not (?:based on|targeted)|less relevant|still see"
)

_CHANGE = re.compile(r"更新|变更|修订|修改|调整|变化|变动|chang|updat|revis|modif|amend")
_RULES_CHANGE = re.compile(
    r"(?:政策|声明|条款|协议|规则|指引)[^，。；]{0,10}(?:更新|变更|修订|修改|调整|变化|变动)|(?:更新|变更|修订|"
    r"修改)(?:后的)?[^，。；]{0,8}(?:政策|声明|条款|协议|规则|指引)|(?:chang|updat|revis|modif|"
    r"amend)[^.;]{0,40}(?:policy|notice|statement)|(?:policy|notice|statement)[^.;]{0,40}(?:chang|updat|revis|"
    r"modif|amend)"
)
_TELLS = re.compile(
    r"通知|公告|弹窗|推送|提示|公示|告知|发布|邮件|站内信|私信|展示|提醒|公布|notif|inform|announce|post|pop-?up|"
    r"email|display|prominent"
)
_NOT_TOLD = re.compile(r"不(?:再|会)?(?:另行|单独)?(?:通知|告知)|无需(?:另行)?通知|without (?:prior |further )?notice")
_AGREE_AGAIN = re.compile(
    r"(?:重新|再次|另行|再度|再)[^，。；]{0,8}(?:征[得求]|取得|获得|获取|征询|向您)?[^，。；]{0,12}(?:同意|授权)|"
    r"未经您[^，。；]{0,8}同意[^。；]{0,16}不会[^。；]{0,8}(?:削减|减少|限制|降低|缩减)|(?:同意|"
    r"确认)(?:并)?[^，。；]{0,8}(?:更新后|变更后|修改后|修订后|新的)[^，。；]{0,20}|(?:obtain|seek|ask for|"
    r"request)[^.;]{0,20}consent(?: again)?|consent again|re-?consent|without your (?:explicit |"
    r"express )?consent[^.;]{0,30}(?:not|never)"
)
_DEEMED = re.compile(
    r"继续使用[^。；]{0,30}(?:视为|即表示|表示|代表|意味)|视同|continue to use[^.;]{0,40}(?:deemed|agree|accept|"
    r"constitute)|continued use"
)


def read_complaint(reading: Reading, contexts: Contexts) -> dict[str, Stated]:
    """The `channel` for complaints about personal information and the promised `limit`, as written."""
    channel: tuple[int, Stated] | None = None
    limit: tuple[int, Stated] | None = None
    for sentence in _with(reading, _COMPLAINT, _QUESTION, _ANSWER):
        context = contexts.of(sentence)
        topic = context.section.topic
        elsewhere = topic in ("collect", "share", "use", "minor", "permission", "cookie")
        if topic in ("definition", "exempt") or (elsewhere and not _CHANNEL.search(context.text)):
            continue
        text = reading.said(sentence)
        complains = bool(_COMPLAINT.search(context.text))
        asks = bool(_QUESTION.search(context.text)) and (topic in ("contact", "rights") or contacts_in(text))
        # A heading only says that what is below it is about complaints.
        rank = 2 * complains + asks + (topic == "contact") - 3 * (sentence.line.kind == "heading")
        if (complains or asks) and not (_TO_AUTHORITY.search(context.text) and not MAIL.search(text)):
            told = _address(reading, sentence)
            if told and (channel is None or rank > channel[0]):
                channel = rank, Stated(told, reading.span(sentence.start, sentence.end), 0.9 if complains else 0.7)
        if _ANSWER.search(context.text) and not re.search(r"注销|删除", context.text) and (found := _limit(text)):
            rank = 2 * complains + (topic == "contact") + (topic == "rights")
            if limit is None or rank > limit[0]:
                limit = rank, Stated(found, reading.span(sentence.start, sentence.end), 0.9 if complains else 0.75)
    return {key: one[1] for key, one in (("channel", channel), ("limit", limit)) if one}


def _limit(text: str) -> str | None:
    for one in _LIMIT.finditer(text.lower()):
        if not re.search(r"提前|至少|不少于|保存|留存|超过|注销", text[max(0, one.start() - 10) : one.start()]):
            return text[one.start() : one.end()].replace("】", "").replace("]", "").strip()
    return None


def _address(reading: Reading, sentence: Sentence) -> str | None:
    """The mail, phone or way in a sentence; where it ends with 如下： in the lines below it."""
    places = [reading.said(sentence)]
    line = sentence.line
    if sentence.end == line.end or places[0].rstrip().endswith(("：", ":", "（", "(")):
        places += [
            reading.said(one) for one in reading.lines[line.number + 1 : line.number + 5] if one.section == line.section
        ]
    for text in places:
        for pattern in (MAIL, PHONE):
            if found := pattern.search(text):
                return found[0]
    return next((told for text in places if (told := way(text))), None)


def read_minor(reading: Reading, contexts: Contexts) -> dict[str, Stated]:
    """The `age` below which special rules hold, the `guardian`'s consent, and the `rules` for children."""
    found: dict[str, tuple[int, Stated]] = {}

    def add(key: str, rank: int, value: str, sentence: Sentence) -> None:
        if key not in found or rank > found[key][0]:
            found[key] = rank, Stated(value, reading.span(sentence.start, sentence.end), 0.9 if rank > 1 else 0.7)

    for sentence in _with(reading, _MINOR, _GUARDIAN):
        context = contexts.of(sentence)
        if context.section.topic in ("definition", "exempt"):
            continue
        text = reading.said(sentence)
        here = context.section.topic == "minor"
        if not (here or _MINOR.search(context.text)):
            continue
        for age in _AGE.finditer(context.text):
            said = reading.text[sentence.start + age.start() : sentence.start + age.end()].strip()
            if said != age["n"]:
                add("age", (3 if age["n"] in ("14", "十四") else 1) + here, said, sentence)
        if _GUARDIAN.search(context.text) and _CONSENT.search(context.text):
            add("guardian", 1 + here + ("同意" in text or "consent" in context.text), text.strip(), sentence)
        if rules := _RULES_FOR_MINORS.search(context.text):
            add(
                "rules", 1 + here, reading.text[sentence.start + rules.start() : sentence.start + rules.end()], sentence
            )
    if "rules" not in found:
        for document in reading.policy.documents:
            if document.kind == "children":
                place = reading.sentence_at(0)
                add("rules", 2, document.title or document.name, place)
    return {key: found[key][1] for key in ("age", "guardian", "rules") if key in found}


def read_personal(reading: Reading, contexts: Contexts) -> dict[str, Stated]:
    """Whether content or advertising is `used` for one person, the `switch` to end it, and the `alternative`.

    `used` holds the words; "否" where the rules say it is not done, and nothing else in them says that it is.
    """
    found: dict[str, tuple[int, Stated]] = {}
    denied: Stated | None = None

    def add(key: str, rank: int, value: str, sentence: Sentence) -> None:
        if key not in found or rank > found[key][0]:
            found[key] = rank, Stated(value, reading.span(sentence.start, sentence.end), 0.9 if rank > 1 else 0.7)

    titled = {one.number for one in reading.sections if _PERSONAL.search(one.title.lower())}
    for sentence in _with(reading, _PERSONAL, _OFF):
        context = contexts.of(sentence)
        if context.section.topic in ("definition", "exempt", "change"):
            continue
        text = reading.said(sentence).strip()
        about = _PERSONAL.search(context.text)
        here = context.section.number in titled
        if not about and not here:
            continue
        off = _OFF.search(context.text)
        if about and _NOT_DONE.search(context.text, 0, about.start()):
            if not off and not _CONDITIONAL.search(context.text):
                denied = denied or Stated("否", reading.span(sentence.start, sentence.end), 0.8)
        elif (
            about and not off and not context.denied(sentence.start + about.start()) and sentence.line.kind != "heading"
        ):
            add("used", 1 + bool(context.confidence) + bool(_BY_NAME.search(context.text)), text, sentence)
        for other in (sentence, *reading.sentences_in(sentence.end, min(sentence.line.end, sentence.end + 300))):
            if other.line is not sentence.line:
                continue
            said = reading.said(other)
            if _OFF.search(said.lower()) and (path := way(said)):
                rank = 1 + bool(_CLOSES.search(said.lower())) + bool(_BY_NAME.search(said.lower())) + here
                add("switch", rank, path, other)
            elif off and other is sentence:
                add("switch", 0, "", other)
            if _ALTERNATIVE.search(said.lower()):
                add("alternative", 1 + bool(_PERSONAL.search(said.lower())), said.strip(), other)
    switch = found.get("switch") or found.get("alternative")
    if switch and "used" not in found:
        # Rules that tell how to turn it off have it.
        found["used"] = switch
    elif denied and "used" not in found:
        found["used"] = 0, denied
    return {key: found[key][1] for key in ("used", "switch", "alternative") if key in found}


def read_change(reading: Reading, contexts: Contexts) -> dict[str, Stated]:
    """`how` users are told of changed rules, and whether they are asked for `consent` again."""
    how: tuple[int, Stated] | None = None
    consent: tuple[int, Stated] | None = None
    for sentence in _with(reading, _CHANGE, _AGREE_AGAIN, _DEEMED):
        context = contexts.of(sentence)
        here = context.section.topic == "change"
        if context.section.topic in ("definition", "exempt", "minor") or not (
            here or _RULES_CHANGE.search(context.text)
        ):
            continue
        text = reading.said(sentence).strip()
        span = reading.span(sentence.start, sentence.end)
        changes = _CHANGE.search(context.text)
        if (
            changes
            and not _NOT_TOLD.search(context.text)
            and (told := _TELLS.search(context.text))
            and sentence.line.kind != "heading"
        ):
            rank = (
                2 * here
                + bool(re.search(r"弹窗|推送|公告|站内信|邮件|短信|显著|email|pop|notif|通知", context.text))
                + (told.start() > changes.start())
            )
            if how is None or rank > how[0]:
                how = rank, Stated(text, span, 0.9 if here else 0.7)
        if again := _AGREE_AGAIN.search(context.text):
            rank = here + 2 * bool(re.search(r"重新|再次|另行|again", again[0]))
        elif _DEEMED.search(context.text):
            rank = 0
        else:
            continue
        if (here or changes) and (consent is None or rank > consent[0]):
            consent = rank, Stated(text, span, 0.9 if here else 0.7)
    return {key: one[1] for key, one in (("how", how), ("consent", consent)) if one}


def _with(reading: Reading, *patterns: re.Pattern[str]) -> list[Sentence]:
    """The sentences in which one of the patterns is found, in order."""
    numbers = {
        reading.sentence_at(one.start()).number for pattern in patterns for one in pattern.finditer(reading.folded)
    }
    return [reading.sentences[number] for number in sorted(numbers)]
