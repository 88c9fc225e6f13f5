"""Every kind of page, in six languages, light and dark, on a phone, a tablet and a screen: what must hold on each.

`make walk` does the complete product and writes its account (`tests/account.py`). In the ordinary run every page is
opened once in every language and laid out at every width. axe looks at it in every second language, for colours,
targets and boxes that scroll in one theme and width; these rotate so that each page and each language meets every
theme and width, and each theme every width.

What depends on neither language, colour nor width is asked once a page. There it is also
enlarged to 400 %, set with wider text, gone through by the keyboard, and seen in forced colours and with less motion.

The policy's refusals are among the messages of the console. What the walk has read is also given to a validator of
HTML, and the links in it are followed.

Of the rules of html-validate (`tests/node/htmlvalidate.json`), these are off, or let something pass:

- `doctype-style`: how the doctype is written is no error in HTML, and small letters are the house's style.
- `no-trailing-whitespace`: lines that templates leave empty reach no reader and weigh nothing once compressed.
- `long-title`: what a search engine shows of a title; names of sessions and conferences are as long as they are.
- `form-dup-name`: a key that is repeated means "or" in every address of the portal, so boxes and selects share a name.
- `require-sri` asks what comes from elsewhere alone, which the content policy forbids altogether.
- `prefer-native-element` lets the names below a search field be a list box, which a `select` can't be.
"""

import itertools
import json
import re
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils.translation import override

from content import languages
from tests.account import FOLDER, keep
from tests.browser.conftest import EXAMINE, listen
from tests.pages import Page, may_be_a_page, prepare, view_at
from tests.walk import BOOKLET, known

pytestmark = pytest.mark.django_db
WIDTHS = (360, 768, 1440)
THEMES = ("light", "dark")
# A window of 1280 CSS pixels, enlarged to 400 % (WCAG 1.4.10).
ENLARGED = 320
# What the margins of static/css/print.css leave of an A4 page, in CSS pixels.
PAPER = 688
NODE = settings.BASE_DIR / ".venv" / "node"
RULES = settings.BASE_DIR / "tests" / "node" / "htmlvalidate.json"
LINK = re.compile(r'<(?:a|area|form|iframe|img|script|link|source|use)\b[^>]*?\s(?:href|src|action)="([^"]*)"')
ID = re.compile(r'<[^>]+\sid="([^"]+)"')


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
        response = self.tab.goto(base + self.asked)
        self.text = response.text()
        self.note("status", response.status, self.page.status)
        on_load = self.examine("load()")
        self.note("layout shift", on_load["shifts"] and self.shifts_again())
        self.note("duplicate id", on_load["ids"])
        root = [languages.html_code(self.language), languages.direction(self.language)]
        self.note("language and direction", [on_load["lang"], on_load["dir"]], root)

    def shifts_again(self) -> list[str]:
        """On a busy machine a page may be drawn while the rows of its table still come: columns settle by pixels then.

        What is wrong with a page is there on a second load too.
        """
        self.tab.reload()
        return self.examine("load()")["shifts"]

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
        self.put_on_paper()
        if plan.structure:
            self.note("axe: structure", self.examine("structure()"))
            self.adapt()
        # A page that is refused says so in the console itself.
        own = [text for text in self.complaints if self.page.status == 200 or "Failed to load resource" not in text]
        self.note("console", own)
        self.complaints.clear()

    def put_on_paper(self) -> None:
        """What goes over the edge there is lost, from right to left, or makes everything smaller."""
        self.resize(PAPER)
        self.tab.emulate_media(media="print")
        self.note("over the edge of the paper", self.examine("layout()")["wide"])
        self.tab.emulate_media(media="screen")

    def adapt(self) -> None:
        """The page as visitors have it who enlarge it, set its text wider, use the keyboard or choose colours."""
        self.resize(ENLARGED)
        self.note("enlarged", self.examine("lost()"))
        for width in (WIDTHS[0], WIDTHS[-1]):
            self.resize(width)
            self.note("text spacing", self.examine("spaced()"))
        self.tab.keyboard.press("Tab")
        stops = self.examine("stops()")
        self.note("keyboard", stops["found"])
        self.account.done["stops"] += stops["stops"]
        self.tab.emulate_media(forced_colors="active", reduced_motion="reduce")
        self.note("forced colours", self.examine("pale()"))
        self.note("reduced motion", self.examine("moving()"))
        self.tab.emulate_media(forced_colors="none", reduced_motion="no-preference")

    def look(self, looks) -> None:
        for width, theme in looks:
            self.resize(width)
            self.tab.emulate_media(color_scheme=theme)
            self.note("axe: looks", self.examine("looks()"))


@pytest.fixture(scope="module")
def pages(portal, django_db_blocker) -> tuple[Page, ...]:
    with django_db_blocker.unblock():
        return prepare()


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """The HTML of what was visited, by address."""
    return {}


@pytest.fixture
def every_text(pages, texts) -> dict[str, str]:
    """The HTML of every page in every language, also where a walk was made by another process or by none."""
    client = Client()
    for address in (page.address(code) for page in pages for code in languages.CODES):
        if address not in texts:
            texts[address] = client.get(address).content.decode()
    return texts


@pytest.mark.parametrize("language", languages.CODES)
def test_every_page_holds_in_every_language_theme_and_width(browser, portal, pages, texts, language):
    account = Account()
    context = browser.new_context(timezone_id="Africa/Nairobi")
    tab = context.new_page()
    complaints = listen(tab)
    number = languages.CODES.index(language)
    for index, page in enumerate(pages):
        visit = Visit(tab, complaints, page, language, account)
        visit.follow(portal, plan(index, number, bool(FOLDER)))
        texts[visit.asked] = visit.text
    tab.evaluate(AXE_SCRIPT)
    rules = tab.evaluate(f"{EXAMINE}.rules()")
    context.close()
    kept = {"pages": len(pages), "done": account.done, "found": account.found, "rules": rules}
    keep(language, **kept, themes=THEMES, widths=WIDTHS, browser=browser.version)
    assert account.found == {}, json.dumps(account.found, ensure_ascii=False, indent=1)
    assert account.done["texts"] > 5000
    assert rules["structural"] and rules["looks"]


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
        # It is painted before something comes; a busy machine may take its time for either.
        for height in range(300, 3300, 300):
            page.wait_for_timeout(300)
            page.evaluate(f"late.style.height = '{height}px'")
            if page.evaluate(f"{EXAMINE}.load()")["shifts"]:
                break
    page.evaluate(AXE_SCRIPT)
    answers = page.evaluate(f"{EXAMINE}.load()") | page.evaluate(f"{EXAMINE}.layout()")
    answers |= dict(page.evaluate(f"{EXAMINE}.looks()"))
    answers |= dict(page.evaluate(f"{EXAMINE}.structure()"))
    page.close()
    assert answers[wrong]


MARKED = "<!doctype html><html lang=en><title>Page</title><style>:focus-visible { outline: 3px solid }</style>"
WRONG_ADAPTED = [
    ("lost()", "<div style='width:330px'>Wide</div>"),
    ("spaced()", "<p style='width:max-content;max-width:8em;overflow:hidden;white-space:nowrap'>Fits just about</p>"),
    ("stops().found", "<a href='#a' style='outline:none'>Not marked</a>"),
    ("stops().found", "<a href='#a' style='outline-width:1px'>Marked by a hair</a>"),
    ("stops().found", "<a href='#a'>Covered</a><div style='position:fixed;inset:0;background:#fff'></div>"),
    ("pale()", "<p style='forced-color-adjust:none;color:#777;background:#fff'>Pale in every colour</p>"),
    ("moving()", "<p style='transition:color 1s'>Slow</p>"),
    ("moving()", "<style>p::after { content: 'x'; animation: turn 2s }</style><p>Slow</p>"),
]


@pytest.mark.parametrize(("question", "wrong"), WRONG_ADAPTED)
def test_the_examination_would_find_what_is_lost_where_a_page_is_adapted(browser, question, wrong):
    page = browser.new_page(viewport={"width": ENLARGED, "height": 900}, forced_colors="active")
    found = []
    for content in ("<p>Plain</p><a href='#a'>A way</a>", wrong):
        page.set_content(f"{MARKED}<main>{content}</main>")
        page.keyboard.press("Tab")
        found.append(page.evaluate(f"{EXAMINE}.{question}"))
    page.close()
    right, wrong = found
    assert right == []
    assert wrong


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


# What the walk has read


def validator(folder: Path) -> list[dict]:
    """What it says of each file. Through a file, as its output ends early in a pipe."""
    out = folder / "said.json"
    command = [str(NODE.parent / "bin" / "node"), str(NODE / "node_modules/html-validate/bin/html-validate.mjs")]
    command += ["--config", str(RULES), "--formatter", f"json={out}", f"{folder}/*.html"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert out.exists(), done.stderr
    return json.loads(out.read_text())


def test_every_page_is_valid_html(every_text, tmp_path):
    names = {}
    for number, (address, text) in enumerate(every_text.items()):
        names[f"{number}.html"] = address
        (tmp_path / f"{number}.html").write_text(text)
    found = {}
    for file in validator(tmp_path):
        for message in file["messages"]:
            words = (message["ruleId"], message["message"], message.get("selector"))
            found.setdefault(words, names[Path(file["filePath"]).name])
    package = json.loads((NODE / "node_modules/html-validate/package.json").read_text())
    errors = Counter(rule for rule, _message, _selector in found)
    keep("html", pages=len(names), errors=errors, version=package["version"])
    assert found == {}


def test_the_validator_would_tell_an_error(tmp_path):
    (tmp_path / "wrong.html").write_text("<!doctype html><html><p id=a><p id=a><b></p>")
    assert "no-dup-id" in [message["ruleId"] for message in validator(tmp_path)[0]["messages"]]


def ours(address: str, text: str):
    """The links of a page to the portal itself."""
    for found in LINK.findall(text):
        link = urlsplit(urljoin(settings.SITE_URL + address, unescape(found)))
        if link.netloc == urlsplit(settings.SITE_URL).netloc and not link.path.startswith(("/static/", "/admin/")):
            yield link


def shape(link) -> tuple:
    """Which view a link asks, with which keys: what is wrong with one of a shape is wrong with all."""
    in_english = re.sub(rf"^/({'|'.join(languages.CODES)})/", "/en/", link.path)
    with override("en"):  # A visit leaves its language behind, and addresses of others are not known then.
        view = resolve(in_english).func
    return (view, *sorted(parse_qs(link.query, keep_blank_values=True)))


def test_every_link_leads_somewhere(every_text, client):
    """To an address that exists, in every language; of each shape that a page has, two are followed in English.

    `test_nothing_early` follows all links of a small world; this one has the founding texts and many records.
    """
    nowhere, waiting = set(), {}
    for address, text in every_text.items():
        for link in ours(address, text):
            if link.path in every_text:
                continue  # The walk has seen how it answers: a page that is not found names itself in other languages.
            try:
                of_shape = waiting.setdefault((shape(link), address if "?" not in address else ""), set())
            except Resolver404:
                nowhere.add((address, link.path))
                continue
            if len(of_shape) < 2 and address.startswith("/en/") and not BOOKLET.match(link.path):
                of_shape.add(link.path + (f"?{link.query}" if link.query else ""))
    asked = set().union(*waiting.values()) - every_text.keys()
    found = {link: client.get(link).status_code for link in sorted(asked)}
    assert nowhere == set()
    assert {link: status for link, status in found.items() if status >= 400} == {}
    assert len(found) > 100


def test_every_jump_inside_a_page_has_its_place(every_text, client):
    jumps = {
        (address, link.path + (f"?{link.query}" if link.query else ""), unquote(link.fragment))
        for address, text in every_text.items()
        for link in ours(address, text)
        if link.fragment
    }
    texts = dict(every_text)
    missing = []
    for address, target, fragment in sorted(jumps):
        if target not in texts:
            if not target.startswith("/en/"):
                continue
            texts[target] = client.get(target).content.decode()
        if fragment not in ID.findall(texts[target]):
            missing.append((address, target, fragment))
    assert missing == []
    assert len(jumps) > 500
