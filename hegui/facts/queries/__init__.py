"""Questions about the facts that several duties, of both drafts, ask."""
