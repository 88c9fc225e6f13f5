"""What each part is shown with on the style page: one context a state, in the language that is active."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from content import figure_presentation, languages, world_map
from content.listings import FIGURES
from content.models import Strand
from content.presentation import day_text, number_text, short_day_text, shown

Context = dict[str, Any]
# Large, middle and small; a city state, and one at the edge of the map.
PLACES = {"CN": 12, "KE": 5, "SG": 1, "FJ": 1, "BR": 3}
HERE = "#"


class Records:
    """What is public, asked for once for all parts and languages of a page."""

    def __init__(self):
        self.strands = list(Strand.objects.published().order_by("position")[:5])
        self.figures = figure_presentation.loaded(FIGURES.rows().order_by("position", "id")[:50])

    def names(self) -> list[str]:
        """Words of middle length in the language, as a title has them."""
        found = [shown(strand, "name").text for strand in self.strands]
        return found if len(found) > 1 else [_("Programme"), _("Figures"), _("Projects")]

    def alone(self) -> list:
        """Figures of one value."""
        return [one for one in self.figures if figure_presentation.card(one)["claim"]][:2]

    def conflicting(self) -> list:
        return [one for one in self.figures if figure_presentation.card(one)["differing"]][:1]


def claims(records: Records) -> list[Context]:
    return [{"claim": figure_presentation.evidence(one)["claim"]} for one in records.alone()]


def places(records: Records) -> list[Context]:
    return [{"place": one["claim"]["place"]} for one in claims(records) if one["claim"]["place"]]


def compared(records: Records) -> list[Context]:
    found = [figure_presentation.evidence(one) for one in records.conflicting()]
    return [{"claims": one["claims"], "scale": one["scale"]} for one in found]


def answer_lines(records: Records) -> list[Context]:
    sentence = ngettext("<b>%(number)s</b> session", "<b>%(number)s</b> sessions", 1625)
    plain = (sentence % {"number": number_text(1625)}).replace("<b>", "").replace("</b>", "")
    actions = [{"label": _("List"), "url": HERE, "current": True}, {"label": _("Grid"), "url": HERE}]
    return [{"answer": plain}, {"answer": plain, "actions": actions}]


def breadcrumbs(records: Records) -> list[Context]:
    first, second, *_rest = records.names()
    items = [{"label": _("Cooperation"), "url": HERE}, {"label": first, "url": HERE}, {"label": second}]
    return [{"items": items}]


def chosen_filters(records: Records) -> list[Context]:
    chosen = [{"facet": _("Strand"), "label": name, "remove_url": HERE} for name in records.names()[:2]]
    return [{"chosen": chosen, "clear_url": HERE}]


def day_tabs(records: Records) -> list[Context]:
    today = timezone.now().date()
    days = [today.replace(day=number) for number in (6, 7, 8)]
    return [
        {
            "days": [
                {"label": day_text(day), "short_label": short_day_text(day), "url": HERE, "current": day.day == 7}
                for day in days
            ]
        }
    ]


def definitions(records: Records) -> list[Context]:
    first, second, *_rest = records.names()
    items = [
        {"term": _("Title"), "text": first},
        {"term": _("Status"), "text": ""},
        {
            "term": _("Strand"),
            "text": second,
            "url": HERE,
            "note": _("Machine-translated. The original is not on file."),
        },
    ]
    return [{"items": items}]


def glances(records: Records) -> list[Context]:
    """A word, a strand, countries, and what is only planned."""
    countries = [{"text": code, "code": code, "url": HERE} for code in list(PLACES)[:2]]
    items = [
        {"term": _("Status"), "text": _("Implementation")},
        {"term": _("Strand"), "text": records.names()[0], "url": HERE, "position": 1},
        {"term": _("Years"), "text": "2026–2028", "note": pgettext("date", "planned")},
        {"term": _("Countries"), "entries": countries},
        {"term": _("Host"), "text": ""},
    ]
    return [{"items": items}]


def facets(records: Records) -> list[Context]:
    options = [
        {"value": strand.slug, "label": name, "count": 7 * number, "selected": number == 1, "strand": strand.position}
        for number, (strand, name) in enumerate(zip(records.strands, records.names(), strict=False))
    ]
    facet = {"name": "strand", "label": _("Strand"), "options": options, "several": True, "more": 12, "more_url": HERE}
    return [{"facets": [facet], "search_label": _("Title, speaker or words from the abstract"), "action": HERE}]


def sessions(records: Records) -> list[Context]:
    """The states that a session can be in, each told by words as well as by its look."""
    base = {
        "url": HERE,
        "start_label": "09:30",
        "end_label": "10:45",
        "datetime_start": "09:30",
        "room": records.names()[-1],
        "type": _("Session"),
        "languages": ["en", "ar"],
        "state": "confirmed",
    }
    states = [
        {"strand": 1, "sample": True},
        {"strand": 2, "is_now": True},
        {"strand": 3, "state": "cancelled"},
        {"strand": 4, "state": "tentative"},
        {"strand": 5, "moved_from": "08:30"},
        {"is_plenary": True},
        {"is_break": True},
        {"strand": 1, "clashes": records.names()[:1]},
    ]
    return [
        {"session": base | {"title": records.names()[number % len(records.names())]} | state}
        for number, state in enumerate(states)
    ]


def grids(records: Records) -> list[Context]:
    """Half an hour in two rooms, then a plenary across both."""
    told = [one["session"] for one in sessions(records)]
    rooms = [{"name": name} for name in records.names()[:2]]
    halves = [{"kind": "session", "rowspan": 1, "colspan": 1, "session": session} for session in told[:2]]
    plenary = {"kind": "plenary", "rowspan": 1, "colspan": 2, "session": told[5]}
    rows = [
        {"start_label": "09:30", "datetime": "09:30", "span": 12, "is_hour": True, "cells": halves},
        {"start_label": "10:30", "datetime": "10:30", "span": 12, "is_hour": True, "cells": [plenary]},
    ]
    return [{"grid": {"caption": _("Programme"), "rooms": rooms, "rows": rows}}]


def maps(records: Records) -> list[Context]:
    places = [{"code": code, "text": code, "url": HERE, "count": count} for code, count in PLACES.items()]
    return [{"map": world_map.dots(places), "label": _("Participant countries")}]


def language_links(records: Records) -> list[Context]:
    found = [
        {
            "html": languages.html_code(code),
            "dir": languages.direction(code),
            "native_name": languages.NATIVE_NAMES[code],
            "url": HERE,
            "current": code == languages.current(),
        }
        for code in languages.CODES
    ]
    return [{"languages": found}]


def checks(records: Records) -> list[Context]:
    """Twelve on file of more than fifty claimed, and nothing on file."""
    words = {"claimed": number_text(50), "claimed_as": str(figure_presentation.CLAIMED["more_than"])}
    fewer = {"state": "fewer_on_file", "on_file": 12, "url": HERE, "filled": range(12), "open": range(38)}
    return [{"check": words | fewer, "position": 2}, {"check": words | {"state": "not_recorded"}}]


def pagers(records: Records) -> list[Context]:
    return [{"pager": {"previous_url": HERE, "next_url": HERE}}]


def of_figures(records: Records) -> list[Context]:
    return [{"figure": figure_presentation.card(one)} for one in [*records.alone(), *records.conflicting()][1:]]


def of_states(*states) -> list[Context]:
    return [{"state": state} for state in states]


STATES = {
    "_answer_line": answer_lines,
    "_breadcrumbs": breadcrumbs,
    "_chosen_filters": chosen_filters,
    "_citation": lambda records: [
        {"citation": {"before": records.names()[0] + ".", "url": "https://portal.example.org/", "after": "CC BY 4.0."}}
    ],
    "_claims_compared": compared,
    "_country_code": [{"code": "KE"}],
    "_day_tabs": day_tabs,
    "_definition_list": definitions,
    "_empty": lambda records: [
        {"state": _("None on record."), "next": _("An editor adds one in the administration.")},
        {"state": _("Not recorded.")},
    ],
    "_exports": [{"exports": [{"label": label, "url": HERE, "type": ""} for label in ("CSV", "XLSX", "JSON")]}],
    "_facets": facets,
    "_fallback_note": lambda records: [{"language_name": languages.NATIVE_NAMES["en"]}],
    "_figure_card": of_figures,
    "_figure_cards": lambda records: [{"figures": [*records.alone(), *records.conflicting()], "large": 1}],
    "_figure_embed": lambda records: [
        {"figure": figure_presentation.embedded(one)} for one in [*records.alone()[:1], *records.conflicting()]
    ],
    "_figure_head": lambda records: [{"figure": figure_presentation.head(one)} for one in records.alone()[:1]],
    "_figure_line": of_figures,
    "_glance": glances,
    "_lane_mark": [{"position": position} for position in range(7)],
    "_language_list": language_links,
    "_logo": [{}],
    "_machine_translated_note": lambda records: [{}, {"original_language": languages.NATIVE_NAMES["zh-hans"]}],
    "_machine_translated_state": of_states(True, False, None),
    "_map": maps,
    "_marked": lambda records: [
        {"pieces": [{"text": name + " ", "marked": place == 1} for place, name in enumerate(records.names())]}
    ],
    "_pager": pagers,
    "_place_ruler": places,
    "_programme_grid": grids,
    "_quote": claims,
    "_quote_block": claims,
    "_records_check": checks,
    "_records_state": of_states("agrees", "fewer_on_file", "more_on_file", "refused", "not_recorded"),
    "_sample_mark": [{}],
    "_search": [{"url": HERE}, {"url": HERE, "q": "16,000", "large": True}],
    "_search_help": [{}],
    "_session_card": sessions,
    "_session_state": sessions,
    "_source_mark": claims,
    "_stored_file": [
        {
            "file": {
                "path": "projects.csv",
                "url": HERE,
                "mediatype": "text/csv",
                "bytes": 152_000,
                "checksum": "9f" * 32,
            }
        }
    ],
    "_ways_out": [{}, {"beside": True}],
}


def contexts(part: str, records: Records) -> list[Context]:
    """Raises KeyError for a part that nobody has said a word about."""
    found = STATES[part]
    return found(records) if callable(found) else found
