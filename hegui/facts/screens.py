"""What an app shows: screens, their nodes, and the paths between them (界面)."""

from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Literal

# What a user sees. On the screen as a whole: rules_notice (首次告知), rules_page (规则正文), permission_rationale (权限说明),
# system_permission (系统授权框), settings, login, payment. At a node: agree and refuse on a screen that shows rules,
# consent_box (勾选框), implied_consent ("登录即表示同意"), rules_link, save_rules, personalisation (个性化开关或其入口),
# cancellation (注销), scene_option (各功能的开关), purpose and vague_purpose (一项权限或信息的用途), permission_prompt
# (应用自己的索权弹窗), os_permissions (通往系统权限页的入口), age_gate (问年龄), guardian (监护人环节), collected_list
# (已收集信息清单), identity (实名证件), network_id (网号网证) and network_id_done (其核验成功), update_prompt (升级提示),
# cancel_one (仅注销本应用), shared_account (多款应用共用的账号), cancel_done (注销已提交); rules_update (规则更新提示),
# sensitive_notice (敏感个人信息的单独告知),
# blocked (不授权、不开启便不能用), broken_page (打不开的页面), countdown (倒计时自动同意), refuse_claim ("不同意将无法使用"),
# shaming (令人难堪的措辞), broad_purpose (改善服务、研发、推送、风控), sensitive_field and required_field (敏感项、必填项).
SignKind = Literal[
    "rules_notice", "rules_page", "permission_rationale", "system_permission", "settings", "login", "payment", "agree",
    "refuse", "consent_box", "implied_consent", "rules_link", "save_rules", "personalisation", "cancellation",
    "scene_option", "purpose", "vague_purpose", "permission_prompt", "os_permissions", "age_gate", "guardian",
    "collected_list", "identity", "network_id", "network_id_done", "update_prompt", "cancel_one", "shared_account",
    "cancel_done", "rules_update", "sensitive_notice", "blocked", "broken_page", "countdown", "refuse_claim", "shaming",
    "broad_purpose", "sensitive_field", "required_field",
]  # fmt: skip


@dataclass(frozen=True)
class Node:
    """A control on a screen. `bounds` are left, top, right, bottom in pixels.

    id: its path in the tree, "0.2.1"; name: its resource id; text: what it shows, or is read aloud as.
    """

    id: str
    text: str = ""
    cls: str = ""
    bounds: tuple[int, int, int, int] | None = None
    checkable: bool = False
    checked: bool = False
    clickable: bool = False
    visible: bool = True
    style: dict[str, str] = field(default_factory=dict)
    name: str = ""
    editable: bool = False


@dataclass(frozen=True)
class Sign:
    """Something a user sees that the law speaks of, at a node.

    checked: the state of the switch or box; None where there is none, or where it is drawn so that the tree does not tell.
    groups: of the permissions asked for or explained, as in hegui/catalogue/permissions.
    types: of personal information named or asked for, as in hegui/catalogue/pi_types; of a form also the codes of [fields].
    """

    kind: SignKind
    node: str
    text: str = ""
    checked: bool | None = None
    groups: tuple[str, ...] = ()
    types: tuple[str, ...] = ()


@dataclass(frozen=True)
class Screen:
    """A dump of what was shown. owner: the package it belongs to, as far as the dump tells.

    t_ms: since the start of its run, as its index says; with clock "order" only its number among the dumps.
    page: the same for dumps that show the same controls, whatever was typed. shot: the file name of the picture.
    """

    id: str
    run_id: str
    t_ms: int
    phase: str
    activity: str
    owner: str
    nodes: tuple[Node, ...] = ()
    shot: str | None = None
    shot_sha256: str = ""
    page: str = ""
    clock: Literal["elapsed", "order"] = "elapsed"
    signs: tuple[Sign, ...] = ()
    place: str = ""

    def of(self, kind: SignKind) -> tuple[Sign, ...]:
        return tuple(sign for sign in self.signs if sign.kind == kind)


@dataclass(frozen=True)
class Tap:
    """A way from one screen to another by acting on a node."""

    from_screen: str
    node: str
    to_screen: str


@dataclass(frozen=True)
class Ui:
    """`explored` says for each phase whether every clickable node was visited or a person ticked it complete (RULES D9).

    Without it, that something was not seen does not mean that it is not there (UI_UNREACHED).
    """

    screens: tuple[Screen, ...] = ()
    graph: tuple[Tap, ...] = ()
    explored: dict[str, bool] = field(default_factory=dict)

    def showing(self, kind: SignKind) -> Iterator[tuple[Screen, Sign]]:
        """Every place where a user sees that, in order."""
        return ((screen, sign) for screen in self.screens for sign in screen.of(kind))

    def way(self, start: Collection[str], goal: Collection[str]) -> tuple[Tap, ...] | None:
        """The acts of a shortest way from any of these screens to any of those, in order; None when no way was recorded.

        Dumps of one page are one place: an act may begin on another dump of the page that the one before led to.
        """
        page = {screen.id: screen.page or screen.id for screen in self.screens}
        acts: dict[str, list[Tap]] = {}
        for tap in self.graph:
            acts.setdefault(page.get(tap.from_screen, tap.from_screen), []).append(tap)
        wanted = {page.get(one, one) for one in goal}
        ways: dict[str, tuple[Tap, ...]] = {page.get(one, one): () for one in sorted(start)}
        queue = deque(ways)
        while queue:
            at = queue.popleft()
            if at in wanted:
                return ways[at]
            for tap in acts.get(at, ()):
                to = page.get(tap.to_screen, tap.to_screen)
                if to not in ways:
                    ways[to] = (*ways[at], tap)
                    queue.append(to)
        return None
