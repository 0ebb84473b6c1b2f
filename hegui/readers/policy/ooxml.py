"""The archive of a DOCX: its parts as XML trees, each read within bounds (ECMA-376, part 2)."""

import io
import posixpath
import zipfile
import zlib

from lxml import etree

from hegui.readers.errors import LimitReached, Malformed, NotSupported
from hegui.readers.limits import MIB

# The text of a very long policy with all its formatting is a tenth of this.
_MOST_PART = 64 * MIB
_MOST_ENTRIES = 10_000

_OTHER_ARCHIVES = (
    ("AndroidManifest.xml", "安卓安装包，请作为 PACKAGE 给出", "an Android package: name it as PACKAGE"),
    ("xl/workbook.xml", "Excel 工作簿，请另存为 HTML 或 PDF", "an Excel workbook: save it as HTML or PDF"),
    ("ppt/presentation.xml", "PowerPoint 文件，请另存为 PDF", "a PowerPoint file: save it as PDF"),
    ("content.xml", "OpenDocument 文件，请另存为 DOCX", "an OpenDocument file: save it as DOCX"),
    ("META-INF/container.xml", "EPUB，请另存为 HTML", "an EPUB: save it as HTML"),
)


def name_of(element: etree._Element) -> str:
    """The name of an element without its namespace: the strict and the usual kind of DOCX differ only there."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element | None, name: str) -> str | None:
    """An attribute by its name without namespace."""
    if element is None:
        return None
    return next((str(value) for key, value in element.items() if str(key).rpartition("}")[2] == name), None)


def child(element: etree._Element | None, *names: str) -> etree._Element | None:
    """The child of this name, and its child of the next name, and so on."""
    for name in names:
        if element is None:
            return None
        element = next((each for each in element if name_of(each) == name), None)
    return element


class Archive:
    """A DOCX. Raises NotSupported for another kind of ZIP archive, Malformed for a broken one."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            names = set(self._zip.namelist())
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeError) as error:
            raise Malformed(
                f"DOCX 的压缩结构已损坏（{error}）；请重新获取文件",
                f"a DOCX whose archive is broken ({error}); get it again",
            ) from None
        if len(names) > _MOST_ENTRIES:
            raise LimitReached(f"压缩包中文件超过 {_MOST_ENTRIES} 个", f"an archive of more than {_MOST_ENTRIES} files")
        self._names = names
        self.main = self._main_part()

    def part(self, name: str) -> etree._Element | None:
        """A part as a tree; None if the archive has none of that name."""
        if name not in self._names:
            return None
        data = self._read(name)
        parser = etree.XMLParser(
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise Malformed(
                f"DOCX 的 {name} 不是有效的 XML（{error.msg}）；请重新获取文件",
                f"{name} of the DOCX is no valid XML ({error.msg}); get the file again",
            ) from None
        if root.getroottree().docinfo.internalDTD is not None:
            raise Malformed(
                f"DOCX 的 {name} 含有 DTD，规范不允许；请核实文件来源",
                f"{name} of the DOCX holds a DTD, which the format forbids; check the origin of the file",
            )
        return root

    def related(self, part: str) -> dict[str, str]:
        """The targets of a part's relationships by their id."""
        root = self.part(posixpath.join(posixpath.dirname(part), "_rels", posixpath.basename(part) + ".rels"))
        return {one.get("Id") or "": one.get("Target") or "" for one in root} if root is not None else {}

    def _main_part(self) -> str:
        root = self.part("_rels/.rels")
        for one in root if root is not None else ():
            if (one.get("Type") or "").endswith("/officeDocument"):
                name = (one.get("Target") or "").lstrip("/")
                if name in self._names and name.startswith("word/"):
                    return name
        if "word/document.xml" in self._names:
            return "word/document.xml"
        for name, zh, en in _OTHER_ARCHIVES:
            if name in self._names:
                raise NotSupported(f"是{zh}", en)
        raise NotSupported(
            "是压缩包而不是 DOCX；请解压后逐个给出文件", "an archive and no DOCX; unpack it and name the files in it"
        )

    def _read(self, name: str) -> bytes:
        try:
            with self._zip.open(name) as file:
                data = file.read(_MOST_PART + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            RuntimeError,
            NotImplementedError,
            ValueError,
        ) as error:
            # RuntimeError: the entry is encrypted.
            raise Malformed(
                f"DOCX 的 {name} 无法解压（{error}）；请重新获取文件",
                f"{name} of the DOCX cannot be unpacked ({error}); get the file again",
            ) from None
        if len(data) > _MOST_PART:
            raise LimitReached(
                f"DOCX 的 {name} 解压后超过 {_MOST_PART // MIB} MiB",
                f"{name} of the DOCX unpacks to over {_MOST_PART // MIB} MiB",
            )
        return data
