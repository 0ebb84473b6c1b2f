import pytest

from hegui.facts.policy import Block, Policy, Span
from hegui.readers.policy.statements.reading import Reading
from hegui.readers.policy.statements.records import meaning, read_records
from tests.readers.policy.statements.policies import policy_of

HEADERS = [
    ("SDK名称", "sdk"),
    ("第三方SDK名称", "sdk"),
    ("SDK收集的个人信息类型", "types"),
    ("第三方名称", "recipient"),
    ("第三方隐私政策链接", "link"),
    ("所属公司", "operator"),
    ("运营者名称或姓名", "operator"),
    ("使用目的", "purpose"),
    ("收集方式", "method"),
    ("业务功能", "function"),
    ("使用场景", "function"),
    ("个人信息种类", "types"),
    ("涉及个人信息", "types"),
    ("个人信息保存期限", "period"),
    ("到期处理", "expiry"),
    ("权限名称", "perms"),
    ("调用频度", "freq"),
    ("包名", "package"),
    ("名称（包名）", "sdk"),
    ("SDK 名称及包名", "sdk"),
    ("版本", "version"),
    ("处理敏感个人信息的必要性", "necessity"),
    ("对个人权益的影响", "impact"),
    ("序号", "number"),
    ("Package name", "package"),
    ("Data collected", "types"),
    ("Privacy policy", "link"),
    ("备注", None),
    ("我们会收集您的许多信息用于各种目的并且会通知您", "purpose"),
]


@pytest.mark.parametrize(("header", "expected"), HEADERS)
def test_a_header_has_a_meaning(header: str, expected: str | None) -> None:
    assert meaning(header) == expected


def test_a_header_in_the_first_column_is_turned() -> None:
    records, _ = read_records(Reading(policy_of("| SDK名称 | 样例SDK |\n| 收集信息 | OAID |\n| 使用目的 | 推送 |\n")))
    assert [(one.kind, one.words("sdk"), one.words("types")) for one in records] == [("sdk", "样例SDK", "OAID")]


def test_a_header_that_comes_again_on_the_next_page_is_no_row() -> None:
    text = "| 业务功能 | 个人信息 |\n| 注册 | 手机号码 |\n| 业务功能 | 个人信息 |\n| 支付 | 银行卡号 |\n"
    records, _ = read_records(Reading(policy_of(text)))
    assert [one.words("function") for one in records] == ["注册", "支付"]


def test_a_merged_cell_covers_its_rows() -> None:
    text = "业务功能\t使用目的\t个人信息\n注册\t创建账号\t手机号码\n识别账号\t昵称"
    cells = []
    for row, line in enumerate(text.split("\n")):
        start = text.index(line)
        for word in line.split("\t"):
            cells.append((row, start + line.index(word), word))
    blocks = [Block("table", ()), *(Block("row", (), parent=0) for _ in range(3))]
    places = {0: [0, 1, 2], 1: [0, 1, 2], 2: [1, 2]}
    for row, start, word in cells:
        column = places[row].pop(0)
        blocks.append(
            Block(
                "cell",
                (Span("", start, start + len(word)),),
                parent=row + 1,
                row=row,
                col=column,
                rowspan=2 if word == "注册" else 1,
            )
        )
    records, _ = read_records(Reading(Policy(text=text, blocks=tuple(blocks))))
    assert [(one.words("function"), one.words("types")) for one in records] == [("注册", "手机号码"), ("注册", "昵称")]


def test_a_table_of_other_things_is_left_to_prose() -> None:
    records, used = read_records(Reading(policy_of("| 日期 | 星期 |\n| 1 | 2 |\n")))
    assert (records, used) == ([], set())


def test_a_single_label_makes_no_list() -> None:
    records, _ = read_records(
        Reading(policy_of("联系方式：privacy@qinghe.example\n公司名称：示例市青禾软件有限公司\n"))
    )
    assert records == []
