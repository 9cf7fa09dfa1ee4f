(() => {
  const key = "fer-nb-language";
  const tags = { zh: "zh-Hant-TW", en: "en", both: "zh-Hant-TW" };
  const root = document.documentElement;
  const choose = (language) => {
    document.getElementById("lang-" + language).checked = true;
    root.lang = tags[language];
    for (const image of document.querySelectorAll("img[data-alt-zh]")) {
      const { altZh, altEn } = image.dataset;
      image.alt = { zh: altZh, en: altEn, both: altZh + " " + altEn }[language];
    }
  };
  let wanted = new URLSearchParams(location.search).get("lang");
  if (!Object.hasOwn(tags, wanted ?? "")) {
    try { wanted = localStorage.getItem(key); } catch { wanted = null; }
  }
  if (Object.hasOwn(tags, wanted ?? "")) choose(wanted);
  for (const input of document.querySelectorAll("input[name=language]")) {
    input.addEventListener("change", () => {
      choose(input.value);
      try { localStorage.setItem(key, input.value); } catch { /* a file opened from disk may have no storage */ }
    });
  }
})();
