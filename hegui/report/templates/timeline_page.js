// The language button of the page that holds nothing but the timeline.
(function () {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");
  document.getElementById("language").addEventListener("click", () => {
    root.dataset.lang = root.dataset.lang === "zh" ? "en" : "zh";
    root.lang = root.dataset.lang === "zh" ? "zh-CN" : "en";
  });
})();
