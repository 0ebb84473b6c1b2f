// Filters, language, deep links. The whole state lives in the hash: lang, draft, party, verdict, q, at.
// Without this script the page is complete; only the controls are missing.
(function () {
  "use strict";
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const first = root.dataset.lang;
  const rows = [...document.querySelectorAll(".duty")].map((node) => ({
    node, verdict: node.dataset.verdict, parties: node.dataset.party.split(" "),
    draft: node.closest(".law").dataset.draft, text: null,
  }));
  const boxes = [...document.querySelectorAll("#verdicts input")];

  function words(row) {
    if (row.text === null) {
      const parts = row.node.querySelectorAll("summary, .finding, .settle code");
      row.text = [...parts].map((part) => part.textContent).join(" ").toLowerCase();
    }
    return row.text;
  }

  function read() {
    const hash = location.hash.slice(1);
    // A plain anchor, as the links are written, is a place; everything else is key=value.
    if (hash && !hash.includes("=")) return { ...state, at: decodeURIComponent(hash) };
    const given = new URLSearchParams(hash);
    return {
      // A link without a language keeps the one being read.
      lang: ["zh", "en"].includes(given.get("lang")) ? given.get("lang") : state.lang,
      draft: given.get("draft") || "", party: given.get("party") || "", q: given.get("q") || "",
      verdict: (given.get("verdict") || "").split(",").filter(Boolean), at: given.get("at") || "",
    };
  }

  function hash() {
    const kept = [];
    for (const key of ["draft", "party", "verdict", "q", "at"]) {
      if (state[key].length) kept.push(key + "=" + encodeURIComponent(state[key]).replace(/%(2C|3A)/g, decodeURIComponent));
    }
    if (state.lang !== first) kept.unshift("lang=" + state.lang);
    return kept.join("&");
  }

  function filter() {
    const wanted = state.q.toLowerCase().split(/\s+/).filter(Boolean);
    const counts = {};
    let shown = 0;
    for (const row of rows) {
      const others = (!state.draft || row.draft === state.draft) && (!state.party || row.parties.includes(state.party))
        && wanted.every((word) => words(row).includes(word));
      if (others) counts[row.verdict] = (counts[row.verdict] || 0) + 1;
      row.node.hidden = !(others && (!state.verdict.length || state.verdict.includes(row.verdict)));
      shown += !row.node.hidden;
    }
    for (const part of document.querySelectorAll(".art, .law")) part.hidden = !part.querySelector(".duty:not([hidden])");
    for (const out of document.querySelectorAll("#verdicts output")) out.textContent = counts[out.dataset.verdict] || 0;
    byId("shown").textContent = shown;
    byId("nothing").hidden = shown > 0;
  }

  function apply() {
    root.dataset.lang = state.lang;
    root.lang = state.lang === "zh" ? "zh-CN" : "en";
    for (const node of document.querySelectorAll("[data-zh]")) {
      if (node.tagName === "INPUT") node.placeholder = node.dataset[state.lang];
      else node.textContent = node.dataset[state.lang];
    }
    byId("q").value = state.q;
    byId("draft").value = state.draft;
    byId("party").value = state.party;
    for (const box of boxes) box.checked = state.verdict.includes(box.value);
    filter();
  }

  function go(at) {
    const target = at && byId(at);
    if (!target) return;
    if (target.closest("[hidden]")) { Object.assign(state, { draft: "", party: "", verdict: [], q: "" }); apply(); }
    for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
    for (const node of document.querySelectorAll(".here")) node.classList.remove("here");
    if (target.matches(".duty, .card, .cell > div, .party > div, .screen, .way")) target.classList.add("here");
    target.scrollIntoView();
  }

  function change(part, options) {
    Object.assign(state, part);
    if (!(options && options.quiet)) apply(); else filter();
    history.replaceState(null, "", "#" + hash());
  }

  let state = { lang: first, draft: "", party: "", verdict: [], q: "", at: "" };
  state = read();
  root.classList.add("js");
  apply();
  if (state.at) go(state.at);

  window.addEventListener("hashchange", () => { state = read(); apply(); go(state.at); history.replaceState(null, "", "#" + hash()); });
  byId("language").addEventListener("click", () => change({ lang: state.lang === "zh" ? "en" : "zh" }));
  let typing = 0;
  byId("q").addEventListener("input", (event) => {
    clearTimeout(typing);
    typing = setTimeout(() => change({ q: event.target.value, at: "" }, { quiet: true }), 120);
  });
  byId("draft").addEventListener("change", (event) => change({ draft: event.target.value, at: "" }));
  byId("party").addEventListener("change", (event) => change({ party: event.target.value, at: "" }));
  byId("verdicts").addEventListener("change", () => change({ verdict: boxes.filter((box) => box.checked).map((box) => box.value), at: "" }));
  byId("clear").addEventListener("click", () => change({ draft: "", party: "", verdict: [], q: "", at: "" }));
  byId("expand").addEventListener("click", () => {
    const open = root.classList.toggle("expanded");
    for (const row of rows) if (!row.node.hidden) row.node.open = open;
  });
})();
