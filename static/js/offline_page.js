// The kept programme: says how old it is, opens where the visitor wanted to go, and shows the marked sessions alone.
(() => {
  const age = document.querySelector("[data-age]");
  const minutes = Math.round((new Date(age.dataset.age) - Date.now()) / 60000);
  const [value, unit] =
    minutes > -60 ? [minutes, "minute"] : minutes > -2880 ? [minutes / 60, "hour"] : [minutes / 1440, "day"];
  const format = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
  age.textContent = `(${format.format(Math.round(value), unit)})`;
  if (!location.pathname.endsWith("/offline/")) document.querySelector("[data-offline]").hidden = false;

  const stars = window.portalStars;
  const only = document.querySelector("[data-only]");
  const listed = new URLSearchParams(location.search).get("session")?.replace(/^~/, "").match(/.{6}/g);
  let wanted = false;

  function show() {
    const chosen = new Set(wanted && location.pathname.endsWith("/my/") && listed ? listed : stars.codes());
    for (const item of document.querySelectorAll("main li")) item.hidden = wanted && !chosen.has(item.dataset.star);
    for (const heading of document.querySelectorAll("main h2")) {
      heading.hidden = wanted && !heading.nextElementSibling.querySelector("li:not([hidden])");
    }
    only.hidden = !wanted && !stars.codes().length;
    only.setAttribute("aria-pressed", String(wanted));
    only.querySelector("[data-only-count]").textContent = stars.codes().length || "";
  }

  if (stars) {
    only.addEventListener("click", () => {
      wanted = !wanted;
      show();
    });
    document.addEventListener("stars", show);
    wanted = location.pathname.endsWith("/my/");
    show();
  }
  const slug = location.pathname.match(/\/sessions\/([^/]+)\/$/)?.[1];
  if (slug) document.getElementById(slug)?.scrollIntoView();
})();
