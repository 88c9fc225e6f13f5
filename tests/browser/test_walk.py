"""Every kind of page, in six languages, light and dark, on a phone, a tablet and a screen: what must hold on each.

`make walk` does the complete product and writes its account (`tests/account.py`). In the ordinary run every page is
opened once in every language and laid out at every width. axe looks at it in every second language, for colours,
targets and boxes that scroll in one theme and width; these rotate so that each page and each language meets every
theme and width, and each theme every width. What depends on neither language, colour nor width is asked once a page.

The policy's refusals are among the messages of the console.
"""

import itertools
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from content import languages
from tests.account import FOLDER, keep
from tests.browser.conftest import listen
from tests.pages import Page, may_be_a_page, prepare, view_at
from tests.walk import known

pytestmark = pytest.mark.django_db
WIDTHS = (360, 768, 1440)
THEMES = ("light", "dark")
EXAMINE = (Path(__file__).parent / "examine.js").read_text()


@dataclass(frozen=True)
class Plan:
    """What is asked of one page in one language."""

    loads: tuple[int, ...]
    looks: tuple[tuple[int, str], ...]
    structure: bool


def plan(number: int, language: int, complete: bool) -> Plan:
    """Of the page and language with these numbers."""
    if complete:
        return Plan(WIDTHS, tuple(itertools.product(WIDTHS, THEMES)), True)
    width = WIDTHS[(number // 2 + language // 2) % 3]
    theme = THEMES[(number // 6 + language // 2) % 2]
    looks = ((width, theme),) if (number + language) % 2 == 0 else ()
    return Plan((width,), looks, number % len(languages.CODES) == language)


@dataclass
class Account:
    """What was done, and what was found, by page."""

    done: Counter = field(default_factory=Counter)
    found: dict[str, list] = field(default_factory=dict)

    def ask(self, page: str, what: str, answer, right=()) -> None:
        self.done[what] += 1
        if answer != (right or type(answer)()):
            self.found.setdefault(page, []).append((what, answer))


class Visit:
    """One page in one language."""

    def __init__(self, tab, complaints: list[str], page: Page, language: str, account: Account):
        self.tab, self.complaints, self.page, self.language, self.account = tab, complaints, page, language, account
        self.asked = page.address(language)

    def note(self, what: str, answer, right=()) -> None:
        self.account.ask(self.asked, what, answer, right)

    def open(self, base: str, width: int) -> None:
        self.resize(width)
        self.note("status", self.tab.goto(base + self.asked).status, self.page.status)
        on_load = self.examine("load()")
        self.note("layout shift", on_load["shifts"])
        self.note("duplicate id", on_load["ids"])
        root = [languages.html_code(self.language), languages.direction(self.language)]
        self.note("language and direction", [on_load["lang"], on_load["dir"]], root)

    def resize(self, width: int) -> None:
        self.tab.set_viewport_size({"width": width, "height": 900})

    def examine(self, question: str):
        return self.tab.evaluate(f"{EXAMINE}.{question}")

    def lay_out(self, width: int) -> None:
        layout = self.examine("layout()")
        self.note("horizontal scroll", layout["wide"])
        self.note("text cut", layout["cut"])
        self.note("text overlapping", layout["overlapping"])
        self.account.done["texts"] += layout["texts"]

    def follow(self, base: str, plan: Plan) -> None:
        for width in plan.loads:
            self.open(base, width)
            if plan.looks or plan.structure:
                self.tab.evaluate(AXE_SCRIPT)
            for other in WIDTHS if len(plan.loads) == 1 else (width,):
                self.resize(other)
                self.lay_out(other)
            self.look([one for one in plan.looks if one[0] == width])
        if plan.structure:
            self.note("axe: structure", self.examine("structure()"))
        # A page that is refused says so in the console itself.
        own = [text for text in self.complaints if self.page.status == 200 or "Failed to load resource" not in text]
        self.note("console", own)
        self.complaints.clear()

    def look(self, looks) -> None:
        for width, theme in looks:
            self.resize(width)
            self.tab.emulate_media(color_scheme=theme)
            self.note("axe: looks", self.examine("looks()"))


@pytest.fixture(scope="module")
def pages(portal, django_db_blocker) -> tuple[Page, ...]:
    with django_db_blocker.unblock():
        return prepare()


@pytest.mark.parametrize("language", languages.CODES)
def test_every_page_holds_in_every_language_theme_and_width(browser, portal, pages, language):
    account = Account()
    context = browser.new_context(timezone_id="Africa/Nairobi")
    tab = context.new_page()
    complaints = listen(tab)
    number = languages.CODES.index(language)
    for index, page in enumerate(pages):
        Visit(tab, complaints, page, language, account).follow(portal, plan(index, number, bool(FOLDER)))
    rules = tab.evaluate(AXE_SCRIPT) or tab.evaluate(f"{EXAMINE}.rules()")
    context.close()
    kept = {"pages": len(pages), "done": account.done, "found": account.found, "rules": rules}
    keep(language, **kept, themes=THEMES, widths=WIDTHS, browser=browser.version)
    assert account.found == {}
    assert account.done["texts"] > 5000


def test_every_kind_of_page_is_walked(pages):
    """A view that may answer with a page is that of a page in the list."""
    walked = {view_at(page) for page in pages if page.status == 200}
    addresses = [address for address in known() if may_be_a_page(address)]
    assert [address.route for address in addresses if address.view_name not in walked] == []
    assert len(walked) > 40


def test_the_ordinary_walk_meets_every_pair():
    """Of page, language, theme and width, apart from page and language, where axe looks at every second."""
    met = {
        (page, code, width, theme)
        for page in range(60)
        for code in range(len(languages.CODES))
        for width, theme in plan(page, code, complete=False).looks
    }

    def pairs(one: int, other: int) -> set:
        return {(row[one], row[other]) for row in met}

    assert len(pairs(0, 2)) == 60 * len(WIDTHS)
    assert len(pairs(0, 3)) == 60 * len(THEMES)
    assert len(pairs(1, 2)) == len(languages.CODES) * len(WIDTHS)
    assert len(pairs(1, 3)) == len(languages.CODES) * len(THEMES)
    assert len(pairs(2, 3)) == len(WIDTHS) * len(THEMES)


WRONG = {
    "cut": "<div style='width:80px;overflow:hidden;white-space:nowrap'>A text much longer than its box</div>",
    "overlapping": "<p>One line</p><p style='margin-top:-2.4em'>Another line</p>",
    "wide": "<div style='width:3000px'>Wide</div>",
    "shifts": "<div id='late'></div><p>Moved</p>",
    "ids": "<p id='one'>One</p><p id='one'>Two</p>",
    "color-contrast": "<p style='color:#666;background:#fff'>Pale, with 5.7:1</p>",
    "target-size": "<a href='#a' style='font-size:9px'>a</a><br><a href='#b' style='font-size:9px'>b</a>",
    "image-alt": "<img src='data:,'>",
}


@pytest.mark.parametrize("wrong", WRONG)
def test_the_examination_would_find(browser, wrong):
    """Each question has an answer that is not nothing."""
    page = browser.new_page()
    page.set_content(f"<!doctype html><html lang=en><title>Wrong</title><main>{WRONG[wrong]}</main>")
    if wrong == "shifts":
        page.wait_for_timeout(300)  # It is painted once before something comes.
        page.evaluate("late.style.height = '300px'")
        page.wait_for_timeout(300)
    page.evaluate(AXE_SCRIPT)
    answers = page.evaluate(f"{EXAMINE}.load()") | page.evaluate(f"{EXAMINE}.layout()")
    answers |= dict(page.evaluate(f"{EXAMINE}.looks()"))
    answers |= dict(page.evaluate(f"{EXAMINE}.structure()"))
    page.close()
    assert answers[wrong]


def test_what_is_said_to_screen_readers_alone_and_what_scrolls_is_not_cut(browser):
    page = browser.new_page()
    page.set_content(
        "<!doctype html><p style='position:absolute;width:1px;height:1px;overflow:hidden'>For screen readers</p>"
        "<div style='width:80px;overflow-x:auto;white-space:nowrap'>A text that scrolls in its box</div>"
        "<header style='position:fixed;top:0'>Stays in place</header><p>Goes under it</p>"
        "<details><summary>Open</summary><p>Closed</p></details>"
    )
    layout = page.evaluate(f"{EXAMINE}.layout()")
    page.close()
    assert [layout[name] for name in ("wide", "cut", "overlapping")] == [0, [], []]
    assert layout["texts"] == 4
