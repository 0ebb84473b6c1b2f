"""Words in which rules speak of things: kinds of personal information, permissions, columns, recipients, rights, SDKs.

Data: TOML files beside this one; all words are in lower case.
"""

from hegui.catalogue.lexicons.loader import (
    PermissionWord,
    TypeWord,
    column_patterns,
    permission_words,
    recipient_words,
    right_words,
    sdk_words,
    type_words,
)

__all__ = [
    "PermissionWord",
    "TypeWord",
    "column_patterns",
    "permission_words",
    "recipient_words",
    "right_words",
    "sdk_words",
    "type_words",
]
