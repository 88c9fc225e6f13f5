// Texts in six languages under tabs. Without this script, all six inputs stand one under another.
"use strict";
{
    const chosenKey = "portal-admin-language";

    const inputsOf = (row) => [...row.querySelectorAll("[data-language]")];
    const panelOf = (input) => input.closest(".form-multiline > div");
    const isEmpty = (input) => input.value.trim() === "";

    function tabFor(input, panel) {
        const tab = document.createElement("button");
        tab.type = "button";
        tab.className = "portal-tab";
        tab.id = `${input.id}_tab`;
        tab.lang = input.dataset.language;
        tab.dataset.tabLanguage = input.dataset.language;
        tab.setAttribute("role", "tab");
        tab.setAttribute("aria-controls", panel.id);
        tab.append(input.dataset.languageName);
        const mark = document.createElement("span");
        mark.className = "portal-tab-mark visually-hidden";
        mark.lang = document.documentElement.lang;
        tab.append(mark);
        return tab;
    }

    function markEmpty(tab, input) {
        const empty = isEmpty(input);
        tab.classList.toggle("is-empty", empty);
        tab.lastElementChild.textContent = empty ? ` (${input.dataset.empty})` : "";
    }

    function show(row, language) {
        for (const tab of row.querySelectorAll("[data-tab-language]")) {
            const chosen = tab.dataset.tabLanguage === language;
            tab.setAttribute("aria-selected", String(chosen));
            tab.tabIndex = chosen ? 0 : -1;
            document.getElementById(tab.getAttribute("aria-controls")).hidden = !chosen;
        }
    }

    // Somebody who writes in one language writes all texts of the page in it.
    function showEverywhere(language, pressed) {
        const before = pressed.getBoundingClientRect().top;
        for (const row of document.querySelectorAll(".portal-languages")) {
            show(row, language);
        }
        window.scrollBy(0, pressed.getBoundingClientRect().top - before);
        sessionStorage.setItem(chosenKey, language);
    }

    function neighbour(tab, key) {
        const tabs = [...tab.parentElement.children];
        const leftToRight = getComputedStyle(tab).direction === "ltr";
        const step = {ArrowRight: leftToRight ? 1 : -1, ArrowLeft: leftToRight ? -1 : 1}[key];
        const ends = {Home: tabs[0], End: tabs.at(-1)};
        return step ? tabs.at((tabs.indexOf(tab) + step) % tabs.length) : ends[key];
    }

    function onKey(event) {
        const next = neighbour(event.target.closest("[role=tab]"), event.key);
        if (next) {
            event.preventDefault();
            showEverywhere(next.dataset.tabLanguage, next);
            next.focus();
        }
    }

    function enhance(row) {
        const inputs = inputsOf(row);
        if (inputs.length < 2 || row.classList.contains("portal-languages")) {
            return;
        }
        const list = document.createElement("div");
        list.className = "portal-tabs";
        list.setAttribute("role", "tablist");
        list.setAttribute("aria-label", inputs[0].dataset.textName);
        for (const input of inputs) {
            const panel = panelOf(input);
            panel.id = `${input.id}_panel`;
            panel.setAttribute("role", "tabpanel");
            panel.setAttribute("aria-labelledby", `${input.id}_tab`);
            const tab = tabFor(input, panel);
            if (panel.querySelector(".errorlist")) {
                tab.classList.add("has-error");
            }
            markEmpty(tab, input);
            input.addEventListener("input", () => markEmpty(tab, input));
            tab.addEventListener("click", () => showEverywhere(input.dataset.language, tab));
            list.append(tab);
        }
        list.addEventListener("keydown", onKey);
        row.prepend(list);
        row.classList.add("portal-languages");
        show(row, firstLanguage(row, inputs));
    }

    // An error must be in sight; otherwise the language chosen last, or that of the page.
    function firstLanguage(row, inputs) {
        const error = row.querySelector(".portal-tab.has-error");
        if (error) {
            return error.dataset.tabLanguage;
        }
        const languages = inputs.map((input) => input.dataset.language.toLowerCase());
        const wanted = [sessionStorage.getItem(chosenKey), document.documentElement.lang, "en"];
        const found = wanted.find((language) => language && languages.includes(language.toLowerCase()));
        return inputs[found ? languages.indexOf(found.toLowerCase()) : 0].dataset.language;
    }

    function enhanceAll(place) {
        for (const row of place.querySelectorAll(".form-row")) {
            // The model of a new part of the record is copied as it is, and enhanced then.
            if (!row.closest(".empty-form")) {
                enhance(row);
            }
        }
    }

    document.addEventListener("DOMContentLoaded", () => enhanceAll(document));
    document.addEventListener("formset:added", (event) => enhanceAll(event.target));
}
