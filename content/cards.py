"""What the picture of a page says where its address is shared, and what goes with it: title, words, kind of page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from content import figure_presentation, languages
from content.choices import QuoteKind
from content.exports.plain_text import plain_text
from content.models import Figure, Site
from content.presentation import Shown, claims_in_a_row, listed, locale, phrase, sentences, shown, spoken

Words = dict[str, Any]

# What stands before and after a quotation, by its language; the rest do as English does.
QUOTATION_MARKS = {"fr": ("«\u00a0", "\u00a0»"), "es": ("«", "»"), "ru": ("«", "»"), "ar": ("«", "»")}
ENGLISH_MARKS = ("“", "”")
# As networks name them: with the country in which a language is meant.
OPEN_GRAPH_LOCALES = {
    "en": "en_GB", "zh-hans": "zh_CN", "fr": "fr_FR", "es": "es_ES", "ru": "ru_RU", "ar": "ar_AR",
}  # fmt: skip
# A picture holds so much: Han say as much in a third of the signs.
LONGEST_TITLE, LONGEST_TEXT, LONGEST_QUOTE = 200, 190, 250
HAN = 0.4
FIRST_LANE, LAST_LANE = 1, 5
MOST_NAMED, MOST_CLAIMS = 3, 4
NOTHING = Shown("")


@dataclass(frozen=True)
class Card:
    """`facts`: the first is set in bold. `figure` and `weave` are the two other faces that a picture can have."""

    title: Shown
    kind: str = ""
    sub: Shown = NOTHING
    facts: tuple[Shown | str, ...] = ()
    description: str = ""
    lane: int | None = None
    chip: str = ""
    sample: bool = False
    figure: Words | None = None
    weave: Words | None = None
    type: str = "website"

    @property
    def headline(self) -> str:
        """The title, with what a figure tells."""
        figure = self.figure
        if not figure:
            return str(self.title)
        if figure["claims"]:
            return _("%(name)s: %(value)s") % {"name": self.title, "value": figure["value"]}
        return " ".join(filter(None, [figure["qualifier"], figure["value"], str(self.title)]))

    @property
    def alt(self) -> str:
        """All that the picture says, for who doesn't see it."""
        figure = self.figure or {}
        claim = figure.get("claim") or {}
        parts = [
            self.kind,
            self.headline,
            str(self.sub),
            *map(str, self.facts),
            "".join(claim.get(part, "") for part in ("open", "before", "marked", "after", "close")),
            *map(str, claim.get("origin", ())),
            self.chip,
            _("Sample data") if self.sample else "",
        ]
        return sentences(*parts)

    def words(self) -> Words:
        """As the template of the picture takes them."""
        language = languages.current()
        figure = self.figure
        return {
            "lang": locale(language).partition("_")[0],
            "dir": languages.direction(language),
            "name": shown(Site.objects.first(), "name").text or _("Portal"),
            "kind": self.kind,
            "chip": self.chip,
            "sample": _("Sample data") if self.sample else "",
            "title": spoken(shortened(self.title, LONGEST_TITLE)),
            "title-text": str(self.title),
            "sub": spoken(shortened(self.sub, LONGEST_TEXT)),
            "facts": [spoken(fact) if isinstance(fact, Shown) else fact for fact in self.facts],
            "lane": self.lane if self.lane and FIRST_LANE <= self.lane <= LAST_LANE else None,
            "figure": figure and {key: figure[key] for key in ("value", "qualifier", "is-word", "unit")},
            "claim": figure and figure["claim"],
            "claims": figure["claims"] if figure else [],
            "weave": self.weave,
        }


def shortened(words: Shown, length: int) -> Shown:
    han = (words.lang or languages.html_code(languages.current())).startswith("zh")
    return Shown(Truncator(words.text).chars(int(length * HAN) if han else length), words.lang, words.dir)


def plain(record, field: str) -> Shown:
    """A text of a record without markup, on one line."""
    words = shown(record, field)
    return Shown(" ".join(plain_text(words.text).split()), words.lang, words.dir)


def crumb_shown(crumb: Words) -> Shown:
    return Shown(str(crumb.get("label", "")), crumb.get("lang", ""), crumb.get("dir", ""))


def kind_of(record) -> str:
    if hasattr(record, "get_kind_display"):
        return str(record.get_kind_display())
    name = str(record._meta.verbose_name)
    return name[:1].upper() + name[1:]


def names(records: Iterable) -> str:
    """The first of them, and a sign that there are more."""
    found = [shown(record, "name").text for record in records]
    return listed([*found[:MOST_NAMED], *(["…"] if len(found) > MOST_NAMED else [])])


def facts(*found: Shown | str) -> tuple[Shown | str, ...]:
    return tuple(fact for fact in found if fact)


# ── figures ────────────────────────────────────────────────────────────────────────────────────────────────────────


def figure_card(figure: Figure, name: Shown) -> Card:
    """The value with its qualifier and unit, and the words that carry it; where sources differ, what each says."""
    said = figure_presentation.card(figure)
    unit = Shown(said["unit"], said["lang"], said["dir"])
    strand = said["strand"] or {}
    if not said["value"]:
        hidden = Shown(_("Not shown: no source of this figure is public."))
        return Card(name, kind_of(figure), hidden, sample=said["sample"])
    claims = tuple(phrase(claim["value"], claim["outlet"]) for claim in said["differing"])
    return Card(
        unit,
        kind=kind_of(figure),
        facts=claims,
        description=figure_description(said, claims),
        lane=strand.get("position"),
        sample=said["sample"],
        figure={
            "value": said["value"],
            "qualifier": said["qualifier"],
            "is-word": said["is_word"],
            "unit": spoken(unit),
            "claim": said["claim"] and claim_words(said["claim"]),
            "claims": [
                {key: claim[key] for key in ("value", "outlet", "said_on")}
                for claim in said["differing"][:MOST_CLAIMS]
            ],
        },
        type="article",
    )


def figure_description(said: Words, claims: tuple[str, ...]) -> str:
    claim = said["claim"]
    if claim is None:
        return claims_in_a_row(*claims)
    words = claim_words(claim)
    text = "".join(words[part] for part in ("open", "before", "marked", "after", "close"))
    return f"{text} {phrase(*words['origin'])}"


def claim_words(claim: Words) -> Words:
    before, marked, after = around(claim["quote_before"], claim["quote_marked"], claim["quote_after"])
    language = claim["lang"].partition("-")[0]
    opening, closing = QUOTATION_MARKS.get(language, ENGLISH_MARKS) if claim["is_verbatim"] else ("", "")
    reported = "" if claim["is_verbatim"] else str(QuoteKind.REPORTED.label)
    return {
        "verbatim": claim["is_verbatim"],
        "open": opening,
        "before": before,
        "marked": marked,
        "after": after,
        "close": closing,
        "lang": claim["lang"],
        "dir": claim["dir"],
        "origin": [part for part in (reported, claim["speaker"], claim["outlet"], claim["said_on"]) if part],
    }


def around(before: str, marked: str, after: str) -> tuple[str, str, str]:
    """The words that count, and as much of those beside them as there is room for, cut between words."""
    if not marked:
        return Truncator(before).chars(LONGEST_QUOTE), "", ""
    marked = Truncator(marked).chars(LONGEST_QUOTE)
    room = max(LONGEST_QUOTE - len(marked), 60)
    if len(before) + len(after) <= room:
        return before, marked, after
    half = room // 2
    ahead = half + max(half - len(after), 0)
    behind = half + max(half - len(before), 0)
    if len(before) > ahead:
        before = "… " + before[-ahead:].partition(" ")[2] if " " in before[-ahead:] else "…" + before[-ahead:]
    if len(after) > behind:
        after = after[:behind].rpartition(" ")[0] + " …" if " " in after[:behind] else after[:behind] + "…"
    return before, marked, after
