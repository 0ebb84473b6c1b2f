"""A full draft of the rules (article 7), in the order a reader looks for things. What nobody has said is a question."""

from collections.abc import Iterator

from hegui.compose.lists import function_table, is_sensitive, permission_table, sdk_table, unexplained
from hegui.compose.pages import Heading, Page, Paragraph, Part, Text, ask, declared, joined, key, line
from hegui.compose.subject import Subject, type_name, types_text

_RIGHTS = {
    "access": "查阅",
    "copy": "复制",
    "transfer": "转移",
    "correct": "更正",
    "supplement": "补充",
    "delete": "删除",
    "restrict": "限制处理",
    "withdraw": "撤回同意",
}
_ROLES = {"independent": "自行决定处理目的", "joint": "与我们共同处理"}


def rules(subject: Subject) -> Page:
    """The draft. Questions stand in brackets; with none left it states all that article 7 asks for."""
    name = subject.name
    return Page(
        "rules",
        f"{name.shown}个人信息收集使用规则",
        (
            *_dates(subject),
            Heading("一、我们是谁"),
            *_operator(subject),
            Heading("二、我们为哪些功能收集哪些个人信息"),
            line("我们按功能收集个人信息。您不使用某项功能，我们不收集该功能的信息。"),
            function_table(subject),
            *unexplained(subject),
            *_sensitive(subject),
            Heading("三、我们调用哪些权限"),
            *_permissions(subject),
            Heading("四、我们嵌入哪些第三方 SDK"),
            *_sdks(subject),
            Heading("五、我们向谁提供个人信息"),
            *_recipients(subject),
            Heading("六、保存期限与到期处理"),
            *_retention(subject),
            Heading("七、您的权利如何行使"),
            *_rights(subject),
            Heading("八、未成年人"),
            *_minors(subject),
            Heading("九、个性化推送"),
            *_personalisation(subject),
            Heading("十、规则的变更"),
            line(
                "本规则所列目的、方式、种类、保存期限、权限、频度或 SDK 变化时，我们会",
                declared(subject.app.change_notice, "app.change_notice", "以何种方式告知用户，如弹窗逐项告知"),
                "，并重新取得您的同意。",
            ),
            Heading("十一、投诉与举报"),
            *_complaints(subject),
        ),
    )


def _dates(subject: Subject) -> Iterator[Part]:
    yield line("应用名称：", subject.name)
    yield line("版本：", subject.declared("rules_version", "版本号"))
    yield line("生效日期：", subject.declared("effective_on", "生效日期，如 2026-12-01"))


def _operator(subject: Subject) -> Iterator[Part]:
    contacts = joined(Text(one, "declared", f"app.contacts[{at}]") for at, one in enumerate(subject.app.contacts))
    yield line(subject.name, "由", subject.declared("operator", "运营者名称或姓名"), "运营。")
    yield line("联系方式：", *(contacts or (ask("电子邮箱、电话或其他有效联系方式"),)), "。")
    if subject.app.address:
        yield line("地址：", subject.declared("address", "地址"), "。")


def _sensitive(subject: Subject) -> Iterator[Part]:
    codes = dict.fromkeys(code for scene in subject.app.scenes for code in scene.types if is_sensitive(code))
    told = {one.type: (at, one) for at, one in enumerate(subject.app.sensitive)}
    if codes:
        yield line("下列为敏感个人信息，收集前我们会单独征求您的同意：")
    for code in codes:
        at, one = told.get(code, (0, None))
        name = type_name(code)
        yield line(
            key(f"{name}（敏感个人信息）"),
            "。收集的必要性：",
            declared(one.necessity if one else None, f"app.sensitive[{at}].necessity", f"为何必须收集{name}"),
            "。对您权益的影响：",
            declared(one.impact if one else None, f"app.sensitive[{at}].impact", f"收集{name}对用户有什么影响"),
            "。",
            item=True,
        )


def _permissions(subject: Subject) -> Iterator[Part]:
    table = permission_table(subject)
    if not table.rows:
        yield line(key("我们不申请需要您授权的权限。") if subject.pkg else ask("安装包申请的权限"))
        return
    yield line("权限只在您使用对应功能时申请，拒绝不影响其他功能。")
    yield table


def _sdks(subject: Subject) -> Iterator[Part]:
    table = sdk_table(subject)
    if not table.rows:
        yield line(key("我们未嵌入收集个人信息的第三方 SDK。") if subject.pkg else ask("嵌入的 SDK"))
        return
    yield line("为实现相应功能，我们嵌入了下列第三方 SDK。")
    yield table


def _recipients(subject: Subject) -> Iterator[Part]:
    if not subject.app.recipients:
        yield line(ask("是否向第三方提供个人信息；向谁、为何、哪些种类、是否受托处理；如不提供请写明"))
    for index, one in enumerate(subject.app.recipients):
        at = f"app.recipients[{index}]"
        types = declared(types_text(one.types), f"{at}.types", f"向 {one.name} 提供的种类")
        purpose = declared(one.purpose, f"{at}.purpose", f"向 {one.name} 提供的目的")
        name = Text(one.name, "declared", f"{at}.name")
        if one.role == "entrusted":
            told: tuple[Text | str, ...] = ("我们委托", name, "处理", types, "，用于", purpose, "。")
        else:
            role = (
                Text(_ROLES[one.role], "declared", f"{at}.role")
                if one.role
                else ask(f"{one.name} 受托处理还是自行决定")
            )
            told = ("我们向", name, "提供", types, "，用于", purpose, "，该方", role, "。")
        contact = ("联系方式：", Text(one.contact, "declared", f"{at}.contact"), "。") if one.contact else ()
        yield line(*told, *contact, item=True)


def _retention(subject: Subject) -> Iterator[Part]:
    if not subject.app.retention:
        yield line(ask("各类个人信息的保存期限，或确定期限的方法，以及到期如何处理"))
    for index, one in enumerate(subject.app.retention):
        at = f"app.retention[{index}]"
        period = (
            (Text(one.period, "declared", f"{at}.period"),)
            if one.period
            else ("期限按下列方法确定：", declared(one.method, f"{at}.method", f"{one.scope}的保存期限或其确定方法"))
        )
        yield line(
            key(Text(one.scope, "declared", f"{at}.scope")),
            "：保存",
            *period,
            "，到期",
            declared(one.expiry, f"{at}.expiry", f"{one.scope}到期后删除还是匿名化"),
            "。",
            item=True,
        )


def _rights(subject: Subject) -> Iterator[Part]:
    told = subject.app.rights
    for right, name in _RIGHTS.items():
        yield line(
            key(f"{name}："),
            "您可以通过" if right in told else "",
            declared(told.get(right), f"app.rights.{right}", f"用户如何行使“{name}”，如 我的-设置-隐私，或邮箱"),
            f"{name}您的个人信息。" if right not in ("withdraw", "restrict") else f"{name}。",
            item=True,
        )
    if subject.app.has_account is False:
        yield line(Text("本应用没有账号，无需注销。", "declared", "app.has_account"), item=True)
    else:
        yield line(
            key("注销账号："),
            "您可以通过",
            subject.declared("cancel_path", "注销账号的路径，如 我的-设置-账号与安全-注销账号"),
            "注销账号，我们在",
            subject.declared("cancel_limit", "注销的办结时限，不超过 15 个工作日"),
            "内完成注销，并删除您的个人信息或作匿名化处理。",
            *(
                ("注销条件：", Text(words, "declared", "app.cancel_conditions"), "。")
                if (words := subject.app.cancel_conditions)
                else ()
            ),
            item=True,
        )


def _minors(subject: Subject) -> Iterator[Part]:
    serves = subject.app.serves_children
    if serves is None:
        yield line(ask("是否向未满十四周岁的未成年人提供服务"))
    elif serves:
        yield line(
            "未满十四周岁的未成年人使用前须取得监护人同意：",
            subject.declared("guardian_consent", "如何取得并核实监护人同意"),
            "。我们另行制定了儿童个人信息收集使用规则。",
        )
    else:
        yield line(
            Text("本应用不面向未满十四周岁的未成年人。", "declared", "app.serves_children"),
            "如发现未经监护人同意收集了其个人信息，我们会尽快删除。",
        )


def _personalisation(subject: Subject) -> Iterator[Part]:
    used = subject.app.personalised
    if used is None:
        yield line(ask("是否以自动化方式向用户推送信息或营销；如是，关闭入口在哪里"))
    elif used:
        yield line(
            Text("我们会根据您的浏览记录向您推送个性化内容。", "declared", "app.personalised"),
            "您可以通过",
            subject.declared("personalisation_switch", "个性化推送的关闭入口"),
            "关闭个性化推送，关闭后您将看到不针对您个人特征的内容。",
        )
    else:
        yield line(Text("我们不进行个性化推送。", "declared", "app.personalised"))


def _complaints(subject: Subject) -> Iterator[Paragraph]:
    yield line(
        key("投诉、举报渠道："), subject.declared("complaint_channel", "投诉举报渠道，如专用邮箱、在线表单"), "。"
    )
    limit = subject.declared("complaint_limit", "投诉办结时限，不超过 15 个工作日")
    yield line("收到投诉、举报后，我们在", limit, "内办结并答复您。")
