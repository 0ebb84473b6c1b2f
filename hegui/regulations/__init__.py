"""The content: a folder per draft, with its duties and the checks beside their articles. Checks are discovered."""

import pkgutil
from functools import cache
from importlib import import_module

from hegui.audit.check import CHECKS, Check


@cache
def load_checks() -> tuple[Check, ...]:
    """Import every article file of every pack and return the checks they tie, in the order of their names."""
    for pack in pkgutil.iter_modules(__path__):
        if pack.ispkg:
            folder = import_module(f"{__name__}.{pack.name}")
            for article in pkgutil.iter_modules(folder.__path__):
                import_module(f"{folder.__name__}.{article.name}")
    return tuple(CHECKS[name] for name in sorted(CHECKS))


def checks() -> dict[str, tuple[str, ...]]:
    """For each duty that has any, the names of its checks."""
    found: dict[str, list[str]] = {}
    for one in load_checks():
        for duty in one.duties:
            found.setdefault(duty, []).append(one.name)
    return {duty: tuple(names) for duty, names in found.items()}
