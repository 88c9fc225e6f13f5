"""Quotes keep to their source, whoever writes and from wherever: the database sees to it."""

import threading

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from content.models import Claim, Source
from tests.world import World

MARKED = ["“{}”", "„{}“.", "« {} »", "»{}«", "‹{}›", "「{}」。", '"{}"', "＂{}＂", "‘{}’"]


def reported(**texts) -> None:
    Claim.objects.update(quote_kind="reported", offset=None, quote_marked="", **texts)


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["quote", "quote_translation_fr", "quote_translation_ar"])
@pytest.mark.parametrize("marks", MARKED)
def test_a_report_stands_in_quotation_marks_in_no_language(marks, column):
    World(1)
    with pytest.raises(IntegrityError, match="claim_reported_without_marks"):
        reported(**{column: marks.format("more than fifty laboratories")})


@pytest.mark.django_db
def test_a_report_may_quote_a_title_and_words_of_a_source_may_have_marks():
    World(1)
    reported(quote="the theme “Together” was chosen", quote_translation_fr="le thème « Ensemble » a été choisi")
    Source.objects.update(text="“nine centres”")
    Claim.objects.update(quote_kind="verbatim", offset=0, quote="“nine centres”", quote_translation_fr="« neuf »")


@pytest.mark.django_db
def test_words_that_carry_a_figure_are_a_part_of_the_quote_whoever_writes():
    World(1)
    with pytest.raises(IntegrityError, match="claim_marks_its_own_words"):
        Claim.objects.update(quote_marked="ninety")


@pytest.mark.django_db(transaction=True)
def test_who_alters_a_source_while_it_is_quoted_waits_and_is_refused():
    World(1)
    found = []

    def alter():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
            try:
                Source.objects.update(text="ten centres")
            except OperationalError as error:
                found.append(str(error))
        connection.close()

    Claim.objects.update(quote_kind="reported", offset=None)
    with transaction.atomic():
        Claim.objects.update(quote_kind="verbatim", offset=Source.objects.get().text.index("nine centres"))
        other = threading.Thread(target=alter)
        other.start()
        other.join()
    assert "lock timeout" in found[0]
    with pytest.raises(IntegrityError, match="does not have there"):
        Source.objects.update(text="ten centres")
