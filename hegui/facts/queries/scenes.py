"""What the declaration says about function scenes. It proves that it was said, not that it is so."""

from hegui.facts.facts import Facts
from hegui.facts.package import CallSite, Permission
from hegui.facts.unread import Unread


def declared_for(facts: Facts, permission: Permission) -> tuple[str, ...]:
    """The names of the declared scenes that list this permission or its group."""
    if isinstance(facts.decl, Unread):
        return ()
    wanted = {permission.name, permission.name.removeprefix("android.permission."), permission.group}
    return tuple(scene.name for scene in facts.decl.app.scenes if wanted & set(scene.perms))


def declared_reading(facts: Facts, site: CallSite) -> tuple[str, ...]:
    """The names of the declared scenes that list the kind of information read there, or its permission group."""
    if isinstance(facts.decl, Unread):
        return ()
    wanted = {site.pi_type, site.perm_group} - {None}
    return tuple(scene.name for scene in facts.decl.app.scenes if wanted & {*scene.types, *scene.perms})
