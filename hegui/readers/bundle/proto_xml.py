"""XML as a bundle holds it: an aapt.pb.XmlNode message, read into the same tree as compiled XML.

Source: AOSP frameworks/base/tools/aapt2/Resources.proto (XmlNode, XmlElement, XmlAttribute).
"""

from hegui.readers.apk.axml import (
    MAX_ATTRIBUTES,
    MAX_DEPTH,
    MAX_ELEMENTS,
    MAX_TEXT,
    TYPE_STRING,
    Attribute,
    Element,
    XmlTree,
)
from hegui.readers.bundle.proto_values import ItemValue, item_value
from hegui.readers.bundle.protobuf import BadMessage, Message
from hegui.readers.errors import LimitReached, Malformed

_NODE_ELEMENT, _NODE_TEXT = 1, 2
_NAMESPACE, _NAME, _ATTRIBUTE, _CHILD = 2, 3, 4, 5
_ATTRIBUTE_NAMESPACE, _ATTRIBUTE_NAME, _ATTRIBUTE_VALUE, _RESOURCE_ID, _COMPILED_ITEM = 1, 2, 3, 5, 6


def read_proto_xml(data: bytes | memoryview, name: str) -> XmlTree:
    """Read an XmlNode. An element's `at` is where its field stands in the file.

    Raises Malformed when the bytes are no such message, LimitReached beyond the bounds of compiled XML.
    """
    try:
        return _tree(Message(memoryview(data)), name)
    except BadMessage as error:
        raise Malformed(
            f"{name}：不是 protobuf 格式的 XML：{error}；请重新获取文件",
            f"{name}: no XML in protocol buffers: {error}; get the file again",
        ) from None


def _tree(node: Message, name: str) -> XmlTree:
    root: Element | None = None
    mapped = False
    elements = attributes = text_size = 0
    todo: list[tuple[Message, Element | None, int]] = [(node, None, 0)]
    while todo:
        node, parent, depth = todo.pop()
        fields = node.last()
        if _NODE_ELEMENT not in fields:
            if parent is not None and _NODE_TEXT in fields:
                text = node.text(fields[_NODE_TEXT])
                parent.text += text
                text_size += len(text)
            continue
        element = node.inner(fields[_NODE_ELEMENT])
        made, children = _element(element, fields[_NODE_ELEMENT].at)
        elements += 1
        attributes += len(made.attributes)
        if elements > MAX_ELEMENTS or attributes > MAX_ATTRIBUTES or depth > MAX_DEPTH or text_size > MAX_TEXT:
            raise LimitReached(
                f"{name} 偏移 0x{made.at:x}：元素、属性或文本过多，或嵌套过深",
                f"{name} at 0x{made.at:x}: too many elements or attributes, too much text, or nested too deep",
            )
        mapped = mapped or any(each.id for each in made.attributes)
        if parent is None:
            root = made
        else:
            parent.children.append(made)
        todo.extend((child, made, depth + 1) for child in reversed(children))
    if root is None:
        raise BadMessage("there is no element")
    return XmlTree(root, (), mapped)


def _element(message: Message, at: int) -> tuple[Element, list[Message]]:
    namespace = name = ""
    attributes, children = [], []
    for field in message:
        if field.number == _NAMESPACE:
            namespace = message.text(field)
        elif field.number == _NAME:
            name = message.text(field)
        elif field.number == _ATTRIBUTE:
            attributes.append(_attribute(message.inner(field)))
        elif field.number == _CHILD:
            children.append(message.inner(field))
    return Element(name, namespace or None, at, tuple(attributes)), children


def _attribute(message: Message) -> Attribute:
    """An attribute. Without a compiled item its text is its value, as aapt2 writes it when it compiles the bundle."""
    fields = message.last()
    raw = message.text(fields[_ATTRIBUTE_VALUE]) if _ATTRIBUTE_VALUE in fields else None
    value = None
    if _COMPILED_ITEM in fields:
        value = item_value(message.inner(fields[_COMPILED_ITEM]))
    value = value or ItemValue(TYPE_STRING, 0, raw or "")
    return Attribute(
        fields[_RESOURCE_ID].value & 0xFFFFFFFF if _RESOURCE_ID in fields else 0,
        message.text(fields.get(_ATTRIBUTE_NAMESPACE)) or None,
        message.text(fields.get(_ATTRIBUTE_NAME)),
        raw,
        value.type,
        value.data,
        value.string,
    )
