"""Privacy rules, in one or more files, to facts: what the rest of hegui calls."""

import hashlib
import os
import stat
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hegui.facts.facts import Input, Stage
from hegui.facts.policy import Block, Document, Policy, Span
from hegui.facts.unread import Unread
from hegui.readers import sandbox
from hegui.readers.errors import Malformed, NotSupported, ReadError
from hegui.readers.limits import Limits
from hegui.readers.part import Part
from hegui.readers.policy.characters import language
from hegui.readers.policy.kinds import kind_of
from hegui.readers.policy.state import STATED

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from hegui.readers.policy.build import DocumentText

DEFAULT = Limits()

# Between the texts of two documents.
_BETWEEN = "\n\n"
# Where a title may stand.
_FIRST_HEADINGS = 3


@dataclass(frozen=True)
class ReadDocument:
    """A document by its name, and its text; None if none could be read, and `unread` says why."""

    name: str
    sha256: str
    text: "DocumentText | None"
    unread: str = ""


@dataclass
class _Reading:
    inputs: list[Input] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    documents: list[ReadDocument] = field(default_factory=list)
    # Why there is no text, by document: reason code and detail.
    lacking: list[tuple[str, str]] = field(default_factory=list)


def read_policies(paths: Sequence[Path], limits: Limits = DEFAULT) -> Part[Policy]:
    """Read the documents of one app's rules, each in a confined child process, and then what they state together.

    The value is Unread("NO_POLICY") or Unread("POLICY_IMAGE_ONLY") when no document has text that could be read,
    and when what they state could not be. One document without text beside others is a Document with `unread` set.
    Raises ReadError, in one clear line, when a file is not there, is of a kind that is not read, or is broken.
    """
    reading = _Reading()
    for path, name in zip(paths, _names(paths), strict=True):
        _read_document(path, name, limits, reading)
    policy = merged(reading.documents)
    if not policy.text:
        reason, detail = next(iter(reading.lacking), ("NO_POLICY", "no document was given"))
        return Part(Unread(reason, detail), tuple(reading.inputs), tuple(reading.stages), reading.seconds)
    value = _stated(policy, limits, reading)
    return Part(value, tuple(reading.inputs), tuple(reading.stages), reading.seconds)


def merged(documents: Sequence[ReadDocument]) -> Policy:
    """One Policy of all documents, in their order, with nothing stated yet."""
    texts: list[str] = []
    blocks: list[Block] = []
    records: list[Document] = []
    start = 0
    for one in documents:
        read = one.text
        if texts and read is not None and read.text:
            start += len(_BETWEEN)
        blocks += _moved(read.blocks, one.name, start, len(blocks)) if read is not None else ()
        text = read.text if read is not None else ""
        title = read.title if read is not None else ""
        headings = _headings(read) if read is not None else ()
        records.append(
            Document(
                one.name,
                kind_of(title, headings, one.name, text),
                one.sha256,
                start,
                start + len(text),
                read.form if read is not None else "",
                language(text) if text else "zh",
                read is not None and read.styled,
                title or next(iter(headings), ""),
                one.unread,
            )
        )
        texts += [text] if text else []
        start += len(text)
    whole = _BETWEEN.join(texts)
    with_text = [record for record in records if record.start < record.end]
    return Policy(
        whole,
        lang=language(whole) if whole else "zh",
        styled=bool(with_text) and all(record.styled for record in with_text),
        blocks=tuple(blocks),
        documents=tuple(records),
    )


def _read_document(path: Path, name: str, limits: Limits, reading: _Reading) -> None:
    before = _state(path)
    digest = _sha256(path)
    result = sandbox.run("policy", path, limits)
    if _state(path) != before:
        raise ReadError(
            f"{path}：读取期间文件被改动；请在文件不再变化后重试",
            f"{path}: the file changed while it was read; try again when it is at rest",
        )
    error = result.errors.get("document")
    if isinstance(error, NotSupported | Malformed):
        raise error
    (stage,) = result.stages
    text = None
    if "document" in result.fields:
        try:
            text = _valid(result.fields["document"])
        except ValueError as wrong:
            stage = Stage(stage.name, "failed", "BAD_ANSWER", str(wrong).splitlines()[0])
    unread = f"{stage.reason}: {stage.detail}" if stage.state != "done" else ""
    if text is None or not text.text:
        reason = stage.reason if stage.reason == "POLICY_IMAGE_ONLY" else "NO_POLICY"
        reading.lacking.append((reason, f"{name}: {stage.detail or stage.reason}"))
    reading.inputs.append(Input("policy", name, digest, before[0]))
    reading.stages.append(replace(stage, name=f"policy document {name}"))
    reading.seconds[f"policy document {name}"] = result.seconds.get("document", 0.0)
    reading.documents.append(ReadDocument(name, digest, text, unread))


def _stated(policy: Policy, limits: Limits, reading: _Reading) -> Policy | Unread:
    """The policy with what it states, read in a child of its own: what it works on comes from outside.

    Unread when that failed: a policy without statements would seem to state nothing.
    """
    from hegui.facts.json import adapter

    with tempfile.NamedTemporaryFile(prefix="hegui-", suffix=".json") as file:
        file.write(adapter(Policy).dump_json(policy))
        file.flush()
        result = sandbox.run("policy_statements", Path(file.name), limits)
    (stage,) = result.stages
    stated: dict[str, Any] = {}
    try:
        stated = {
            name: _adapters()[name].validate_python(result.fields[name]) for name in STATED if name in result.fields
        }
    except ValueError as wrong:
        stage = Stage(stage.name, "failed", "BAD_ANSWER", str(wrong).splitlines()[0])
    reading.stages.append(replace(stage, name="policy statements"))
    reading.seconds["policy statements"] = result.seconds.get("statements", 0.0)
    if stage.state == "failed":
        return Unread("NO_POLICY", f"the text was read, but not what it states: {stage.reason} {stage.detail}")
    return replace(policy, **stated)


@cache
def _adapters() -> "dict[str, TypeAdapter[Any]]":
    from typing import get_type_hints

    from hegui.facts.json import adapter

    hints = get_type_hints(Policy)
    return {name: adapter(hints[name]) for name in STATED}


def _valid(plain: Any) -> "DocumentText":
    """What a child says of a document. Raises ValueError when it is not of that shape, or points outside its text."""
    from hegui.facts.json import adapter
    from hegui.readers.policy.build import DocumentText

    read: DocumentText = adapter(DocumentText).validate_python(plain)
    for number, block in enumerate(read.blocks):
        places = [(span.start, span.end) for span in block.spans] + [(mark.start, mark.end) for mark in block.marks]
        inside = all(0 <= start <= end <= len(read.text) for start, end in places)
        if not inside or (block.parent is not None and not 0 <= block.parent < number):
            raise ValueError(f"block {number} points outside the text")
    return read


def _moved(blocks: Sequence[Block], name: str, by: int, numbers: int) -> Iterator[Block]:
    """The blocks of a document as those of the policy: offsets, block numbers and document names."""
    for block in blocks:
        yield replace(
            block,
            spans=tuple(Span(name, span.start + by, span.end + by) for span in block.spans),
            marks=tuple(replace(mark, start=mark.start + by, end=mark.end + by) for mark in block.marks),
            parent=None if block.parent is None else block.parent + numbers,
        )


def _headings(read: "DocumentText") -> tuple[str, ...]:
    found: list[str] = []
    for block in read.blocks:
        if block.kind == "heading" and not block.hidden and len(found) < _FIRST_HEADINGS:
            found.append(" ".join(read.text[span.start : span.end] for span in block.spans))
    return tuple(found)


def _names(paths: Sequence[Path]) -> list[str]:
    """A name for each file by which places name it: no two alike."""
    counts = Counter(path.name for path in paths)
    names: list[str] = []
    for path in paths:
        name = path.name if counts[path.name] == 1 else f"{path.absolute().parent.name}/{path.name}"
        number = 2
        unique = name
        while unique in names:
            unique, number = f"{name} ({number})", number + 1
        names.append(unique)
    return names


def _state(path: Path) -> tuple[int, int, int]:
    """Size, inode and time of change. Raises ReadError unless it is a file with something in it."""
    try:
        status = os.stat(path)
    except (OSError, ValueError) as error:
        # ValueError: a zero byte in the path.
        why = str(getattr(error, "strerror", None) or error)
        raise ReadError(
            f"隐私政策 {path}：无法读取：{why}；请检查路径和权限",
            f"privacy rules {path}: cannot be read: {why}; check path and permissions",
        ) from None
    if not stat.S_ISREG(status.st_mode):
        raise ReadError(
            f"隐私政策 {path}：不是普通文件；请给出文件", f"privacy rules {path}: not a regular file; name a file"
        )
    if status.st_size == 0:
        raise ReadError(
            f"隐私政策 {path}：文件为空（0 字节）；请重新获取", f"privacy rules {path}: empty (0 bytes); get it again"
        )
    return status.st_size, status.st_ino, status.st_mtime_ns


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ReadError(
            f"隐私政策 {path}：无法读取：{error.strerror}；请检查权限",
            f"privacy rules {path}: cannot be read: {error.strerror}; check its permissions",
        ) from None
