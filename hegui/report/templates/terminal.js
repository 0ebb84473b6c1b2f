// The list of entries: filtered in columns, and only the rows in view are in the document, so 100,000 scroll like ten.
(function () {
  "use strict";
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const BEHIND = 1, START = 2, DENIED = 4, UNDATED = 8, DAY = 86400000, SPARE = 12;
  const words = (zh, en) => (root.dataset.lang === "zh" ? zh : en);
  const chosen = { app: -1, kind: -1, day: -1, unseen: false };
  const list = byId("rows"), space = document.createElement("div"), drawn = document.createElement("div");
  const times = new Float64Array(data.t.length);
  for (let at = 0, sum = 0; at < data.t.length; at++) times[at] = sum += data.t[at];
  let found = [], height = 34;

  root.classList.add("js");
  list.textContent = "";
  drawn.style.cssText = "position:absolute;left:0;right:0;top:0";
  list.append(space, drawn);

  const two = (number) => String(number).padStart(2, "0");
  const date = (ms) => new Date(ms).toISOString().slice(0, 10);
  function when(at) {
    const ms = times[at];
    const clock = two(Math.floor(ms / 60000) % 60) + ":" + two(Math.floor(ms / 1000) % 60);
    if (!data.dated) return Math.floor(ms / 3600000) + ":" + clock;
    return data.f[at] & UNDATED ? date(ms) : date(ms) + " " + two(Math.floor(ms / 3600000) % 24) + ":" + clock;
  }
  const name = (app) => data.apps[app][1] || data.apps[app][0] || "?";
  function lasts(ms) {
    if (ms < 60000) return words((ms / 1000).toFixed(ms < 10000 ? 1 : 0) + " 秒", (ms / 1000).toFixed(ms < 10000 ? 1 : 0) + " s");
    return words(Math.round(ms / 60000) + " 分钟", Math.round(ms / 60000) + " min");
  }
  function part(tag, text, kind) {
    const made = document.createElement(tag);
    if (kind) made.className = kind;
    made.textContent = text;
    return made;
  }
  function row(at) {
    const flags = data.f[at], made = part("div", "", "rows" + (flags & (BEHIND | START) ? " unseen" : ""));
    const app = part("span", ""), how = part("span", "");
    app.append(part("bdi", name(data.a[at])));
    if (data.apps[data.a[at]][1]) app.append(part("small", data.apps[data.a[at]][0]));
    made.title = data.apps[data.a[at]][0];
    if (flags & BEHIND) how.append(part("span", words("后台", "background"), "seal"));
    if (flags & START) how.append(part("span", words("静默启动", "silent start"), "seal"));
    if (flags & DENIED) how.append(part("span", words("已拦截", "blocked"), "seal denied"));
    const said = [];
    if (data.s[at] >= 0) said.push(words("由 " + name(data.s[at]) + " 启动", "started by " + name(data.s[at])));
    if (data.i[at] >= 0) said.push(data.items[data.i[at]][root.dataset.lang === "zh" ? 0 : 1]);
    if (data.d[at]) said.push(words("历时 ", "for ") + lasts(data.d[at]));
    if (flags & UNDATED) said.push(words("只知日期", "day only"));
    how.append(said.join(words("，", ", ")));
    const kind = data.kinds[data.k[at]];
    made.append(part("span", when(at), "when"), app,
      part("span", words(kind[1], kind[2]) + (data.n[at] > 1 ? " ×" + data.n[at] : "")), how);
    return made;
  }
  function draw() {
    const first = Math.max(0, Math.floor(list.scrollTop / height) - SPARE);
    const last = Math.min(found.length, Math.ceil((list.scrollTop + list.clientHeight) / height) + SPARE);
    drawn.style.top = first * height + "px";
    drawn.replaceChildren(...found.slice(first, last).map(row));
  }
  function filter() {
    found = [];
    for (let at = 0; at < times.length; at++) {
      if (chosen.app >= 0 && data.a[at] !== chosen.app) continue;
      if (chosen.kind >= 0 && data.k[at] !== chosen.kind) continue;
      if (chosen.day >= 0 && Math.floor(times[at] / DAY) !== chosen.day) continue;
      if (chosen.unseen && !(data.f[at] & (BEHIND | START))) continue;
      found.push(at);
    }
    byId("shown").textContent = words("共 " + found.length + " 条", found.length + " entries");
    byId("by-app").value = chosen.app;
    byId("by-kind").value = chosen.kind;
    if (byId("by-day")) byId("by-day").value = chosen.day;
    byId("unseen").checked = chosen.unseen;
    space.style.height = found.length * height + "px";
    list.scrollTop = 0;
    draw();
  }
  function choices(id, several, all) {
    const select = byId(id);
    if (!select) return;
    const made = [[-1, all], ...several].map(([value, text]) => {
      const option = part("option", text);
      option.value = value;
      return option;
    });
    select.replaceChildren(...made);
  }
  function label() {
    const apps = data.apps.map((app, at) => [at, name(at)]).filter(([at]) => used.has(at));
    choices("by-app", apps.sort((a, b) => a[1].localeCompare(b[1], "zh")), words("全部应用", "all apps"));
    choices("by-kind", data.kinds.map((kind, at) => [at, words(kind[1], kind[2])]), words("全部种类", "all kinds"));
    choices("by-day", days.map((day) => [day, date(day * DAY)]), words("全部日期", "all days"));
    filter();
  }
  const used = new Set(data.a);
  const days = [...new Set(Array.from(times, (ms) => Math.floor(ms / DAY)))];
  function choose(values, jump) {
    Object.assign(chosen, values);
    filter();
    if (jump) byId("list").scrollIntoView();
  }
  byId("by-app").addEventListener("change", (event) => choose({ app: Number(event.target.value) }));
  byId("by-kind").addEventListener("change", (event) => choose({ kind: Number(event.target.value) }));
  if (byId("by-day")) byId("by-day").addEventListener("change", (event) => choose({ day: Number(event.target.value) }));
  byId("unseen").addEventListener("change", (event) => choose({ unseen: event.target.checked }));
  byId("reset").addEventListener("click", () => choose({ app: -1, kind: -1, day: -1, unseen: false }));
  for (const cell of document.querySelectorAll(".usage td[data-kind]")) {
    cell.addEventListener("click", () => choose({
      app: data.apps.findIndex((app) => app[0] === cell.parentNode.dataset.package),
      kind: data.kinds.findIndex((kind) => kind[0] === cell.dataset.kind), day: -1, unseen: false,
    }, true));
  }
  for (const day of document.querySelectorAll(".day")) {
    day.addEventListener("click", () => choose({ app: -1, kind: -1, unseen: false, day: Date.parse(day.dataset.date) / DAY }, true));
  }
  list.addEventListener("scroll", () => requestAnimationFrame(draw));
  byId("language").addEventListener("click", () => {
    root.dataset.lang = root.dataset.lang === "zh" ? "en" : "zh";
    root.lang = root.dataset.lang === "zh" ? "zh-CN" : "en";
    label();
  });
  label();
  // A row is as high as the style sheet and the reader's letters make it.
  if (drawn.firstChild) height = drawn.firstChild.getBoundingClientRect().height || height;
  filter();
})();
