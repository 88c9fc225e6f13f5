"""Says which country or organisation a delegation of a list of participants is of.

A name decides before a code. docs/formats.md says how names are compared, and what is only reported.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import NamedTuple

from conference.choices import OrganisationKind
from conference.imports.categories import Sender
from conference.imports.person_names import language_of, read_name
from conference.imports.records import Slugs
from conference.imports.texts import cut
from conference.imports.values import shown
from conference.models import Country, Organisation
from content import languages
from content.choices import PublicationState
from content.imports.spelling import plain, similarity, trigrams
from content.models.base import neutral_slug

Party = Country | Organisation

# Codes that ISO 3166 no longer has, or that are reserved for what it calls otherwise.
FORMER_CODES = {
    "ZAR": "CD", "ZR": "CD", "BUR": "MM", "BU": "MM", "TMP": "TL", "TP": "TL", "ROM": "RO", "FXX": "FR", "UK": "GB",
    "EL": "GR", "SU": "SUHH", "YU": "YUCS", "DD": "DDDE", "AN": "ANHH", "BYS": "BY", "XKV": "XK", "WBG": "PS",
}  # fmt: skip
EUROPEAN_UNION = frozenset({"EU", "EUE", "EUU", "EUR", "EEC"})

_STOP_WORDS = frozenset(
    "the of and for de la le les l el los las del du des d et y e a to on in da do pour para por en au aux".split()
)
_PARENTHESIS = re.compile(r"^(?P<base>.*\S)\s*[(\[](?P<inner>[^()\[\]]{1,40})[)\]]\s*[:;,.]?$", re.DOTALL)
_ACRONYM = re.compile(r"[^\W_][\w&./’'-]{1,14}")
_CONTINUED = re.compile(r"^(?:suite|cont|contd|continued|continuacion|cont d|fin|end|продолжение|续)$")
# So much alike are two spellings of one country, so much of an organisation whose acronym is the same as well.
_NEAR_COUNTRY, _NEAR_NAME = 0.88, 0.5
_RELATED = 0.2
_LONGEST = Organisation._meta.get_field("name").max_length
_LONGEST_ACRONYM = Organisation._meta.get_field("acronym").max_length


class Called(NamedTuple):
    """What a delegation is called in a row, and whether states or organisations are in its group."""

    text: str
    code: str
    sender: Sender


@dataclass
class Found:
    """`refusal` where there is no party; `remarks` are worth saying once."""

    party: Party | None = None
    refusal: str = ""
    remarks: list[str] = field(default_factory=list)


class Name(NamedTuple):
    base: str
    acronym: str


def signature(text: str) -> str:
    """The words that count, in any order: "Iran (Islamic Republic of)" is "Islamic Republic of Iran"."""
    words = plain(text.replace("&", " and ")).split()
    counting = sorted({_one_spelling(word) for word in words if word not in _STOP_WORDS})
    return " ".join(counting) or plain(text)


def _one_spelling(word: str) -> str:
    """British and American, and "St." for Saint."""
    if word in {"st", "sainte"}:
        return "saint"
    if word in {"centre", "center"}:
        return "center"
    return word.replace("isation", "ization").replace("programme", "program")


def split_acronym(text: str, is_country: Callable[[str], bool]) -> Name:
    """ "World Health Organization (WHO)": the name, and the acronym that stands behind it."""
    match = _PARENTHESIS.match(text)
    if not match:
        return Name(text.strip(" :;,"), "")
    base, inner = match["base"].strip(" -–:;,"), match["inner"].strip()
    if _CONTINUED.match(plain(inner)):
        return split_acronym(base, is_country)
    short = inner.split("/")[0].strip()
    if _ACRONYM.fullmatch(short) and not is_country(inner) and base:
        return Name(base, short)
    return Name(text.strip(" :;,"), "")


class Parties:
    """Countries and organisations on file, and the new organisations that the file makes."""

    def __init__(self, *, draft: bool):
        self.draft = draft
        self.countries = list(Country.objects.order_by("code"))
        self.organisations = list(Organisation.objects.order_by("pk"))
        self.new: list[Organisation] = []
        self._slugs = Slugs(organisation.slug for organisation in self.organisations)
        self._by_code = {country.code: country for country in self.countries}
        self._by_alpha3 = {country.alpha3: country for country in self.countries}
        self._by_number = {country.m49: country for country in self.countries if country.listed}
        self._country_names: dict[str, Country | None] = {}
        for country in self.countries:
            for name in country_names(country):
                self._learn_country(signature(name), country)
        self._by_signature: dict[str, Organisation] = {}
        self._by_acronym: dict[str, Organisation | None] = {}
        for organisation in self.organisations:
            self._learn(organisation)
        self._found: dict[Called, Found] = {}
        self._agreed: dict[tuple[str, int], bool] = {}

    def find(self, all_called: Iterable[Called]) -> None:
        """Full names before bare acronyms, since these are understood by those."""
        for called in sorted(all_called, key=lambda one: " " not in one.text):
            self._found[called] = self._resolve(called)

    def __getitem__(self, called: Called) -> Found:
        return self._found[called]

    def country_of_code(self, code: str) -> Country | None:
        code = code.strip().upper().strip(".")
        code = FORMER_CODES.get(code, code)
        number = code.zfill(3) if code.isdecimal() else ""
        return self._by_code.get(code) or self._by_alpha3.get(code) or self._by_number.get(number)

    def country_of_name(self, text: str) -> Country | None:
        name = text.strip(" :;,*")
        return self._country_names.get(signature(name)) or self._country_names.get(signature(self._named(name).base))

    def agree(self, text: str, country: Country) -> bool:
        """Whether the text may well be a name of the country, one that nobody has written down."""
        if (text, country.pk) not in self._agreed:
            known = self.country_of_name(text)
            mine = trigrams(text)
            near = any(similarity(mine, trigrams(name)) >= _RELATED for name in country_names(country))
            self._agreed[text, country.pk] = known == country if known else near
        return self._agreed[text, country.pk]

    def _named(self, text: str) -> Name:
        return split_acronym(text, lambda inner: bool(self._country_names.get(signature(inner))))

    def _learn_country(self, key: str, country: Country) -> None:
        """A name that two countries have says nothing; one shown in public counts more than another name."""
        if key and self._country_names.setdefault(key, country) != country:
            self._country_names[key] = None

    def _learn(self, organisation: Organisation) -> None:
        for text in organisation_names(organisation):
            self._learn_name(text, organisation)
        if organisation.acronym:
            self._learn_acronym(organisation.acronym, organisation)

    def _learn_name(self, text: str, organisation: Organisation) -> None:
        name = self._named(text)
        self._by_signature.setdefault(signature(text), organisation)
        self._by_signature.setdefault(signature(name.base), organisation)
        if name.acronym:
            self._learn_acronym(name.acronym, organisation)
        if " " not in text and len(text) <= _LONGEST_ACRONYM:
            self._learn_acronym(text, organisation)

    def _learn_acronym(self, acronym: str, organisation: Organisation) -> None:
        """An acronym of two bodies says nothing by itself."""
        key = plain(acronym)
        if self._by_acronym.setdefault(key, organisation) is not organisation:
            self._by_acronym[key] = None

    # ── one delegation ─────────────────────────────────────────────────────────────────────────────────────────────

    def _resolve(self, called: Called) -> Found:
        found = Found()
        coded = self._coded(called, found)
        named = self.country_of_name(called.text) if called.text else None
        if named:
            if coded and coded != named:
                found.remarks.append(
                    f"{shown(called.text)} has the code {called.code}, which is {coded.name_en}'s: the name is taken"
                )
            found.party = named
        elif not called.text:
            self._by_code_alone(called, coded, found)
        elif known := self.organisation_of_name(called.text, found):
            found.party = known
        else:
            self._unknown(called, coded, found)
        return found

    def _coded(self, called: Called, found: Found) -> Country | None:
        if not called.code or called.code.upper() in EUROPEAN_UNION:
            return None
        country = self.country_of_code(called.code)
        if not country:
            found.remarks.append(f"{shown(called.code)} is no code of ISO 3166: it is left out")
        return country

    def _by_code_alone(self, called: Called, coded: Country | None, found: Found) -> None:
        if coded:
            found.party = coded
        elif called.code.upper() in EUROPEAN_UNION:
            found.party = self.organisation_of_name("European Union", found)
        else:
            found.refusal = "the delegation has no name and no code"

    def _unknown(self, called: Called, coded: Country | None, found: Found) -> None:
        text = called.text
        if coded and self._is_state(called, coded):
            found.party = coded
            found.remarks.append(f"{shown(text)} is taken for {coded.name_en} by the code {called.code}")
        elif called.sender != "organisation" and (bare := self._bare_code(text)):
            found.party = bare
        elif called.sender != "organisation" and (near := self.near_country(text)):
            found.party = near
            found.remarks.append(f"{shown(text)} is taken for {near.name_en}, which is spelled nearly so")
        elif called.sender == "state":
            found.refusal = (
                f"no country or organisation on file is called {shown(text)}: give its code, or add the name to the"
                " other names of the country or organisation"
            )
        elif _is_person(text):
            found.refusal = f"{shown(text)} looks like a person, not a delegation"
        else:
            found.party = self._new_organisation(called, coded, found)

    def _is_state(self, called: Called, coded: Country) -> bool:
        """The code of an organisation says where its seat is."""
        return called.sender == "state" or (called.sender == "" and self.agree(called.text, coded))

    def _bare_code(self, text: str) -> Country | None:
        return self.country_of_code(text) if re.fullmatch(r"[A-Z]{2,3}", text) else None

    def near_country(self, text: str) -> Country | None:
        """The only country that is spelled nearly so."""
        wanted, mine = signature(text), trigrams(text)
        if len(wanted) < 5:
            return None
        near = {
            country.pk: country
            for name, country in self._country_names.items()
            if country
            and abs(len(name) - len(wanted)) <= 3
            and similarity(mine, trigrams(name)) >= _RELATED
            and SequenceMatcher(None, wanted, name).ratio() >= _NEAR_COUNTRY
        }
        return next(iter(near.values())) if len(near) == 1 else None

    # ── organisations ──────────────────────────────────────────────────────────────────────────────────────────────

    def organisation_of_name(self, text: str, found: Found) -> Organisation | None:
        name = self._named(text)
        for key in (signature(text), signature(name.base)):
            if known := self._by_signature.get(key):
                return known
        if " " not in text and (known := self._by_acronym.get(plain(text))):
            return known
        if body := self._body(name):
            return self._make_body(body)
        if name.acronym and (known := self._by_acronym.get(plain(name.acronym))):
            mine = trigrams(name.base)
            names = [self._named(one).base for one in organisation_names(known)]
            if any(similarity(mine, trigrams(one)) >= _NEAR_NAME for one in names):
                found.remarks.append(f"{shown(text)} is taken for {shown(known.name_en or str(known))}")
                self._learn_name(text, known)
                return known
        return None

    def _body(self, name: Name) -> dict | None:
        by_name, by_acronym = known_bodies()
        body = by_name.get(signature(name.base))
        if body or (" " not in name.base and (body := by_acronym.get(plain(name.base)))):
            return body
        near = by_acronym.get(plain(name.acronym)) if name.acronym else None
        mine = trigrams(name.base)
        names = [*near["names"].values(), *near["other_names"]] if near else []
        return near if any(similarity(mine, trigrams(one)) >= _NEAR_NAME for one in names) else None

    def _make_body(self, body: dict) -> Organisation:
        """One that is on file under another of its names is found by it."""
        texts = [*body["names"].values(), *body["other_names"]]
        for text in texts:
            if known := self._by_signature.get(signature(text)):
                break
        else:
            known = self.make(body["names"], body["acronyms"][0], OrganisationKind.INTERGOVERNMENTAL)
        for text in texts:
            self._by_signature.setdefault(signature(text), known)
        for acronym in body["acronyms"]:
            self._by_acronym.setdefault(plain(acronym), known)
        return known

    def _new_organisation(self, called: Called, coded: Country | None, found: Found) -> Organisation:
        name = self._named(called.text)
        if len(name.base) > _LONGEST:
            found.remarks.append(f"the name has {len(name.base)} characters, {_LONGEST} fit: the rest is cut off")
        text = cut(name.base, _LONGEST)
        kind = OrganisationKind.NON_GOVERNMENTAL if called.sender == "organisation" else OrganisationKind.OTHER
        organisation = self.make({language_of(text): text}, name.acronym[:_LONGEST_ACRONYM], kind)
        organisation.country = coded
        if not called.sender:
            found.remarks.append(f"{shown(called.text)} is no country on file: taken as an organisation")
        self._learn_name(called.text, organisation)
        return organisation

    def make(self, names: dict[str, str], acronym: str, kind: OrganisationKind) -> Organisation:
        organisation = Organisation(
            slug=self._slugs.take(neutral_slug(names.get("en", ""), acronym) or "organisation"),
            acronym=acronym,
            kind=kind,
            state=PublicationState.DRAFT if self.draft else PublicationState.PUBLISHED,
            **{languages.column("name", code): text for code, text in names.items()},
        )
        self.new.append(organisation)
        self._learn(organisation)
        return organisation


def country_names(country: Country) -> list[str]:
    columns = [languages.column(name, code) for name in ("name", "official_name") for code in languages.CODES]
    return [name for name in [*(getattr(country, column) for column in columns), *country.other_names] if name]


def organisation_names(organisation: Organisation) -> list[str]:
    names = [getattr(organisation, languages.column("name", code)) for code in languages.CODES]
    return [name for name in [*names, *organisation.other_names] if name]


def _is_person(text: str) -> bool:
    """ "M. Jean Dupont" among the organisations is a slip; "Dr. Example Foundation for Health" is not."""
    name, honorific = read_name(text)
    return bool(honorific) and len(name.split()) == 2


@cache
def known_bodies() -> tuple[dict[str, dict], dict[str, dict]]:
    bodies = json.loads(Path(__file__).with_name("bodies.json").read_text(encoding="utf-8"))["bodies"]
    by_name = {signature(text): body for body in bodies for text in [*body["names"].values(), *body["other_names"]]}
    return by_name, {plain(acronym): body for body in bodies for acronym in body["acronyms"]}
