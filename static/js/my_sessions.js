// The page of chosen sessions: leads to the marks of this device, keeps a list that somebody shared, shares and prints.
(() => {
  const actions = document.querySelector("[data-list]");
  const stars = window.portalStars;
  if (!actions || !stars) return;
  const words = actions.dataset;
  const listed = [...document.querySelectorAll("[data-star]")].map(({ dataset }) => [dataset.star, dataset.when]);

  // Without a list in the address, the marks of this device are what was meant.
  if (!new URLSearchParams(location.search).has("session")) {
    if (stars.codes().length) location.replace(document.querySelector("[data-stars]").href);
    return;
  }

  // What the programme has no longer, this device forgets once the page has said so.
  const asked = (new URLSearchParams(location.search).get("session") ?? "").replace(/^~/, "").match(/.{6}/g) ?? [];
  const shown = new Set(listed.map(([code]) => code));
  const gone = asked.filter((code) => !shown.has(code) && stars.has(code));
  const isOwn = listed.every(([code]) => stars.has(code));
  if (gone.length) stars.change((kept) => gone.forEach((code) => kept.delete(code)));

  if (!listed.length) return;

  const said = actions.querySelector("[role=status]");
  function wake(name, act) {
    const button = actions.querySelector(`[data-act=${name}]`);
    button.addEventListener("click", act);
    button.classList.remove("my-actions__asleep");
    return button;
  }

  if (!isOwn) {
    const merge = wake("merge", () => {
      stars.change((kept) => listed.forEach(([code, when]) => kept.set(code, when)));
      merge.remove();
      said.textContent = words.merged;
    });
  } else {
    // One's own list: the address follows the stars, so that what is shared or kept is what is marked.
    document.addEventListener("stars", () => history.replaceState(null, "", document.querySelector("[data-stars]").href));
  }

  wake("share", async () => {
    const url = isOwn ? document.querySelector("[data-stars]").href : new URL(words.shareUrl, location).href;
    try {
      if (navigator.share) await navigator.share({ title: document.title, url });
      else {
        await navigator.clipboard.writeText(url);
        said.textContent = words.shared;
      }
    } catch (error) {
      if (error.name !== "AbortError") said.textContent = url;
    }
  });
  wake("print", () => window.print());
})();
