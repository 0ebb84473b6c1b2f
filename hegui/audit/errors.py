"""AuditError: a check that names a duty, fact or reason code that does not exist, or findings that cannot be read."""

from hegui.errors import HeguiError


class AuditError(HeguiError):
    pass
