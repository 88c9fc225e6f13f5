// Sessions that a visitor marks with a star: kept on this device alone, by edition and code, told to nobody.
// The words stand in the page, beside the link to the visitor's own list. Where storage is blocked or full, the marks
// last as long as the page, and the link holds them all the same.
(() => {
  const root = document.querySelector("[data-stars]");
  if (!root) return;
  const words = root.dataset;
  const key = `stars:${words.stars}`;
  let kept = read();

  // Code to `start+minutes`, so that clashes are counted on pages that don't show the sessions.
  function read() {
    try {
      return new Map(Object.entries(JSON.parse(localStorage.getItem(key)) ?? {}));
    } catch {
      return new Map();
    }
  }

  function write() {
    try {
      if (kept.size) localStorage.setItem(key, JSON.stringify(Object.fromEntries(kept)));
      else localStorage.removeItem(key);
    } catch {}
  }

  function change(step) {
    // Another tab may have written since.
    const stored = read();
    if (stored.size) kept = stored;
    step(kept);
    write();
    show();
  }

  function span(when) {
    const [start, minutes] = (when || "").split("+").map(Number);
    return minutes ? [start, start + minutes] : null;
  }

  function clash(one, other) {
    const [a, b] = [span(one), span(other)];
    return Boolean(a && b && a[0] < b[1] && b[0] < a[1]);
  }

  const sessions = [...document.querySelectorAll("[data-star]")].map((element) => ({
    element,
    code: element.dataset.star,
    when: element.dataset.when,
    title: element.dataset.title ?? element.querySelector("a")?.textContent ?? "",
  }));

  for (const session of sessions) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "star";
    button.setAttribute("aria-label", words.keep.replace("{session}", () => session.title));
    button.append(drawing("svg", ["use", { href: "#symbol_star" }], { "aria-hidden": "true" }));
    button.addEventListener("click", () =>
      change((stars) => (stars.has(session.code) ? stars.delete(session.code) : stars.set(session.code, session.when))),
    );
    session.button = button;
    session.element.append(button);
    session.element.classList.add("has-star");
  }

  function drawing(name, [inner, values], own = {}) {
    const make = (tag, attributes) => {
      const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [attribute, value] of Object.entries(attributes)) node.setAttribute(attribute, value);
      return node;
    };
    const outer = make(name, own);
    outer.append(make(inner, values));
    return outer;
  }

  function show() {
    for (const session of sessions) {
      const on = kept.has(session.code);
      session.button.setAttribute("aria-pressed", String(on));
      // A session may have moved since it was marked.
      if (on) kept.set(session.code, session.when);
    }
    showLink();
    showClashes();
    document.dispatchEvent(new Event("stars"));
  }

  function showLink() {
    if (root.tagName !== "A") return;
    const address = new URL(root.href);
    address.search = kept.size ? `?session=~${[...kept.keys()].join("")}` : "";
    root.href = address;
    const times = [...kept.values()];
    const clashing = times.filter((one, at) => times.some((other, place) => place !== at && clash(one, other)));
    const count = root.querySelector("[data-starred]");
    count.textContent = kept.size ? `${count.dataset.starred} ${kept.size}` : "";
    if (!clashing.length) return;
    const more = document.createElement("span");
    more.className = "my-link__clashes";
    more.textContent = ` · ${count.dataset.clashes} ${clashing.length}`;
    count.append(more);
  }

  function showClashes() {
    for (const old of document.querySelectorAll(".clash-chip, .clash-lines")) old.remove();
    const starred = sessions.filter((session) => kept.has(session.code));
    for (const session of starred) {
      const others = starred.filter((other) => other.code !== session.code && clash(session.when, other.when));
      if (!others.length || session.element.querySelector(".session__clash")) continue;
      const chip = document.createElement("p");
      chip.className = "clash-chip";
      const short = document.createElement("span");
      short.textContent = words.clashShort;
      short.setAttribute("aria-hidden", "true");
      const long = document.createElement("span");
      long.className = "hidden";
      long.textContent = words.clash.replace("{sessions}", () => others.map((other) => other.title).join("; "));
      chip.append(short, long);
      session.element.insertBefore(chip, session.button);
      for (const other of others) {
        if (sessions.indexOf(other) > sessions.indexOf(session)) join(session.element, other.element);
      }
    }
  }

  // A line from one to the other: straight across where they stand side by side, else a bracket along their start.
  function join(one, other) {
    const area = one.closest(".day");
    if (!area || area !== other.closest(".day")) return;
    const frame = area.querySelector(".programme-box") ?? area;
    const from = frame.getBoundingClientRect();
    const place = (element) => {
      const box = element.getBoundingClientRect();
      const [x, y] = [frame.scrollLeft - from.left, frame.scrollTop - from.top];
      return { left: box.left + x, right: box.right + x, top: box.top + y, bottom: box.bottom + y };
    };
    const draw = (kind, points) => {
      const name = `clash-lines clash-lines--${kind}`;
      let lines = frame.querySelector(`.clash-lines--${kind}`);
      if (!lines) frame.append((lines = drawing("svg", ["g", {}], { class: name, "aria-hidden": "true" })));
      lines.append(drawing("g", ["polyline", { points: points.join(" ") }]));
    };
    const [a, b] = [place(one), place(other)].sort((first, second) => first.left - second.left || first.top - second.top);
    const [top, bottom] = [Math.max(a.top, b.top), Math.min(a.bottom, b.bottom)];
    if (b.left >= a.right - 1 && bottom > top) {
      const y = bottom - 6;
      draw("under", [`${a.right - 2},${y}`, `${b.left + 2},${y}`]);
      draw("over", [`${a.right - 14},${y}`, `${a.right},${y}`]);
      draw("over", [`${b.left},${y}`, `${b.left + 14},${y}`]);
    } else {
      const start = document.dir === "rtl" ? Math.max(a.right, b.right) : Math.min(a.left, b.left);
      const out = document.dir === "rtl" ? start + 7 : start - 7;
      draw("over", [`${start},${a.top + 14}`, `${out},${a.top + 14}`, `${out},${b.top + 14}`, `${start},${b.top + 14}`]);
    }
  }

  window.addEventListener("storage", (event) => {
    if (event.key !== key) return;
    kept = read();
    show();
  });
  let waiting;
  window.addEventListener("resize", () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(showClashes);
  });
  document.fonts?.ready.then(showClashes);

  window.portalStars = { codes: () => [...kept.keys()], has: (code) => kept.has(code), change };
  show();
})();
