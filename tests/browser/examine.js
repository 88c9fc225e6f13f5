// What a page is asked in a browser: by axe, and by what axe has no rule for. The value is an object of questions.
(() => {
  const round = (box) => [box.left, box.top, box.right, box.bottom].map(Math.round).join(" ");
  const about = (node) => {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    return `<${element.localName} class="${element.getAttribute("class") || ""}"> ${node.textContent.trim().slice(0, 40)}`;
  };

  const ids = () => {
    const found = [...document.querySelectorAll("[id]")].map((element) => element.id);
    return found.filter((id, index) => found.indexOf(id) !== index);
  };

  // What has an offset beyond its beginning counts too, as a page is never scrolled sideways.
  const extraWidth = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;

  const shifts = async () => {
    const found = [];
    // A part of a thousandth is a letter that another font has wider: nobody sees it move, and no score counts it.
    const counts = (entry) => entry.value >= 0.0005 && !entry.hadRecentInput;
    const note = (entries) => found.push(...entries.filter(counts));
    const observer = new PerformanceObserver((list) => note(list.getEntries()));
    observer.observe({ type: "layout-shift", buffered: true });
    await document.fonts.ready;
    // A task after two frames: what the browser has kept is delivered by then.
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    await new Promise((resolve) => setTimeout(resolve));
    note(observer.takeRecords());
    observer.disconnect();
    return found.map(
      (entry) => `${entry.value.toFixed(4)} ${entry.sources.map((one) => one.node && about(one.node)).join(" | ")}`,
    );
  };

  const seen = (element) =>
    element.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true, opacityProperty: true });

  // Said to screen readers alone: kept in one pixel, or clipped to nothing.
  const unseenOnPurpose = (style, box) => (box.width <= 1 && box.height <= 1) || style.clipPath === "inset(50%)";

  // Where the text may be seen: inside everything around it that cuts or scrolls.
  const bounds = (element, memory) => {
    if (!element) return { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity, layer: null, off: false };
    if (memory.has(element)) return memory.get(element);
    const around = bounds(element.parentElement, memory);
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const own = { ...around, cutX: null, cutY: null };
    if (around.off || unseenOnPurpose(style, box)) own.off = true;
    // What stays in place while the page moves covers what is below it, as it should.
    if (style.position === "fixed" || style.position === "sticky") own.layer = element;
    // An opened part that lies over the page does so too, until it is closed.
    if (style.position === "absolute" && style.zIndex !== "auto") own.layer = element;
    const clips = (value) => value === "hidden" || value === "clip";
    const isRoot = element === document.documentElement || element === document.body;
    // A box without `overflow` of its own whose parent cuts has to be judged by that parent.
    own.cutX = around.cutX;
    own.cutY = around.cutY;
    if (!isRoot && style.display !== "inline" && style.overflowX !== "visible") {
      own.cutX = clips(style.overflowX) ? box : null;
      own.left = Math.max(own.left, box.left);
      own.right = Math.min(own.right, box.right);
    }
    if (!isRoot && style.display !== "inline" && style.overflowY !== "visible") {
      own.cutY = clips(style.overflowY) ? box : null;
      own.top = Math.max(own.top, box.top);
      own.bottom = Math.min(own.bottom, box.bottom);
    }
    memory.set(element, own);
    return own;
  };

  const texts = () => {
    const memory = new Map();
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!node.data.trim() || element.closest("script, style, template, option, title, desc") || !seen(element)) continue;
      const around = bounds(element, memory);
      if (around.off) continue;
      range.selectNodeContents(node);
      for (const rect of range.getClientRects()) {
        if (rect.width < 2 || rect.height < 2) continue;
        found.push({ node, rect, around });
      }
    }
    return found;
  };

  // The box of a line of text is higher than its letters: a fifth at each edge holds none of them.
  const core = (rect) => ({
    left: rect.left + 1,
    right: rect.right - 1,
    top: rect.top + rect.height * 0.22,
    bottom: rect.bottom - rect.height * 0.22,
  });

  const cut = (all) =>
    all
      .filter(({ rect, around }) => {
        const letters = core(rect);
        const beyondX = around.cutX && (letters.left < around.cutX.left - 1 || letters.right > around.cutX.right + 1);
        const beyondY = around.cutY && (letters.top < around.cutY.top - 1 || letters.bottom > around.cutY.bottom + 1);
        return beyondX || beyondY;
      })
      .map(({ node, rect }) => `${about(node)} [${round(rect)}]`);

  const overlapping = (all) => {
    const lines = all
      .map(({ node, rect, around }) => {
        const letters = core(rect);
        return {
          node,
          layer: around.layer,
          left: Math.max(letters.left, around.left),
          right: Math.min(letters.right, around.right),
          top: Math.max(letters.top, around.top),
          bottom: Math.min(letters.bottom, around.bottom),
        };
      })
      .filter((line) => line.right > line.left && line.bottom > line.top)
      .sort((one, other) => one.top - other.top);
    const found = [];
    lines.forEach((line, index) => {
      for (let next = index + 1; next < lines.length && lines[next].top < line.bottom; next++) {
        const other = lines[next];
        // A text may not lie on another; its own lines may touch, and layers lie over the page on purpose.
        if (other.node === line.node || other.layer !== line.layer) continue;
        if (Math.min(line.right, other.right) - Math.max(line.left, other.left) > 1
          && Math.min(line.bottom, other.bottom) - other.top > 1) {
          found.push(`${about(line.node)} × ${about(other.node)} [${round(line)}] [${round(other)}]`);
        }
      }
    });
    return found;
  };

  // Two elements of each look: to ask all rows of a long list for their contrast takes seconds and tells the same.
  const samples = () => {
    const looks = new Map();
    const look = (element) => {
      const parts = [];
      for (let one = element; one && one !== document.body; one = one.parentElement) {
        const style = getComputedStyle(one);
        parts.push(one.localName, one.getAttribute("class"), style.color, style.backgroundColor, style.opacity);
        if (one === element) parts.push(style.fontSize, style.fontWeight);
        if (parts.length > 40) break;
      }
      return parts.join(" ");
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = new Set(document.querySelectorAll("input, select, textarea"));
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!node.data.trim() || found.has(element) || !seen(element)) continue;
      const name = look(element);
      looks.set(name, (looks.get(name) || 0) + 1);
      if (looks.get(name) <= 2) found.add(element);
    }
    return [...found];
  };

  // The rule for 7:1, `color-contrast-enhanced`, lets everything pass in axe 4.12 (a test would tell when it no longer
  // does): the rule for 4.5:1 is asked for the ratios of WCAG 1.4.6 instead. All other options are axe's own.
  const CONTRAST = "color-contrast";
  const demandMore = () =>
    axe.configure({
      checks: [
        {
          id: CONTRAST,
          options: {
            ignoreUnicode: true,
            ignoreLength: false,
            ignorePseudo: false,
            boldValue: 700,
            boldTextPt: 14,
            largeTextPt: 18,
            contrastRatio: { normal: { expected: 7 }, large: { expected: 4.5 } },
            pseudoSizeThreshold: 0.25,
            shadowOutlineEmMax: 0.2,
          },
        },
      ],
    });
  const ON_LOOKS = ["target-size", "scrollable-region-focusable", "link-in-text-block"];
  const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const structural = () =>
    axe
      .getRules(STANDARDS)
      .filter((rule) => !rule.tags.some((tag) => tag === "experimental" || tag.endsWith("-obsolete")))
      .map((rule) => rule.ruleId)
      .filter((rule) => ![...ON_LOOKS, CONTRAST].includes(rule));

  const violations = async (context, rules) => {
    const answer = await axe.run(context, {
      runOnly: { type: "rule", values: rules },
      resultTypes: ["violations"],
      preload: false,
      iframes: false,
    });
    return answer.violations.map((one) => [one.id, one.nodes.slice(0, 3).map((node) => node.html.slice(0, 150))]);
  };

  const some = (list) => [...new Set(list)].slice(0, 5);

  const layout = () => {
    const all = texts();
    return { texts: all.length, wide: extraWidth(), cut: some(cut(all)), overlapping: some(overlapping(all)) };
  };

  const lost = () => {
    const { wide, cut, overlapping } = layout();
    return [...(wide ? [`${wide} px too wide`] : []), ...cut, ...overlapping];
  };

  // What a reader may set by WCAG 1.4.12.
  const SPACING = `
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
    p { margin-block-end: 2em !important }`;
  const spaced = () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(SPACING);
    document.adoptedStyleSheets.push(sheet);
    const found = lost();
    document.adoptedStyleSheets.pop();
    return found;
  };

  const STOPS = "a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex^='-'])";

  // The mark may be that of what stands around a control or right within it.
  const isMarked = (element) =>
    [element, element.parentElement, ...element.children].some((one) => {
      const style = getComputedStyle(one);
      return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && !/, 0\)$/.test(style.outlineColor);
    });

  // Of one of its lines some point, as far as the window shows it, is covered by nothing.
  const PLACES = [0.1, 0.3, 0.5, 0.7, 0.9];
  const isOnTop = (element) =>
    [...element.getClientRects()].some((box) => {
      const [first, last] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
      return PLACES.some((down) =>
        PLACES.some((along) => {
          const top = document.elementFromPoint(box.left + box.width * along, first + (last - first) * down);
          return top && (element.contains(top) || top.contains(element));
        }),
      );
    });

  // Each stop of the keyboard on a page that has been reached by it: seen (WCAG 2.4.7) and not covered (2.4.11).
  const stops = () => {
    const open = [...document.querySelectorAll(STOPS)].filter((one) => seen(one) && !one.disabled && !one.closest("[inert]"));
    const found = [];
    for (const one of open) {
      one.focus();
      if (document.activeElement !== one) found.push(`not reached: ${about(one)}`);
      else if (!one.matches(":focus-visible") || !isMarked(one)) found.push(`not marked: ${about(one)}`);
      else if (!isOnTop(one)) found.push(`covered: ${about(one)}`);
    }
    return { stops: open.length, found: some(found) };
  };

  // In colours that the system forces. Not by axe, which reads there what the colour of a text would be without them.
  const pale = () => {
    const parts = (colour) => (colour.match(/[\d.]+/g) || []).map(Number);
    const light = ([red, green, blue]) =>
      [red, green, blue]
        .map((part) => part / 255)
        .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
        .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0.05);
    const behind = (element) => {
      const own = parts(getComputedStyle(element).backgroundColor);
      return (own[3] ?? 1) > 0 ? own : element.parentElement ? behind(element.parentElement) : [255, 255, 255];
    };
    const ratio = (element) => {
      const [one, other] = [light(parts(getComputedStyle(element).color)), light(behind(element))];
      return Math.max(one, other) / Math.min(one, other);
    };
    return some(samples().filter((element) => !element.closest("svg") && ratio(element) < 7).map(about));
  };

  // Nothing takes time for who has asked for less motion.
  const moving = () =>
    some(
      [...document.querySelectorAll("*")].flatMap((element) =>
        ["", "::before", "::after"]
          .map((pseudo) => getComputedStyle(element, pseudo))
          .filter((style) =>
            [style.transitionDuration, style.animationDuration].some((all) => all.split(", ").some((one) => parseFloat(one) > 0.01))
            || style.scrollBehavior === "smooth")
          .map(() => about(element)),
      ),
    );

  return {
    load: async () => ({
      shifts: await shifts(),
      ids: some(ids()),
      lang: document.documentElement.lang,
      dir: document.documentElement.dir,
    }),
    layout,
    lost,
    spaced,
    stops,
    pale,
    moving,
    rules: () => ({ version: axe.version, structural: structural(), looks: [CONTRAST, ...ON_LOOKS] }),
    structure: () => violations(document, structural()),
    looks: async () => {
      demandMore();
      return [...(await violations({ include: samples() }, [CONTRAST])), ...(await violations(document, ON_LOOKS))];
    },
  };
})()
