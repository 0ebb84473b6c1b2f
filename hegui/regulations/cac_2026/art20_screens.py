"""Article 20(1) on screens: the old version reminds its users of one that handles personal information better (R62, limb 2)."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import package_evidence as package
from hegui.audit import screen_evidence as shows
from hegui.facts import Facts, Unread, is_read
from hegui.facts.queries import code
from hegui.facts.queries.changes import NAMED_BY_8_1, package_changes, policy_changes
from hegui.facts.screens import Screen, Sign
from hegui.regulations.reads import reads
from hegui.regulations.screen_parts import app_screens, showing
from hegui.regulations.trace_parts import runs


@check(
    "cac-2026:20.1.1",
    needs=("previous.pkg", "pkg.callsites", "pkg.permissions", "pkg.sdks"),
    missing=("BASELINE_MISSING", "UI_UNREACHED", "NO_RECORD"),
)
def reminds_of_the_new_version(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A prompt to update on screens of the version before, where the new one changes what is collected (R62).

    Without one, users may have been told by a push message, which takes the record.
    """
    if isinstance(facts.previous, Unread) or isinstance(facts.previous.pkg, Unread) or isinstance(facts.pkg, Unread):
        return
    old, new = facts.previous.pkg, facts.pkg
    changed = package_changes(old, new, reads)
    if isinstance(changed, Unread):
        return
    versions = package.manifest(new, f"{old.version_name} → {new.version_name}")
    restated = (
        [one for one in policy_changes(facts.previous.policy, facts.policy) if one.dimension in NAMED_BY_8_1]
        if is_read(facts.previous.policy) and is_read(facts.policy)
        else []
    )
    if not changed and not restated:
        if not code.hidden_by(new) and not code.hidden_by(old):
            yield found(
                "not_applicable",
                "与上一版本相比，收集使用个人信息的权限、种类、SDK 均无变化",
                "permissions, types of information and SDKs are those of the version before",
                versions,
            )
        return
    screens = _of_the_old_version(facts, facts.previous)
    prompts: list[tuple[Screen, Sign]] = list(showing(screens, "update_prompt"))
    if prompts:
        yield found(
            "compliant",
            f"旧版本界面提醒升级：“{prompts[0][1].text}”",
            f'the old version reminds of the update: "{prompts[0][1].text}"',
            *(shows.sign(facts, *one) for one in prompts[:2]),
            versions,
            basis="observed",
        )
    else:
        yield found(
            "undetermined",
            "新版本的收集使用有变化；旧版本的界面没有升级提示，是否推送提醒须看记录"
            if screens
            else "新版本的收集使用有变化；没有旧版本的界面，是否提醒升级尚未查看",
            "the new version changes what is collected; the old one's screens show no prompt, so a push takes the record"
            if screens
            else "the new version changes what is collected; there are no screens of the old one to show a prompt",
            *(shows.whole(facts, one) for one in screens[:2]),
            versions,
            basis="observed",
            missing=("NO_RECORD",) if screens else ("UI_UNREACHED", "NO_RECORD"),
        )


def _of_the_old_version(facts: Facts, previous: Facts) -> tuple[Screen, ...]:
    """The screens given with the version before, and those of runs whose log says that an older version ran."""
    new = facts.pkg.version_code if is_read(facts.pkg) else None
    older = {
        run.meta.run_id
        for run in runs(facts)
        if isinstance(new, int) and run.meta.app_version_code is not None and run.meta.app_version_code < new
    }
    return (*app_screens(previous), *(one for one in app_screens(facts) if one.run_id in older))
