"""What privacy rules state, as plain text: one line for each statement, with its place."""

from collections.abc import Iterator

from hegui.catalogue.pi_types import pi_type
from hegui.facts.policy import Policy, Span, Stated
from hegui.facts.queries.policy_places import place
from hegui.regulations.policy_parts import RIGHTS
from hegui.words import Language, Words

_SILENT = Words("（未写明）", "(not stated)")


def statements(policy: Policy, language: Language) -> str:
    """All statements by kind. A place can be shown in full with `hegui show FILE PLACE`."""

    def types(some: tuple[str, ...]) -> str:
        return "、".join(dict.fromkeys(pi_type(one).in_(language) for one in some))

    def told(*parts: str | None) -> str:
        return " | ".join(part or _SILENT.in_(language) for part in parts)

    def stated(some: dict[str, Stated]) -> Iterator[tuple[str, Span | None]]:
        for key, one in some.items():
            name = RIGHTS[key].in_(language) if key in RIGHTS else key
            yield told(name, one.value), one.span

    sections: list[tuple[Words, list[tuple[str, Span | None]]]] = [
        (Words("运营者", "operator"), [(told(policy.operator.name), policy.operator.span)]),
        (Words("联系方式", "contacts"), [(one.value, one.span) for one in policy.operator.contacts]),
        (
            Words("功能 | 目的 | 方式 | 个人信息", "function | purpose | method | types"),
            [(told(one.name, one.purpose, one.method, types(one.types)), one.span) for one in policy.functions],
        ),
        (
            Words("个人信息 | 主体 | 原文", "type | actor | said"),
            [(told(types((one.type,)), one.actor, one.said), one.span) for one in policy.types],
        ),
        (
            Words("权限 | 目的 | 频度", "permission | purpose | frequency"),
            [(told(one.said or one.name, one.purpose, one.freq), one.span) for one in policy.permissions],
        ),
        (
            Words(
                "SDK | 包名 | 版本 | 功能 | 运营者 | 个人信息 | 链接",
                "SDK | package | version | function | operator | types | link",
            ),
            [
                (
                    told(
                        one.name,
                        one.package,
                        one.version,
                        one.function,
                        one.operator,
                        types(one.types) or "、".join(one.said_types),
                        one.link,
                    ),
                    one.span,
                )
                for one in policy.sdks
            ],
        ),
        (
            Words("接收方 | 角色 | 目的 | 个人信息", "recipient | role | purpose | types"),
            [(told(one.recipient, one.role, one.purpose, types(one.types)), one.span) for one in policy.sharing],
        ),
        (
            Words("保存 | 期限 | 确定方法 | 到期处理", "kept | period | method | after"),
            [(told(one.scope, one.period, one.method, one.expiry), one.span) for one in policy.retention],
        ),
        (Words("权利 | 行使方式", "right | how"), list(stated(policy.rights))),
        (Words("注销", "cancellation"), list(stated(policy.cancellation))),
        (Words("投诉", "complaint"), list(stated(policy.complaint))),
        (Words("未成年人", "minors"), list(stated(policy.minor))),
        (Words("个性化", "personalisation"), list(stated(policy.personal))),
        (Words("变更", "change"), list(stated(policy.change))),
        (Words("称不收集或不提供", "denied"), [(one.value, one.span) for one in policy.negatives]),
    ]
    dates = (policy.version, policy.published_at, policy.effective_at)
    lines = [f"{Words('版本 | 发布 | 生效', 'version | published | effective').in_(language)}: {told(*dates)}"]
    for title, rows in sections:
        lines.append(f"\n{title.in_(language)}（{len(rows)}）")
        lines += [f"  {said}{f'  [{place(policy, span)}]' if span else ''}" for said, span in rows]
    return "\n".join(lines)
