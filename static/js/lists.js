// A list answers in place: a filter, a page or a link of its own changes the results without a new page. The address
// changes with it, going back works, and the focus stays. Without this file the same form and links load a page.
let asked = 0;
// Says the new answer to those who do not see it: an element that was there before its words.
const status = document.createElement("p");
status.className = "hidden";
status.setAttribute("role", "status");

const here = () => location.pathname + location.search;
let shown = here();

const list = () => document.querySelector("[data-list]");

// A document, not a text: nothing is parsed from a string here, so that the content policy has nothing to refuse.
const load = (address) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.onload = () => (request.status === 200 && request.response ? resolve(request.response) : reject());
    request.onerror = reject;
    request.send();
  });

const place = (element) => {
  if (!element || !list().contains(element)) return null;
  if (element.id) return `#${CSS.escape(element.id)}`;
  if (element.name) return `[name="${CSS.escape(element.name)}"][value="${CSS.escape(element.value)}"]`;
  if (element.dataset.focus) return `[data-facet="${CSS.escape(element.dataset.focus)}"] input`;
  return null;
};

const replace = (page) => {
  const scrolled = [...list().querySelectorAll("[data-facet]")].map((facet) => [facet.dataset.facet, facet.querySelector(".facet__options").scrollTop]);
  const open = list().querySelector(".facets").open;
  list().replaceWith(document.importNode(page.querySelector("[data-list]"), true));
  // What else on the page leads on with the same query: the files of these rows, and the other languages.
  for (const part of [".exports", ".languages"]) {
    const found = page.querySelectorAll(part);
    document.querySelectorAll(part).forEach((old, place) => {
      if (found[place]) old.replaceWith(document.importNode(found[place], true));
    });
  }
  document.title = page.title;
  list().querySelector(".facets").open = open;
  for (const [name, top] of scrolled) {
    const options = list().querySelector(`[data-facet="${CSS.escape(name)}"] .facet__options`);
    if (options) options.scrollTop = top;
  }
  addFinders();
};

const show = async (address, { push = true, focus = place(document.activeElement) } = {}) => {
  const number = ++asked;
  list().setAttribute("aria-busy", "true");
  try {
    const page = await load(address);
    if (number !== asked) return;
    if (!page.querySelector("[data-list]")) throw new Error(address);
    if (push) history.pushState(null, "", address);
    shown = here();
    replace(page);
    const answer = list().querySelector(".answer-line__answer");
    answer.tabIndex = -1;
    ((focus && list().querySelector(focus)) || answer).focus({ preventScroll: true });
    status.textContent = answer.textContent.trim();
  } catch {
    if (number === asked) location.assign(address);
  }
};

const addressOf = (form) => {
  const address = new URL(form.action || location.href);
  const pairs = [...new FormData(form)].filter(([, value]) => value !== "");
  address.search = new URLSearchParams(pairs).toString();
  address.hash = "";
  return address.href;
};

// A field above a list that is shown whole: it hides what does not have the words.
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const addFinders = () => {
  for (const options of list().querySelectorAll("[data-find]")) {
    const field = document.createElement("input");
    field.type = "search";
    field.className = "facet__find";
    field.placeholder = options.dataset.find;
    field.setAttribute("aria-label", options.dataset.find);
    field.addEventListener("input", () => {
      const words = plain(field.value);
      for (const option of options.children) {
        option.hidden = !plain(option.textContent).includes(words) && !option.querySelector(":checked");
      }
    });
    options.before(field);
  }
};

if (list()) {
  document.body.append(status);
  addFinders();
  document.addEventListener("submit", (event) => {
    if (!list().contains(event.target)) return;
    event.preventDefault();
    show(addressOf(event.target));
  });
  document.addEventListener("change", (event) => {
    if (event.target.type === "checkbox" && list().contains(event.target)) show(addressOf(event.target.form));
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-list] a[href]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const address = new URL(link.getAttribute("href"), location.href);
    if (address.pathname !== location.pathname || address.origin !== location.origin || address.hash) return;
    event.preventDefault();
    const isPage = link.rel === "next" || link.rel === "prev";
    show(address.href, { focus: isPage ? null : place(link) }).then(() => isPage && list().scrollIntoView());
  });
  // Going to a part of the page is told here too, but changes nothing that is shown.
  addEventListener("popstate", () => {
    if (here() !== shown) show(location.href, { push: false, focus: null });
  });
}
