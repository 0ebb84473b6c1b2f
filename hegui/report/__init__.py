"""Judgements → files a person or a program reads: one module per format, templates beside."""
