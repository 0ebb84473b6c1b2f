"""Logs of what an app did (运行日志), from many tools and stores, onto one timeline.

    bytes ── recognise ──> a format ── its reader ──> Rows ── finish ──> the columns of hegui.facts.trace.Run

A file per format. All run in the confined child (read.py); whose call it was is told afterwards, by whose.py.
"""
