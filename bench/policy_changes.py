"""Does a comparison of two versions of rules find what changed, and nothing else?

    ./run dev python bench/policy_changes.py [--show]

Moved text: in each CAPP-130 document of ../shared the paragraphs of every section are put into another order (fixed
seed); nothing was changed, so every change found is false. Seeded changes: one sentence or row that states something
new is added to a document, or one value is altered; it must be found, in its dimension. The base of the altered values
is the rules that hegui composes for the invented app of the tests.
"""

import argparse
import random
import re
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from hegui.compose import PAGES
from hegui.compose.write_markdown import to_markdown
from hegui.facts import is_read
from hegui.facts.policy import Policy
from hegui.facts.queries.changes import Change, policy_changes
from hegui.readers.policies import read_policies
from tests.compose.subjects import APP, subject

SHARED = (
    Path(__file__).resolve().parents[2] / "shared" / "materials" / "policy" / "zh" / "capp130" / "Original_policies"
)

# Sentences that state something no document here states already; where one does, the document is passed over.
ADDED = {
    "type": ("biometric.gait", "为识别您的运动姿态，我们会收集您的步态信息。"),
    "sdk": ("灯笼彩虹推送", "我们接入了灯笼彩虹推送SDK，用于消息推送，该SDK会收集您的设备标识符。"),
    "sharing": ("远山彩虹物流有限公司", "为完成配送，我们会向远山彩虹物流有限公司提供您的收货地址和联系电话。"),
    "permission": ("body", "为记录步数，我们会在您开启计步功能时申请身体传感器权限。"),
}
_HEADING = re.compile(
    r"^\s*(?:第?[一二三四五六七八九十]+[、章条．.]|[（(][一二三四五六七八九十]+[）)]|\d+(?:\.\d+)*[、.．\s])"
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="store_true", help="list every change found that is false")
    shown = parser.parse_args().show
    composed()
    if not SHARED.is_dir():
        print(f"skipped: moved text and added sentences; {SHARED} is not there")
        return 0
    moved(shown)
    added()
    return 0


def read(text: str, name: str = "rules.md") -> Policy:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(text, "utf-8")
        value = read_policies([path]).value
    if not is_read(value):
        raise SystemExit(f"{name}: {value}")
    return value


def documents() -> list[Path]:
    return sorted(SHARED.glob("*.txt"))


def moved(shown: bool) -> None:
    clean = changes = statements = 0
    for path in documents():
        text = path.read_text("utf-8", errors="replace")
        old, new = read(text, "old.txt"), read(shuffled(text), "new.txt")
        found = policy_changes(old, new)
        clean += not found
        changes += len(found)
        statements += len(old.types) + len(old.functions) + len(old.permissions) + len(old.sdks) + len(old.retention)
        if shown and found:
            print(path.stem, *(f"  {told(one)}" for one in found), sep="\n")
    print(
        f"paragraphs moved: {clean} of {len(documents())} documents without a change; "
        f"{changes} false changes beside {statements} statements compared"
    )


def shuffled(text: str) -> str:
    """The paragraphs of each section in another order; headings and the lines of lists stay where they are."""
    random.seed(7)
    made: list[str] = []
    section: list[str] = []
    for line in [*text.splitlines(), "一、"]:
        if _HEADING.match(line) or len(line.strip()) < 12:
            random.shuffle(section)
            made += [*section, line]
            section = []
        else:
            section.append(line)
    return "\n".join(made[:-1])


def added() -> None:
    for dimension, (subject_, sentence) in ADDED.items():
        found = right = total = extra = 0
        for path in documents():
            text = path.read_text("utf-8", errors="replace")
            lines = text.splitlines()
            middle = next(at for at in range(len(lines) // 2, len(lines)) if len(lines[at]) > 40)
            old, new = (
                read(text, "old.txt"),
                read("\n".join([*lines[: middle + 1], sentence, *lines[middle + 1 :]]), "new.txt"),
            )
            changes = policy_changes(old, new)
            total += 1
            found += bool(changes)
            right += any(one.dimension == dimension and subject_ in f"{one.subject} {one.new}" for one in changes)
            extra += sum(not concerns(one, sentence, new) for one in changes)
        print(
            f"added {dimension}: found in {found} of {total} documents, in its dimension {right}; {extra} changes elsewhere"
        )


def concerns(one: Change, sentence: str, new: Policy) -> bool:
    """Whether the change stands on the added sentence."""
    return one.new_span is not None and new.said(one.new_span).strip("。 ") in sentence.strip("。 ")


def composed() -> None:
    scene = APP.scenes[1]
    altered = {
        "purpose": replace(APP, scenes=(APP.scenes[0], replace(scene, purpose="投放个性化广告"), APP.scenes[2])),
        "method": replace(APP, scenes=(APP.scenes[0], replace(scene, method="从第三方获取"), APP.scenes[2])),
        "type": replace(APP, scenes=(APP.scenes[0], replace(scene, types=("photo", "contacts")), APP.scenes[2])),
        "frequency": replace(APP, scenes=(APP.scenes[0], replace(scene, freq="每30秒一次"), APP.scenes[2])),
        "retention": replace(
            APP, retention=(APP.retention[0], replace(APP.retention[1], period="5年"), APP.retention[2])
        ),
        "sdk": replace(APP, sdks=(replace(APP.sdks[0], types=("device_id.android_id", "app_list")),)),
        "sharing": replace(APP, recipients=(replace(APP.recipients[0], name="远山短信服务（虚构）有限公司"),)),
        "rights": replace(APP, rights=APP.rights | {"delete": "致电客服热线400-000-0000"}),
    }
    base = read(to_markdown(PAGES["rules"](subject())))
    again = policy_changes(base, read(to_markdown(PAGES["rules"](subject()))))
    print(f"composed rules against themselves: {len(again)} changes")
    for dimension, app in altered.items():
        changes = policy_changes(base, read(to_markdown(PAGES["rules"](subject(app)))))
        kinds = sorted({one.dimension for one in changes})
        print(
            f"altered {dimension}: {'found' if dimension in kinds else 'MISSED'}; dimensions named: {' '.join(kinds) or '-'}"
        )


def told(one: Change) -> str:
    return f"{one.dimension} {one.kind} {one.subject}: {one.old!r} -> {one.new!r}"


if __name__ == "__main__":
    sys.exit(main())
