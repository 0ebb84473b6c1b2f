"""The part of CSS that decides whether text is seen and how: simple selectors, and the properties of looks.

Conditional rules (@media with a condition, @supports), pseudo-classes and attribute selectors are left out: they hold only
at times, and what holds at times neither hides nor emphasises.
"""

import re
from dataclasses import dataclass, field

from lxml import etree

# More rules than any page of rules has; each costs time at each element.
_MOST_RULES = 20_000

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_BRACES = re.compile(r"([{};])")
_ALWAYS = re.compile(r"@media\s+(?:only\s+)?(?:screen|all)\s*", re.IGNORECASE)
_COMPOUND = re.compile(r"(?P<tag>\*|[a-zA-Z][\w-]*)?(?P<rest>(?:[.#][\w-]+)*)")
_PART = re.compile(r"([.#])([\w-]+)")
_COMBINATOR = re.compile(r"\s*>\s*|\s+")


@dataclass(frozen=True, slots=True)
class _Compound:
    """`p.note#a`: what one element must be."""

    tag: str = ""
    id: str = ""
    classes: frozenset[str] = frozenset()

    def fits(self, element: etree._Element) -> bool:
        return (
            (not self.tag or element.tag == self.tag)
            and (not self.id or element.get("id") == self.id)
            and (not self.classes or self.classes <= set((element.get("class") or "").split()))
        )


@dataclass(frozen=True, slots=True)
class _Rule:
    """`above` are the compounds to the left, nearest first, each with whether it must be the parent."""

    last: _Compound
    above: tuple[tuple[bool, _Compound], ...]
    specificity: tuple[int, int, int]
    declarations: dict[str, str]

    def fits(self, element: etree._Element) -> bool:
        if not self.last.fits(element):
            return False
        at: etree._Element | None = element
        for of_parent, compound in self.above:
            at = at.getparent() if at is not None else None
            while at is not None and not compound.fits(at):
                at = None if of_parent else at.getparent()
            if at is None:
                return False
        return True


@dataclass
class Stylesheet:
    """The rules of a page, found by the tag, class or id their last compound asks for."""

    _by_key: dict[str, list[tuple[int, _Rule]]] = field(default_factory=dict)
    _count: int = 0

    def add(self, css: str) -> None:
        for selectors, body in _rules(_COMMENT.sub(" ", css)):
            told = declarations(body)
            for selector in selectors.split(",") if told else ():
                rule = _parsed(selector.strip(), told)
                if rule is not None and self._count < _MOST_RULES:
                    self._count += 1
                    self._by_key.setdefault(_key(rule.last), []).append((self._count, rule))

    def of(self, element: etree._Element) -> dict[str, str]:
        """The declarations that hold for an element, its style attribute included; the winner of each property."""
        inline = element.get("style")
        own = declarations(inline) if inline else {}
        if not self._count:
            return {name: _value(value) for name, value in own.items()}
        keys = [str(element.tag), "*", *(f".{each}" for each in (element.get("class") or "").split())]
        if element.get("id"):
            keys.append(f"#{element.get('id')}")
        fitting = sorted(
            (rule.specificity, order, rule.declarations)
            for key in dict.fromkeys(keys)
            for order, rule in self._by_key.get(key, ())
            if rule.fits(element)
        )
        layers = [layer for *_, layer in fitting] + [own]
        won: dict[str, str] = {}
        for important in (False, True):
            for layer in layers:
                won |= {
                    name: _value(value) for name, value in layer.items() if value.endswith("!important") == important
                }
        return won


def declarations(text: str) -> dict[str, str]:
    """ "color: red; …" as lower-case names and values."""
    found = {}
    for part in text.split(";"):
        name, colon, value = part.partition(":")
        if colon:
            told, bang, important = value.strip().lower().rpartition("!")
            marked = bang and important.strip() == "important"
            found[name.strip().lower()] = told.rstrip() + "!important" if marked else value.strip().lower()
    return found


def _value(value: str) -> str:
    return value.removesuffix("!important")


def _rules(css: str) -> list[tuple[str, str]]:
    """Selectors and body of the rules that always hold."""
    found: list[tuple[str, str]] = []
    # What the blocks around are: True if their rules hold always.
    around: list[bool] = []
    head: list[str] = []
    body: list[str] | None = None
    selectors = ""
    for piece in _BRACES.split(css):
        if piece == "{":
            prelude = "".join(head).strip()
            head = []
            if prelude.startswith("@") or body is not None:
                around.append(body is None and _ALWAYS.fullmatch(prelude) is not None)
            else:
                selectors, body = prelude, []
        elif piece == "}":
            if body is not None and head is not None:
                if all(around):
                    found.append((selectors, "".join(body)))
                body = None
            elif around:
                around.pop()
            head = []
        elif body is not None:
            body.append(piece)
        elif piece == ";":
            head = []
        else:
            head.append(piece)
    return found


def _parsed(selector: str, told: dict[str, str]) -> _Rule | None:
    """A rule of this selector; None if it is of a kind that is left out."""
    pieces = _COMBINATOR.split(selector)
    combinators = [">" in each for each in _COMBINATOR.findall(selector)]
    compounds = []
    for piece in pieces:
        match = _COMPOUND.fullmatch(piece)
        if match is None or not piece:
            return None
        parts = _PART.findall(match["rest"])
        ids = [name for sign, name in parts if sign == "#"]
        tag = (match["tag"] or "").lower()
        classes = frozenset(name for sign, name in parts if sign == ".")
        compounds.append(_Compound("" if tag == "*" else tag, ids[0] if ids else "", classes))
    last, *above = reversed(compounds)
    specificity = (
        sum(bool(one.id) for one in compounds),
        sum(len(one.classes) for one in compounds),
        sum(bool(one.tag) for one in compounds),
    )
    return _Rule(last, tuple(zip(reversed(combinators), above, strict=True)), specificity, told)


def _key(compound: _Compound) -> str:
    if compound.id:
        return f"#{compound.id}"
    if compound.classes:
        return f".{min(compound.classes)}"
    return compound.tag or "*"
