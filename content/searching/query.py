"""A search as a condition on records: each term in a record's own words, or in those of what it belongs to."""

from functools import cache, cached_property
from typing import NamedTuple

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL

from content.models.base import Record
from content.models.searching import SearchEntry
from content.searching.index import SEARCHED, kind_of
from content.searching.parsing import Term, terms_of

# Of a long query, the terms that come after these are looked for in a record's own words alone.
MOST_RELATED_TERMS = 6
MANY_KINDS = 8


class Asked(NamedTuple):
    """A term with the tsquery, as text, that finds it."""

    term: Term
    tsquery: str


class Search:
    """What somebody typed, for a page in `language`. True where anything was typed, even if it has no word."""

    def __init__(self, text: str, language: str):
        self.text = " ".join(text.split())
        self.language = language

    def __bool__(self):
        return bool(self.text)

    @cached_property
    def terms(self) -> list[Term]:
        return terms_of(self.text)

    @cached_property
    def _analysed(self) -> tuple[list[Asked], str, str]:
        return analyse(self.terms, self.text, self.language)

    @property
    def asked(self) -> list[Asked]:
        """The terms that a record must have: all, but for words that say nothing in the language of the page."""
        return self._analysed[0]

    @property
    def all_terms(self) -> str:
        return joined(self.asked, "&")

    @property
    def ranking(self) -> tuple[str, str, str]:
        """The tsqueries of the database's function that ranks: the words, the whole text, and what begins with it."""
        asked, whole, beginning = self._analysed
        return joined(asked, "|"), whole, beginning


def analyse(terms: list[Term], text: str, language: str) -> tuple[list[Asked], str, str]:
    """The terms as the index has them, and what finds a title or code that is, or begins with, the whole text."""
    if not terms:
        return [], "", ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT portal_search_term(term, is_phrase, is_prefix)::text,"
            " NOT is_phrase AND portal_search_is_empty(%s, term)"
            " FROM unnest(%s::text[], %s::boolean[], %s::boolean[]) WITH ORDINALITY"
            " AS terms (term, is_phrase, is_prefix, place) ORDER BY place",
            [
                language,
                [term.text for term in terms],
                [term.phrase for term in terms],
                [term.prefix for term in terms],
            ],
        )
        rows = list(zip(terms, cursor.fetchall(), strict=True))
        cursor.execute(
            "SELECT portal_search_quoted(portal_search_exact(portal_search_fold(portal_search_clean(%s)))) || ' | '"
            " || portal_search_quoted(portal_search_exact(lower(normalize(%s, NFKC)))),"
            " portal_search_quoted(portal_search_exact(portal_search_fold(portal_search_clean(%s)))) || ':*'",
            [text] * 3,
        )
        whole, beginning = cursor.fetchone()
    found = [(Asked(term, query), empty) for term, (query, empty) in rows if query]
    telling = [asked for asked, empty in found if not empty]
    return telling or [asked for asked, _empty in found], whole, beginning


def joined(asked: list[Asked], operator: str) -> str:
    return f" {operator} ".join(f"({one.tsquery})" for one in asked)


# The entries of a kind that have a term.
HAVING = "SELECT kind, object_id FROM content_searchentry WHERE vector @@ %s::tsquery AND kind = ANY(%s)"


def matches(models: list[type], search: Search) -> tuple[str, list]:
    """SQL for (kind, object_id) of all records of these models, hidden ones too, that have every term; some twice.

    A term may stand in the words of what a record belongs to, if that is public.
    """
    searched = sorted(kind_of(model) for model in models)
    related = [relation for model in models for relation in relations(model)]
    parts: list[str] = []
    parameters: list = []
    for place, term in enumerate(terms_apart(search, bool(related))):
        found = [HAVING]
        parameters += [within(searched, term), searched]
        for relation in related if place < MOST_RELATED_TERMS else ():
            found.append(
                f"SELECT '{relation.kind}', pair.id FROM ({HAVING}) AS near"
                f" JOIN ({relation.sql}) AS pair ON pair.related = near.object_id"
            )
            parameters += [within([relation.related], term), [relation.related], *relation.parameters]
        parts.append(f"({' UNION ALL '.join(found)})")
    return " INTERSECT ".join(parts), parameters


def condition(model, search: Search) -> Q:
    """The rows of a model that have every term."""
    if not search.asked:
        return Q(pk__in=[])
    sql, parameters = matches([model], search)
    return Q(pk__in=RawSQL(f"SELECT object_id FROM ({sql}) AS found", parameters))


def terms_apart(search: Search, are_related: bool) -> list[str]:
    """What is looked for by itself: each term where several records may share them, all at once where not."""
    terms = [asked.tsquery for asked in search.asked]
    if not are_related:
        return [search.all_terms]
    if len(terms) > MOST_RELATED_TERMS:
        return [*terms[:MOST_RELATED_TERMS], joined(search.asked[MOST_RELATED_TERMS:], "&")]
    return terms


def within(kinds: list[str], term: str) -> str:
    """Kinds are words of the index: one look into it finds both. Among all kinds that would cut nothing."""
    if len(kinds) > MANY_KINDS:
        return term
    any_kind = " | ".join(f"'#{kind}'" for kind in kinds)
    return f"({any_kind}) & ({term})"


class Relation(NamedTuple):
    """Pairs of `id`, of a record, and `related`, of a public one by whose words it is found, as SQL."""

    kind: str
    path: str
    related: str
    sql: str
    parameters: tuple


@cache
def relations(model) -> tuple[Relation, ...]:
    return tuple(relation_by(model, path) for path in SEARCHED[model._meta.label].through)


def relation_by(model, path: str) -> Relation:
    related = related_model(model, path)
    public = public_rows(related).order_by().values("pk")
    pairs = model._base_manager.filter(**{f"{path}__in": public}).order_by().values("id", related=F(path))
    sql, parameters = pairs.query.sql_with_params()
    return Relation(kind_of(model), path, kind_of(related), sql, parameters)


def related_model(model, path: str):
    for name in path.split("__"):
        model = model._meta.get_field(name).related_model
    return model


def public_rows(model) -> QuerySet:
    return model.objects.published() if issubclass(model, Record) else model._default_manager.all()


def entries(model, words: str) -> QuerySet:
    """The identifiers of all records of a model that have the words, hidden ones too."""
    found = SearchEntry.objects.filter(vector__matches=f"'#{kind_of(model)}' & ({words})")
    return found.order_by().values("object_id")
