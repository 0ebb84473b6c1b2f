"""Which lane of the timeline an event stands in, how it is drawn, and what is told of it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from hegui.catalogue.apis import WEAK_PI_TYPES, entry
from hegui.catalogue.apis.taking import takes
from hegui.catalogue.sdks import by_domain
from hegui.facts import Unread, is_read
from hegui.facts.queries.timeline import Timeline
from hegui.facts.trace import Run, Stack, What
from hegui.facts.traffic import Capture, Flow, Net
from hegui.report import names
from hegui.report.runs import actor_name, actor_of, is_nobody
from hegui.report.screens import Shown
from hegui.words import Words

Side = Literal["before", "refused", "unsure", "unknown", "after"]
Kind = Literal["span", "act", "shot", "read", "net"]
Mark = Literal["plain", "strong", "weak", "denied", "end", "unreadable", "back"]

# The order tells which side a mark shows that stands for several events.
SIDES: dict[Side, Words] = {
    "before": Words("同意之前", "before consent"),
    "refused": Words("拒绝之后", "after refusal"),
    "unsure": Words("误差之内，前后不定", "within clock error"),
    "unknown": Words("同意与否不明", "consent unknown"),
    "after": Words("同意之后", "after consent"),
}
MARKS: dict[Mark, Words] = {
    "plain": Words("", ""),
    "strong": Words("涉及个人信息", "personal information"),
    "weak": Words(
        "常见特征、辅助调用或系统所为，单独不成为发现",
        "common trait, helper call or the system's, never a finding alone",
    ),
    "denied": Words("未获准（尝试）", "denied (an attempt)"),
    "end": Words("结束", "the end"),
    "unreadable": Words("加密，内容未读出", "encrypted, content not read"),
    "back": Words("在后台", "in the background"),
}

MOST_READ_LANES = 60
MOST_RECEIVERS = 10
# Rows of the page's table of details; events of later ones keep time, lane and line.
MOST_DETAILED = 20_000
_FRAMES = 8
_LONGEST = 300

_ENDS = frozenset({"close", "stop"})
_STATES: dict[str, Words] = {
    "process_start": Words("进程启动", "process starts"),
    "fg": Words("前台", "in front"),
    "bg": Words("后台", "in the background"),
    "exit": Words("退出", "exits"),
}
_ACTS: dict[str, Words] = {
    "start_app": Words("拉起其他应用", "starts other apps"),
    "load_code": Words("加载代码", "loads code"),
    "file": Words("文件读写", "file access"),
    "": Words("其他行为", "other acts"),
}
_CONSENTS: dict[str, Words] = {
    "agree": Words("同意", "agrees"),
    "refuse": Words("拒绝", "refuses"),
    "withdraw": Words("撤回同意", "withdraws consent"),
}
_GESTURES: dict[str, Words] = {
    "click": Words("点击", "clicks"),
    "long_click": Words("长按", "long click"),
    "input": Words("输入", "types into"),
    "check": Words("勾选", "checks"),
    "uncheck": Words("取消勾选", "unchecks"),
    "shown": Words("弹出", "shown:"),
    "notification": Words("通知", "notification"),
}
_RESULTS: dict[str, Words] = {
    "ok": Words("成功", "ok"),
    "granted": Words("授予", "granted"),
    "denied": Words("被拒", "denied"),
}
_MANNERS: dict[str, Words] = {
    "own": Words("栈上没有宿主代码：自身行为", "no host code on the stack: its own act"),
    "called_by_host": Words("由宿主代码调用", "called by the host's code"),
}
KEYS: dict[str, Words] = {
    "actor": Words("行为主体", "Actor"),
    "why": Words("归属理由", "Why this actor"),
    "manner": Words("由谁发起", "Who began it"),
    "claimed": Words("来源所称主体", "Actor the source names"),
    "pi": Words("个人信息种类", "Kind of information"),
    "api": Words("接口", "API"),
    "behaviour": Words("日志原文", "Words of the log"),
    "result": Words("结果", "Result"),
    "count": Words("本行代表次数", "Times in this row"),
    "page": Words("界面", "Screen"),
    "node": Words("控件", "Control"),
    "perms": Words("权限", "Permissions"),
    "cause": Words("起因", "Cause"),
    "host": Words("接收方", "Receiver"),
    "sent": Words("发出的内容", "What was sent"),
    "path": Words("路径", "Path"),
    "target": Words("对象", "Target"),
    "args": Words("参数", "Arguments"),
    "process": Words("进程", "Process"),
    "phase": Words("来源标记的阶段", "Phase the source marks"),
    "error": Words("时间误差", "Time error"),
    "derived": Words("推得", "Derived"),
    "place": Words("位置", "Place"),
    "stack": Words("调用栈（由内向外）", "Stack, innermost first"),
}

# Those that are read letter by letter.
LITERAL = ("api", "args", "path", "target", "place", "stack")


@dataclass(frozen=True)
class Lane:
    """One row of the picture. `actor` is set for what belongs to a party; `type` is what the filter asks for."""

    section: str
    name: Words
    kind: Kind
    actor: str = ""
    type: str = ""

    @property
    def party(self) -> Words:
        return actor_name(self.actor) if self.actor else Words("", "")


@dataclass(frozen=True)
class Row:
    """What the events of one row of the facts share in the picture. `about` are pairs of a key of KEYS and a text."""

    lane: int
    mark: Mark
    name: Words
    count: int = 1
    about: tuple[tuple[str, str], ...] = ()


class Sorted(NamedTuple):
    """Where a row of the facts belongs before the lanes are counted out."""

    section: str
    actor: str
    type: str
    row: Row


def sorted_row(line: Timeline, at: int, *, detailed: bool) -> Sorted:
    what, stack = line.row(at)
    actor = actor_of(line, what, stack)
    about = tuple(_about(what, stack, actor)) if detailed and at < MOST_DETAILED else ()
    row = Row(0, _mark(what, actor), event_name(what), what.count, about)
    match what.type:
        case "consent" | "screen" | "ui":
            return Sorted(what.type, "", what.type, row)
        case "perm_req" | "perm_res" | "setting":
            return Sorted("prompt", "", "prompt", row)
        case "process_start" | "fg" | "bg" | "exit":
            return Sorted("state", "", "state", row)
        case "net":
            return Sorted("net", "", what.host or "", row)
        case _ if what.pi_type:
            return Sorted("read", actor, "weak" if row.mark == "weak" else what.pi_type, row)
        case _:
            return Sorted("act", "", what.type if what.type in _ACTS else "", row)


def _mark(what: What, actor: str) -> Mark:
    if what.op in _ENDS or what.type == "exit":
        return "end"
    if what.type == "bg":
        return "back"
    if what.result == "denied":
        return "denied"
    if takes(what) and not is_nobody(actor):
        return "strong"
    return "weak" if what.pi_type else "plain"


def event_name(what: What) -> Words:
    """What happened, in a few words."""

    def same(*texts: str | None) -> Words:
        told = _cut(next((one for one in texts if one), what.type))
        return Words(told, told)

    match what.type:
        case "consent":
            known = _CONSENTS.get(what.act or "", same(what.act))
            scope = "" if what.scope in (None, "rules") else f" {what.scope}"
            return Words(f"{known.zh}{scope}", f"{known.en}{scope}")
        case "process_start" | "fg" | "bg" | "exit":
            cause = f" {what.cause}" if what.cause else ""
            return Words(f"{_STATES[what.type].zh}{cause}", f"{_STATES[what.type].en}{cause}")
        case "screen":
            return same(what.page, _short(what.activity), what.behaviour)
        case "ui":
            done = _GESTURES.get(what.action or "")
            if done and what.node_text:
                return Words(_cut(f"{done.zh}“{what.node_text}”"), _cut(f"{done.en} “{what.node_text}”"))
            where = f"“{what.node_text}”" if what.node_text else what.node_id or ""
            return same(f"{what.action or ''} {where}".strip(), what.behaviour)
        case "perm_req":
            asked = _permissions(what)
            return Words(f"请求权限 {asked.zh}", f"asks for {asked.en}")
        case "perm_res":
            asked, ended = _permissions(what), _RESULTS.get(what.result or "", same(what.result or "?"))
            return Words(f"权限{ended.zh} {asked.zh}", f"{ended.en}: {asked.en}")
        case "net":
            return same(what.host, what.behaviour)
    known_api = entry(what.api_id or "")
    return (
        known_api.name if known_api else same(what.behaviour, what.api_id, what.kind, what.target, what.path, what.uri)
    )


def _permissions(what: What) -> Words:
    groups = [names.PERMISSION_GROUPS[one] for one in what.groups if one in names.PERMISSION_GROUPS]
    if groups:
        return Words("、".join(one.zh for one in groups), ", ".join(one.en for one in groups))
    told = _cut(", ".join(one.rpartition(".")[2] for one in (*what.perms, *([what.perm] if what.perm else ()))))
    return Words(told, told)


def _about(what: What, stack: Stack | None, actor: str) -> Iterator[tuple[str, str]]:
    named = actor_name(actor)
    if what.pi_type or what.stack is not None or what.origin:
        yield "actor", named.zh if named.zh == named.en else f"{named.zh} / {named.en}"
    if stack:
        yield "why", stack.why
        if stack.manner:
            yield "manner", _line(_MANNERS[stack.manner])
    elif what.pi_type:
        yield "why", _line(Words("来源没有调用栈", "the source gives no call stack"))
    kinds = (*([what.pi_type] if what.pi_type else ()), *what.pi)
    told = {
        "claimed": what.actor,
        "pi": "；".join(_line(names.kind(one)) for one in kinds),
        "api": what.api_id,
        "behaviour": what.behaviour,
        "result": _line(_RESULTS[what.result]) if what.result in _RESULTS else what.result,
        "count": str(what.count) if what.count != 1 else "",
        "page": " ".join(one for one in (what.page, what.activity, what.screen) if one),
        "node": " ".join(one for one in (what.node_text, what.node_id) if one),
        "perms": " ".join((*what.perms, *([what.perm] if what.perm else ()))),
        "cause": what.cause,
        "host": what.host,
        "path": what.path or what.uri,
        "target": what.target,
        "args": ", ".join(what.args),
        "process": what.process,
        "phase": what.phase,
        "error": f"±{what.uncertainty_ms} ms" if what.uncertainty_ms else "",
        "derived": _line(Words("不在日志中，由其他行推得", "not in the log, made from other rows"))
        if what.derived
        else "",
    }
    for key, value in told.items():
        if value:
            yield key, _cut(value)
    if stack and stack.frames:
        more = f"\n… +{len(stack.frames) - _FRAMES}" if len(stack.frames) > _FRAMES else ""
        yield "stack", "\n".join(_cut(frame) for frame in stack.frames[:_FRAMES]) + more


def _line(words: Words) -> str:
    return words.zh if words.zh == words.en else f"{words.zh} / {words.en}"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…[+{len(text) - _LONGEST}]"


def _short(activity: str | None) -> str:
    return (activity or "").rpartition("/")[2].rpartition(".")[2]


class Placed(NamedTuple):
    """A flow on the clock of a run, and how far its own clock may be off."""

    flow: Flow
    t_ms: int
    error_ms: int


def flows_of(run: Run, net: Net) -> tuple[Placed, ...]:
    """The flows of the captures that can be laid beside a run."""
    found: list[Placed] = []
    for capture in net.captures:
        shift = shift_ms(run, capture)
        if shift is not None:
            own = (flow for flow in net.flows if flow.place.partition("#")[0] == capture.source)
            found += [Placed(flow, flow.t_ms + shift, capture.uncertainty_ms) for flow in own]
    return tuple(found)


def shift_ms(run: Run, capture: Capture) -> int | None:
    """What to add to a capture's times; None unless it names the run and both tell when they began, zone included."""
    if capture.run_id != run.meta.run_id or run.meta.clock == "order":
        return None
    try:
        ours, theirs = datetime.fromisoformat(run.meta.started_at), datetime.fromisoformat(capture.started_at)
        return round((theirs - ours).total_seconds() * 1000)
    except (ValueError, TypeError):
        return None


def sorted_flow(flow: Flow) -> Sorted:
    hits = flow.hits if is_read(flow.hits) else ()
    strong = any(one.pi_type not in WEAK_PI_TYPES for one in hits)
    mark: Mark = "unreadable" if isinstance(flow.hits, Unread) else "strong" if strong else "plain"
    sent = "；".join(f"{_line(names.kind(one.pi_type))} {one.masked} ({one.encoding})" for one in hits[:10])
    about = [("host", flow.host), ("path", f"{flow.method} {flow.path}".strip()), ("sent", sent), ("place", flow.place)]
    row = Row(0, mark, Words(flow.host, flow.host), 1, tuple((key, _cut(value)) for key, value in about if value))
    return Sorted("net", "", flow.host, row)


def _receiver(host: str) -> Words:
    known = by_domain(host) if host else None
    return Words(f"{known.name.zh} {host}", f"{known.name.en} {host}") if known else Words(host or "？", host or "?")


def sorted_shot(shown: Shown) -> Sorted:
    """A dump of a screen, as the drawing of that number shows it."""
    one = shown.screen
    about = [("page", f"{one.owner} {one.activity}".strip()), ("place", one.place or one.id)]
    return Sorted(
        "shot", "", "shot", Row(0, "plain", shown.title, 1, tuple((key, _cut(told)) for key, told in about if told))
    )


_Key = tuple[str, str, str]
_KINDS: dict[str, Kind] = {"screen": "span", "state": "span", "shot": "shot"}


def lanes_of(rows: Sequence[Sorted], counts: Counter[int]) -> tuple[tuple[Lane, ...], list[int]]:
    """The lanes in the order they are read, and which each row stands in. Rows without an event make no lane."""
    many: Counter[_Key] = Counter()
    for at, one in enumerate(rows):
        if counts[at]:
            many[one.section, one.actor, one.type] += counts[at] * one.row.count
    lanes: dict[_Key, Lane] = {}
    for section in ("consent", "screen", "shot", "ui", "prompt", "state"):
        if many[section, "", section]:
            kind: Kind = _KINDS.get(section, "act")
            lanes[section, "", section] = Lane(section, SECTIONS[section], kind, "", section)
    lanes |= _read_lanes(many)
    for code, name in _ACTS.items():
        if many["act", "", code]:
            lanes["act", "", code] = Lane("act", name, "act", "", code or "act")
    lanes |= _net_lanes(many)
    place = {key: at for at, key in enumerate(lanes)}
    rest = {"read": place.get(_REST_READS, 0), "net": place.get(_REST_HOSTS, 0)}
    return tuple(lanes.values()), [
        place.get((one.section, one.actor, one.type), rest.get(one.section, 0)) for one in rows
    ]


# What is too rare for a lane of its own.
_REST_READS, _REST_HOSTS = ("read", "rest", ""), ("net", "", "…")


def _read_lanes(many: Counter[_Key]) -> dict[_Key, Lane]:
    """A lane for each actor and kind. The app itself comes first, who is no party to it last, in between who does more."""
    reads = [key for key, _ in many.most_common() if key[0] == "read"]
    weight: Counter[str] = Counter()
    for key in reads:
        weight[key[1]] += many[key]
    last = {"app": -1, "unknown": 1, "system": 3}

    def order(key: _Key) -> tuple[int, int, str, bool, int, str]:
        _, actor, type = key
        rank = last.get(actor, 2 if actor.startswith("process:") else 0)
        return rank, -weight[actor], actor, type == "weak", -many[key], type

    lanes = {
        key: Lane("read", type_name(key[2]), "read", key[1], key[2])
        for key in sorted(reads[:MOST_READ_LANES], key=order)
    }
    if len(reads) > MOST_READ_LANES:
        lanes[_REST_READS] = Lane("read", actor_name("rest"), "read", "rest", "")
    return lanes


def _net_lanes(many: Counter[_Key]) -> dict[_Key, Lane]:
    """A lane for each of the receivers that got most."""
    hosts = [key for key, _ in many.most_common() if key[0] == "net"]
    lanes = {key: Lane("net", _receiver(key[2]), "net", "", "net") for key in hosts[:MOST_RECEIVERS]}
    if rest := len(hosts) - len(lanes):
        lanes[_REST_HOSTS] = Lane("net", Words(f"其余 {rest} 个接收方", f"{rest} more receivers"), "net", "", "net")
    return lanes


SECTIONS = {
    "finding": Words("发现", "Findings"),
    "consent": Words("同意、拒绝", "Consent, refusal"),
    "screen": Words("界面", "Screens"),
    "shot": Words("界面导出", "Dumps of screens"),
    "ui": Words("用户操作", "User's acts"),
    "prompt": Words("权限弹窗与结果", "Permission prompts"),
    "state": Words("应用状态", "App state"),
    "read": Words("涉及个人信息的行为", "Acts on personal information"),
    "act": Words("其他行为", "Other acts"),
    "net": Words("网络流量：发往", "Traffic: sent to"),
}


def section_name(section: str) -> Words:
    return SECTIONS[section]


def type_name(code: str) -> Words:
    if code == "weak":
        return Words("常见特征、辅助调用", "Common traits, helper calls")
    if code in SECTIONS:
        return SECTIONS[code]
    if code in _ACTS:
        return _ACTS[code]
    return names.kind(code)
