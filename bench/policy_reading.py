#!/usr/bin/env python3
"""Processor time and memory of reading rules, beside readers that give plain text, and what hostile files cost.

    python bench/policy_reading.py [--runs 3] [--peers DIR] [--out FILE]

Each figure is of a whole process that reads one file: user plus system time and peak resident memory, the least of
`--runs`. The files are made here, of invented sentences: a page of 350 kB with styles, lists and tables, the same as a
Word document, and a PDF of 50 pages with ruled tables. Peers are html.parser of the standard library, BeautifulSoup,
pypdf and pdfplumber, where they can be imported (from `--peers`, if given); they give text only, no tree, looks or tables.
Hostile files are read as an audit reads them, in confined children.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.readers.policy.files import Mark, Rule, Words, archive, docx, grid, p, pdf

PAGE_BYTES = 350_000
PAGES = 50
LIMITS = {"page": (1.0, 300), "Word document": (1.0, 300), "PDF": (3.0, 300)}
SENTENCE = "为向您提供记账服务，我们会在您注册时收集您的手机号码、昵称和头像，用于创建账号并保障账号安全。"


def main() -> int:
    arguments = argparse.ArgumentParser(description="Measure the reading of privacy rules.")
    arguments.add_argument("--runs", type=int, default=3, help="runs of each; the least is taken")
    arguments.add_argument("--peers", type=Path, help="a folder with the peers' packages")
    arguments.add_argument("--out", type=Path, help="write the figures as JSON")
    arguments.add_argument("--one", nargs=2, metavar=("READER", "FILE"), help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.one:
        return one(chosen.one[0], Path(chosen.one[1]))
    with tempfile.TemporaryDirectory() as folder:
        figures = [*compared(Path(folder), chosen.runs, chosen.peers), *hostile(Path(folder))]
    if chosen.out:
        chosen.out.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return 0 if all(figure.get("ok", True) for figure in figures) else 1


def compared(folder: Path, runs: int, peers: Path | None) -> Iterator[dict[str, Any]]:
    files = {
        "page": (page(), ("hegui", "html.parser", "BeautifulSoup")),
        "Word document": (word(), ("hegui",)),
        "PDF": (long_pdf(), ("hegui", "pypdf", "pdfplumber")),
    }
    print(f"{'file':<16}{'kB':>7}  {'reader':<14}{'CPU s':>8}{'peak MB':>9}{'characters':>12}   of hegui's time")
    for what, (data, readers) in files.items():
        path = folder / what
        path.write_bytes(data)
        ours = 0.0
        for reader in readers:
            measured = [found for _ in range(runs) if (found := measure(reader, path, peers))]
            if not measured:
                print(f"{what:<16}{len(data) // 1000:>7}  {reader:<14} not installed")
                continue
            least = min(measured, key=lambda found: found["cpu_s"])
            ours = ours or least["cpu_s"]
            figure = {"file": what, "reader": reader, "bytes": len(data)} | least
            if reader == "hegui":
                most_s, most_mb = LIMITS[what]
                figure["ok"] = least["cpu_s"] < most_s and least["peak_mb"] < most_mb
            print(
                f"{what:<16}{len(data) // 1000:>7}  {reader:<14}{least['cpu_s']:>8.2f}{least['peak_mb']:>9.0f}"
                f"{least['characters']:>12}   {least['cpu_s'] / ours:.2f}{'' if figure.get('ok', True) else '  OVER THE LIMIT'}"
            )
            yield figure


def measure(reader: str, path: Path, peers: Path | None) -> dict[str, Any] | None:
    environment = os.environ | ({"PYTHONPATH": str(peers)} if peers and reader != "hegui" else {})
    done = subprocess.run(
        [sys.executable, __file__, "--one", reader, str(path)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    found: dict[str, Any] | None = json.loads(done.stdout) if done.returncode == 0 else None
    return found


def one(reader: str, path: Path) -> int:
    """Read one file in this process and print what it took."""
    data = path.read_bytes()
    try:
        characters = READERS[reader](data)
    except ImportError:
        return 1
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps({"cpu_s": used.ru_utime + used.ru_stime, "peak_mb": used.ru_maxrss / 1024, "characters": characters})
    )
    return 0


def _hegui(data: bytes) -> int:
    from hegui.readers.policy.document import read_document

    return len(read_document(data).text)


def _html_parser(data: bytes) -> int:
    class Text(HTMLParser):
        length = 0

        def handle_data(self, data: str) -> None:
            self.length += len(data.strip())

    parser = Text()
    parser.feed(data.decode())
    return parser.length


def _soup(data: bytes) -> int:
    from bs4 import BeautifulSoup  # type: ignore[import-not-found]

    return len(BeautifulSoup(data, "html.parser").get_text("\n", strip=True))


def _pypdf(data: bytes) -> int:
    import io

    from pypdf import PdfReader  # type: ignore[import-not-found]

    return sum(len(page.extract_text()) for page in PdfReader(io.BytesIO(data)).pages)


def _pdfplumber(data: bytes) -> int:
    import io

    import pdfplumber  # type: ignore[import-not-found]

    with pdfplumber.open(io.BytesIO(data)) as document:
        return sum(len(page.extract_text()) for page in document.pages)


READERS: dict[str, Callable[[bytes], int]] = {
    "hegui": _hegui,
    "html.parser": _html_parser,
    "BeautifulSoup": _soup,
    "pypdf": _pypdf,
    "pdfplumber": _pdfplumber,
}


def page() -> bytes:
    parts = [
        "<!doctype html><meta charset=utf-8><title>云朵记账隐私政策</title>"
        "<style>.em{font-weight:bold;color:#c00} #main td p{font-size:13px} .gone{display:none}</style><div id=main>"
    ]
    size = 0
    while size < PAGE_BYTES:
        number = len(parts)
        parts.append(
            f"<h2>第{number}部分 收集</h2><p>{SENTENCE}<span class='em'>位置信息</span>{SENTENCE}</p><p class=gone>{SENTENCE}</p>"
            "<ul><li>设备信息：<b>设备型号</b><ul><li>操作系统</li></ul></li></ul><table><tr><th>名称</th><th>类型</th><th>目的</th></tr>"
            + f"<tr><td rowspan=2>示例SDK{number}</td><td>设备标识符</td><td><p>{SENTENCE}</p></td></tr>"
            f"<tr><td colspan=2>{SENTENCE}</td></tr></table>"
        )
        size += len(parts[-1].encode())
    return "".join(parts).encode()


def word() -> bytes:
    cell = "<w:tc><w:tcPr/>{}</w:tc>".format
    part = (
        p("收集", "1")
        + p(SENTENCE)
        + p("位置信息", run='<w:b/><w:color w:val="CC0000"/>')
        + f"<w:tbl><w:tr>{cell(p('名称'))}{cell(p('类型'))}</w:tr><w:tr>{cell(p('示例'))}{cell(p(SENTENCE))}</w:tr></w:tbl>"
    )
    return docx(part * 330)


def long_pdf() -> bytes:
    pages: list[list[Mark]] = []
    for number in range(1, PAGES + 1):
        marks: list[Mark] = [Words(60, 815, "云朵记账隐私政策", 9), Words(290, 20, f"{number} / {PAGES}", 9)]
        marks.append(Words(60, 770, f"{number}. 收集的信息", 16, bold=True))
        marks += [Words(60, 745 - 18 * line, (SENTENCE * 2)[line : line + 43], 11) for line in range(22)]
        marks += grid(60, 330, [120, 120, 220], [22] * 10)
        for row in range(10):
            marks += [
                Words(64 + x, 315 - 22 * row, text, 10)
                for x, text in ((0, "示例SDK"), (120, "设备标识符"), (240, SENTENCE[:20]))
            ]
        pages.append(marks)
    return pdf(pages)


def hostile(folder: Path) -> Iterator[dict[str, Any]]:
    from hegui.facts.unread import Unread
    from hegui.readers.errors import ReadError
    from hegui.readers.policies import read_policies

    print(f"\n{'hostile file':<44}{'kB':>8}{'wall s':>8}  outcome")
    for what, make in HOSTILE.items():
        data = make()
        path = folder / "hostile"
        path.write_bytes(data)
        began = time.perf_counter()
        try:
            part = read_policies([path])
            reason = part.value.unread if isinstance(part.value, Unread) else f"{len(part.value.text)} characters"
            outcome = f"{reason}; {', '.join(f'{stage.state} {stage.reason}'.strip() for stage in part.stages)}"
        except ReadError as error:
            outcome = f"refused: {type(error).__name__}"
        took = time.perf_counter() - began
        print(f"{what:<44}{len(data) // 1000:>8}{took:>8.2f}  {outcome}")
        yield {"hostile": what, "bytes": len(data), "wall_s": round(took, 2), "outcome": outcome, "ok": took < 130}


def _many(text: str, times: int) -> bytes:
    return ("<p>我们收集您的个人信息。</p>" + text * times).encode()


def _entities() -> bytes:
    names = "abcdefghij"
    made = "".join(f"<!ENTITY {name} '{f'&{before};' * 10}'>" for before, name in pairwise(names))
    return docx(p("&j;"), prolog=f"<!DOCTYPE d [<!ENTITY a '信息'>{made}]>")


def _streams(content: bytes) -> bytes:
    packed = zlib.compress(content, 9)
    whole = pdf([[Words(60, 700, "信息")]])
    start = whole.index(b"<</Length", whole.index(b"/Subtype/Image") + 60)
    end = whole.index(b"endstream", start)
    return whole[:start] + b"<</Filter/FlateDecode/Length %d>>stream\n" % len(packed) + packed + b"\n" + whole[end:]


HOSTILE: dict[str, Callable[[], bytes]] = {
    "page: 100,000 elements deep": partial(_many, "<div>", 100_000),
    "page: 100,000 inline elements deep": partial(_many, "<b style='color:red'>", 100_000),
    "page: 100,000 lists deep": partial(_many, "<ul><li>", 100_000),
    "page: 100,000 tables deep": partial(_many, "<table><tr><td>甲<td>", 100_000),
    "page: a million paragraphs": partial(_many, "<p>甲", 1_000_000),
    "page: 30 MB of text": partial(_many, "信息" * 1000, 5_000),
    "page: a million spaces between tags": partial(_many, "<b> </b>", 1_000_000),
    "page: 20,000 cells of 1,000 columns": lambda: (
        _many("", 0) + b"<table><tr>" + b"<td colspan=1000 rowspan=65534>x" * 20_000
    ),
    "page: 20,000 rules that fit 20,000 elements": lambda: (
        b"<style>" + b"div b{color:red}" * 20_000 + b"</style>" + b"<b>x</b>" * 20_000
    ),
    "page: one attribute 20,000 times": lambda: b"<p " + b" ".join(b"a%d=b" % n for n in range(20_000)) + b">x",
    "page: a megabyte of open brackets": lambda: b"<html>" + b"<" * 1_000_000,
    "page: a style of a million braces": lambda: b"<style>" + b"{" * 1_000_000 + b"</style><p>x",
    "text: one line of 30 MB": lambda: "信息".encode() * 5_000_000,
    "Markdown: a million stars": lambda: b"# x\n**y**\n" + b"*" * 1_000_000,
    "Markdown: a million open brackets": lambda: b"# x\n**y**\n" + b"[" * 1_000_000,
    "DOCX: entities that multiply": _entities,
    "DOCX: 100,000 elements deep": lambda: docx("<w:sdt>" * 100_000),
    "DOCX: a part that unpacks to 1 GB": lambda: archive({"word/document.xml": b"<a>" + bytes(1_000_000_000)}),
    "DOCX: a million paragraphs": lambda: docx("<w:p><w:r><w:t>x</w:t></w:r></w:p>" * 1_000_000),
    "DOCX: archive cut short": lambda: docx(p(SENTENCE))[:-40],
    "PDF: noise after the header": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 1000,
    "PDF: cut short": lambda: long_pdf()[:200_000],
    "PDF: a stream that unpacks to 1 GB": lambda: _streams(b" " * 1_000_000_000),
    "PDF: a million letters on a page": lambda: _streams(
        b"BT /F0 9 Tf 1 0 0 1 9 9 Tm " + b"<4fe1> Tj " * 1_000_000 + b"ET"
    ),
    "PDF: a million lines on a page": lambda: _streams(b"0 g " + b"10 10 1 500 re f " * 1_000_000),
    "PDF: 2,000 crossing lines": lambda: pdf(
        [[*(Rule(n / 4, 0, 0.5, 800) for n in range(1900)), *(Rule(0, n / 4, 550, 0.5) for n in range(1900))]]
    ),
}


if __name__ == "__main__":
    sys.exit(main())
