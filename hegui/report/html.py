"""One self-contained page: Chinese and English in the same document, no network, readable without JavaScript."""

import base64
import hashlib
import re
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from hegui.audit.file import AuditFile, Coverage, DutyRow
from hegui.audit.verdict import NAMES, ORDER, Verdict, combine
from hegui.catalogue.usage_kinds import STARTS, USAGE_KINDS
from hegui.facts import REASONS, Facts, Input, Stage, Unread, is_read
from hegui.facts.package import Component, Package, Permission
from hegui.facts.policy import Policy
from hegui.facts.queries.closed_world import open_doors
from hegui.facts.queries.permissions import asked, effective, short
from hegui.facts.queries.self_start import self_starts
from hegui.facts.screens import Ui
from hegui.facts.trace import Trace
from hegui.law.duty import Duty, Regulation
from hegui.law.knobs import shipped_knobs
from hegui.report import names, terminal, timeline
from hegui.report.cards import Card, cards
from hegui.report.catalogued import api_name
from hegui.report.consistency import MOST_COLUMNS as MOST_PARTIES
from hegui.report.consistency import MOST_PAIRS, sides
from hegui.report.consistency import MOST_SDKS as MOST_PAIRED_SDKS
from hegui.report.embedded import MOST_SDKS, embedded
from hegui.report.often import ENDS, Series, often
from hegui.report.pairs import FEWEST_PAIRS, Comparison, comparisons
from hegui.report.reading import LONGEST_NAME, MOST_COLUMNS, Cell, Reading, Row, reading
from hegui.report.screens import screens
from hegui.report.timeline_lanes import MARKS, SIDES
from hegui.report.timeline_still import still
from hegui.report.unseen import hosts, limits, place_of, unseen
from hegui.words import Language, Words

_NO_UI = Unread("NO_UI")
_TEMPLATES = Path(__file__).parent / "templates"

# What a package says is shown to a person who must be able to trust the page: a longer text is cut and says so.
_LONGEST = 4000

# Characters that change how their neighbours are displayed (direction, width, control), and what UTF-8 cannot hold.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")

# A method as facts write it, taken apart for reading.
_METHOD = re.compile(r"L(?P<package>(?:[^/;]+/)*)(?P<cls>[^/;]+);->(?P<name>[^(]+)\(.*", re.DOTALL)


def to_html(
    file: AuditFile,
    facts: Facts,
    regulations: tuple[Regulation, ...],
    *,
    language: Language = "zh",
    wording: Mapping[str, str] | None = None,
) -> str:
    """The report as one page. `language` is the one shown first; a button switches to the other.

    `wording` maps an article ("cac-2026:14") to the official text the user loaded, shown beside our duties.
    Same arguments, same bytes.
    """
    numbered = cards(file)
    reads = reading(facts.pkg)
    shown_screens = screens(facts.ui, numbered) if is_read(facts.ui) else None
    shots = tuple(shown_screens.shown) if shown_screens else ()
    runs = timeline.pictures(facts.trace, facts.net, numbered, shots) if is_read(facts.trace) else None
    with_runs, with_screens = ("timeline",) if runs else (), ("screens",) if shown_screens else ()
    style, script = _source("css", "report", *with_screens, *with_runs), _source("js", "report", *with_runs)
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            file=file,
            facts=facts,
            pkg=facts.pkg,
            drafts=_drafts(file, regulations, wording or {}),
            cards=numbered,
            cards_of=_cards_of(numbered),
            sides=sides(facts, numbered),
            lacking=_lacking(file),
            reasons=_reasons_used(file, facts),
            unread_facts=tuple(_unread(facts)),
            knobs=shipped_knobs(),
            groups=_permission_groups(facts.pkg),
            others=_other_permissions(facts.pkg),
            doors=open_doors(facts.pkg) if is_read(facts.pkg) else (),
            kinds=_component_kinds(facts.pkg),
            sdk_names=_sdk_names(facts.pkg),
            reads=reads,
            reads_when={when for _, cell in _cells(reads) for when in cell.when},
            sdk_rows=embedded(facts, reads),
            hidden=unseen(facts.pkg) if is_read(facts.pkg) else None,
            limits=limits(facts.pkg),
            shown_screens=shown_screens,
            timeline=runs,
            timeline_data=_data(runs) if runs else "",
            compared=_compared(facts),
            series=_series(runs, facts.policy if is_read(facts.policy) else None),
            rules_read=is_read(facts.policy),
            language=language,
            style=Markup(style),  # noqa: S704 - our own file
            script=Markup(script),  # noqa: S704 - our own file
            script_hash=_script_hash(script),
        )
    )


def timeline_to_html(
    trace: Trace,
    inputs: tuple[Input, ...],
    stages: tuple[Stage, ...],
    ui: Ui | Unread = _NO_UI,
    *,
    language: Language = "zh",
) -> str:
    """A page of the timeline and the screens alone: what was recorded, nothing judged. Same arguments, same bytes."""
    shown_screens = screens(ui) if is_read(ui) else None
    shots = tuple(shown_screens.shown) if shown_screens else ()
    runs = timeline.pictures(trace, Unread("NO_CAPTURE"), (), shots)
    script = _source("js", "timeline_page", "timeline")
    return (
        _environment()
        .get_template("timeline_page.html.j2")
        .render(
            shown_screens=shown_screens,
            timeline=runs,
            timeline_data=_data(runs),
            compared=comparisons(trace),
            series=_series(runs, None),
            rules_read=False,
            inputs=inputs,
            stages=stages,
            title=", ".join(dict.fromkeys(run.meta.package or run.meta.source for run in trace.runs)) or "hegui",
            language=language,
            style=Markup(_source("css", "report", *(("screens",) if shots else ()), "timeline")),  # noqa: S704 - our own file
            script=Markup(script),  # noqa: S704 - our own file
            script_hash=_script_hash(script),
        )
    )


def _compared(facts: Facts) -> tuple[Comparison, ...]:
    """The runs that are made to be compared, with those of the version before."""
    if not is_read(facts.trace):
        return ()
    old = facts.previous.trace if is_read(facts.previous) else Unread("BASELINE_MISSING")
    return comparisons(facts.trace, old if is_read(old) else None)


def _series(runs: timeline.Pictures | None, rules: Policy | None) -> dict[int, tuple[Series, ...]]:
    """How often what is taken in each run that is drawn."""
    return {one.number: often(one.run, rules) for one in runs.runs} if runs else {}


def usage_to_html(
    trace: Trace, inputs: tuple[Input, ...], stages: tuple[Stage, ...], *, language: Language = "zh"
) -> str:
    """A page of what a terminal recorded of apps; nothing is judged. Same arguments, same bytes."""
    page = terminal.usage(trace)
    script = _source("js", "terminal")
    return (
        _environment()
        .get_template("terminal.html.j2")
        .render(
            page=page,
            data=Markup(terminal.payload(page, lambda text: str(_visible(text)))),  # noqa: S704 - "<" is escaped
            kind_names=USAGE_KINDS,
            starts=STARTS,
            item_words=terminal.item_words,
            most_apps=terminal.MOST_APPS,
            first=terminal.FIRST,
            inputs=inputs,
            stages=stages,
            language=language,
            style=Markup(_source("css", "report", "terminal")),  # noqa: S704 - our own file
            script=Markup(script),  # noqa: S704 - our own file
            script_hash=_script_hash(script),
        )
    )


def _source(kind: str, *parts: str) -> str:
    """Our own style sheets or scripts, one after the other."""
    return "\n".join((_TEMPLATES / f"{part}.{kind}").read_text("utf-8") for part in parts)


def _script_hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _data(runs: timeline.Pictures) -> Markup:
    # JSON in which "<" is escaped, in an element that is no script of the page.
    return Markup(timeline.payload(runs, lambda text: str(_visible(text))))  # noqa: S704


@dataclass(frozen=True)
class Article:
    """One article of a draft with its duties; `verdict` is None when it holds none."""

    id: str
    number: int
    label: Words
    title: Words
    verdict: Verdict | None
    rows: tuple[tuple[DutyRow, Duty | None], ...]
    wording: str


@dataclass(frozen=True)
class Draft:
    regulation: Regulation
    articles: tuple[Article, ...]
    counts: dict[str, int]
    duties: int


@dataclass(frozen=True)
class Lacking:
    """An input that is missing, and how many undetermined duties name it."""

    code: str
    duties: int


@dataclass(frozen=True)
class Group:
    """One of the ten groups of articles 30/32: what is asked in it, what the platform adds, what can never take effect."""

    name: Words
    asked: tuple[Permission, ...]
    added: tuple[Permission, ...]
    void: tuple[Permission, ...]


@dataclass(frozen=True)
class Kind:
    """The components of one kind. `notable`: exported, or a system event can start them. `triggers` by component."""

    name: Words
    notable: tuple[Component, ...]
    others: tuple[Component, ...]
    triggers: dict[str, tuple[str, ...]]
    exported: int


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_visible,
        keep_trailing_newline=True,
    )
    made.globals.update(
        t=_both,
        w=lambda words: _both(words.zh, words.en),
        names=names,
        verdict_names=NAMES,
        verdicts=ORDER,
        REASONS=REASONS,
        several=_several,
        coverage=_coverage,
        command=_command,
        input_name=_input_name,
        quote=shlex.join,
        short=short,
        brief=_brief,
        readable=_readable,
        api_name=api_name,
        place_of=place_of,
        hosts=hosts,
        most_columns=MOST_COLUMNS,
        most_sdks=MOST_SDKS,
        most_parties=MOST_PARTIES,
        most_pairs=MOST_PAIRS,
        most_paired_sdks=MOST_PAIRED_SDKS,
        consent_sides=SIDES,
        marks=MARKS,
        anchor=timeline.anchor,
        still=still,
        gap_ends=ENDS,
        span=_span,
        fewest_pairs=FEWEST_PAIRS,
    )
    made.tests["unread"] = lambda part: isinstance(part, Unread)
    return made


def _visible(part: object) -> object:
    """What a template prints, with unseen characters made visible and very long texts cut. Markup passes as it is."""
    if isinstance(part, Markup) or not isinstance(part, str):
        return part
    if len(part) > _LONGEST:
        part = f"{part[:_LONGEST]} …[+{len(part) - _LONGEST}]"
    return _UNSEEN.sub(lambda match: f"[U+{ord(match[0]):04X}]", part)


def _span(ms: int) -> Words:
    """A length of time, as people say it."""
    if ms < 60_000:
        return Words(f"{ms / 1000:.3g} 秒", f"{ms / 1000:.3g} s")
    return Words(f"{ms / 60_000:.3g} 分钟", f"{ms / 60_000:.3g} min")


def _brief(name: str) -> str:
    """A name from the code, cut when it is longer than any honest one."""
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]} …[+{len(name) - LONGEST_NAME}]"


def _readable(method: str, before: str = "") -> Markup:
    """com.example.Main.onCreate for Lcom/example/Main;->onCreate(Landroid/os/Bundle;)V; another text as it is.

    The package is a dot where it is that of the method `before`.
    """
    parsed, earlier = _METHOD.fullmatch(method), _METHOD.fullmatch(before)
    if parsed is None or len(method) > LONGEST_NAME:
        return Markup("{}").format(_visible(_brief(method)))
    package = "·" if earlier and earlier["package"] == parsed["package"] else parsed["package"].replace("/", ".")
    return Markup("{}<b>{}.{}</b>").format(*map(_visible, (package, parsed["cls"], parsed["name"])))


def _both(zh: str, en: str) -> Markup:
    """One text in both languages; the style sheet shows the chosen one."""
    zh, en = str(_visible(zh)), str(_visible(en))
    if zh == en:
        return Markup("{}").format(zh)
    return Markup('<span lang="zh">{}</span><span lang="en">{}</span>').format(zh, en)


def _several(some: Iterable[Words]) -> Markup:
    listed = tuple(some)
    return _both("；".join(one.zh for one in listed), "; ".join(one.en for one in listed))


def _coverage(one: Coverage) -> Words:
    """What a verdict drew on, lacked, and did not read, as one line."""

    def named(kinds: tuple[str, ...]) -> tuple[str, str]:
        some = [names.EVIDENCE[kind] for kind in kinds]
        return "、".join(kind.zh for kind in some) or "无", ", ".join(kind.en for kind in some) or "none"

    (had, had_en), (lacked, lacked_en), unread = named(one.had), named(one.lacked), ", ".join(one.unread)
    return Words(
        f"依据了：{had}；缺：{lacked}" + (f"；其中未读取：{unread}" if unread else ""),
        f"drew on: {had_en}; lacked: {lacked_en}" + (f"; not read in them: {unread}" if unread else ""),
    )


def _input_name(file: AuditFile, sha256: str) -> str:
    return next((one.name for one in file.inputs if one.sha256 == sha256), "")


def _command(file: AuditFile, sha256: str, where: str) -> str:
    """The command that shows a place, or "" when the file it stands in is not one of the inputs."""
    name = _input_name(file, sha256)
    return shlex.join(("hegui", "show", name, where)) if name else ""


def _drafts(file: AuditFile, regulations: tuple[Regulation, ...], wording: Mapping[str, str]) -> tuple[Draft, ...]:
    known = {one.id: one for one in regulations}
    if lost := [name for name in file.summary.by_regulation if name not in known]:
        raise ValueError(f"no regulation given for the judged duties of {', '.join(lost)}")
    return tuple(_draft(known[name], file, wording) for name in file.summary.by_regulation)


def _draft(one: Regulation, file: AuditFile, wording: Mapping[str, str]) -> Draft:
    rows = [row for row in file.duties if row.regulation == one.id]
    # A user's own pack may hold duties outside the articles it counts; they are shown all the same.
    numbers = sorted({*range(1, one.articles + 1), *(row.article for row in rows)})
    articles = tuple(_article(one, number, rows, wording) for number in numbers)
    return Draft(one, articles, file.summary.by_regulation[one.id], len(rows))


def _article(regulation: Regulation, number: int, judged: list[DutyRow], wording: Mapping[str, str]) -> Article:
    duties = {duty.id: duty for duty in regulation.duties if duty.article == number}
    rows = tuple(row for row in judged if row.article == number)
    return Article(
        f"art-{regulation.id}-{number}",
        number,
        names.article(number),
        regulation.article_titles.get(number, Words("", "")),
        combine(row.verdict for row in rows) if rows else None,
        tuple((row, duties.get(row.id)) for row in rows),
        wording.get(f"{regulation.id}:{number}", ""),
    )


def _cards_of(numbered: tuple[Card, ...]) -> dict[str, tuple[Card, ...]]:
    found: dict[str, list[Card]] = {}
    for card in numbered:
        for row in card.duties:
            found.setdefault(row.id, []).append(card)
    return {duty: tuple(some) for duty, some in found.items()}


def _lacking(file: AuditFile) -> tuple[Lacking, ...]:
    """What undetermined duties lack, the most named first."""
    counted = Counter(
        code for row in file.duties if row.verdict == "undetermined" for code in {lack.code for lack in row.missing}
    )
    return tuple(Lacking(code, many) for code, many in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


def _reasons_used(file: AuditFile, facts: Facts) -> tuple[str, ...]:
    codes = {lack.code for row in file.duties for lack in row.missing} | {part.unread for _, part in _unread(facts)}
    return tuple(sorted(codes))


def _unread(part: Any, path: str = "") -> Iterator[tuple[str, Unread]]:
    """Every part of the facts that was not read, with its path."""
    for one in fields(part):
        value, place = getattr(part, one.name), f"{path}{one.name}"
        if isinstance(value, Unread):
            yield place, value
        elif is_dataclass(value):
            yield from _unread(value, f"{place}.")


def _permission_groups(pkg: Package | Unread) -> tuple[Group, ...] | Unread:
    if isinstance(pkg, Unread):
        return pkg
    if isinstance(pkg.permissions, Unread):
        return pkg.permissions
    requests, live = asked(pkg), effective(pkg)

    def group(key: str, name: Words) -> Group:
        some = [one for one in pkg.permissions if one.group == key] if is_read(pkg.permissions) else []
        return Group(
            name,
            tuple(one for one in some if one in requests),
            tuple(one for one in some if one in live and one not in requests),
            tuple(one for one in some if one not in live),
        )

    return tuple(group(key, name) for key, name in names.PERMISSION_GROUPS.items())


def _other_permissions(pkg: Package | Unread) -> dict[str, tuple[Permission, ...]]:
    """The permissions of no group: those a user must grant, then the rest."""
    if isinstance(pkg, Unread) or isinstance(pkg.permissions, Unread):
        return {"dangerous": (), "rest": ()}
    outside = [one for one in pkg.permissions if one.group not in names.PERMISSION_GROUPS]
    return {
        "dangerous": tuple(one for one in outside if one.dangerous),
        "rest": tuple(one for one in outside if not one.dangerous),
    }


def _component_kinds(pkg: Package | Unread) -> tuple[Kind, ...] | Unread:
    if isinstance(pkg, Unread):
        return pkg
    if isinstance(pkg.components, Unread):
        return pkg.components
    triggers = {one.component.name: one.actions for one in self_starts(pkg)}
    kinds = dict.fromkeys((*names.COMPONENTS, *(one.kind for one in pkg.components)))
    return tuple(_kind(kind, [one for one in pkg.components if one.kind == kind], triggers) for kind in kinds)


def _kind(kind: str, some: list[Component], triggers: dict[str, tuple[str, ...]]) -> Kind:
    return Kind(
        names.COMPONENTS.get(kind, Words(kind, kind)),
        tuple(one for one in some if one.exported or one.name in triggers),
        tuple(one for one in some if not one.exported and one.name not in triggers),
        {one.name: triggers[one.name] for one in some if one.name in triggers},
        sum(one.exported for one in some),
    )


def _cells(reads: Reading | Unread) -> Iterator[tuple[Row, Cell]]:
    if is_read(reads):
        for actor in reads.actors:
            yield from reads.cells_of(actor.id)


def _sdk_names(pkg: Package | Unread) -> dict[str, str]:
    if isinstance(pkg, Unread) or isinstance(pkg.sdks, Unread):
        return {}
    return {one.sdk_id: one.name for one in pkg.sdks}
