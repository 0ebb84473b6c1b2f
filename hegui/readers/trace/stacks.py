"""Call stacks as logs write them (调用堆栈): one frame a line, or joined by `<-`, `;` or commas, or a JSON list."""

import re
from collections.abc import Iterable

# No stack of a real thread is deeper than a few hundred frames in any log seen; a hostile one may be.
MOST_FRAMES = 512
_LONGEST_FRAME = 400

_JOINTS = re.compile(r"<-+|[\r\n\t]+|;(?!->)|,\s*(?=[\"']?[\w$]+[./])")
_FRAME = re.compile(r"(?:at\s+)?L?([^\W\d][\w$]*(?:[./][\w$<>-]+)*(?:;?->|[./])[\w$<>-]+)\s*(?=\(|:|\s|$)")
# A line that is a frame and nothing else; some tools put `:line` behind it.
FRAME_LINE = re.compile(r"\s*(?:at\s+)?[\[\"']?[\w$]+(?:\.[\w$<>-]+)+\s*(?:\(|:-?\d)")


def frames(text: str | Iterable[str]) -> tuple[str, ...]:
    """The frames, innermost first, as `a.b.C.method`; words that are no frame are passed over."""
    parts = _JOINTS.split(text) if isinstance(text, str) else text
    found = []
    for part in parts:
        match = _FRAME.match(part.strip(" \t\r\n\"[]'{}")[:_LONGEST_FRAME])
        if match:
            found.append(match[1].replace(";->", ".").replace("->", ".").replace("/", "."))
            if len(found) == MOST_FRAMES:
                break
    return tuple(found)


def class_of(frame: str) -> str:
    """a.b.C of a.b.C.method."""
    return frame.rpartition(".")[0]
