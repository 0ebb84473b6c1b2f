"""Packages that come in several parts: split sets (.apks, .xapk, .apkm, a folder) and App Bundles (.aab)."""
