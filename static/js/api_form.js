// Sends the form of a collection's guide and shows the answer below it: status, headers, and the beginning of the
// body. The links to files follow what is filled in. Without this file the form leads to the answer itself.
(() => {
  const LONGEST = 100_000;
  const form = document.querySelector("[data-api-form]");
  const answer = document.querySelector("[data-api-answer]");
  const part = (name) => answer.querySelector(`[data-${name}]`);
  // What a list knows and a file does not.
  const LIST_ONLY = ["facets", "page_size"];

  function query(without = []) {
    const pairs = [...new FormData(form)].filter(([name, value]) => value.trim() && !without.includes(name));
    return new URLSearchParams(pairs).toString();
  }

  function address(path, asked) {
    return asked ? `${path}?${asked}` : path;
  }

  function showHeaders(headers) {
    const rows = [...headers].map(([name, value]) => {
      const row = document.createElement("tr");
      for (const [tag, text] of [["th", name], ["td", value]]) {
        const cell = document.createElement(tag);
        const words = document.createElement("code");
        words.dir = "ltr";
        words.textContent = text;
        cell.append(words);
        row.append(cell);
      }
      row.firstChild.scope = "row";
      return row;
    });
    part("headers").replaceChildren(...rows);
  }

  function readable(text, type) {
    if (!type.includes("json")) return text;
    try {
      return JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      return text;
    }
  }

  async function ask() {
    const words = form.dataset;
    const url = address(form.getAttribute("action"), query());
    answer.hidden = false;
    part("address").href = url;
    part("address").textContent = new URL(url, location).href;
    part("status").textContent = words.asking;
    part("headers").replaceChildren();
    part("body").textContent = "";
    const begun = performance.now();
    try {
      const response = await fetch(url, { headers: { Accept: "application/json, application/problem+json" } });
      const text = await response.text();
      const time = Math.round(performance.now() - begun);
      const size = new Blob([text]).size;
      part("status").textContent =
        `${response.status} ${response.statusText} · ${words.time}: ${time} ms · ${words.size}: ${size} B`;
      showHeaders(response.headers);
      const shown = readable(text, response.headers.get("Content-Type") ?? "");
      part("body").textContent = shown.length > LONGEST ? `${shown.slice(0, LONGEST)}\n\n… ${words.cut}` : shown;
    } catch {
      part("status").textContent = words.failed;
    }
  }

  function followForm() {
    const asked = query(LIST_ONLY);
    for (const link of document.querySelectorAll("[data-file]")) {
      const path = link.getAttribute("href").split("?")[0];
      link.href = address(path, asked);
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  form.addEventListener("input", followForm);
  form.addEventListener("reset", () => {
    answer.hidden = true;
    // The fields are emptied after this event.
    setTimeout(followForm);
  });
})();
