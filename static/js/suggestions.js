// A search field's combobox: names of records.
document.querySelectorAll("[data-suggestions]").forEach((form) => {
  const field = form.elements.q, list = form.querySelector("div"), status = form.querySelector("p");
  const make = (tag, properties) => Object.assign(document.createElement(tag), properties);
  let at, asked = 0, timer;
  field.role = "combobox";

  function show(rows) {
    list.replaceChildren(...rows.map(({ url: href, name, lang, dir, label }, index) => {
      const option = make("a", { id: list.id + index, role: "option", href, tabIndex: -1 });
      option.append(make("span", { lang, dir, textContent: name }), " ", label);
      return option;
    }));
    field.ariaExpanded = !(list.hidden = !rows[0]);
    choose(-1);
  }

  function choose(index) {
    [...list.children].forEach((option, own) => { option.ariaSelected = own === index; });
    field.setAttribute("aria-activedescendant", list.children[at = index]?.id ?? "");
  }

  async function ask() {
    const mine = ++asked, words = field.value.trim();
    const answer = words && await fetch(form.dataset.suggestions + encodeURIComponent(words));
    const rows = answer.ok ? (await answer.json()).results : [];
    if (mine !== asked) return;
    show(rows);
    status.textContent = words && form.dataset.some.replace("{number}", rows.length);
  }

  field.oninput = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 150);
  };
  field.onkeydown = (event) => {
    const count = list.children.length, step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!count || event.isComposing) return;
    if (step) choose((at + step + (at < 0 && step < 0) + count) % count);
    else if (event.key === "Enter" && at >= 0) list.children[at].click();
    else if (event.key === "Escape") show([]);
    else return;
    event.preventDefault();
  };
  show([]);
  form.addEventListener("focusout", (event) => form.contains(event.relatedTarget) || show([], clearTimeout(timer), asked++));
});
