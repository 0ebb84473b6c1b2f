"""An installation package to facts: what the rest of hegui calls."""

import hashlib
import os
import stat
import time
import typing
from dataclasses import MISSING, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from hegui.facts.facts import Facts, Input, Stage
from hegui.facts.package import Flags, Package
from hegui.facts.plain import value_of
from hegui.facts.unread import Unread
from hegui.readers import sandbox
from hegui.readers.apk import read as apk
from hegui.readers.errors import ReadError
from hegui.readers.kinds import SDK
from hegui.readers.limits import Limits

DEFAULT_LIMITS = Limits()

# More than a set of splits can be; a folder of more is not one, and is not hashed file by file.
_MOST_FILES = 2_000

# Fields for the readers alone.
_NOT_FACTS = ("kind",)

# Fields of Flags that explain another one and have no Unread of their own.
_REASONS = ("packer", "why_packed", "why_dyn_code")

# Without these two there is no package to speak of.
_REQUIRED = ("container", "manifest")


@dataclass(frozen=True)
class Timings:
    """Wall seconds, for the terminal and timings.json; never part of facts, which are the same for the same input."""

    total_s: float
    hash_s: float
    stages_s: dict[str, float]
    confinement: tuple[sandbox.Layer, ...]
    children: int


def read_package(path: Path, limits: Limits = DEFAULT_LIMITS) -> Facts:
    """Read an Android package in a confined child process: an APK, a set of split APKs (.apks, .xapk, .apkm, or a folder
    of them), or an App Bundle (.aab), told apart by what they hold.

    A part whose stage failed is Unread("NO_PACKAGE"); one that this version does not read is
    Unread("PLATFORM_UNSUPPORTED").
    Raises ReadError, in one clear line, when there is no file, no package in it, or no manifest that can be read.
    """
    return read_package_timed(path, limits)[0]


def read_package_timed(path: Path, limits: Limits = DEFAULT_LIMITS) -> tuple[Facts, Timings]:
    """As read_package, with what it took."""
    began = time.perf_counter()
    before = _state(path)
    sandbox.warm("apk")
    # While the fork server imports the readers.
    hash_began = time.perf_counter()
    sha256 = _sha256(path, before)
    hash_s = time.perf_counter() - hash_began
    limits = limits.for_size(sum(file.size for file in before))
    steps = apk.STAGES
    result = sandbox.run("apk", path, limits)
    if result.fields.get("kind") in SDK:
        from hegui.readers.sdk import read as sdk

        steps = sdk.STAGES
        result = sandbox.run("sdk", path, limits)
    if _state(path) != before:
        raise ReadError(
            f"{path}：读取期间文件被改动；请在文件不再变化后重试",
            f"{path}: the file changed while it was read; try again when it is at rest",
        )
    facts = _facts(path.name or path.absolute().name, sha256, sum(file.size for file in before), result, steps)
    timings = Timings(time.perf_counter() - began, hash_s, result.seconds, result.confinement, result.children)
    return facts, timings


def _facts(name: str, sha256: str, size: int, result: sandbox.Result, steps: tuple[sandbox.Step, ...]) -> Facts:
    for required in _REQUIRED:
        if required in result.errors:
            raise result.errors[required]
    stages = {stage.name: stage for stage in result.stages}
    values: dict[str, Any] = {}
    for step in steps:
        stage = stages[step.name]
        for key in step.fields:
            if key in _NOT_FACTS:
                continue
            if stage.state in ("failed", "skipped"):
                values[key] = Unread("NO_PACKAGE", f"{stage.name}: {stage.reason} {stage.detail}".strip())
            elif key in result.fields:
                try:
                    values[key] = _value(key, result.fields[key])
                except ValueError as error:
                    detail = f"field {key} is not of its type: {error}"
                    if step.name in _REQUIRED:
                        raise ReadError(
                            f"{name}：{step.name} 阶段的结果不合格式：{detail}",
                            f"{name}: what the stage {step.name} found does not fit: {detail}",
                        ) from None
                    values[key] = Unread("NO_PACKAGE", detail)
                    stages[step.name] = Stage(step.name, "failed", "BAD_ANSWER", detail)
    return Facts(
        inputs=(Input("package", name, sha256, size),),
        stages=tuple(stages.values()),
        pkg=_package(sha256, size, values),
    )


def _package(sha256: str, size: int, values: dict[str, Any]) -> Package:
    not_read = Unread("PLATFORM_UNSUPPORTED", "not read by this version")
    told = {one.name: values.pop(one.name) for one in fields(Flags) if one.name in values}
    # Whether code is packed, and what its names tell, is known only once it was read; the reasons come with it.
    flags = Flags(
        **(
            dict.fromkeys(
                ("packed", "dyn_code", "native_libs", "obfuscation", "reflection", "gates_left_out"), not_read
            )
            | {"packer": None}
            | {name: value for name, value in told.items() if name not in _REASONS or not isinstance(value, Unread)}
        )
    )
    known: dict[str, Any] = {"platform": "android", "sha256": sha256, "size_bytes": size, "flags": flags} | values
    for part in fields(Package):
        can_be_unread = "Unread" in str(part.type)
        if part.name not in known and (can_be_unread or part.default is part.default_factory is MISSING):
            known[part.name] = not_read
    return Package(**known)


def _value(key: str, plain: Any) -> Any:
    """A field as facts hold it, from the JSON of the child. Raises ValueError when it is not of the field's type."""
    if isinstance(plain, dict) and "unread" in plain:
        return Unread(str(plain["unread"]), str(plain.get("detail", "")))
    return value_of(_kinds()[key], plain)


@cache
def _kinds() -> dict[str, Any]:
    """The types of all fields that a stage can give."""
    return typing.get_type_hints(Package) | typing.get_type_hints(Flags)


@dataclass(frozen=True)
class _File:
    """A file as it was found: with another size, inode or time of change it is not the same one. `name` in its folder."""

    name: str
    size: int
    inode: int
    changed_ns: int


def _state(path: Path) -> tuple[_File, ...]:
    """The file, or the files that lie in a folder, by name. Raises ReadError when there is none that can be read."""
    try:
        status = path.stat()
        if not stat.S_ISDIR(status.st_mode):
            return (_file(path, status),)
        entries = []
        with os.scandir(path) as scan:
            # Symbolic links are not followed, here nor in the child: they may lead out of the folder.
            for entry in scan:
                if entry.is_file(follow_symlinks=False):
                    status = entry.stat(follow_symlinks=False)
                    entries.append(_File(entry.name, status.st_size, status.st_ino, status.st_mtime_ns))
                if len(entries) > _MOST_FILES:
                    raise ReadError(
                        f"{path}：目录中的文件超过 {_MOST_FILES} 个；请给出只含一个应用全部 .apk 的目录",
                        f"{path}: a directory of more than {_MOST_FILES} files; name one with the .apk files of one app only",
                    )
    except (OSError, ValueError) as error:
        # ValueError: a zero byte in the path.
        raise _unreadable(path, str(getattr(error, "strerror", None) or error)) from None
    if not entries:
        raise ReadError(
            f"{path}：是没有文件的目录；请给出一个 .apk 文件，或含有应用全部 .apk 的目录",
            f"{path}: a directory without files; name an .apk file, or a directory with all the .apk files of one app",
        )
    return tuple(sorted(entries, key=lambda file: file.name))


def _file(path: Path, status: os.stat_result) -> _File:
    if not stat.S_ISREG(status.st_mode):
        raise ReadError(f"{path}：不是普通文件；请给出一个 .apk 文件", f"{path}: not a regular file; name an .apk file")
    if status.st_size == 0:
        raise ReadError(f"{path}：文件为空（0 字节）；请重新获取", f"{path}: empty (0 bytes); get it again")
    return _File(path.name, status.st_size, status.st_ino, status.st_mtime_ns)


def _sha256(path: Path, files: tuple[_File, ...]) -> str:
    """The digest of a file; of a folder, that of the lines `NAME DIGEST` of its files, by name."""
    try:
        if not path.is_dir():
            return _digest(path)
        listing = "".join(f"{file.name} {_digest(path / file.name)}\n" for file in files)
        return hashlib.sha256(listing.encode("utf-8", "surrogateescape")).hexdigest()
    except OSError as error:
        raise _unreadable(path, error.strerror or "I/O error") from None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unreadable(path: Path, why: str) -> ReadError:
    return ReadError(
        f"{path}：无法读取：{why}；请检查路径和权限", f"{path}: cannot be read: {why}; check path and permissions"
    )
