"""The search index: what it holds is written by the database alone (content/searching/index.py)."""

from django.contrib.postgres.search import SearchVectorField
from django.db import models

from content import languages


@SearchVectorField.register_lookup
class Matches(models.Lookup):
    """A vector beside a tsquery as text, whose words are as the index has them."""

    lookup_name = "matches"

    def as_sql(self, compiler, connection):
        vector, parameters = self.process_lhs(compiler, connection)
        query, more = self.process_rhs(compiler, connection)
        return f"{vector} @@ {query}::tsquery", (*parameters, *more)


class SearchEntry(models.Model):
    """The words of one record, public or not: whoever reads it asks for the public records beside it.

    `vector` has the words of all languages, with `#kind` and, behind `=`, codes and whole titles; a vector a language
    serves the ranking. Triggers keep it in the transaction that changes the record, so it is not managed by Django.
    """

    kind = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    vector = SearchVectorField()
    vector_en = SearchVectorField()
    vector_zh_hans = SearchVectorField()
    vector_fr = SearchVectorField()
    vector_es = SearchVectorField()
    vector_ru = SearchVectorField()
    vector_ar = SearchVectorField()

    class Meta:
        managed = False
        db_table = "content_searchentry"

    def __str__(self):
        return f"{self.kind} {self.object_id}"


class SearchWord(models.Model):
    """A word that some record has or had, for finding what a slip of the pen meant. Of hidden records too."""

    word = models.TextField(primary_key=True)

    class Meta:
        managed = False
        db_table = "content_searchword"

    def __str__(self):
        return self.word


VECTORS = tuple(languages.column("vector", code) for code in languages.CODES)
