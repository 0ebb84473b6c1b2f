"""Evidence from network captures, written the same way by every check. Values are masked."""

from hegui.audit.finding import Evidence
from hegui.facts.facts import Facts
from hegui.facts.traffic import Flow, Hit, Net


def hit(facts: Facts, flow: Flow, one: Hit) -> Evidence:
    """What was recognised in a request: where in the capture, to which host and path, which field, and on what grounds."""
    how = f", {one.encoding}" if one.encoding != "clear" else ""
    grounds = f"canary {one.canary_id}" if one.canary_id else one.basis
    line = f"{_line(flow)} {one.key or '-'}={one.masked or '***'} ({one.pi_type}{how}; {grounds})"
    return Evidence("network_capture", one.place or flow.place, line, _sha256(facts, one.place or flow.place))


def flow(facts: Facts, one: Flow, excerpt: str = "") -> Evidence:
    """A request as a whole."""
    line = _line(one)
    return Evidence("network_capture", one.place, f"{line} {excerpt}" if excerpt else line, _sha256(facts, one.place))


def coverage(facts: Facts, net: Net, excerpt: str = "") -> Evidence:
    """All captures together: how much of them could be read, and what was looked for."""
    read = sum(isinstance(one.hits, tuple) for one in net.flows)
    line = f"{len(net.flows)} flows, {read} readable; {len(net.canaries)} canaries"
    names = " + ".join(one.source for one in net.captures) or "capture"
    hashes = {one.sha256 for one in facts.inputs if one.kind == "traffic"}
    return Evidence(
        "network_capture", names, f"{line}; {excerpt}" if excerpt else line, hashes.pop() if len(hashes) == 1 else ""
    )


def _line(one: Flow) -> str:
    return f"t={one.t_ms / 1000:.3f} s {one.method or one.protocol} {one.host}{one.path}".rstrip()


def _sha256(facts: Facts, place: str) -> str:
    """The hash of the capture a place "FILE#…" lies in; "" where two of that name were given, or none."""
    name = place.partition("#")[0]
    found = {one.sha256 for one in facts.inputs if one.kind == "traffic" and one.name == name}
    return found.pop() if len(found) == 1 else ""
