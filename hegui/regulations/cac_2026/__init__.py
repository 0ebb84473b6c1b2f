"""The consultation draft of 2026-01-10: duties, and checks beside their articles."""
