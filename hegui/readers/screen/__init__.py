"""Dumps of screens: uiautomator XML, accessibility JSON, with pictures beside → nodes, and what a user sees (界面)."""
