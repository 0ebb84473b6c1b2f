"""Permissions: what the platform defines, and which of the ten groups of articles 30/32 each belongs to."""

from hegui.catalogue.permissions.loader import GROUPS, Lighter, PlatformPermission, permission, privacy_permissions

__all__ = ["GROUPS", "Lighter", "PlatformPermission", "permission", "privacy_permissions"]
