"""audit.json, by contract."""

from hegui.audit.file import AuditFile, to_json

__all__ = ["AuditFile", "to_json"]
