"""The words reports use for the codes of duties, facts and judgements."""

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

_DIGITS = "〇一二三四五六七八九"


def article(number: int) -> Words:
    """第十四条. Numbers below 100."""
    tens, ones = divmod(number, 10)
    text = ("" if tens < 2 else _DIGITS[tens]) + ("十" if tens else "") + (_DIGITS[ones] if ones or not tens else "")
    return Words(f"第{text}条", f"Article {number}")


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
