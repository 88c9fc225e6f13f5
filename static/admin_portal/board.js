// Sessions of the planning board are moved with a mouse, a finger or the keyboard. Without this script each has a form.
"use strict";
{
    const STEP = 5;
    const HOLD = 350; // Milliseconds until a finger that rests on a session picks it up.
    const SLACK = 5; // Pixels that a mouse may tremble before a press becomes a drag.
    const board = document.querySelector("[data-board]");
    const mayChange = board.dataset.mayChange === "true";
    const message = board.querySelector("[data-message]");
    const scroll = board.querySelector(".board__scroll");
    const token = board.querySelector("[name=csrfmiddlewaretoken]").value;
    const axis = board.dataset.axis.split(",").map((hour) => Number(hour) * 60);
    const isRightToLeft = getComputedStyle(board).direction === "rtl";
    const clock = new Intl.DateTimeFormat("en-GB", {
        hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: board.dataset.zone,
    });
    let held = null; // What is picked up: {card, ghost, place, from, isNew}

    const columns = () => [...board.querySelectorAll("[data-room].board__room")];
    const listOf = (room) => board.querySelector(`[data-cards="${room}"]`);
    const instant = (minute, first = board.dataset.first) => new Date(Date.parse(first) + minute * 60000);
    const time = (minute) => clock.format(instant(minute));
    const cardOf = (node) => node instanceof Element ? node.closest("[data-card]") : null;
    const isolated = (text) => `\u2068${text}\u2069`;
    const clamp = (value, least, most) => Math.max(least, Math.min(most, value));

    function say(text, isError = false) {
        message.classList.toggle("is-error", isError);
        message.textContent = text;
        clearTimeout(say.timer);
        if (!held) {
            say.timer = setTimeout(() => { message.textContent = ""; }, 12000);
        }
    }

    function fill(text, values) {
        return text.replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole);
    }

    // Places

    function placeOf(card) {
        return {room: card.dataset.room, start: Number(card.dataset.start), length: Number(card.dataset.length)};
    }

    function roomName(room) {
        const head = listOf(room)?.parentElement.querySelector(".board__name");
        return isolated(head ? head.textContent.trim() : board.dataset.textNoRoom);
    }

    function describe(place) {
        if (!place) {
            return board.dataset.textUnscheduled;
        }
        const day = place.day ? `${isolated(place.day.dataset.title)}, ` : "";
        return `${day}${isolated(`${time(place.start)} – ${time(place.start + place.length)}`)}, ${roomName(place.room)}`;
    }

    function setClass(card, name, value) {
        for (const known of [...card.classList]) {
            if (known.startsWith(name) && /^\d+$/.test(known.slice(name.length))) {
                card.classList.remove(known);
            }
        }
        card.classList.add(`${name}${value}`);
    }

    function draw(ghost, place) {
        const top = clamp(place.start - axis[0], 0, axis[1] - axis[0] - STEP);
        const length = clamp(place.length, STEP, axis[1] - axis[0] - top);
        setClass(ghost, "at-h", Math.floor(top / 60));
        setClass(ghost, "at-m", top % 60);
        setClass(ghost, "for-h", Math.floor(length / 60));
        setClass(ghost, "for-m", length % 60);
        setClass(ghost, "lane-", 0);
        setClass(ghost, "of-", 1);
        ghost.classList.toggle("is-short", length >= 25 && length < 60);
        ghost.classList.toggle("is-tiny", length < 25);
        ghost.querySelector("[data-ghost-time]").textContent = `${time(place.start)} – ${time(place.start + place.length)}`;
        listOf(place.room).append(ghost);
    }

    function overlapped(place, card) {
        return [...listOf(place.room).querySelectorAll("[data-start]:not(.is-ghost)")].find((other) => {
            const start = Number(other.dataset.start);
            return other !== card && other.dataset.state === "confirmed" && start < place.start + place.length
                && place.start < start + Number(other.dataset.length);
        });
    }

    function ghostOf(card) {
        const ghost = document.createElement("li");
        ghost.className = "board-card is-ghost";
        ghost.setAttribute("aria-hidden", "true");
        const title = document.createElement("span");
        title.className = "board-card__title";
        title.textContent = card.dataset.title;
        const about = document.createElement("span");
        about.className = "board-card__about";
        const text = document.createElement("bdi");
        text.dataset.ghostTime = "";
        about.append(text);
        ghost.append(title, about);
        return ghost;
    }

    // Picking up, moving, dropping: the same by mouse, finger and keyboard

    function firstPlace(card) {
        if (card.dataset.start !== undefined) {
            return placeOf(card);
        }
        const room = "band" in card.dataset ? "" : card.dataset.room || firstRoomInSight();
        const length = Number(card.dataset.length);
        return {room, start: firstFree(room, length), length};
    }

    function firstRoomInSight() {
        const box = scroll.getBoundingClientRect();
        const inSight = columns().filter((column) => column.dataset.room).find((column) => {
            const place = column.getBoundingClientRect();
            return place.left >= box.left - 1 && place.right <= box.right + 1;
        });
        return (inSight ?? columns().at(-1)).dataset.room;
    }

    function firstFree(room, length) {
        const taken = [...listOf(room).querySelectorAll("[data-start]")].map(placeOf).sort((a, b) => a.start - b.start);
        let start = Math.max(axis[0], 9 * 60);
        for (const other of taken) {
            if (other.start < start + length && start < other.start + other.length) {
                start = Math.ceil((other.start + other.length) / STEP) * STEP;
            }
        }
        return clamp(start, axis[0], axis[1] - STEP);
    }

    function pickUp(card, how) {
        putDown();
        const place = firstPlace(card);
        held = {card, how, place, ghost: ghostOf(card), from: card.dataset.start === undefined ? null : placeOf(card)};
        card.classList.add("is-picked");
        card.querySelector("[data-grip]").setAttribute("aria-pressed", "true");
        move({});
        if (how === "keys") {
            say(fill(board.dataset.textPicked, {title: isolated(card.dataset.title), place: describe(place)}));
        }
    }

    function move(change) {
        const place = {...held.place, ...change};
        place.length = clamp(place.length, STEP, 24 * 60);
        place.start = clamp(place.start, axis[0], axis[1] - STEP);
        held.place = place;
        held.away = false;
        draw(held.ghost, place);
        const other = place.day ? null : overlapped(place, held.card);
        held.ghost.classList.toggle("is-clashing", Boolean(other));
        for (const column of columns()) {
            column.classList.toggle("is-target", !place.day && column.dataset.room === place.room);
        }
        for (const tab of board.querySelectorAll(".board-days__day")) {
            tab.classList.toggle("is-target", tab === place.day);
        }
        board.querySelector("[data-part=unscheduled]").classList.remove("is-target");
        const note = other ? `; ${fill(board.dataset.textOverlaps, {title: isolated(other.dataset.title)})}` : "";
        if (held.how === "keys") {
            held.ghost.scrollIntoView({block: "nearest", inline: "nearest"});
            say(`${describe(place)}${note}`);
        }
    }

    function moveAway() {
        held.away = true;
        held.ghost.remove();
        for (const column of columns()) {
            column.classList.remove("is-target");
        }
        board.querySelector("[data-part=unscheduled]").classList.add("is-target");
    }

    function putDown() {
        if (!held) {
            return null;
        }
        const was = held;
        held = null;
        was.ghost.remove();
        was.card.classList.remove("is-picked");
        was.card.querySelector("[data-grip]").removeAttribute("aria-pressed");
        document.documentElement.classList.remove("is-moving");
        for (const marked of board.querySelectorAll(".is-target")) {
            marked.classList.remove("is-target");
        }
        return was;
    }

    function cancel() {
        const was = putDown();
        say(fill(board.dataset.textCancelled, {title: isolated(was.card.dataset.title)}));
    }

    function drop() {
        const {card, place, from, away} = putDown();
        if (away) {
            return from ? takeBack(card) : say("");
        }
        const same = from && !place.day && ["room", "start", "length"].every((name) => from[name] === place[name]);
        if (same) {
            return say(fill(board.dataset.textCancelled, {title: isolated(card.dataset.title)}));
        }
        const first = place.day?.dataset.first;
        return send(card.dataset.url, {
            room: place.room,
            start: instant(place.start, first).toISOString(),
            end: instant(place.start + place.length, first).toISOString(),
            seen: card.dataset.seen,
        }, card.dataset.session);
    }

    function takeBack(card) {
        const url = new URL(card.dataset.url, location.href);
        return send(`${url.pathname}take-back/`, {seen: card.dataset.seen}, card.dataset.session);
    }

    // To the server and back

    async function send(address, values, focused = "") {
        const search = board.querySelector("[data-search] [name=q]");
        const body = new URLSearchParams({
            day: board.dataset.day, hours: board.dataset.hours, rooms: board.dataset.rooms, q: search.value,
            board: board.dataset.stamp, ...values,
        });
        board.setAttribute("aria-busy", "true");
        try {
            const response = await fetch(address, {
                method: "POST", body, headers: {"Accept": "application/json", "X-CSRFToken": token},
            });
            if (!response.headers.get("Content-Type")?.startsWith("application/json")) {
                throw new Error(response.status);
            }
            show(await response.json(), focused);
        } catch {
            say(board.dataset.textFailed, true);
        } finally {
            board.removeAttribute("aria-busy");
        }
    }

    function show(answer, focused) {
        if (answer.axis.map((hour) => hour * 60).some((minute, number) => minute !== axis[number])) {
            sessionStorage.setItem("portal-board-message", answer.message);
            location.hash = `session-${focused}`;
            location.reload();
            return;
        }
        for (const [room, html] of Object.entries(answer.rooms)) {
            const list = listOf(room);
            if (list) {
                list.innerHTML = html;
            }
        }
        const open = new Map([...board.querySelectorAll(".board-warnings")].map((group) => [group.className, group.open]));
        const seen = [...board.querySelectorAll(".board-list")].map((list) => list.scrollTop);
        for (const [name, html] of Object.entries(answer.parts)) {
            board.querySelector(`[data-part="${name}"]`).innerHTML = html;
        }
        for (const group of board.querySelectorAll(".board-warnings")) {
            group.open = open.get(group.className) ?? group.open;
        }
        board.querySelectorAll(".board-list").forEach((list, number) => { list.scrollTop = seen[number] ?? 0; });
        board.dataset.stamp = answer.stamp;
        mark(answer.marks);
        enhance();
        say(answer.message, !answer.ok);
        focusOn(focused);
    }

    function mark(marks) {
        for (const card of board.querySelectorAll(".board-card[data-session]")) {
            const found = marks[card.dataset.session];
            const sign = card.querySelector("[data-mark]");
            sign.hidden = !found;
            card.classList.toggle("has-mark", Boolean(found));
            sign.title = found?.text ?? "";
            sign.querySelector("[data-mark-count]").textContent = found?.count ?? "";
            sign.querySelector("[data-mark-text]").textContent = found?.text ?? "";
        }
    }

    function focusOn(session) {
        const card = session && document.getElementById(`session-${session}`);
        const grip = (card ?? board.querySelector("[data-card]"))?.querySelector("[data-grip]");
        if (grip && session) {
            choose(grip);
            grip.focus();
        }
    }

    // One stop for Tab in the rooms and one in each list: arrows go from session to session inside.

    const groupOf = (card) => card.closest(".board__sheet") ?? card.closest(".board-list");

    function choose(grip) {
        for (const other of groupOf(grip).querySelectorAll("[data-grip]")) {
            other.tabIndex = other === grip ? 0 : -1;
            const edit = other.parentElement.querySelector(".board-edit");
            if (edit) {
                edit.tabIndex = other.tabIndex;
            }
        }
    }

    function enhance() {
        for (const grip of board.querySelectorAll("[data-grip]")) {
            if (mayChange) {
                grip.setAttribute("role", "button");
            }
            grip.draggable = false;
        }
        for (const group of board.querySelectorAll(".board__sheet, .board-list")) {
            const grip = group.querySelector("[data-grip]");
            if (grip) {
                choose(group.querySelector("[data-grip][tabindex='0']") ?? grip);
            }
        }
    }

    function neighbour(card, key) {
        if (!card.closest(".board__sheet")) {
            return {ArrowUp: card.previousElementSibling, ArrowDown: card.nextElementSibling}[key];
        }
        if (key === "ArrowUp" || key === "ArrowDown") {
            return key === "ArrowUp" ? card.previousElementSibling : card.nextElementSibling;
        }
        const all = columns();
        const step = (key === "ArrowRight") === isRightToLeft ? -1 : 1;
        let number = all.indexOf(card.closest(".board__room")) + step;
        while (all[number] && !all[number].querySelector("[data-card]")) {
            number += step;
        }
        const start = Number(card.dataset.start);
        const distance = (other) => Math.abs(Number(other.dataset.start) - start);
        return all[number] && [...all[number].querySelectorAll("[data-card]")].sort((a, b) => distance(a) - distance(b))[0];
    }

    function go(event, card) {
        const next = neighbour(card, event.key);
        if (next?.matches("[data-card]")) {
            event.preventDefault();
            const grip = next.querySelector("[data-grip]");
            choose(grip);
            grip.focus();
            next.scrollIntoView({block: "nearest", inline: "nearest"});
        }
    }

    function otherRoom(step) {
        const all = columns();
        const number = clamp(all.findIndex((column) => column.dataset.room === held.place.room) + step, 0, all.length - 1);
        return {room: all[number].dataset.room};
    }

    function otherDay(step) {
        const tabs = [...board.querySelectorAll(".board-days__day")];
        const today = tabs.findIndex((tab) => tab.hasAttribute("aria-current"));
        const current = held.place.day ? tabs.indexOf(held.place.day) : today;
        const number = clamp(current + step, 0, tabs.length - 1);
        return {day: number === today ? undefined : tabs[number]};
    }

    const aside = isRightToLeft ? -1 : 1;
    const MOVES = {
        ArrowUp: () => ({start: held.place.start - STEP}),
        ArrowDown: () => ({start: held.place.start + STEP}),
        PageUp: () => ({start: held.place.start - 60}),
        PageDown: () => ({start: held.place.start + 60}),
        ArrowLeft: () => otherRoom(-aside),
        ArrowRight: () => otherRoom(aside),
        n: () => otherDay(1),
        p: () => otherDay(-1),
    };
    const LENGTHS = {ArrowUp: -STEP, ArrowLeft: -STEP * aside, ArrowDown: STEP, ArrowRight: STEP * aside};

    function onHeldKey(event) {
        const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
        const actions = {Enter: drop, " ": drop, Escape: cancel, Delete: away, Backspace: away, Tab: cancel};
        if (event.ctrlKey || event.metaKey || event.altKey) {
            return;
        }
        if (event.shiftKey && LENGTHS[key]) {
            move({length: held.place.length + LENGTHS[key]});
        } else if (MOVES[key]) {
            move(MOVES[key]());
        } else if (actions[key]) {
            actions[key]();
        } else {
            return;
        }
        if (key !== "Tab") {
            event.preventDefault();
        }
    }

    function away() {
        held.away = true;
        drop();
    }

    function shiftFrom(card) {
        const form = board.querySelector("[data-shift]");
        form.elements.room.value = card.dataset.room;
        form.elements.since.value = `${board.dataset.day}T${time(Number(card.dataset.start))}`;
        form.elements.minutes.focus();
        form.elements.minutes.select();
    }

    function onKey(event) {
        if (held?.how === "keys") {
            onHeldKey(event);
            return;
        }
        if (held) {
            if (event.key === "Escape") {
                cancel();
            }
            return;
        }
        if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !event.target.closest("input, select")) {
            event.preventDefault();
            board.querySelector("[data-undo]")?.requestSubmit();
            return;
        }
        const card = event.target.matches("[data-grip]") ? cardOf(event.target) : null;
        if (!card || event.ctrlKey || event.metaKey || event.altKey) {
            return;
        }
        onCardKey(event, card);
    }

    function onCardKey(event, card) {
        if (event.key.startsWith("Arrow")) {
            go(event, card);
        } else if (mayChange && (event.key === "Enter" || event.key === " ")) {
            event.preventDefault();
            pickUp(card, "keys");
        } else if (mayChange && event.key === "F2") {
            location.href = card.dataset.url;
        } else if (mayChange && event.key.toLowerCase() === "s" && card.dataset.start !== undefined) {
            event.preventDefault();
            shiftFrom(card);
        }
    }

    // Mouse and finger

    let press = null;

    function onPress(event) {
        const card = cardOf(event.target);
        if (!mayChange || !card || event.button || event.target.closest(".board-edit") || held) {
            return;
        }
        const box = card.getBoundingClientRect();
        press = {
            card, id: event.pointerId, x: event.clientX, y: event.clientY, resize: event.target.matches("[data-resize]"),
            offset: card.dataset.start === undefined ? 10 : event.clientY - box.top, type: event.pointerType,
        };
        if (event.pointerType !== "mouse") {
            press.timer = setTimeout(() => begin(press), HOLD);
        }
    }

    function begin(started) {
        clearTimeout(started.timer);
        started.begun = true;
        pickUp(started.card, "pointer");
        document.documentElement.classList.add("is-moving");
        started.minute = listOf(held.place.room).getBoundingClientRect().height / (axis[1] - axis[0]);
        follow(started.x, started.y);
    }

    function onMove(event) {
        if (!press || event.pointerId !== press.id) {
            return;
        }
        const far = Math.hypot(event.clientX - press.x, event.clientY - press.y) > SLACK;
        if (!press.begun && far && press.type !== "mouse") {
            release(); // It scrolls.
        } else if (!press.begun && far) {
            begin(press);
        }
        if (press?.begun && held) {
            follow(event.clientX, event.clientY);
        }
    }

    function follow(x, y) {
        scrollAt(x, y);
        if (press.resize) {
            const top = listOf(held.place.room).getBoundingClientRect().top;
            const end = snap((y - top) / press.minute + axis[0]);
            move({length: Math.max(STEP, end - held.place.start)});
            return;
        }
        const under = document.elementFromPoint(x, y);
        const day = under?.closest(".board-days__day");
        if (day && held.from && !day.hasAttribute("aria-current")) {
            move({...held.from, day});
        } else if (under?.closest("[data-part=unscheduled]")) {
            moveAway();
        } else {
            moveOver(x, y, under);
        }
    }

    function moveOver(x, y, under) {
        const column = under?.closest(".board__room");
        if (!column || !scroll.contains(column)) {
            return;
        }
        const top = column.querySelector("[data-cards]").getBoundingClientRect().top;
        const start = snap((y - press.offset - top) / press.minute + axis[0]);
        move({room: column.dataset.room, start, day: undefined});
    }

    // Whoever began at 9:02 goes on in steps of five minutes by the clock.
    const snap = (minute) => Math.round(minute / STEP) * STEP;

    function scrollAt(x, y) {
        const box = scroll.getBoundingClientRect();
        const edge = 36;
        const push = (place, least, most) => (place < least + edge ? -14 : place > most - edge ? 14 : 0);
        if (x > box.left && x < box.right && y > box.top && y < box.bottom) {
            scroll.scrollBy(push(x, box.left, box.right), push(y, box.top + 52, box.bottom));
        }
    }

    function release() {
        if (press) {
            clearTimeout(press.timer);
        }
        press = null;
    }

    function onRelease(event) {
        if (!press || event.pointerId !== press.id) {
            return;
        }
        const begun = press.begun;
        release();
        if (begun && held) {
            drop();
        }
    }

    // Forms beside the board, the search and links to sessions

    function onSubmit(event) {
        const form = event.target;
        if (form.matches("[data-post]")) {
            event.preventDefault();
            const values = Object.fromEntries(new FormData(form));
            delete values.csrfmiddlewaretoken;
            send(form.action, values);
        } else if (form.matches("[data-search]")) {
            event.preventDefault();
            search();
        }
    }

    async function search() {
        const field = board.querySelector("[data-search] [name=q]");
        const asked = field.value;
        const query = new URLSearchParams({day: board.dataset.day, q: asked, part: "unscheduled"});
        const response = await fetch(`${board.dataset.path}?${query}`, {headers: {"Accept": "application/json"}});
        if (!response.ok || field.value !== asked) {
            return;
        }
        const had = document.activeElement === field;
        const caret = field.selectionStart;
        board.querySelector("[data-part=unscheduled]").innerHTML = (await response.json()).parts.unscheduled;
        enhance();
        if (had) {
            const fresh = board.querySelector("[data-search] [name=q]");
            fresh.focus();
            fresh.setSelectionRange(caret, caret);
        }
    }

    function onInput(event) {
        if (event.target.matches("[data-search] [name=q]")) {
            clearTimeout(onInput.timer);
            onInput.timer = setTimeout(search, 250);
        }
    }

    function onClick(event) {
        const link = event.target.closest("[data-show]");
        const card = link && document.getElementById(`session-${link.dataset.show}`);
        if (card) {
            event.preventDefault();
            for (const other of board.querySelectorAll(".is-shown")) {
                other.classList.remove("is-shown");
            }
            card.classList.add("is-shown");
            card.scrollIntoView({block: "center", inline: "center"});
            focusOn(link.dataset.show);
            return;
        }
        const grip = event.target.closest("[data-grip]");
        if (grip && mayChange) {
            // A press on a session chooses it; its form is behind its dots, F2 or two presses.
            event.preventDefault();
            choose(grip);
            if (event.detail === 0) {
                pickUp(cardOf(grip), "keys"); // A screen reader's press has no pointer.
            }
        }
    }

    function onTwoPresses(event) {
        const card = cardOf(event.target);
        if (card && mayChange && !event.target.closest(".board-edit")) {
            location.href = card.dataset.url;
        }
    }

    board.classList.add("has-script");
    enhance();
    board.addEventListener("keydown", onKey);
    board.addEventListener("submit", onSubmit);
    board.addEventListener("input", onInput);
    board.addEventListener("click", onClick);
    board.addEventListener("dblclick", onTwoPresses);
    board.addEventListener("pointerdown", onPress);
    addEventListener("pointermove", onMove);
    addEventListener("pointerup", onRelease);
    addEventListener("pointercancel", () => {
        release();
        if (held?.how === "pointer") {
            cancel();
        }
    });
    // A finger that holds a session moves it, and not the page.
    addEventListener("touchmove", (event) => {
        if (press?.begun) {
            event.preventDefault();
        }
    }, {passive: false});
    board.addEventListener("contextmenu", (event) => {
        if (press?.begun) {
            event.preventDefault();
        }
    });
    function beginInSight() {
        const first = Math.min(...[...board.querySelectorAll("[data-start]")].map((card) => Number(card.dataset.start)));
        if (Number.isFinite(first) && !location.hash) {
            const height = board.querySelector("[data-cards]").getBoundingClientRect().height;
            scroll.scrollTop = (first - 30 - axis[0]) * height / (axis[1] - axis[0]);
        }
    }

    beginInSight();
    const kept = sessionStorage.getItem("portal-board-message");
    if (kept) {
        sessionStorage.removeItem("portal-board-message");
        say(kept);
    }
}
