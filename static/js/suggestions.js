// Names of records under a search field while its words are typed, as a combobox. Without this file the field searches.
document.querySelectorAll("form[data-suggestions]").forEach((form, place) => {
  const field = form.elements.q;
  const list = document.createElement("ul");
  const status = document.createElement("p");
  let chosen = -1, asked = 0, timer;
  list.id = `suggestions-${place}`;
  list.className = "suggestions";
  status.className = "hidden";
  for (const [name, value] of Object.entries({ role: "listbox", "aria-label": field.getAttribute("aria-label") })) list.setAttribute(name, value);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id })) field.setAttribute(name, value);
  status.setAttribute("role", "status");
  form.append(list, status);

  function show(rows) {
    list.replaceChildren(...rows.map((row, index) => {
      const option = document.createElement("li"), name = document.createElement("a"), kind = document.createElement("span");
      option.id = `${list.id}-${index}`;
      option.setAttribute("role", "option");
      Object.assign(name, { href: row.url, lang: row.lang, dir: row.dir, textContent: row.name, tabIndex: -1 });
      kind.textContent = row.label;
      option.append(name, kind);
      option.onclick = () => location.assign(row.url);
      return option;
    }));
    field.setAttribute("aria-expanded", rows.length > 0);
    choose(-1);
  }

  function choose(index) {
    chosen = index;
    [...list.children].forEach((option, at) => option.setAttribute("aria-selected", at === index));
    if (index < 0) field.removeAttribute("aria-activedescendant");
    else field.setAttribute("aria-activedescendant", list.children[index].id);
    list.children[index]?.scrollIntoView({ block: "nearest" });
  }

  async function ask() {
    const mine = ++asked, words = field.value.trim();
    const answer = words ? await fetch(form.dataset.suggestions + encodeURIComponent(words)).catch(() => null) : null;
    const rows = answer?.ok ? (await answer.json()).results : [];
    if (mine !== asked) return;
    show(rows);
    status.textContent = !words ? "" : rows.length ? form.dataset.some.replace("{number}", rows.length) : form.dataset.none;
  }

  field.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(ask, 150);
  });
  field.addEventListener("compositionend", ask);
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], count = list.children.length;
    if (event.key === "Escape" && count) show([]);
    else if (step && count) choose((chosen + step + count + (chosen < 0 && step < 0)) % count);
    else if (event.key === "Enter" && chosen >= 0) list.children[chosen].click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  form.addEventListener("focusout", (event) => form.contains(event.relatedTarget) || show([]));
  show([]);
});
