"""A page opened in a headless browser, with a script of the test behind its own."""

import base64
import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest


def driven(page: str, tmp_path: Path, script: str, anchor: str = "") -> Any:
    """What `script`, the body of an async function that runs after the page's own, returns, as JSON allows."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if not browser:
        pytest.skip("no chromium here")
    start, end = page.rindex("<script>") + len("<script>"), page.rindex("</script>")
    body = (
        f"{page[start:end]};(async()=>{{const tick=()=>new Promise((go)=>setTimeout(go,60));{script}}})()"
        ".then((told)=>document.title='told '+JSON.stringify(told),(error)=>document.title='failed '+error);"
    )
    digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
    # The page allows its own script alone, by its hash.
    head = re.sub(r"'sha256-[^']+'", lambda _: f"'sha256-{digest}'", page[:start], count=1)
    (tmp_path / "page.html").write_text(head + body + page[end:], "utf-8")
    flags = (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--virtual-time-budget=4000",
        "--window-size=1400,1000",
    )
    ran = subprocess.run(
        [browser, *flags, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", (tmp_path / "page.html").as_uri() + anchor],
        capture_output=True, text=True, timeout=100, check=True,
    )  # fmt: skip
    title = re.search(r"<title>(told|failed) (.*?)</title>", ran.stdout, re.DOTALL)
    assert title, "the script did not come to its end"
    assert title[1] == "told", title[2]
    return json.loads(title[2].replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">"))
