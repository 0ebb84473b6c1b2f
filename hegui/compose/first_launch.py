"""The notice at first launch (article 9): short, complete, with two buttons of equal weight."""

from hegui.compose.lists import is_sensitive
from hegui.compose.pages import Heading, Page, Paragraph, Text, joined, key, line
from hegui.compose.subject import Subject, permission_name, types_text


def first_launch(subject: Subject) -> Page:
    """The text of the box and what its developer must keep to."""
    app, name = subject.app, subject.name
    parts: list[Heading | Paragraph] = [
        Heading("弹窗文本"),
        line(
            "欢迎使用",
            name,
            "。我们是",
            subject.declared("operator", "运营者名称"),
            "。在您同意之前，我们不会收集您的个人信息。",
        ),
    ]
    for index, scene in enumerate(app.scenes):
        if not scene.types:
            continue
        at = f"app.scenes[{index}]"
        types = Text(types_text(scene.types), "declared", f"{at}.types")
        parts.append(
            line(
                "使用“",
                Text(scene.name, "declared", f"{at}.name"),
                "”时" if scene.basic else "”（可选功能）时",
                "收集",
                key(types) if any(is_sensitive(code) for code in scene.types) else types,
                "。",
                item=True,
            )
        )
    perms = joined(Text(permission_name(one.name), "package", one.at) for one in subject.permissions())
    if perms:
        parts.append(line("相关权限只在您使用对应功能时申请：", *perms, "。拒绝不影响其他功能。"))
    parts += [
        line("完整内容见《", name, "个人信息收集使用规则》：", subject.declared("rules_link", "规则链接"), "。"),
        line("按钮：同意｜不同意（两个按钮大小、颜色同等醒目，不预先勾选）"),
        Heading("实现要求"),
        line("用户点击“同意”之前，应用自身与任何 SDK 都不得读取个人信息、不得联网上报。", item=True),
        line("点击“不同意”后仍可使用不需要个人信息的功能，不得反复弹窗。", item=True),
        line("敏感个人信息在使用该功能时另行取得单独同意，不在此弹窗中一并同意。", item=True),
    ]
    return Page("first-launch", "首次启动告知文本", tuple(parts))
