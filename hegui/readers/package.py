"""An installation package to facts: what the rest of hegui calls."""

import hashlib
import stat
import time
import typing
from dataclasses import MISSING, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from hegui.facts.facts import Facts, Input, Stage
from hegui.facts.package import Flags, NativeLibrary, Package
from hegui.facts.unread import Unread
from hegui.readers import sandbox
from hegui.readers.apk import read as apk
from hegui.readers.errors import ReadError
from hegui.readers.limits import Limits

if typing.TYPE_CHECKING:
    from pydantic import TypeAdapter

DEFAULT_LIMITS = Limits()

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
    """Read an APK in a confined child process.

    A part whose stage failed is Unread("NO_PACKAGE"); one that this version does not read is
    Unread("PLATFORM_UNSUPPORTED").
    Raises ReadError, in one clear line, when there is no file, no package in it, or no manifest that can be read.
    """
    return read_package_timed(path, limits)[0]


def read_package_timed(path: Path, limits: Limits = DEFAULT_LIMITS) -> tuple[Facts, Timings]:
    """As read_package, with what it took."""
    began = time.perf_counter()
    before = _regular_file(path)
    sandbox.warm()
    # While the fork server imports the readers, this process imports pydantic.
    _adapters()
    hash_began = time.perf_counter()
    sha256 = _sha256(path)
    hash_s = time.perf_counter() - hash_began
    result = sandbox.run("apk", path, limits)
    if _regular_file(path) != before:
        raise ReadError(
            f"{path}：读取期间文件被改动；请在文件不再变化后重试",
            f"{path}: the file changed while it was read; try again when it is at rest",
        )
    facts = _facts(path.name, sha256, before[0], result)
    timings = Timings(time.perf_counter() - began, hash_s, result.seconds, result.confinement, result.children)
    return facts, timings


def _facts(name: str, sha256: str, size: int, result: sandbox.Result) -> Facts:
    for required in _REQUIRED:
        if required in result.errors:
            raise result.errors[required]
    stages = {stage.name: stage for stage in result.stages}
    values: dict[str, Any] = {}
    for step in apk.STAGES:
        stage = stages[step.name]
        for key in step.fields:
            if stage.state in ("failed", "skipped"):
                values[key] = Unread("NO_PACKAGE", f"{stage.name}: {stage.reason} {stage.detail}".strip())
            elif key in result.fields:
                try:
                    values[key] = _value(key, result.fields[key])
                except ValueError as error:
                    # pydantic's message quotes the value; its first line is enough and holds none of it.
                    detail = f"field {key} is not of its type: {str(error).splitlines()[0]}"
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
    flags = Flags(
        packed=not_read,
        packer=None,
        dyn_code=not_read,
        native_libs=values.pop("native_libs", not_read),
        obfuscation=not_read,
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
    return _adapters()[key].validate_python(plain)


@cache
def _adapters() -> "dict[str, TypeAdapter[Any]]":
    from pydantic import TypeAdapter

    kinds = typing.get_type_hints(Package) | {"native_libs": tuple[NativeLibrary, ...]}
    return {key: TypeAdapter(kinds[key]) for step in apk.STAGES for key in step.fields}


def _regular_file(path: Path) -> tuple[int, int, int]:
    """Size, inode and time of change. Raises ReadError when this is no file that can be read."""
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        # ValueError: a zero byte in the path.
        raise _unreadable(path, str(getattr(error, "strerror", None) or error)) from None
    if stat.S_ISDIR(status.st_mode):
        raise ReadError(f"{path}：是目录；请给出一个 .apk 文件", f"{path}: a directory; name one .apk file")
    if not stat.S_ISREG(status.st_mode):
        raise ReadError(f"{path}：不是普通文件；请给出一个 .apk 文件", f"{path}: not a regular file; name an .apk file")
    if status.st_size == 0:
        raise ReadError(f"{path}：文件为空（0 字节）；请重新获取", f"{path}: empty (0 bytes); get it again")
    return status.st_size, status.st_ino, status.st_mtime_ns


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(path, error.strerror or "I/O error") from None


def _unreadable(path: Path, why: str) -> ReadError:
    return ReadError(
        f"{path}：无法读取：{why}；请检查路径和权限", f"{path}: cannot be read: {why}; check path and permissions"
    )
