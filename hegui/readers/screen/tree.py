"""One dump → the nodes of a screen. The formats differ in names more than in meaning."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from lxml import etree

from hegui.catalogue.lexicons.screens import is_around
from hegui.facts.screens import Node
from hegui.readers.errors import Malformed, NotSupported, one_line

T = TypeVar("T")

# A long list shows some thousand nodes, some fifty deep; a dump of more is none of a screen. What belongs to what is looked
# for among all of them, so that the time grows by their square.
_NODES = 5_000
_DEPTH = 250
_TEXT_CHARACTERS = 20_000
_BOUNDS = re.compile(r"-?\d{1,6}")
_EDITABLE = re.compile(r"EditText|AutoComplete|TextInput|TextField|SearchField|TextArea")
_RUBBISH_AFTER = re.compile(rb">[^<>]*$")

_ACTIVITY = ("foreground_activity", "activity_name")
# Names of one meaning: uiautomator and Appium; droidbot; recursive accessibility dumps; HarmonyOS uitest.
_NAMES: dict[str, tuple[str, ...]] = {
    "text": ("text", "label"),
    "described": ("content-desc", "content_description", "contentDescription", "contentDesc", "description"),
    "hint": ("hint", "hintText"),
    "cls": ("class", "className", "class_name", "type"),
    "name": ("resource-id", "resource_id", "resourceId", "resourceName", "viewIdResourceName", "id", "key"),
    "package": ("package", "packageName", "package_name", "bundleName"),
    "bounds": ("bounds", "boundsInScreen", "visible-bounds"),
    "checkable": ("checkable", "isCheckable"),
    "checked": ("checked", "isChecked"),
    "clickable": ("clickable", "isClickable"),
    "enabled": ("enabled", "isEnabled"),
    "password": ("password", "is_password", "isPassword"),
    "visible": ("visible-to-user", "displayed", "visible", "isVisibleToUser", "visibility"),
    "editable": ("editable", "isEditable"),
}


@dataclass
class Dump:
    """`whole` is False when the dump was cut off, or has more nodes or deeper ones than a screen: only a part was read."""

    nodes: tuple[Node, ...]
    owner: str = ""
    activity: str = ""
    whole: bool = True


def read_dump(data: bytes, name: str) -> Dump:
    """The nodes of one dump, in the order of the tree. Raises Malformed or NotSupported in one clear line."""
    head = data[:2048].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] == b"<" or b"<hierarchy" in head:
        return _xml(data, name)
    if head[:1] in (b"{", b"["):
        return _json(data, name)
    raise NotSupported(
        f"{name}：不是 uiautomator XML 或无障碍 JSON；用 adb shell uiautomator dump 重新导出",
        f"{name}: neither uiautomator XML nor accessibility JSON; dump it with adb shell uiautomator dump",
    )


def _xml(data: bytes, name: str) -> Dump:
    # uiautomator dump /dev/tty writes a line of its own behind the tree.
    start = max(0, data.find(b"<"))
    data = _RUBBISH_AFTER.sub(b">", data[start:])
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data:
        raise Malformed(
            f"{name}：含 DOCTYPE 或实体定义，界面导出不会有；不读取",
            f"{name}: has a DOCTYPE or entities, which no dump of a screen has; not read",
        )
    whole = True
    try:
        root = etree.fromstring(data, _parser(recover=False))
    except etree.XMLSyntaxError as error:
        whole, root = False, _recovered(data)
        if root is None:
            raise Malformed(
                f"{name}：XML 损坏（{one_line(error.msg)}）；请重新导出",
                f"{name}: broken XML ({one_line(error.msg)}); dump it again",
            ) from None
    owned: list[tuple[str, Node]] = []
    elements, all_read = _walk([root], _elements_below)
    for path, element in elements:
        attributes = {str(key): str(value) for key, value in element.attrib.items()}
        if element.tag not in ("hierarchy", "node"):
            attributes.setdefault("class", str(element.tag))
        if element.tag != "hierarchy":
            owned.append((_text(attributes, "package"), _node(path, attributes)))
    if not owned:
        raise Malformed(f"{name}：没有任何控件；请重新导出", f"{name}: not a single node; dump it again")
    return Dump(*_without_bars(owned), "", whole and all_read)


def _parser(recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, recover=recover
    )


def _recovered(data: bytes) -> etree._Element | None:
    try:
        return etree.fromstring(data, _parser(recover=True))
    except etree.XMLSyntaxError:
        return None


def _elements_below(element: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    return ((number, child) for number, child in enumerate(element) if isinstance(child.tag, str))


def _walk(roots: Iterable[T], below: Callable[[T], Iterable[tuple[int, T]]]) -> tuple[list[tuple[str, T]], bool]:
    """Each node with its path, parents first, and whether these are all; `below` gives the children with their places."""
    stack = [(one, str(number), 1) for number, one in enumerate(roots)][::-1]
    found: list[tuple[str, T]] = []
    whole = True
    while stack:
        one, path, depth = stack.pop()
        if len(found) == _NODES:
            return found, False
        found.append((path, one))
        children = [(child, f"{path}.{number}", depth + 1) for number, child in below(one)]
        if depth < _DEPTH:
            stack += reversed(children)
        elif children:
            whole = False
    return found, whole


def _json(data: bytes, name: str) -> Dump:
    try:
        made = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Malformed(
            f"{name}：JSON 损坏（{one_line(error)}）；请重新导出",
            f"{name}: broken JSON ({one_line(error)}); dump it again",
        ) from None
    activity = ""
    if isinstance(made, dict):
        activity = next((one for key in _ACTIVITY if isinstance(one := made.get(key), str)), "").replace("/", "")
        made = _tree_of_views(made["views"]) if isinstance(made.get("views"), list) else _root(made)
    found, whole = _walk(made if isinstance(made, list) else [made], _objects_below)
    each = [(_plain(one), path) for path, one in found if isinstance(one, dict)]
    owned = [(_text(given, "package"), _node(path, given)) for given, path in each]
    owned = [(owner, node) for owner, node in owned if node.cls or node.text or node.bounds]
    if not owned:
        raise Malformed(
            f"{name}：JSON 里没有控件树；应有 views、children 或 root",
            f"{name}: no tree of nodes in the JSON; views, children or root was expected",
        )
    return Dump(*_without_bars(owned), activity, whole)


def _root(made: dict[str, Any]) -> Any:
    """Where the tree stands, in {"activity": {"root": …}}, {"data": {"a11y_tree": […]}} and the like."""
    for _ in range(4):
        inner = next(
            (made[key] for key in ("root", "activity", "data", "tree", "a11y_tree", "hierarchy") if key in made), None
        )
        if not isinstance(inner, dict | list):
            break
        if isinstance(inner, list):
            return inner
        made = inner
    return made


def _tree_of_views(views: list[Any]) -> list[Any]:
    """The flat list of droidbot, whose children are numbers, as a tree; each view stands once, whatever the numbers say."""
    seen: set[int] = set()
    made: list[dict[str, Any]] = [dict(one) if isinstance(one, dict) else {} for one in views]
    for number, one in enumerate(made):
        children = [
            child for child in _listed(one.get("children")) if isinstance(child, int) and number < child < len(made)
        ]
        fresh = [child for child in dict.fromkeys(children) if child not in seen]
        seen.update(fresh)
        one["children"] = [made[child] for child in fresh]
    return [one for number, one in enumerate(made) if number not in seen]


def _objects_below(one: Any) -> Iterator[tuple[int, Any]]:
    children = _listed(one.get("children") or one.get("nodes")) if isinstance(one, dict) else []
    return ((number, child) for number, child in enumerate(children) if isinstance(child, dict))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _plain(one: dict[str, Any]) -> dict[str, Any]:
    """The attributes, which HarmonyOS keeps in an object of their own."""
    inner = one.get("attributes")
    return inner if isinstance(inner, dict) else one


def _node(path: str, given: Mapping[str, Any]) -> Node:
    cls = _text(given, "cls")
    described, hint = _text(given, "described"), _text(given, "hint")
    text = _text(given, "text") or described
    bounds = _bounds(_of(given, "bounds"))
    empty = bounds is not None and (bounds[2] <= bounds[0] or bounds[3] <= bounds[1])
    style = {"hint": hint} if hint else {}
    if not _flag(given, "enabled", True):
        style["enabled"] = "false"
    secret = _flag(given, "password", False)
    return Node(
        path,
        # What stands in a password field is nobody's business, even as dots.
        "" if secret else text,
        cls,
        bounds,
        _flag(given, "checkable", False),
        _flag(given, "checked", False),
        _flag(given, "clickable", False),
        _flag(given, "visible", True) and not empty,
        style | ({"password": "true"} if secret else {}),
        _text(given, "name"),
        _flag(given, "editable", False) or bool(_EDITABLE.search(cls)),
    )


def _of(given: Mapping[str, Any], what: str) -> Any:
    return next((given[name] for name in _NAMES[what] if given.get(name) is not None), None)


def _text(given: Mapping[str, Any], what: str) -> str:
    value = _of(given, what)
    return value.strip()[:_TEXT_CHARACTERS] if isinstance(value, str) else ""


def _flag(given: Mapping[str, Any], what: str, default: bool) -> bool:
    value = _of(given, what)
    if isinstance(value, str):
        return value.strip().lower() in ("true", "visible", "1")
    return bool(value) if isinstance(value, bool | int) else default


def _bounds(value: Any) -> tuple[int, int, int, int] | None:
    """`[0,63][1080,210]`, [0, 63, 1080, 210], [[0, 63], [1080, 210]] or {"left": 0, …}."""
    if isinstance(value, dict):
        value = [value.get(side) for side in ("left", "top", "right", "bottom")]
    found = [int(one) for one in _BOUNDS.findall(str(value))] if value is not None else []
    return (found[0], found[1], found[2], found[3]) if len(found) == 4 else None


def _without_bars(owned: Sequence[tuple[str, Node]]) -> tuple[tuple[Node, ...], str]:
    """The nodes of the app in front, or of the box over it, and whose they are.

    A dump of all windows has the status bar, the navigation bar and the keyboard as well, before or behind the app; a clock
    and the names of other apps' messages are no part of the page.
    """
    front = [(owner, node) for owner, node in owned if owner and not is_around(owner)]
    if not front:
        return tuple(node for _, node in owned), next((owner for owner, _ in owned if owner), "")
    return tuple(node for owner, node in owned if not owner or not is_around(owner)), front[0][0]
