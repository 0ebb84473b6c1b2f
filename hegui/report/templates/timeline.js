// The live picture of each run: drawn on canvas from columns, one mark per pixel however many events, so that it never
// freezes. Without this script the still picture and the table say the same.
(function () {
  "use strict";
  const source = document.getElementById("timeline-data");
  if (!source) return;
  const root = document.documentElement;
  const section = document.getElementById("timeline");
  const data = JSON.parse(source.textContent);
  const LANE = 22, HEAD = 46, FLAGS = 22, BARS = 64, AXIS = 20, MAP = 24, BUCKET = 3;
  const WORDS = {
    actor: ["全部主体", "all actors"], type: ["全部种类", "all kinds"], side: ["同意前后全部", "before and after"],
    reset: ["清除筛选", "Clear filters"], all: ["全部", "All"], consent: ["同意的时刻", "Consent"], back: ["◀ 前移", "◀ Earlier"],
    on: ["后移 ▶", "Later ▶"], zoomIn: ["放大 +", "Zoom in +"], zoomOut: ["缩小 −", "Zoom out −"], before: ["上一条", "Previous"],
    next: ["下一条", "Next"], here: ["放大到这里", "Zoom in here"], finding: ["发现", "Finding"], log: ["日志", "Log"],
    line: ["行", "line"], event: ["事件", "event"], per: ["涉及个人信息的次数", "Acts on personal information"],
    most: ["最高", "highest"], none: ["本次运行没有同意：全程都在同意之前", "No consent in this run: all of it before consent"],
    window: ["显示", "shown"], of: ["全长", "of"], shown: ["条符合筛选", "events match"], number: ["第", "no. "],
    hint: ["点一个标记看细节；拖动移动，Ctrl+滚轮或 +/− 缩放，←/→ 逐条，C 到同意的时刻，0 看全部", "Pick a mark for details; drag to move, Ctrl+wheel or +/− to zoom, ←/→ step, C to consent, 0 for all"],
    whole: ["全程（拖动选段）", "Whole run (drag)"], sides: ["同意前后", "Consent"], found: ["发现", "Findings"], shot: ["看界面图", "Drawing of screen"],
  };
  const SHORT = { before: ["之前", "before"], after: ["之后", "after"], refused: ["拒绝后", "refused"] };
  const SECTIONS = { net: ["网络流量：发往", "Traffic: sent to"] };
  const SOLO = new Set(["consent", "screen", "shot", "ui", "prompt", "state", "act"]);
  const sideNames = data.sides.map((one) => one[0]);
  const markNames = data.marks.map((one) => one[0]);
  // Of several marks in one pixel the one that says most is drawn.
  const RANK = markNames.map((name) => ["strong", "denied", "unreadable", "plain", "back", "weak", "end"].indexOf(name));
  const STRONG = markNames.indexOf("strong"), BACK = markNames.indexOf("back"), END = markNames.indexOf("end");
  const color = (name) => getComputedStyle(section).getPropertyValue("--t-" + name).trim();
  const tone = { before: color("before"), refused: color("before"), unsure: color("unsure"), after: color("after"), unknown: color("unknown") };
  const pale = { before: color("before-pale"), refused: color("before-pale"), unsure: color("unsure-pale"), after: color("after-pale"), unknown: color("unknown-pale") };
  const agreed = color("agree");
  const INK = "#1c2530", FLAG = "#5b1a86", SOFT = "#505c69", RULE = "#dde3e8";
  const FONT = getComputedStyle(document.body).fontFamily;
  const en = () => root.dataset.lang === "en";
  const say = (name) => WORDS[name][en() ? 1 : 0];
  const pick = (zh, english) => data.strings[en() ? english : zh];

  function node(tag, name, text) {
    const made = document.createElement(tag);
    if (name) made.className = name;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  // ---------------------------------------------------------------------------------------------------- columns

  // Zigzag varints in base64. Times may pass 2^31, so no bit operations on the value itself.
  function unpack(text) {
    const bytes = atob(text);
    const found = new Float64Array(bytes.length);
    let many = 0, value = 0, scale = 1;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes.charCodeAt(at);
      value += (byte & 127) * scale;
      if (byte & 128) { scale *= 128; continue; }
      found[many++] = value % 2 ? -(value + 1) / 2 : value / 2;
      value = 0;
      scale = 1;
    }
    return found.subarray(0, many);
  }

  function summed(steps) {
    for (let at = 1; at < steps.length; at++) steps[at] += steps[at - 1];
    return steps;
  }

  function readRun(raw) {
    const t = summed(unpack(raw.t)), row = Uint32Array.from(unpack(raw.row)), line = summed(unpack(raw.line));
    const size = t.length;
    const lane = new Uint16Array(size), mark = new Uint8Array(size), side = new Uint8Array(size), count = new Uint32Array(size);
    for (let at = 0, place = 0; at < raw.side.length; at += 2) {
      side.fill(raw.side[at], place, place + raw.side[at + 1]);
      place += raw.side[at + 1];
    }
    const many = new Uint32Array(raw.lanes.length);
    for (let at = 0; at < size; at++) {
      const of = raw.rows[row[at]];
      lane[at] = of[0];
      mark[at] = of[1];
      count[at] = of[2];
      many[of[0]]++;
    }
    const ids = Array.from(many, (number) => new Uint32Array(number));
    many.fill(0);
    for (let at = 0; at < size; at++) ids[lane[at]][many[lane[at]]++] = at;
    const found = new Map(raw.found.map((one) => [one[0], one.slice(1)]));
    const shots = new Map(raw.shots);
    return { ...raw, t, row, line, lane, mark, side, count, ids, size, found, shots, picked: -1, shown: [] };
  }

  // The first of ids (or of all events) at or after a time.
  function lower(run, time, ids) {
    let low = 0, high = ids ? ids.length : run.size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (run.t[ids ? ids[middle] : middle] < time) low = middle + 1; else high = middle;
    }
    return low;
  }

  function clock(run, ms, exact) {
    if (!run.timed) return say("number") + Math.round(ms) + (en() ? "" : " 条");
    const sign = ms < 0 ? "-" : "", whole = Math.round(Math.abs(ms));
    const two = (number) => String(number).padStart(2, "0");
    const hours = Math.floor(whole / 3600000), minutes = Math.floor(whole / 60000) % 60, seconds = Math.floor(whole / 1000) % 60;
    const rest = whole % 1000;
    const tail = exact || rest ? "." + String(rest).padStart(3, "0") : "";
    return sign + (hours ? hours + ":" + two(minutes) : minutes) + ":" + two(seconds) + tail;
  }

  // ------------------------------------------------------------------------------------------------------ filter

  const filter = { actor: "", type: "", side: "" };

  function laneShown(lane) {
    const actor = data.strings[lane[2]], type = data.strings[lane[3]];
    // What belongs to nobody stays as the frame in which an actor's acts are read.
    return (!filter.actor || !actor || actor === filter.actor) && (!filter.type || type === filter.type || (!actor && lane[0] !== "net" && lane[0] !== "act"));
  }

  const eventShown = (run, at) => filter.side === "" || run.side[at] === filter.side || SOLO.has(run.lanes[run.lane[at]][0]);

  // -------------------------------------------------------------------------------------------------------- views

  // Runs that are compared share one window of time.
  const views = new Map();

  function viewOf(run) {
    const key = run.pair === null ? "run" + run.id : "pair" + run.pair;
    if (!views.has(key)) views.set(key, { low: run.start, high: run.end, from: run.start, to: run.end, pictures: [] });
    return views.get(key);
  }

  function show(view, from, to) {
    const room = view.high - view.low, pad = room * 0.02;
    const width = Math.min(Math.max(to - from, Math.min(20, room)), room + 2 * pad);
    const start = Math.min(Math.max(from, view.low - pad), view.high + pad - width);
    view.from = start;
    view.to = start + width;
    for (const picture of view.pictures) picture.draw();
  }

  const zoom = (view, at, factor) => show(view, at - (at - view.from) * factor, at + (view.to - at) * factor);
  const move = (view, part) => show(view, view.from + (view.to - view.from) * part, view.to + (view.to - view.from) * part);

  const tip = node("div", "live-tip");
  tip.hidden = true;
  document.body.append(tip);

  // ----------------------------------------------------------------------------------------------------- a picture

  function Picture(run, place) {
    const view = viewOf(run);
    const self = { run, view };
    view.pictures.push(self);
    view.low = Math.min(view.low, run.start);
    view.high = Math.max(view.high, run.end);
    const box = node("div", "live-picture"), tools = node("div", "live-tools"), head = node("div", "live-head");
    const body = node("div", "live-body"), foot = node("div", "live-foot"), details = node("div", "live-pick");
    const headLabel = node("div"), labels = node("div", "live-labels"), footLabel = node("div");
    const canvases = { head: node("canvas"), lanes: node("canvas"), foot: node("canvas") };
    details.setAttribute("aria-live", "polite");
    head.append(headLabel, canvases.head);
    body.append(labels, canvases.lanes);
    foot.append(footLabel, canvases.foot);
    box.append(tools, head, body, foot, details);
    place.before(box);
    place.classList.add("live");
    canvases.lanes.tabIndex = 0;
    canvases.lanes.setAttribute("role", "img");

    const buttons = [
      ["all", () => show(view, view.low - 1e9, view.high + 1e9)], ["consent", toConsent], ["zoomIn", () => zoom(view, middle(), 0.5)],
      ["zoomOut", () => zoom(view, middle(), 2)], ["back", () => move(view, -0.5)], ["on", () => move(view, 0.5)],
    ];
    const windowText = node("span", "window");
    const made = [];
    for (const [name, act] of buttons) {
      if (name === "consent" && !run.moments.length) continue;
      const button = node("button");
      button.type = "button";
      button.addEventListener("click", act);
      made.push([button, name]);
      tools.append(button);
    }
    tools.append(windowText);

    let width = 0, rows = [], queued = false, mapCounts = null;
    const middle = () => (run.picked >= 0 && run.t[run.picked] >= view.from && run.t[run.picked] <= view.to ? run.t[run.picked] : (view.from + view.to) / 2);
    const X = (time) => ((time - view.from) / (view.to - view.from)) * width;
    const T = (x) => view.from + (x / width) * (view.to - view.from);

    function toConsent() {
      if (!run.moments.length) return;
      const [at, slack] = run.moments[0];
      const half = Math.max(run.timed ? 5000 : 20, 4 * slack);
      show(view, at - half, at + half);
    }

    function layout() {
      rows = [];
      labels.textContent = "";
      let before = null;
      run.lanes.forEach((lane, number) => {
        if (!laneShown(lane)) return;
        const actor = data.strings[lane[2]];
        const group = actor || (lane[0] === "net" ? "net" : "");
        if (group && group !== before) {
          const known = data.actors.find((one) => data.strings[one[0]] === actor);
          const text = actor ? pick(known[1], known[2]) : SECTIONS.net[en() ? 1 : 0];
          rows.push(-1);
          const label = node("div", "head", text);
          label.title = text;
          labels.append(label);
        }
        before = group;
        rows.push(number);
        const text = pick(lane[4], lane[5]), label = node("div", group ? "" : "solo", text);
        label.title = text;
        labels.append(label);
      });
      for (const [button, name] of made) button.textContent = say(name);
      headLabel.textContent = "";
      headLabel.append(node("span", "", say("sides")));
      if (run.found.size) headLabel.append(node("span", "flags", say("found")));
      footLabel.textContent = "";
      footLabel.append(node("span", "", say("per")));
      footLabel.append(self.peak = node("small"));
      canvases.lanes.setAttribute("aria-label", pick(...run.headline) + " " + say("hint"));
      mapCounts = null;
    }

    function context(canvas, height) {
      const scale = window.devicePixelRatio || 1;
      const wide = Math.round(width * scale), high = Math.round(height * scale);
      if (canvas.width !== wide || canvas.height !== high) {
        canvas.width = wide;
        canvas.height = high;
        canvas.style.height = height + "px";
      }
      const pen = canvas.getContext("2d");
      pen.setTransform(scale, 0, 0, scale, 0, 0);
      pen.clearRect(0, 0, width, height);
      pen.font = "12px " + FONT;
      pen.textBaseline = "middle";
      return pen;
    }

    function bands(pen, height) {
      for (const [side, from, to] of run.bands) {
        const name = sideNames[side], left = Math.max(0, X(from)), right = Math.min(width, X(to));
        if (name !== "unsure") {
          pen.fillStyle = pale[name];
          if (right > left) pen.fillRect(left, 0, right - left, height);
        }
      }
      // The clock error is a blur from one side to the other, at least as wide as can be seen.
      for (const [side, from, to] of run.bands) {
        if (sideNames[side] !== "unsure") continue;
        const left = X(from), right = X(to);
        if (right < 0 || left > width || right - left < 1) continue;
        const blur = pen.createLinearGradient(left, 0, right, 0);
        blur.addColorStop(0, "rgba(245,190,110,.15)");
        blur.addColorStop(0.5, "rgba(245,170,70,.75)");
        blur.addColorStop(1, "rgba(245,190,110,.15)");
        pen.fillStyle = blur;
        pen.fillRect(left, 0, right - left, height);
      }
    }

    function moments(pen, height) {
      for (const [at, , act, derived] of run.moments) {
        const x = X(at);
        if (x < -2 || x > width + 2) continue;
        pen.strokeStyle = act === "agree" ? agreed : tone.before;
        pen.lineWidth = 3;
        pen.setLineDash(derived ? [7, 4] : []);
        pen.beginPath();
        pen.moveTo(x, 0);
        pen.lineTo(x, height);
        pen.stroke();
        pen.setLineDash([]);
      }
      if (run.picked >= 0) {
        const x = X(run.t[run.picked]);
        pen.fillStyle = INK;
        pen.fillRect(x - 0.5, 0, 1, height);
      }
    }

    function drawHead() {
      const height = HEAD + (run.found.size ? FLAGS : 0);
      const pen = context(canvases.head, height);
      bands(pen, height);
      pen.font = "bold 13px " + FONT;
      pen.textAlign = "center";
      for (const [side, from, to] of run.bands) {
        const left = Math.max(0, X(from)), right = Math.min(width, X(to)), name = sideNames[side];
        if (name === "unsure") continue;
        let label = run.moments.length || name === "unknown" ? pick(data.sides[side][1], data.sides[side][2]) : say("none");
        if (pen.measureText(label).width + 4 > right - left && SHORT[name]) label = SHORT[name][en() ? 1 : 0];
        if (pen.measureText(label).width + 4 > right - left) continue;
        pen.fillStyle = tone[name];
        pen.fillText(label, (left + right) / 2, 35);
      }
      pen.textAlign = "left";
      let free = -1e9;
      for (const [at, slack, act, , zh, english] of run.moments) {
        const x = X(at), error = run.timed && slack ? " ±" + slack + " ms" : "";
        // Out of sight it is still told on which side of the window it lies.
        const said = pick(zh, english) + " " + clock(run, at, true) + error, wide = pen.measureText(said).width + (x < 0 || x > width ? 26 : 12);
        const label = x < 0 ? "◀ " + said : x > width ? said + " ▶" : said;
        const left = Math.min(Math.max(0, x), width - wide);
        if (left < free) continue;
        free = left + wide + 4;
        pen.fillStyle = act === "agree" ? agreed : tone.before;
        pen.fillRect(left, 2, wide, 20);
        pen.fillStyle = "#fff";
        pen.fillText(label, left + 6, 12.5);
      }
      moments(pen, height);
      drawFlags(pen);
    }

    // Numbers of findings, where their event is; those that would overlap are told by the first and "+".
    function drawFlags(pen) {
      pen.font = "bold 11px " + FONT;
      let last = -1e9;
      for (const [at, numbers] of run.found) {
        const x = X(run.t[at]);
        if (x < -10 || x > width + 10 || x < last) continue;
        const label = "⚑" + numbers[0] + (numbers.length > 1 ? "+" : "");
        const wide = pen.measureText(label).width + 6;
        last = x + wide + 2;
        pen.fillStyle = FLAG;
        pen.fillRect(x - 1, HEAD, wide, FLAGS - 3);
        pen.fillStyle = "#fff";
        pen.fillText(label, x + 2, HEAD + 10);
      }
    }

    function mark(pen, kind, markAt, sideAt, x, y, wide) {
      const name = sideNames[sideAt], looks = markNames[markAt];
      if (kind === "shot") {
        pen.fillStyle = "#fff";
        pen.strokeStyle = INK;
        pen.lineWidth = 1.5;
        pen.fillRect(x - 4, y + 3, 9, 16);
        pen.strokeRect(x - 4, y + 3, 9, 16);
        pen.fillStyle = INK;
        pen.fillRect(x - 1, y + 15.5, 3, 1.5);
        return;
      }
      if (kind === "act") {
        pen.fillStyle = pen.strokeStyle = INK;
        pen.lineWidth = 1.5;
        pen.beginPath();
        pen.moveTo(x, y + 4); pen.lineTo(x + 7, y + 11); pen.lineTo(x, y + 18); pen.lineTo(x - 7, y + 11);
        pen.closePath();
        if (looks === "denied") { pen.fillStyle = "#fff"; pen.fill(); pen.stroke(); } else pen.fill();
        return;
      }
      if (looks === "weak" || looks === "end") {
        pen.fillStyle = tone[name];
        pen.globalAlpha = 0.55;
        pen.fillRect(x, y + 7, 1.5, 9);
        pen.globalAlpha = 1;
        return;
      }
      if (looks === "plain" || looks === "unreadable") {
        pen.fillStyle = pen.strokeStyle = tone[name];
        pen.lineWidth = 1;
        if (looks === "plain") pen.fillRect(x, y + 8, wide, 8); else pen.strokeRect(x + 0.5, y + 8.5, wide, 7);
        return;
      }
      const high = name === "after" ? 11 : name === "unknown" ? 14 : 18, top = y + 20 - high;
      if (looks === "denied" || name === "unsure") {
        pen.fillStyle = "#fff";
        pen.fillRect(x, top, wide + 2, high);
        pen.strokeStyle = tone[name];
        pen.lineWidth = 1.5;
        pen.setLineDash(name === "unsure" ? [3, 2] : []);
        pen.strokeRect(x + 0.5, top + 0.5, wide + 1, high - 1);
        pen.setLineDash([]);
      } else {
        pen.fillStyle = tone[name];
        pen.fillRect(x, top, wide, high);
      }
    }

    function lane(pen, number, y) {
      const ids = run.ids[number], kind = run.lanes[number][1], named = kind === "act" || kind === "shot", step = (view.to - view.from) / width;
      let at = lower(run, view.from - 8 * step, ids);
      let x = -1e9, many = 0, best = 9, markAt = 0, sideAt = 9, one = 0;
      const flush = (next) => {
        if (!many) return;
        mark(pen, kind, markAt, sideAt, x, y, BUCKET);
        const room = next - x - 12;
        let label = many > 1 ? "×" + many : named ? pick(run.rows[run.row[one]][3], run.rows[run.row[one]][4]) : "";
        if (!label || room < 22) return;
        pen.fillStyle = named ? INK : SOFT;
        // A name may be cut, a number never.
        if (many === 1 && pen.measureText(label).width > room) label = label.slice(0, Math.max(2, Math.floor(room / 13))) + "…";
        if (pen.measureText(label).width <= room) pen.fillText(label, x + (named ? 10 : 7), y + 12);
      };
      for (; at < ids.length; at++) {
        const event = ids[at];
        if (run.t[event] > view.to + 8 * step) break;
        if (!eventShown(run, event)) continue;
        const place = Math.floor(X(run.t[event]) / BUCKET) * BUCKET;
        if (place !== x) {
          flush(place);
          x = place; many = 0; best = 9; sideAt = 9; one = event;
        }
        many += run.count[event];
        if (run.side[event] < sideAt) sideAt = run.side[event];
        if (RANK[run.mark[event]] < best) { best = RANK[run.mark[event]]; markAt = run.mark[event]; }
      }
      flush(at < ids.length ? X(run.t[ids[at]]) : width);
    }

    // A screen or a state lasts until the next one; what ends a state leaves it blank.
    function stretches(pen, number, y) {
      const ids = run.ids[number];
      let drawn = -1;
      for (let at = Math.max(0, lower(run, view.from, ids) - 1); at < ids.length; at++) {
        const event = ids[at], from = run.t[event];
        if (from > view.to) break;
        const left = Math.max(0, X(from)), right = Math.min(width, X(at + 1 < ids.length ? run.t[ids[at + 1]] : run.end));
        if (right < drawn + 1) continue;
        drawn = Math.max(right, left + 1);
        if (run.mark[event] === END) continue;
        const dark = run.mark[event] === BACK;
        pen.fillStyle = dark ? "#4a5663" : at % 2 ? "#aebccb" : "#c9d4de";
        pen.fillRect(left, y + 3, Math.max(1, right - left - 1), LANE - 6);
        if (right - left > 28) {
          pen.save();
          pen.beginPath();
          pen.rect(left, y, right - left - 3, LANE);
          pen.clip();
          pen.fillStyle = dark ? "#fff" : INK;
          pen.fillText(pick(run.rows[run.row[event]][3], run.rows[run.row[event]][4]), left + 5, y + 11.5);
          pen.restore();
        }
      }
    }

    function drawLanes() {
      const height = Math.max(LANE, rows.length * LANE);
      const pen = context(canvases.lanes, height);
      bands(pen, height);
      rows.forEach((number, place) => {
        const y = place * LANE;
        if (number < 0) {
          pen.fillStyle = "rgba(28,37,48,.06)";
          pen.fillRect(0, y, width, LANE);
        }
        pen.fillStyle = RULE;
        pen.fillRect(0, y + LANE - 1, width, 1);
      });
      moments(pen, height);
      rows.forEach((number, place) => {
        if (number < 0) return;
        if (run.lanes[number][1] === "span") stretches(pen, number, place * LANE); else lane(pen, number, place * LANE);
      });
      if (run.picked >= 0) {
        const place = rows.indexOf(run.lane[run.picked]);
        if (place >= 0) {
          pen.strokeStyle = INK;
          pen.lineWidth = 2;
          pen.strokeRect(X(run.t[run.picked]) - 6, place * LANE + 1, 14, LANE - 2);
        }
      }
    }

    // Acts on personal information per bin of the given range, by side. Answers the bins and the largest sum.
    function counted(from, to, bins) {
      const open = new Uint8Array(run.lanes.length);
      for (const number of rows) if (number >= 0) open[number] = 1;
      const sums = new Float64Array(bins * sideNames.length), scale = bins / (to - from);
      const last = lower(run, to + 1e-9);
      for (let at = lower(run, from); at < last; at++) {
        if (run.mark[at] !== STRONG || !open[run.lane[at]] || !eventShown(run, at)) continue;
        const bin = Math.min(bins - 1, Math.floor((run.t[at] - from) * scale));
        sums[bin * sideNames.length + run.side[at]] += run.count[at];
      }
      let most = 0;
      for (let bin = 0; bin < bins; bin++) {
        let sum = 0;
        for (let side = 0; side < sideNames.length; side++) sum += sums[bin * sideNames.length + side];
        most = Math.max(most, sum);
      }
      return { sums, most, bins };
    }

    function bars(pen, { sums, most, bins }, top, height, left, wide) {
      if (!most) return;
      for (let bin = 0; bin < bins; bin++) {
        let floor = top + height;
        for (let side = 0; side < sideNames.length; side++) {
          const high = (sums[bin * sideNames.length + side] / most) * height;
          if (!high) continue;
          floor -= high;
          pen.fillStyle = tone[sideNames[side]];
          pen.fillRect(left + bin * wide, floor, Math.max(1, wide - 1), Math.max(1, high));
        }
      }
    }

    function drawFoot() {
      const pen = context(canvases.foot, BARS + AXIS + MAP);
      bands(pen, BARS);
      const bins = Math.max(1, Math.floor(width / 5)), sums = counted(view.from, view.to, bins);
      bars(pen, sums, 4, BARS - 4, 0, width / bins);
      const each = (view.to - view.from) / bins;
      const unit = each < 1000 ? Math.max(1, Math.round(each)) + (en() ? " ms" : " 毫秒") : (each / 1000).toFixed(1) + (en() ? " s" : " 秒");
      const peak = run.timed ? (en() ? sums.most + " in " + unit : unit + "内 " + sums.most + " 次") : String(sums.most);
      self.peak.textContent = say("most") + " " + peak;
      moments(pen, BARS);
      pen.fillStyle = INK;
      pen.fillRect(0, BARS, width, 1);
      pen.fillStyle = SOFT;
      pen.font = "11px " + FONT;
      const step = stepFor(view.to - view.from);
      for (let at = Math.ceil(view.from / step) * step; at <= view.to; at += step) {
        const x = X(at);
        pen.fillRect(x, BARS, 1, 5);
        if (x < width - 40) pen.fillText(clock(run, at), x + 3, BARS + 11);
      }
      // The whole run, small, with the part that is shown.
      const top = BARS + AXIS, room = view.high - view.low || 1;
      pen.fillStyle = "#f5f7f9";
      pen.fillRect(0, top, width, MAP);
      const mapBins = Math.max(1, Math.floor(width / 3));
      mapCounts = mapCounts && mapCounts.bins === mapBins ? mapCounts : counted(view.low, view.high, mapBins);
      bars(pen, mapCounts, top + 2, MAP - 4, 0, width / mapBins);
      for (const [at, , act] of run.moments) {
        pen.fillStyle = act === "agree" ? agreed : tone.before;
        pen.fillRect(((at - view.low) / room) * width - 1, top, 2, MAP);
      }
      const left = Math.max(0, ((view.from - view.low) / room) * width), right = Math.min(width, ((view.to - view.low) / room) * width);
      pen.fillStyle = "rgba(28,37,48,.12)";
      pen.fillRect(0, top, left, MAP);
      pen.fillRect(right, top, width - right, MAP);
      pen.strokeStyle = INK;
      pen.lineWidth = 1;
      pen.strokeRect(left + 0.5, top + 0.5, Math.max(3, right - left - 1), MAP - 1);
    }

    function stepFor(span) {
      const least = (span * 90) / width;
      if (!run.timed) return Math.max(1, 10 ** Math.ceil(Math.log10(least)));
      const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 15000, 30000, 60000, 120000, 300000, 600000, 1800000, 3600000, 7200000, 21600000, 86400000];
      return steps.find((step) => step >= least) || Math.ceil(least / 86400000) * 86400000;
    }

    function drawNow() {
      queued = false;
      const wide = canvases.lanes.clientWidth;
      if (!wide) return;
      if (wide !== width) { width = wide; mapCounts = null; }
      drawHead();
      drawLanes();
      drawFoot();
      const from = Math.max(view.from, view.low), to = Math.min(view.to, view.high);
      windowText.textContent = say("window") + " " + clock(run, from) + " – " + clock(run, to) + " · " + say("of") + " " + clock(run, view.high - view.low);
    }

    self.draw = () => {
      if (queued) return;
      queued = true;
      requestAnimationFrame(drawNow);
    };
    self.relayout = () => { layout(); describe(); self.draw(); };

    // ------------------------------------------------------------------------------------------- what is pointed at

    function near(x, y, reach) {
      const number = rows[Math.floor(y / LANE)];
      if (number === undefined || number < 0) return -1;
      const ids = run.ids[number];
      if (run.lanes[number][1] === "span") {
        const at = lower(run, T(x) + 1e-6, ids) - 1;
        return at >= 0 ? ids[at] : -1;
      }
      let best = -1, distance = reach + 1;
      for (let at = lower(run, T(x - reach), ids); at < ids.length && X(run.t[ids[at]]) <= x + reach; at++) {
        const off = Math.abs(X(run.t[ids[at]]) - x);
        if (off < distance && eventShown(run, ids[at])) { best = ids[at]; distance = off; }
      }
      return best;
    }

    function describe() {
      details.textContent = "";
      if (run.picked < 0) { details.append(node("span", "faint", say("hint"))); return; }
      const at = run.picked, row = run.rows[run.row[at]], lane_ = run.lanes[run.lane[at]], side = data.sides[run.side[at]];
      const top = node("header");
      top.append(node("b", "", clock(run, run.t[at], true)), node("strong", "", pick(row[3], row[4])));
      if (!SOLO.has(lane_[0])) top.append(node("span", "side-tag " + side[0], pick(side[1], side[2])));
      const told = data.marks[row[1]];
      if (pick(told[1], told[2]) && row[1] !== STRONG) top.append(node("span", "faint", pick(told[1], told[2])));
      if (run.line[at]) top.append(node("span", "faint", data.strings[run.source] + " " + (en() ? "line " + run.line[at] : "第 " + run.line[at] + " 行")));
      for (const number of run.found.get(at) || []) {
        const link = node("a", "", say("finding") + " " + number);
        link.href = "#finding-" + number;
        top.append(link);
      }
      const shot = run.shots.get(at);
      if (shot) {
        const link = node("a", "", say("shot") + " " + shot);
        link.href = "#scr-" + shot;
        top.append(link);
      }
      for (const [name, act] of [["before", () => step(-1)], ["next", () => step(1)], ["here", () => focus(at)]]) {
        const button = node("button", "", say(name));
        button.type = "button";
        button.addEventListener("click", act);
        top.append(button);
      }
      const list = node("dl");
      for (let place = 5; place < row.length; place += 2) {
        const key = data.keys[row[place]];
        list.append(node("dt", "", pick(key[0], key[1])), node("dd", data.code.includes(row[place]) ? "code" : "", data.strings[row[place + 1]]));
      }
      details.append(top, list);
      const drawn = shot && document.querySelector("#scr-" + shot + " .screen-drawing");
      if (drawn) {
        const link = node("a", "live-shot");
        link.href = "#scr-" + shot;
        link.append(drawn.cloneNode(true));
        for (const named of link.querySelectorAll("[id]")) named.removeAttribute("id");
        details.append(link);
      }
    }

    function choose(at) {
      run.picked = at;
      describe();
      self.draw();
    }

    // The next event of the same lane that the filter lets through.
    function step(by) {
      if (run.picked < 0) { if (run.size) choose(lower(run, view.from)); return; }
      const ids = run.ids[run.lane[run.picked]];
      let at = ids.indexOf(run.picked) + by;
      while (at >= 0 && at < ids.length && !eventShown(run, ids[at])) at += by;
      if (at < 0 || at >= ids.length) return;
      choose(ids[at]);
      const time = run.t[ids[at]];
      if (time < view.from || time > view.to) show(view, time - (view.to - view.from) / 2, time + (view.to - view.from) / 2);
    }

    function focus(at) {
      const half = Math.min((view.high - view.low) / 2, run.timed ? 3000 : 20);
      show(view, run.t[at] - half, run.t[at] + half);
    }

    self.goto = (at) => {
      choose(at);
      focus(at);
      const place = rows.indexOf(run.lane[at]);
      if (place >= 0) body.scrollTop = Math.max(0, place * LANE - body.clientHeight / 2);
      box.scrollIntoView({ block: "center" });
      canvases.lanes.focus({ preventScroll: true });
    };

    // ------------------------------------------------------------------------------------------------ hand and keys

    function draggable(canvas, whole) {
      let from = null, moved = false;
      canvas.addEventListener("pointerdown", (event) => {
        from = { x: event.offsetX, low: view.from, high: view.to };
        moved = false;
        canvas.setPointerCapture(event.pointerId);
      });
      canvas.addEventListener("pointermove", (event) => {
        if (canvas === canvases.lanes && !from) hover(event);
        if (!from) return;
        if (Math.abs(event.offsetX - from.x) > 3) moved = true;
        if (!moved) return;
        tip.hidden = true;
        const off = event.offsetX - from.x;
        const by = whole ? (off / width) * (view.high - view.low) : (-off / width) * (from.high - from.low);
        show(view, from.low + by, from.high + by);
      });
      canvas.addEventListener("pointerup", (event) => {
        if (from && !moved) {
          if (whole) {
            const at = view.low + (event.offsetX / width) * (view.high - view.low), half = (view.to - view.from) / 2;
            show(view, at - half, at + half);
          } else pressed(event, canvas);
        }
        from = null;
      });
      canvas.addEventListener("pointercancel", () => { from = null; });
    }

    function pressed(event, canvas) {
      if (canvas === canvases.lanes) { const at = near(event.offsetX, event.offsetY, 7); if (at >= 0) choose(at); return; }
      for (const at of run.found.keys()) if (Math.abs(X(run.t[at]) + 8 - event.offsetX) < 12) { choose(at); return; }
    }

    function hover(event) {
      const at = near(event.offsetX, event.offsetY, 5);
      tip.hidden = at < 0;
      if (at < 0) return;
      const row = run.rows[run.row[at]];
      tip.textContent = clock(run, run.t[at], true) + "  " + pick(row[3], row[4]) + (row[2] > 1 ? " ×" + row[2] : "");
      tip.style.left = Math.min(event.clientX + 12, window.innerWidth - 260) + "px";
      tip.style.top = event.clientY + 16 + "px";
    }

    for (const canvas of Object.values(canvases)) {
      canvas.addEventListener("wheel", (event) => {
        if (event.ctrlKey || event.metaKey) zoom(view, T(event.offsetX), event.deltaY > 0 ? 1.25 : 0.8);
        else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) move(view, (event.deltaX || event.deltaY) / 1200);
        else return;
        event.preventDefault();
      }, { passive: false });
    }
    draggable(canvases.lanes, false);
    draggable(canvases.head, false);
    draggable(canvases.foot, true);
    canvases.lanes.addEventListener("pointerleave", () => { tip.hidden = true; });
    canvases.lanes.addEventListener("dblclick", (event) => zoom(view, T(event.offsetX), 0.3));
    canvases.lanes.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const keys = {
        ArrowLeft: () => (event.shiftKey ? move(view, -0.25) : step(-1)), ArrowRight: () => (event.shiftKey ? move(view, 0.25) : step(1)),
        ArrowUp: () => hop(-1), ArrowDown: () => hop(1), "+": () => zoom(view, middle(), 0.5), "=": () => zoom(view, middle(), 0.5),
        "-": () => zoom(view, middle(), 2), 0: () => show(view, view.low - 1e9, view.high + 1e9), c: toConsent, C: toConsent,
        Enter: () => run.picked >= 0 && focus(run.picked), Escape: () => choose(-1),
      };
      if (!keys[event.key]) return;
      keys[event.key]();
      event.preventDefault();
    });

    // The nearest event of the lane above or below.
    function hop(by) {
      if (run.picked < 0) { step(1); return; }
      const time = run.t[run.picked];
      for (let place = rows.indexOf(run.lane[run.picked]) + by; place >= 0 && place < rows.length; place += by) {
        const ids = rows[place] < 0 ? [] : run.ids[rows[place]];
        if (!ids.length) continue;
        choose(ids[Math.min(lower(run, time, ids), ids.length - 1)]);
        return;
      }
    }

    return self;
  }

  // ------------------------------------------------------------------------------------------------------ the page

  const pictures = new Map();
  for (const raw of data.runs) {
    const place = document.querySelector("#run-" + raw.id + " .picture-still");
    if (place) pictures.set(raw.id, Picture(readRun(raw), place));
  }
  for (const view of views.values()) { view.from = view.low - (view.high - view.low) * 0.02; view.to = view.high + (view.high - view.low) * 0.02; }

  const bar = document.getElementById("timeline-filters");
  const selects = {
    actor: data.actors.map((one) => [data.strings[one[0]], one[1], one[2]]),
    type: data.types.map((one) => [data.strings[one[0]], one[1], one[2]]),
    side: data.sides.map((one, at) => [String(at), one[1], one[2]]),
  };
  const matching = node("output");

  function controls() {
    bar.textContent = "";
    for (const [name, options] of Object.entries(selects)) {
      const select = node("select");
      select.setAttribute("aria-label", say(name));
      select.append(new Option(say(name), ""));
      for (const [value, zh, english] of options) select.append(new Option(pick(zh, english), value, false, String(filter[name]) === value));
      select.addEventListener("change", () => {
        filter[name] = name === "side" && select.value !== "" ? Number(select.value) : select.value;
        apply();
      });
      bar.append(select);
    }
    const clear = node("button", "", say("reset"));
    clear.type = "button";
    clear.addEventListener("click", () => { Object.assign(filter, { actor: "", type: "", side: "" }); apply(); });
    bar.append(clear, matching);
  }

  function apply() {
    controls();
    let many = 0;
    for (const { run, relayout } of pictures.values()) {
      run.lanes.forEach((lane, number) => {
        if (!laneShown(lane)) return;
        for (const at of run.ids[number]) many += eventShown(run, at);
      });
      relayout();
    }
    matching.textContent = many + " " + say("shown");
  }

  function follow() {
    const found = /(?:^#|at=)ev-(\d+)-(\d+)$/.exec(location.hash);
    const picture = found && pictures.get(Number(found[1]));
    if (!picture || Number(found[2]) > picture.run.size) return;
    if (filter.actor || filter.type || filter.side !== "") { Object.assign(filter, { actor: "", type: "", side: "" }); apply(); }
    document.querySelector("#run-" + found[1] + " .rows").open = false;
    picture.goto(Number(found[2]) - 1);
  }

  // With the live picture there, a link to an event leads into it and no longer to the row of the table.
  for (const row of section.querySelectorAll(".rows tr[id]")) row.removeAttribute("id");
  apply();
  follow();
  window.addEventListener("hashchange", follow);
  window.addEventListener("resize", () => { for (const picture of pictures.values()) picture.draw(); });
  new MutationObserver(apply).observe(root, { attributes: true, attributeFilter: ["data-lang"] });
})();
