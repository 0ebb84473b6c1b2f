"""The timeline page: size and time to build for 1,000 to 100,000 events, and what the browser needs to draw it.

    python bench/timeline_page.py [--chromium chromium]

The runs are generated: 40 stacks, some 600 different acts and one act in fifty unlike any before, ten actors. Built time is
user CPU. The browser is headless and draws in software; its frames are made to run at once, and each is read back by one
pixel, so that the time is that of drawing and not of asking for it. `frame` is the median of 40 frames of zooming in on the
consent and out again; `longest` the slowest of them. 60 frames a second leave 16.7 ms for one.
"""

import argparse
import base64
import hashlib
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from hegui.catalogue.apis import apis
from hegui.catalogue.sdks import sdks
from hegui.facts.trace import Run, Stack, Trace, TraceMeta, What
from hegui.report.html import timeline_to_html

SIZES = (1_000, 10_000, 100_000)

BEFORE = """
window.requestAnimationFrame = (draw) => { draw(0); return 0; };
window.began = performance.now();
"""
AFTER = """
(function () {
  const loaded = performance.now() - window.began, canvas = document.querySelector(".live-body canvas"), times = [];
  const press = (key) => {
    const began = performance.now();
    canvas.dispatchEvent(new KeyboardEvent("keydown", { key }));
    canvas.getContext("2d").getImageData(0, 0, 1, 1);
    times.push(performance.now() - began);
  };
  press("c");
  for (let at = 0; at < 10; at++) press("-");
  for (let at = 0; at < 15; at++) press("+");
  for (let at = 0; at < 14; at++) press("-");
  times.sort((one, other) => one - other);
  const nodes = document.querySelectorAll("*").length;
  document.title = ["measured", loaded, times[times.length >> 1], times[times.length - 1], nodes].join(" ");
})();
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--chromium", default=shutil.which("chromium") or shutil.which("google-chrome") or "")
    given = options.parse_args()
    print("events\tbuilt s\tpage kB\tbytes an event\tload ms\tframe ms\tlongest ms\tDOM nodes")
    small = 0
    for size in SIZES:
        trace = Trace((generated(size),))
        began = resource.getrusage(resource.RUSAGE_SELF).ru_utime
        page = timeline_to_html(trace, (), ())
        took = resource.getrusage(resource.RUSAGE_SELF).ru_utime - began
        many = len(page.encode())
        small = small or many
        each = f"{(many - small) / (size - SIZES[0]):.1f}" if size > SIZES[0] else "–"
        drawn = in_browser(page, given.chromium) if given.chromium else ("–",) * 4
        print(f"{size}\t{took:.2f}\t{many / 1000:.0f}\t{each}\t" + "\t".join(drawn), flush=True)


def generated(size: int) -> Run:
    dice = random.Random(7)  # noqa: S311 (a repeatable run, nothing secret)
    parties = ["app", "unknown", *(one.id for one in sdks()[:8])]
    stacks = tuple(Stack((f"a.B{at}.read", f"c.D{at}.run"), dice.choice(parties), "generated") for at in range(40))
    known = [one for one in apis() if one.pi_type][:60]
    whats = [What("consent", scope="rules", act="agree"), What("fg"), What("bg")]
    for _ in range(600):
        api = dice.choice(known)
        whats.append(What("api", api_id=api.id, pi_type=api.pi_type, stack=dice.randrange(40), result="ok"))
    whats += [What("net", host=f"h{at}.example.com") for at in range(30)]
    whats += [What("screen", page=f"page {at}") for at in range(20)]
    common = len(whats)
    whats += [
        What(
            "api", api_id=(api := dice.choice(known)).id, pi_type=api.pi_type, stack=dice.randrange(40), args=(f"{at}",)
        )
        for at in range(size // 50)
    ]
    t_ms = sorted(dice.randrange(600_000) for _ in range(size))
    rare = iter(range(common, len(whats)))
    what = [next(rare) if at % 50 == 25 else dice.randrange(1, common) for at in range(size)]
    what[size // 50] = 0
    meta = TraceMeta("generated", "S3", uncertainty_ms=200, has_ui=True, has_net=True, has_stack=True)
    return Run(meta, tuple(whats), stacks, tuple(t_ms), tuple(range(1, size + 1)), tuple(what))


def in_browser(page: str, chromium: str) -> tuple[str, ...]:
    """Milliseconds to read the data and draw first, of the median and the longest frame, and the nodes of the page."""
    start = page.rindex("<script>") + len("<script>")
    script = BEFORE + page[start : page.rindex("</script>")] + AFTER
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page = (
        re.sub(r"'sha256-[^']+'", lambda _: f"'sha256-{digest}'", page[:start], count=1)
        + script
        + "</script></body></html>"
    )
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "page.html").write_text(page, "utf-8")
        flags = (
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--window-size=1400,1000",
            f"--user-data-dir={folder}/profile",
        )
        run = subprocess.run(
            [chromium, *flags, "--dump-dom", (Path(folder) / "page.html").as_uri()],
            capture_output=True, text=True, timeout=300, check=True,
        )  # fmt: skip
    found = re.search(r"<title>measured (\S+) (\S+) (\S+) (\d+)</title>", run.stdout)
    if found is None:
        raise SystemExit("the page did not run its script")
    return (*(f"{float(found[at]):.1f}" for at in (1, 2, 3)), found[4])


if __name__ == "__main__":
    main()
