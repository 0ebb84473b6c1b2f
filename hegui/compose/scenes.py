"""The scene map and the option page of article 11: which switch turns off the collecting of which scene."""

from hegui.compose.pages import Heading, Page, Table, Text, ask, declared, joined, line
from hegui.compose.subject import Subject, permission_name, types_text


def scenes(subject: Subject) -> Page:
    """A map for the reviewer and the specification of the page for the developer (A-05: one switch for each scene)."""
    rows, options = [], []
    for index, scene in enumerate(subject.app.scenes):
        at = f"app.scenes[{index}]"
        name = Text(scene.name, "declared", f"{at}.name")
        types = Text(types_text(scene.types), "declared", f"{at}.types") if scene.types else Text("不收集")
        perms = joined(Text(permission_name(one), "declared", f"{at}.perms") for one in scene.perms) or (
            Text("不调用"),
        )
        pages = joined((Text(one, "declared", f"{at}.pages") for one in scene.pages), "；") or (
            ask(f"“{scene.name}”对应哪些页面"),
        )
        kind = Text("基本功能" if scene.basic else "扩展功能", "declared", f"{at}.basic")
        background = Text("是" if scene.continues_bg else "否", "declared", f"{at}.continues_bg")
        rows.append(((name,), (kind,), pages, (types,), perms, (background,)))
        if not scene.basic and (scene.types or scene.perms):
            switch = declared(scene.switch, f"{at}.switch", f"“{scene.name}”的关闭入口，如 设置-隐私-{scene.name}")
            options.append(((name,), (switch,), (types,), perms, (Text("关闭后停止收集，其他功能照常使用"),)))
    return Page(
        "scenes",
        "功能场景表与收集选项页说明",
        (
            Heading("一、功能场景表"),
            Table("功能场景", ("场景", "性质", "页面", "个人信息种类", "权限", "后台继续"), tuple(rows)),
            Heading("二、收集选项页"),
            line("每个扩展功能场景设一个独立开关，初始为关闭；用户可只同意其中部分场景，随时可改，改后即时生效。"),
            Table("收集选项", ("开关", "入口", "关闭后不再收集", "关闭后不再调用", "效果"), tuple(options)),
        ),
    )
