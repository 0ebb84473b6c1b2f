"""The listing page of article 27: operator, functions, permissions, rules."""

from hegui.compose.pages import Heading, Page, Text, ask, joined, line
from hegui.compose.subject import Subject, permission_name


def listing(subject: Subject) -> Page:
    """What the page where the app is downloaded must show."""
    app = subject.app
    functions = joined(Text(one, "declared", f"app.functions[{at}]") for at, one in enumerate(app.functions)) or (
        ask("主要功能"),
    )
    contacts = joined(Text(one, "declared", f"app.contacts[{at}]") for at, one in enumerate(app.contacts)) or (
        ask("联系方式"),
    )
    perms = [
        line(Text(permission_name(one.name), "package", one.at), "：", *_uses(subject, index), item=True)
        for index, one in enumerate(subject.permissions())
    ]
    version = subject.pkg.version_name if subject.pkg else None
    return Page(
        "listing",
        "下载页展示内容",
        (
            line(
                "应用名称：",
                subject.name,
                *((" ", Text(version, "package", "versionName")) if isinstance(version, str) else ()),
            ),
            line("运营者：", subject.declared("operator", "运营者名称或姓名")),
            line("联系方式：", *contacts),
            Heading("主要功能"),
            line(*functions),
            Heading("运行所需权限"),
            *(perms or [line("不申请需要用户授权的权限。")]),
            Heading("个人信息收集使用规则"),
            line(subject.declared("rules_link", "规则全文或链接")),
        ),
    )


def _uses(subject: Subject, index: int) -> tuple[Text, ...]:
    one = subject.permissions()[index]
    uses = subject.scenes_using(one)
    return joined(Text(scene.name, "declared", f"app.scenes[{at}].name") for at, scene in uses) or (
        ask(f"{permission_name(one.name)} 用于哪个功能"),
    )
