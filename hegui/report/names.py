"""The words reports use for the codes of duties, facts and judgements."""

from hegui.catalogue.pi_types import pi_type
from hegui.catalogue.sdks import FUNC_CLASSES
from hegui.facts.screens import Sign, SignKind
from hegui.words import Words

PARTIES = {
    "app_operator": Words("应用运营者", "app operator"),
    "sdk_operator": Words("SDK 运营者", "SDK operator"),
    "distribution_platform": Words("分发平台", "distribution platform"),
    "terminal_maker": Words("智能终端厂商", "terminal maker"),
    "network_access_provider": Words("网络接入服务提供者", "network access provider"),
    "regulator": Words("监管部门", "regulator"),
    "any_processor": Words("个人信息处理者（各方）", "any processor"),
    "industry_body": Words("行业组织", "industry body"),
    "public": Words("社会公众", "the public"),
}

AUTOMATION = {
    "auto": Words("软件判定", "decided by software"),
    "assisted": Words("软件辅助，人工确认", "software assists"),
    "record": Words("凭平台记录判定", "from platform records"),
    "none": Words("软件不作判定", "not decided by software"),
}

SEVERITIES = {
    "critical": Words("严重", "critical"),
    "high": Words("高", "high"),
    "medium": Words("中", "medium"),
    "low": Words("低", "low"),
    "info": Words("提示", "info"),
}

BASES = {
    "structural": Words("结构事实", "structural"),
    "observed": Words("运行观察", "observed"),
    "textual": Words("文本", "textual"),
    "recorded": Words("流程记录", "recorded"),
    "declared": Words("声明（未核验）", "declared, not verified"),
    "human": Words("人工判断", "human judgement"),
}

EVIDENCE = {
    "package_static": Words("安装包", "package"),
    "policy_text": Words("隐私政策文本", "privacy rules text"),
    "runtime_trace": Words("运行轨迹", "runtime trace"),
    "ui_dump": Words("界面记录", "screens"),
    "network_capture": Words("网络流量", "traffic"),
    "declaration": Words("声明", "declaration"),
    "workflow_record": Words("流程记录", "workflow record"),
    "human_review": Words("人工复核", "human review"),
}

INPUTS = {
    "package": Words("安装包", "package"),
    "policy": Words("隐私政策文本", "privacy rules text"),
    "trace": Words("运行轨迹", "runtime trace"),
    "screens": Words("界面记录", "screens"),
    "traffic": Words("网络流量", "traffic"),
    "declaration": Words("声明", "declaration"),
}

# One letter per verdict: a picture must be readable without its colours.
LETTERS = {
    "violation": Words("违", "V"),
    "risk": Words("险", "R"),
    "undetermined": Words("待", "?"),
    "compliant": Words("符", "C"),
    "not_applicable": Words("免", "–"),
}

# The ten permission groups of articles 30 and 32, in the order the draft names them.
PERMISSION_GROUPS = {
    "calendar": Words("日历", "Calendar"),
    "call_log": Words("通话记录", "Call log"),
    "camera": Words("相机", "Camera"),
    "contacts": Words("通讯录", "Contacts"),
    "location": Words("位置", "Location"),
    "microphone": Words("麦克风", "Microphone"),
    "phone": Words("电话", "Phone"),
    "sms": Words("短信", "SMS"),
    "storage": Words("存储", "Storage"),
    "body": Words("身体活动", "Physical activity"),
}

COMPONENTS = {
    "activity": Words("界面 activity", "Activities"),
    "activity-alias": Words("界面别名 activity-alias", "Activity aliases"),
    "service": Words("服务 service", "Services"),
    "receiver": Words("广播接收器 receiver", "Receivers"),
    "provider": Words("内容提供器 provider", "Providers"),
}

STAGE_STATES = {
    "done": Words("完成", "done"),
    "partial": Words("部分完成", "partial"),
    "failed": Words("失败", "failed"),
    "skipped": Words("未运行", "skipped"),
}

SIGNATURE_STATES = {
    "verified": Words("校验通过", "verified"),
    "broken": Words("校验不通过", "broken"),
    "unsigned": Words("未签名", "unsigned"),
    "unsupported": Words("签名方式不支持校验，不作结论", "scheme not supported, nothing claimed"),
}

# When code can run, earliest first: what `reach` of a call site begins with; "" where no path was looked for.
REACHED = {
    "startup": Words("启动路径，任何界面之前", "start-up path, before any screen"),
    "launcher": Words("打开首个界面时，用户操作之前", "as the first screen opens, before the user acts"),
    "component": Words("组件运行时，含用户操作之后", "as components run, acts of the user included"),
    "public_api": Words("宿主应用调用 SDK 公开接口时", "when the host app calls the SDK's public API"),
    "unreached": Words("未找到从入口到这里的路径", "no path from an entry was found"),
    "": Words("未判定何时可达", "when was not looked for"),
}

SITE_KINDS = {
    "call": Words("直接调用", "plain call"),
    "field": Words("读字段", "field read"),
    "subclass": Words("经应用自己的子类", "through a subclass of the app's own"),
    "handle": Words("经方法句柄", "through a method handle"),
}

REACHED_LETTERS = {
    "startup": Words("启", "S"),
    "launcher": Words("首", "L"),
    "component": Words("组", "C"),
    "public_api": Words("接", "P"),
    "unreached": Words("未", "U"),
    "": Words("？", "?"),
}

# What a user sees on a screen that the law speaks of.
SIGNS: dict[SignKind, Words] = {
    "rules_notice": Words("首次告知", "first notice"),
    "rules_page": Words("规则正文", "rules in full"),
    "permission_rationale": Words("权限说明", "permission rationale"),
    "system_permission": Words("系统授权框", "system permission box"),
    "settings": Words("设置", "settings"),
    "login": Words("登录", "login"),
    "payment": Words("支付", "payment"),
    "agree": Words("同意", "agree"),
    "refuse": Words("拒绝", "refuse"),
    "consent_box": Words("勾选框", "box to tick"),
    "implied_consent": Words("“登录即同意”", "“logging in agrees”"),
    "rules_link": Words("规则链接", "link to the rules"),
    "save_rules": Words("保存规则", "save the rules"),
    "personalisation": Words("个性化开关", "personalisation"),
    "cancellation": Words("注销", "cancel the account"),
    "scene_option": Words("功能开关", "switch of a function"),
    "purpose": Words("用途", "purpose"),
    "vague_purpose": Words("用途笼统", "vague purpose"),
    "broad_purpose": Words("用途宽泛", "broad purpose"),
    "permission_prompt": Words("应用自己的索权弹窗", "the app's own prompt"),
    "os_permissions": Words("去系统权限页", "to the system's permissions"),
    "age_gate": Words("询问年龄", "age gate"),
    "guardian": Words("监护人", "guardian"),
    "collected_list": Words("已收集信息清单", "list of what is collected"),
    "identity": Words("实名证件", "identity document"),
    "network_id": Words("网号网证", "network identity"),
    "network_id_done": Words("网证核验成功", "network identity verified"),
    "update_prompt": Words("升级提示", "update prompt"),
    "cancel_one": Words("仅注销本应用", "cancels this app alone"),
    "shared_account": Words("共用账号", "shared account"),
    "cancel_done": Words("注销已提交", "cancelling handed in"),
    "rules_update": Words("规则更新提示", "rules have changed"),
    "sensitive_notice": Words("敏感信息单独告知", "notice of sensitive information"),
    "blocked": Words("不同意就不能用", "blocked without it"),
    "broken_page": Words("页面打不开", "broken page"),
    "countdown": Words("倒计时自动同意", "agrees by countdown"),
    "refuse_claim": Words("“不同意将无法使用”", "“unusable if refused”"),
    "shaming": Words("令人难堪的措辞", "shaming words"),
    "sensitive_field": Words("敏感项", "sensitive field"),
    "required_field": Words("必填项", "required field"),
}
# Phases of a run, as index.jsonl may name them; others stand for themselves.
_PHASES = {
    "first_launch": Words("首次启动", "first launch"),
    "home": Words("主页", "home"),
    "login": Words("登录", "login"),
    "settings": Words("设置", "settings"),
}
# What belongs together is drawn alike.
_SIGN_LOOKS: dict[str, str] = {
    "agree": "agree", "consent_box": "agree", "implied_consent": "agree", "refuse": "refuse",
    "permission_rationale": "permission", "system_permission": "permission",
    "personalisation": "option", "scene_option": "option", "settings": "option",
    "rules_notice": "rules", "rules_page": "rules", "rules_link": "rules", "save_rules": "rules", "rules_update": "rules",
    "sensitive_notice": "rules", "collected_list": "rules", "purpose": "permission", "vague_purpose": "permission",
    "broad_purpose": "permission", "permission_prompt": "permission", "os_permissions": "permission", "countdown": "agree",
    "blocked": "refuse", "refuse_claim": "refuse", "shaming": "refuse", "broken_page": "refuse",
}  # fmt: skip
_BOXES = {
    True: Words("已勾选", "ticked"),
    False: Words("未勾选", "not ticked"),
    None: Words("状态看不出", "state unknown"),
}
_SWITCHES = {True: Words("开", "on"), False: Words("关", "off")}

# How rules and code stand to each other. The words are facts: what a difference means, the findings say.
STATES = {
    "contradicted": Words("规则说不收集，代码能读取", "the rules say no, the code can"),
    "unstated": Words("代码能读取，规则没有写", "the code can, the rules do not say"),
    "general": Words("代码能读取，规则只笼统提到", "the code can, the rules only say so in general words"),
    "agrees": Words("代码能读取，规则写明了", "the code can, the rules say so"),
    "unseen": Words("规则写了，代码中没有看到", "the rules say so, not seen in the code"),
    "doubtful": Words(
        "代码中有相关语句，但缺权限、无路径或由用户自己挑选；规则没有写收集",
        "in code without permission or path, or where the user picks; the rules do not say",
    ),
    "denied": Words("规则说不收集，代码中也没有看到", "the rules say no, not seen in the code"),
    "unshown": Words(
        "规则写了；这类信息由用户填写或在服务器上产生，从安装包看不出",
        "the rules say so; typed in by the user or made on a server, so a package does not show it",
    ),
}

# One sign each, so that the picture can be read without its colours.
STATE_SIGNS = {
    "contradicted": Words("反", "≠"),
    "unstated": Words("码", "C"),
    "general": Words("泛", "~"),
    "agrees": Words("同", "="),
    "unseen": Words("文", "T"),
    "doubtful": Words("疑", "?"),
    "denied": Words("否", "N"),
    "unshown": Words("填", "F"),
}

# The same for what is there or not there: a permission asked for, an SDK found.
PRESENCE = {
    "agrees": Words("两边都有", "on both sides"),
    "unstated": Words("安装包有，规则没有写", "in the package, not in the rules"),
    "unseen": Words("规则写了，安装包没有", "in the rules, not in the package"),
}

VERSIONS = {
    "same": Words("版本一致", "same version"),
    "differs": Words("版本不一致", "another version"),
    "unstated": Words("规则没有写版本", "the rules give no version"),
    "unread": Words("包内版本未能读出", "version in the package not known"),
    "": Words("", ""),
}

_FAMILIES = {
    "device_id": Words("设备标识（没有写明哪一种）", "Device identifiers (which is not said)"),
    "location": Words("位置（没有写明哪一种）", "Location (which is not said)"),
    "account": Words("账号与身份（没有写明哪一种）", "Account, identity (which is not said)"),
    "biometric": Words("生物特征（没有写明哪一种）", "Biometrics (which is not said)"),
    "sensor": Words("传感器（没有写明哪一种）", "Sensors (which is not said)"),
}

_DIGITS = "〇一二三四五六七八九"


def article(number: int) -> Words:
    """第十四条. Numbers below 100."""
    tens, ones = divmod(number, 10)
    text = ("" if tens < 2 else _DIGITS[tens]) + ("十" if tens else "") + (_DIGITS[ones] if ones or not tens else "")
    return Words(f"第{text}条", f"Article {number}")


def kind(code: str) -> Words:
    """A kind of personal information, or the family that rules name where they name no kind."""
    return _FAMILIES.get(code) or pi_type(code)


def sign(one: Sign) -> Words:
    """What a user sees there, with the state of the box or switch, or the permissions it is about."""
    name = SIGNS.get(one.kind, Words(one.kind, one.kind))
    told = [PERMISSION_GROUPS[group] for group in one.groups if group in PERMISSION_GROUPS]
    if one.kind == "consent_box":
        told = [_BOXES[one.checked]]
    elif one.checked is not None:
        told = [_SWITCHES[one.checked]]
    if not told:
        return name
    return Words(
        f"{name.zh}（{'、'.join(one.zh for one in told)}）", f"{name.en} ({', '.join(one.en for one in told)})"
    )


def phase(code: str) -> Words:
    return _PHASES.get(code, Words(code, code))


def sign_look(kind: str) -> str:
    return _SIGN_LOOKS.get(kind, "other")


def sdk_class(code: str) -> Words:
    """The function class of an SDK; a class without words stands for itself."""
    return FUNC_CLASSES.get(code, Words(code, code)) if code else Words("功能未收录", "function not in the catalogue")


def site_kind(code: str) -> Words:
    """How a call site that is not a plain call was found."""
    return SITE_KINDS.get(code, Words(code, code))


def gate(code: str) -> Words:
    """What a call cannot be reached without: a permission found granted, or a flag found set or not set; and by which method
    of the package that is asked."""
    told, _, via = code.partition(" via ")
    if via:
        by = gate(told)
        return Words(f"{by.zh}（经 {via}）", f"{by.en} (asked by {via})")
    check, _, flag = code.partition(":")
    if check == "checkSelfPermission":
        return Words("仅在查得权限已授予时", "only if the permission was granted")
    if check == "flag" and flag.startswith("!"):
        return Words(f"仅当标记 {flag[1:]} 为否", f"only if the flag {flag[1:]} is not set")
    if check == "flag":
        return Words(f"仅当标记 {flag} 为是", f"only if the flag {flag} is set")
    return Words(code, code)


def actor(name: str, sdk_names: dict[str, str]) -> Words:
    """To whom an act belongs: the app itself, an SDK by name, or unknown."""
    if name == "app":
        return Words("应用自身（宿主代码或清单）", "the app itself (host code or manifest)")
    if name == "unknown":
        return Words("不明（按规则由应用运营者承担）", "unknown (counts against the app operator)")
    known = sdk_names.get(name)
    return (
        Words(f"SDK：{known}（{name}）", f"SDK: {known} ({name})") if known else Words(f"SDK：{name}", f"SDK: {name}")
    )
