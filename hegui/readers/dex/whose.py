"""Whose code a call site is (归属): the app's own, an SDK's, or unknown. No blame without a chain.

A class that an SDK's prefix covers is the SDK's, as is one whose name was changed but whose shape is that of a class of an
SDK recognised so. A framework's or library's class acts for its caller, so the nearest
frame on the example path that is neither decides. The app's own code is what stands under its package name, or under
that of its Application class or first screen where no SDK owns it. Everything else is unknown, and says so: other
components may come with an SDK that nobody has written down.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hegui.catalogue.frames import frame_kind
from hegui.catalogue.sdks import catalogue

# Names under which many parties publish: what stands beside an app there says nothing about whose it is.
_SHARED_STEMS = {
    "com.example",
    "com.github",
    "io.github",
    "com.gitee",
    "com.google",
    "com.android",
    "org.apache",
    "cn.com",
}


@dataclass(frozen=True, slots=True)
class Whose:
    """`origin` is "app", an SDK id, "library" (a library acts by itself) or "unknown".

    `candidates` are all parties on the way, from the call outwards; `started_by` is whose code the path enters by.
    """

    origin: str
    why: str
    candidates: tuple[str, ...]
    started_by: str


class Owners:
    """The owner of each class of one package."""

    def __init__(
        self, package: str, hosts: Iterable[str], by_shape: Mapping[str, tuple[str, str]] | None = None
    ) -> None:
        """`package` is the application id; `hosts` are the Application class and the launcher's activities, in dotted form.
        `by_shape` are renamed classes with the SDK that the shape of each is of, and the file of the known build."""
        self._by_shape = by_shape or {}
        # Asked for once, for it looks for the user layer at every call.
        self._sdk_of_class = catalogue().by_class
        own = {package}
        for name in hosts:
            folder = name.rpartition(".")[0]
            if folder and self._sdk_of_class(name) is None and frame_kind(name) is None:
                own.add(folder)
        self._known: dict[str, tuple[str, str]] = {}
        self._own = tuple(sorted({_stem(name) for name in own if name}))

    def of_class(self, name: str) -> tuple[str, str]:
        """The owner of a class in dotted form, and why: "app", an SDK id, "library" (acts for its caller), "unknown"."""
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self._of_class(name)
        return known

    def _of_class(self, name: str) -> tuple[str, str]:
        sdk = self._sdk_of_class(name)
        if sdk is not None:
            return sdk.id, f"class {name} stands under a package of {sdk.id}"
        if name in self._by_shape:
            of_shape, build = self._by_shape[name]
            return of_shape, f"class {name}: class shape as in {build} of {of_shape}"
        kind = frame_kind(name)
        if kind is not None:
            return "library", f"class {name} is {kind} code, which acts for its caller"
        for own in self._own:
            if name == own or name.startswith(own + "."):
                return "app", f"class {name} stands under the app's package {own}"
        return "unknown", f"class {name} stands under no package known as the app's or an SDK's"

    def of_site(self, cls: str, reach: tuple[str, ...]) -> Whose:
        """The owner of a call site in class `Lpkg/Cls;` with its example path (see CallSite.reach)."""
        frames = [dotted(step.partition("->")[0]) for step in reach[1:] if step.startswith("L")]
        frames = [*frames, dotted(cls)] if not frames or frames[-1] != dotted(cls) else frames
        owners = [self.of_class(name) for name in frames]
        candidates = tuple(dict.fromkeys(owner for owner, _ in reversed(owners) if owner != "library"))
        started_by = next((owner for owner, _ in owners if owner != "library"), "unknown") if len(frames) > 1 else ""
        origin, why = owners[-1]
        if origin != "library":
            return Whose(origin, why, candidates, started_by)
        for owner, because in reversed(owners[:-1]):
            if owner != "library":
                return Whose(owner, f"{why}: {because}", candidates, started_by)
        return Whose("library", why + "; no caller of it is known", candidates, started_by)


def dotted(descriptor: str) -> str:
    """com.example.Main for Lcom/example/Main;."""
    return descriptor.removeprefix("L").removesuffix(";").replace("/", ".")


def _stem(package: str) -> str:
    """What an app's own packages have in common: com.company of com.company.app, com.company.app of anything longer."""
    labels = package.split(".")
    stem = ".".join(labels[: 2 if len(labels) <= 3 else 3])
    return package if stem in _SHARED_STEMS or len(labels) < 3 or len(labels[1]) <= 2 else stem
