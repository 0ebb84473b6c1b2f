"""Small screens as uiautomator dumps them. All invented."""

from typing import Any
from xml.sax.saxutils import quoteattr

APP = "com.example.lantern"


def node(text: str = "", row: int = 1, *inside: str, cls: str = "android.widget.TextView", **given: Any) -> str:
    """A node in a row of 100 pixels; `left` and `right` place it there."""
    left, right = given.pop("left", 0), given.pop("right", 1080)
    made = {
        "text": text, "class": cls, "package": APP, "bounds": f"[{left},{row * 100}][{right},{row * 100 + 100}]",
        "clickable": "false", "checkable": "false", "checked": "false", "enabled": "true",
    } | {name.replace("_", "-"): value for name, value in given.items()}  # fmt: skip
    return (
        "<node "
        + " ".join(f"{name}={quoteattr(value)}" for name, value in made.items())
        + ">"
        + "".join(inside)
        + "</node>"
    )


def button(text: str, row: int, **given: Any) -> str:
    return node(text, row, cls="android.widget.Button", clickable="true", **given)


def box(row: int, checked: bool = False, **given: Any) -> str:
    return node(
        "", row, cls="android.widget.CheckBox", checkable="true", clickable="true", checked=str(checked).lower(),
        left=0, right=90, **given,
    )  # fmt: skip


def typed(row: int, **given: Any) -> str:
    return node("", row, cls="android.widget.EditText", clickable="true", **given)


def screen(*nodes: str) -> bytes:
    inside = "".join(nodes)
    whole = node("", 0, inside, cls="android.widget.FrameLayout").replace("[0,0][1080,100]", "[0,0][1080,2400]")
    return f"<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><hierarchy rotation=\"0\">{whole}</hierarchy>".encode()


NOTICE = screen(
    node("温馨提示", 5),
    node(
        "欢迎使用灯笼。我们在您扫码时使用相机，在您查找附近门店时使用位置；请阅读《用户协议》和《隐私政策》了解详情。",
        6,
    ),
    button("不同意", 12, left=0, right=500, resource_id=f"{APP}:id/no"),
    button("同意并继续", 12, left=580, right=1080, resource_id=f"{APP}:id/agree"),
)
LOGIN = screen(
    typed(5), typed(6), button("登录", 8), box(10, True), node("我已阅读并同意《用户协议》《隐私政策》", 10, left=100)
)
SETTINGS = screen(
    node("设置", 1),
    button("隐私政策", 4),
    node("个性化推荐", 6, right=900),
    node("", 6, cls="android.widget.Switch", checkable="true", checked="true", clickable="true", left=920),
    node("扫码功能", 7, right=900),
    node("", 7, cls="android.widget.Switch", checkable="true", checked="false", clickable="true", left=920),
    button("注销账号", 9),
    button("退出登录", 20),
)
