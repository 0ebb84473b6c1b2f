"""The root of the errors hegui raises on purpose. A leaf: every layer may import it.

HeguiError            one clear line for the user; exit code 2
├── law.errors        LawError: a pack, text or calendar that cannot be used
├── readers.errors    ReadError: an input that cannot be read
└── audit.errors      AuditError: a check that names what does not exist
"""

from hegui.words import Words


class HeguiError(Exception):
    """Something the user can act on. The text names the thing, the place, what was expected and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.words = Words(zh, en)

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        return type(self), (self.words.zh, self.words.en)
