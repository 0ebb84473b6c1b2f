"""What a reader of the inputs beside the package gives: one part of the facts, with the inputs and stages behind it."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from hegui.facts.facts import Input, Stage
from hegui.facts.unread import Unread
from hegui.readers.errors import ReadError

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True)
class Part(Generic[T]):
    """`value` is the part of Facts, or Unread with the reason. `seconds` are wall seconds by stage, for timings.json."""

    value: T | Unread
    inputs: tuple[Input, ...]
    stages: tuple[Stage, ...]
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class One(Generic[T]):
    """What was read of one input, how its stage ended, and the wall seconds it took."""

    value: T
    stage: Stage
    seconds: float


@dataclass
class Each(Generic[T]):
    """What was read of each input in turn, with its path. `stages` also hold those that failed or were given twice."""

    read: list[tuple[Path, T]] = field(default_factory=list)
    inputs: list[Input] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    def part(self, value: "U | Unread") -> "Part[U]":
        """The part of the facts that was made of them."""
        return Part(value, tuple(self.inputs), tuple(self.stages), self.seconds)

    def unread(self, code: str) -> Unread:
        """Why nothing could be read, by stage."""
        why = "; ".join(f"{stage.name} {stage.detail}".strip() for stage in self.stages if stage.state != "done")
        return Unread(code, why)


def read_each(
    paths: Sequence[Path], kind: str, input_of: Callable[[Path], Input], read: Callable[[Path, str], One[T]]
) -> Each[T]:
    """Read inputs one after the other; `read` takes the path and the name of its stage.

    One that cannot be read is a failed stage, with one line that says why; the same bytes twice are read once.
    """
    each: Each[T] = Each()
    seen: dict[str, str] = {}
    for path in paths:
        name = f"{kind}:{path.name}"
        try:
            made = input_of(path)
            if made.sha256 in seen:
                each.stages.append(Stage(name, "skipped", "GIVEN_TWICE", f"the same bytes as {seen[made.sha256]}"))
                continue
            seen[made.sha256] = path.name
            each.inputs.append(made)
            one = read(path, name)
        except ReadError as error:
            each.stages.append(Stage(name, "failed", error.code, str(error)))
            continue
        each.read.append((path, one.value))
        each.stages.append(one.stage)
        each.seconds[name] = one.seconds
    return each


def file_input(kind: str, path: Path) -> Input:
    """The record of a file that is there and not empty. Raises ReadError."""
    try:
        if path.is_dir():
            raise ReadError(
                f"{path}：是目录，这里需要一个文件；请逐个给出其中的文件",
                f"{path}: a directory, and a file was expected; give the files in it one by one",
            )
        if path.is_symlink() and not path.exists():
            raise ReadError(
                f"{path}：链接不通向任何文件；请核对路径", f"{path}: a link that leads to no file; check the path"
            )
        if not path.is_file():
            raise ReadError(
                f"{path}：没有这个文件，或不是普通文件；请核对路径",
                f"{path}: no such file, or no plain one; check the path",
            )
        size = path.stat().st_size
        if not size:
            raise ReadError(
                f"{path.name}：文件为空（0 字节）；请重新导出", f"{path.name}: empty (0 bytes); export it again"
            )
        with path.open("rb") as file:
            return Input(kind, path.name, hashlib.file_digest(file, "sha256").hexdigest(), size)
    except (OSError, ValueError) as error:
        why = str(getattr(error, "strerror", None) or error)
        raise ReadError(f"{path}：无法读取：{why}", f"{path}: cannot be read: {why}") from None
