"""An invented app's first minutes: its screens as a person sees them, and runs of it, alone and in pairs."""

from dataclasses import replace
from typing import Any

from hegui.facts.json import adapter
from hegui.facts.screens import Node, Screen, Tap, Ui
from hegui.facts.trace import Run, run_of
from hegui.readers.screen.signs import signs

APP = "com.example.notes"
_WIDTH, _HEIGHT = 1080, 2160


def node(id_: str, text: str, top: int, bottom: int, left: int = 60, right: int = 1020, **more: Any) -> Node:
    return Node(id_, text, more.pop("cls", "android.widget.TextView"), (left, top, right, bottom), **more)


def button(id_: str, text: str, top: int, bottom: int, left: int = 60, right: int = 1020) -> Node:
    return node(id_, text, top, bottom, left, right, cls="android.widget.Button", clickable=True)


def field(id_: str, typed: str, top: int, hint: str, *, secret: bool = False) -> Node:
    made = node(id_, typed, top, top + 120, cls="android.widget.EditText", editable=True, clickable=True)
    return replace(made, style={"hint": hint} | ({"password": "true"} if secret else {}))


def row(id_: str, text: str, at: int) -> Node:
    return node(id_, text, 260 + at * 150, 390 + at * 150, clickable=True)


def switch(id_: str, at: int, on: bool) -> Node:
    top = 260 + at * 150
    return node(
        id_, "", top + 30, top + 100, 900, 1020, cls="android.widget.Switch", checkable=True, checked=on, clickable=True
    )


def frame() -> Node:
    return Node("0", "", "android.widget.FrameLayout", (0, 0, _WIDTH, _HEIGHT))


def shown(
    id_: str,
    t_ms: int,
    *nodes: Node,
    phase: str = "first_launch",
    activity: str = ".Main",
    owner: str = APP,
    run_id: str = "r1",
) -> Screen:
    all_ = (frame(), *nodes)
    return Screen(
        id_,
        run_id,
        t_ms,
        phase,
        activity,
        owner,
        all_,
        page=id_,
        signs=signs(all_, owner, activity),
        place=f"dumps#{id_}",
    )


NOTICE = shown(
    "001.xml", 900,
    node("0.0", "温馨提示", 620, 700, cls="android.widget.TextView"),
    node("0.1", "欢迎使用示例记事本。我们在您备份时读取设备信息，在您按地点提醒时使用位置，在您导入联系人时读取通讯录；"
         "请阅读《用户协议》和《隐私政策》了解全部内容。", 720, 1100),
    node("0.2", "《用户协议》和《隐私政策》", 1110, 1170, clickable=True),
    button("0.3", "不同意", 1250, 1370, 60, 520),
    button("0.4", "同意并继续", 1250, 1370, 560, 1020),
    activity=".Splash",
)  # fmt: skip
BOX = shown(
    "002.xml", 13_400,
    node("0.0", "允许“示例记事本”获取此设备的位置信息吗？", 900, 1060),
    button("0.1", "仅在使用中允许", 1100, 1220),
    button("0.2", "本次使用时允许", 1240, 1360),
    button("0.3", "禁止", 1380, 1500),
    owner="com.android.permissioncontroller", activity=".GrantPermissionsActivity",
)  # fmt: skip
LOGIN = shown(
    "003.xml", 21_000,
    node("0.0", "登录示例记事本", 300, 400),
    field("0.1", "19900001234", 500, "请输入手机号"),
    field("0.2", "", 650, "密码", secret=True),
    Node("0.3", "", "android.widget.CheckBox", (60, 820, 130, 890), checkable=True, checked=True, clickable=True),
    node("0.4", "我已阅读并同意《用户协议》《隐私政策》", 820, 890, 150),
    button("0.5", "登录", 960, 1080),
    phase="login", activity=".Login",
)  # fmt: skip
HOME = shown(
    "004.xml", 26_000,
    node("0.0", "我的记事", 120, 220),
    Node("0.1", "", "android.widget.ImageView", (60, 280, 1020, 620)),
    row("0.2", "购物清单", 3),
    row("0.3", "周末爬山", 4),
    row("0.4", "读书笔记", 5),
    button("0.5", "新建", 1980, 2120, 60, 520),
    button("0.6", "我的", 1980, 2120, 560, 1020),
    phase="home", activity=".Home",
)  # fmt: skip
MINE = shown(
    "005.xml", 30_500,
    node("0.0", "我的", 120, 220),
    node("0.1", "手机 19900001234，邮箱 notes.reader@example.com", 240, 330),
    row("0.2", "备份与同步", 1),
    row("0.3", "帮助与反馈", 2),
    row("0.4", "设置", 3),
    phase="settings", activity=".Mine",
)  # fmt: skip
SETTINGS = shown(
    "006.xml", 34_000,
    node("0.0", "设置", 120, 220),
    row("0.1", "隐私政策", 0),
    node("0.2", "个性化推荐", 410, 540, 60, 880),
    switch("0.3", 1, True),
    node("0.4", "按地点提醒", 560, 690, 60, 880),
    switch("0.5", 2, False),
    row("0.6", "账号与安全", 3),
    row("0.7", "关于", 4),
    phase="settings", activity=".Settings",
)  # fmt: skip
ACCOUNT = shown(
    "007.xml", 38_200,
    node("0.0", "账号与安全", 120, 220),
    row("0.1", "修改密码", 0),
    row("0.2", "注销账号", 1),
    phase="settings", activity=".Account",
)  # fmt: skip
UI = Ui(
    (NOTICE, BOX, LOGIN, HOME, MINE, SETTINGS, ACCOUNT),
    (
        Tap("001.xml", "0.4", "002.xml"),
        Tap("002.xml", "0.1", "003.xml"),
        Tap("003.xml", "0.5", "004.xml"),
        Tap("004.xml", "0.6", "005.xml"),
        Tap("005.xml", "0.4", "006.xml"),
        Tap("006.xml", "0.6", "007.xml"),
    ),
    {"first_launch": True, "login": True, "home": False, "settings": False},
)

_STACKS = {
    "app": ["android.location.LocationManager.getLastKnownLocation", "com.example.notes.Remind.where"],
    "com.example.push": ["android.telephony.TelephonyManager.getDeviceId", "com.example.push.Env.read"],
}


def _read(t_ms: int, kind: str, origin: str, api: str = "", **more: Any) -> dict[str, Any]:
    return {
        "t_ms": t_ms,
        "type": "api",
        "pi_type": kind,
        "origin": origin,
        "result": "ok",
        **({"api_id": api} if api else {}),
        **more,
    }


def first_run() -> Run:
    events: list[dict[str, Any]] = [
        {"t_ms": 0, "type": "process_start", "cause": "user"},
        {"t_ms": 100, "type": "fg"},
        {"t_ms": 300, "type": "screen", "page": "首次告知", "activity": ".Splash"},
        _read(620, "device_id.imei", "com.example.push", "telephony.imei", result="denied"),
        _read(640, "device_id.android_id", "com.example.push", "id.android_id"),
        _read(5200, "device_id.android_id", "com.example.push", "id.android_id"),
        _read(9000, "app_list", "com.example.push"),
        _read(11_950, "clipboard", "app"),
        {"t_ms": 12_000, "type": "ui", "action": "click", "node_text": "同意并继续"},
        {"t_ms": 12_000, "type": "consent", "scope": "rules", "act": "agree"},
        {"t_ms": 13_000, "type": "perm_req", "groups": ["location"]},
        {"t_ms": 16_000, "type": "perm_res", "groups": ["location"], "result": "granted"},
        {"t_ms": 20_000, "type": "screen", "page": "登录", "activity": ".Login"},
        {"t_ms": 25_500, "type": "screen", "page": "我的记事", "activity": ".Home"},
        {"t_ms": 30_000, "type": "screen", "page": "我的", "activity": ".Mine"},
        {"t_ms": 33_500, "type": "screen", "page": "设置", "activity": ".Settings"},
        {"t_ms": 47_000, "type": "bg"},
        {"t_ms": 60_000, "type": "net", "host": "push.example.com", "pi": ["device_id.android_id"]},
        {"t_ms": 75_000, "type": "exit"},
    ]  # fmt: skip
    events += [_read(14_000 + 4_000 * at, "location.precise", "app", "location.last_known") for at in range(14)]
    events += [
        _read(16_000 + 900 * at, "device_id.android_id", "com.example.push", "id.android_id") for at in range(40)
    ]
    return run("r1", "S3", events)


def run(run_id: str, scenario: str, events: list[dict[str, Any]], covers: tuple[str, ...] = ()) -> Run:
    told = {
        "run_id": run_id, "source": f"{run_id}.jsonl", "scenario": scenario, "covers": covers, "has_ui": True, "has_stack": True,
        "hooks": ["location", "id", "telephony"], "uncertainty_ms": 200, "package": APP,
    }  # fmt: skip
    made: Run = adapter(Run).validate_python(run_of(told, events))
    return made


def paired_runs(pairs: int = 5) -> tuple[Run, ...]:
    """Runs with personalisation on and off, one after the other: less is read with it off, and not nothing."""
    made = []
    for at in range(pairs):
        for state, many in (("on", 6 + at), ("off", 1 + at % 2)):
            events = [{"t_ms": 0, "type": "fg"}, {"t_ms": 500, "type": "consent", "scope": "rules", "act": "agree"}]
            events += [_read(2000 + 700 * one, "device_id.oaid", "com.example.push") for one in range(many)]
            events += [_read(2500 + 3000 * one, "location.precise", "app", "location.last_known") for one in range(3)]
            made.append(run(f"{state}{at + 1}", "S8", events, (f"个性化推荐={state}",)))
    return tuple(made)


def without_bounds(screen: Screen) -> Screen:
    return replace(screen, nodes=tuple(replace(one, bounds=None) for one in screen.nodes))
