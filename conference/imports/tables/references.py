"""What the rows of a table may name: countries, organisations and the rest, and the organisations that it makes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from django.db import models

from conference.choices import OrganisationKind
from conference.imports.parties import Found, Parties, organisation_names, signature
from conference.imports.person_names import language_of
from conference.imports.tables.near import NearNames
from conference.imports.texts import cut
from conference.models import Country, Organisation
from content import languages
from content.fields import SLUG_PATTERN
from content.imports.cells import shown
from content.imports.spelling import plain, spelling
from content.models import Source
from content.models.base import Record

Say = Callable[[str, str], None]
"""Takes what the remark is about, so that it is made once, and the remark."""

ROR = re.compile(r"(?:https?://)?(?:www\.)?(?:ror\.org/)?(0[a-hj-km-np-tv-z0-9]{6}[0-9]{2})/?", re.IGNORECASE)
# Columns that are not read for a name alone, and columns that name a record beside its slug and name.
_LARGE = {Source: ("text",)}
_ALSO = {Source: ("address",)}
_LONGEST_NAME = Organisation._meta.get_field("name").max_length


def ror_of(text: str) -> str:
    match = ROR.fullmatch(text.strip())
    return f"https://ror.org/{match[1].lower()}" if match else ""


class Named:
    """The records of one model by slug, and by their names in six languages; a name of two says nothing."""

    def __init__(self, rows: Iterable[Any], name: str, *others: str):
        self.by_slug: defaultdict[str, list[Any]] = defaultdict(list)
        self._by_name: dict[str, Any] = {}
        for row in rows:
            self.by_slug[row.slug].append(row)
            texts = [getattr(row, languages.column(name, code)) for code in languages.CODES]
            for key in {signature(text) for text in texts if text} | {getattr(row, other) for other in others}:
                if key and self._by_name.setdefault(key, row) is not row:
                    self._by_name[key] = None

    def add(self, row: Any) -> None:
        self.by_slug[row.slug].append(row)

    def get(self, text: str) -> Any:
        """The one that the text names, None for none or several."""
        found = self.by_slug.get(text, ())
        if len(found) == 1:
            return found[0]
        return self._by_name.get(text) or self._by_name.get(signature(text))


class Known:
    """A fixed number of queries. `own`: the table is one of our own, whose references are slugs and codes."""

    def __init__(self, *, draft: bool, own: bool):
        self.draft = draft
        self.own = own
        self.parties = Parties(draft=draft)
        self._codes = {country.code: country for country in self.parties.countries}
        self._slugs = {one.slug: one for one in self.parties.organisations}
        self._rors = {one.ror: one for one in self.parties.organisations if one.ror}
        self._ids = {str(one.uuid): one for one in self.parties.organisations}
        self._public: dict[type[models.Model], frozenset[int]] = {}
        self._named: dict[type[models.Model], Named] = {}
        self._near_countries: dict[str, Country | None] = {}

    def is_public(self, model: type[models.Model], pk: int) -> bool:
        """Whether our own tables name it; what they leave out, they can't take away."""
        if model not in self._public:
            rows = model.objects.published() if issubclass(model, Record) else model._base_manager.all()
            self._public[model] = frozenset(rows.order_by().values_list("pk", flat=True))
        return pk in self._public[model]

    # ── countries ──────────────────────────────────────────────────────────────────────────────────────────────────

    def country(self, text: str, say: Say) -> Country:
        if found := self.country_or_none(text):
            return found
        if text not in self._near_countries:
            self._near_countries[text] = self.parties.near_country(text)
        if near := self._near_countries[text]:
            say(f"country {text}", f"{shown(text)} is taken for {near.name_en}, which is spelled nearly so")
            return near
        raise ValueError(f"no country on file has the code or the name {shown(text)}")

    def country_or_none(self, text: str) -> Country | None:
        if found := self._codes.get(text):
            return found
        is_code = len(text) <= 4 and text.isascii() and text.isalnum()
        return (self.parties.country_of_code(text) if is_code else None) or self.parties.country_of_name(text)

    # ── organisations ──────────────────────────────────────────────────────────────────────────────────────────────

    def organisation(self, text: str, say: Say) -> Organisation:
        """By slug, ROR, name or acronym; else a new one, whose name is as long as one can be."""
        text = cut(text, _LONGEST_NAME)
        found = self._slugs.get(text) or self._rors.get(ror_of(text))
        if found:
            return found
        remarks = Found()
        known = None if self._is_new_slug(text) else self.parties.organisation_of_name(text, remarks)
        if known:
            if known.pk is None:
                self._tell_new(known, text, say)
            elif not self._is_called(known, text):
                name = languages.localised(known, "name", "en").text
                say(
                    f"organisation {text}", f"{shown(text)} is taken for the organisation {shown(name)} ({known.slug})"
                )
            return known
        return self.make_organisation({language_of(text): text}, text, say)

    def names_organisation(self, text: str) -> bool:
        """Whether the text is the slug or the ROR identifier of one on file."""
        return text in self._slugs or ror_of(text) in self._rors

    def organisation_of(self, reference: dict[str, Any], say: Say) -> Organisation:
        """As our own tables name one where it has a part, with id, slug and name."""
        slug, uuid, name = (reference.get(key) for key in ("slug", "id", "name"))
        if not isinstance(slug, str) or not slug:
            raise ValueError("an organisation without a slug")
        if found := self._slugs.get(slug) or (self._ids.get(uuid) if isinstance(uuid, str) else None):
            return found
        names = name if isinstance(name, dict) else {language_of(name): name} if isinstance(name, str) else {}
        texts = {code: text for code, text in names.items() if code in languages.CODES and isinstance(text, str)}
        texts = {code: text for code, text in texts.items() if text.strip()}
        return self.make_organisation(texts or {"en": slug}, slug, say)

    def make_organisation(self, names: dict[str, str], called: str, say: Say) -> Organisation:
        near = self._near.find(names.values())
        names = {code: cut(text.strip(), _LONGEST_NAME) for code, text in names.items()}
        made = self.parties.make(names, "", OrganisationKind.OTHER)
        if self._is_new_slug(called):
            made.slug = called
        self._slugs[made.slug] = made
        self._near.add(made, names.values())
        self._tell_new(made, called, say)
        if near:
            name = languages.localised(near, "name", "en").text
            say(
                f"near organisation {called}",
                f"{shown(called)} is much like the organisation {shown(name)} ({near.slug})",
            )
        return made

    def _is_new_slug(self, text: str) -> bool:
        return self.own and bool(re.fullmatch(SLUG_PATTERN, text)) and len(text) <= 100 and text not in self._slugs

    def _tell_new(self, made: Organisation, called: str, say: Say) -> None:
        say(f"organisation {made.slug}", f"there is no organisation {shown(called)} on file: it is created")

    def _is_called(self, organisation: Organisation, text: str) -> bool:
        names = [*organisation_names(organisation), organisation.acronym]
        return spelling(text) in {spelling(name) for name in names} or plain(text) == plain(organisation.acronym)

    @cached_property
    def _near(self) -> NearNames:
        near = NearNames()
        for organisation in self.parties.organisations:
            near.add(organisation, organisation_names(organisation))
        return near

    # ── the rest ───────────────────────────────────────────────────────────────────────────────────────────────────

    def of(self, model: type[models.Model], *others: str) -> Named:
        """The records of the model, by slug, name and these columns."""
        if model not in self._named:
            rows = model._base_manager.order_by("pk").defer(*_LARGE.get(model, ()))
            self._named[model] = Named(rows, getattr(model, "sort_field", "name"), *_ALSO.get(model, others))
        return self._named[model]
