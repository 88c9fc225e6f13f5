// Where the visitor's clock shows another time than the page: a link to the same page in the visitor's zone, or, for
// one session, its time there. Nothing where both clocks agree. What is shown stays in one zone, which the server chose.
(() => {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  // Dates as the server writes them: the day before the month, and in Arabic the digits that the page has.
  const page = document.documentElement.lang;
  const digits = /[٠-٩]/.test(document.body.textContent) ? "arab" : "latn";
  const language = { en: "en-GB", ar: `ar-u-nu-${digits}` }[page] ?? page;

  function clock(instant, zone) {
    return new Intl.DateTimeFormat("en-GB", { timeZone: zone, dateStyle: "short", timeStyle: "short" }).format(instant);
  }

  function nameOf(zone, instant) {
    const parts = new Intl.DateTimeFormat(language, { timeZone: zone, timeZoneName: "long" }).formatToParts(instant);
    return parts.find((part) => part.type === "timeZoneName").value;
  }

  for (const place of document.querySelectorAll("[data-own-zone], [data-own-time]")) {
    const zone = place.dataset.ownZone ?? place.dataset.ownTime;
    const instants = place.dataset.instants.split(" ").filter(Boolean).map((text) => new Date(text));
    if (!own || !instants.some((instant) => clock(instant, own) !== clock(instant, zone))) continue;
    const name = nameOf(own, instants[0]);
    if (place.dataset.ownZone) {
      const link = document.createElement("a");
      const address = new URL(location);
      address.searchParams.set("tz", own);
      link.href = address;
      link.textContent = place.dataset.words.replace("{zone}", () => name);
      link.rel = "nofollow";
      place.append(link);
    } else {
      const format = new Intl.DateTimeFormat(language, {
        timeZone: own, weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
      });
      const text = instants[1] ? format.formatRange(...instants) : format.format(instants[0]);
      place.textContent = place.dataset.words.replace("{time}", () => `${text} (${name})`);
    }
  }
})();
