"""What is not public yet, or no longer, is nowhere: every kind of record, in every state, at every address.

One world is planted and walked once; the tests look at what the walk has brought back.
"""

import json
import logging
import re
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, models
from django.test import override_settings
from django.utils import timezone

from brst_site.datasets import DATASETS
from brst_site.sitemaps import SITEMAPS
from content import languages
from content.filters import ReferenceFilter
from content.models.base import Identified
from content.revision import current
from tests.conftest import in_a_test_database
from tests.sentinels import LETTERS, NEVER_SEEN, ONCE_SEEN, Sentinels, model_named, planted_models, records
from tests.walk import Address, Answer, Walk, known

# Words made as those of hidden records are, that nobody has planted.
CONTROL = "zqxzzzzz"
# Hidden words, codes of hidden countries, numbers and the year of everything hidden.
MARK = re.compile(
    rf"zqx[{LETTERS}]{{5}}|\bQZ[JVWX]{{2}}\b"
    r"|(?<![\da-f-])7[ .,\u00a0\u202f\u066c']?654[ .,\u00a0\u202f\u066c']?\d{3}(?![\da-f-])"
    r"|(?<![\da-f-])2087(?![\da-f])",
    re.IGNORECASE,
)
# A page's validators have the quarter of an hour in them, which may end during the walk.
QUARTER = re.compile(r"(?m)^(?:etag|last-modified): .*$")
LENGTH = re.compile(r"(?m)^content-length: .*$")
UUID = re.compile(r"[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}")
ENDINGS = ("csv", "ndjson", "json", "xlsx")


@dataclass
class Walked:
    walk: Walk
    sentinels: Sentinels
    before: dict[str, Answer]
    after: dict[str, Answer]
    revisions: tuple[int, int]
    # State, hidden record, address, and what it answered.
    guesses: list[tuple[str, object, str, Answer]] = field(default_factory=list)


@pytest.fixture(scope="module")
def walked(django_db_setup, django_db_blocker, tmp_path_factory):
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    media = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    root = tmp_path_factory.mktemp("media")
    with (
        django_db_blocker.unblock(),
        override_settings(STORAGES={"default": media, "staticfiles": plain}, MEDIA_ROOT=root),
    ):
        in_a_test_database()
        try:
            yield walk_the_world()
        finally:
            call_command("flush", verbosity=0, interactive=False)


def walk_the_world() -> Walked:
    sentinels = Sentinels()
    sentinels.build_public()
    walk = Walk()
    logging.disable(logging.INFO)
    starts = list(entrances(sentinels))
    walk.crawl(starts, follow=False)
    before, revision = walk.answers, current().number
    walk.answers = {}
    sentinels.plant(NEVER_SEEN)
    sentinels.plant_draft()
    sentinels.plant_staff_models()
    for address in before:
        walk.visit(address)
    walked = Walked(walk, sentinels, before, walk.answers, (revision, current().number))
    walk.answers = {}
    sentinels.plant(ONCE_SEEN)
    sentinels.plant_unconsented()
    sentinels.point_at_hidden()
    walk.crawl(starts)
    guess_everything(walked)
    return walked


# ── where to go ───────────────────────────────────────────────────────────────────────────────────────────────────


def entrances(sentinels: Sentinels):
    """Every address that the resolver knows, filled with public values, and what the API can be asked."""
    for address in known():
        for values in public_values(address, sentinels):
            yield from address.filled(values)
    meeting = sentinels.public(model_named("conference.Edition")).slug
    for listing in DATASETS:
        yield f"/api/v1/{listing.name}/?lang=all&facets={','.join(listing.filterset.facet_names())}"
        yield f"/api/v1/{listing.name}/?lang=all&modified_since=2001-01-01&page_size=200"
        for code in languages.CODES:
            yield f"/api/v1/{listing.name}/?lang={code}&page_size=1"
        for ending in (*ENDINGS, *listing.formats):
            edition = f"&edition={meeting}" if "edition" in listing.filterset.base_filters else ""
            yield f"/api/v1/{listing.name}.{ending}?lang=fr{edition}"
        for order in listing.orders:
            yield f"/api/v1/{listing.name}/?order=-{order}"
        for name in listing.filterset.facet_names():
            yield f"/api/v1/{listing.name}/aggregate/?group_by={name}&sum={','.join(listing.sums)}"
    yield f"/en/countries/compare/?country={sentinels.public(model_named('conference.Country')).slug}"


def public_values(address: Address, sentinels: Sentinels) -> list[list[str]]:
    """Values for its places, of public records; what says nothing of its kind is found by crawling."""
    values = []
    for _converter, name in address.places:
        if name == "section":
            return [[section] for section in SITEMAPS]
        model = address.model if name in ("slug", "uuid") else None
        model = model or next((one for one in records() if one._meta.model_name == name), None)
        if model is None:
            return []
        values.append(getattr(sentinels.public(model), name if name in ("slug", "uuid") else "slug"))
    return [values]


def guess_everything(walked: Walked) -> None:
    """Ask for each hidden record as one who knows its slug, and in the same way for what does not exist."""
    routes = list(known())
    for state, record in walked.sentinels.records:
        if isinstance(record, Identified):
            for address in routes:
                # Where a route does not say of what it is, one language is enough to see that it does not find it.
                codes = languages_of(state) if address.model or address.names(type(record)) else ("ar",)
                for values in guessed_values(address, record, walked.sentinels):
                    guess(walked, state, record, address.filled(values, codes))
            guess(walked, state, record, queries_about(record, walked.sentinels))


def guess(walked: Walked, state: str, record, addresses: list[str]) -> None:
    walked.guesses += [(state, record, address, walked.walk.get(address)) for address in addresses]


def languages_of(state: str) -> tuple[str, ...]:
    """Two for two states; how a page asks for the others differs in no language, so they are tried in one."""
    return ("en", "ar") if state in ("embargoed", "withdrawn") else ("ar",)


def guessed_values(address: Address, record, sentinels: Sentinels) -> list[list[str]]:
    """Values for the places of an address by which somebody could try to find the record."""
    names = [name for _converter, name in address.places]
    model = type(record)
    if "uuid" in names or not names:
        return [[str(record.uuid)]] if address.model is model and names == ["uuid"] else []
    own = {"slug": record.slug} if address.model in (model, None) else {}
    if any(name == model._meta.model_name for name in names):
        own[model._meta.model_name] = record.slug
    if not own or not own.keys() & set(names):
        return []
    values = []
    for converter, name in address.places:
        public = next((one for one in records() if one._meta.model_name == name), address.model)
        other = {"int": "1", "uuid": str(record.uuid)}.get(converter) or other_value(name, record)
        values.append(own.get(name) or other or (sentinels.public(public).slug if public else "en"))
    return [values]


def other_value(name: str, record) -> str:
    """Of an inner address: a hidden file of a hidden document, the edition of a session."""
    if name == "language":
        file = getattr(record, "files", None) and record.files.first()
        return file.language if file else "en"
    owner = getattr(record, name, None)
    return owner.slug if isinstance(owner, Identified) else ""


def queries_about(record, sentinels: Sentinels) -> list[str]:
    """Filters that name the record, and searches for its words, also misspelt and unfinished."""
    word = record.slug
    found = [
        f"/en/search/?q={word}",
        f"/api/v1/search/?q={with_a_slip(word)}",
        f"/api/v1/suggestions/?q={word[:5]}",
    ]
    for listing in DATASETS:
        start = f"/api/v1/{listing.name}/?page_size=1&fields=slug&"
        for name, item in listing.filterset.base_filters.items():
            if isinstance(item, ReferenceFilter) and item.existing().model is type(record):
                found.append(f"{start}{name}={getattr(record, item.key)}")
        if listing.model is type(record):
            found += [f"{start}slug={word}", f"{start}q={word}"]
    return found


def with_a_slip(word: str) -> str:
    """As one types who nearly knows the word: its third letter and the next are swapped."""
    return word[:2] + word[3:4] + word[2:3] + word[4:]


def asked_words(address: str) -> set[str]:
    return {found.lower() for found in MARK.findall(address)}


def like_control(text: str) -> str:
    """A text in which every hidden word, code and identifier has become the same, without its length."""
    return LENGTH.sub("", QUARTER.sub("etag: ", UUID.sub("uuid", MARK.sub(CONTROL, text))))


def marks_in(address: str, answer: Answer) -> set[str]:
    """The hidden words that an answer says without having been asked for them."""
    return {found.lower() for found in MARK.findall(answer.said)} - asked_words(address)


def leaks(sentinels: Sentinels, answers) -> list[tuple[str, str, str]]:
    return [
        (address, mark, sentinels.words.get(mark, ""))
        for address, answer in answers
        for mark in marks_in(address, answer)
    ]


# ── what must hold ────────────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_hidden_is_said_anywhere(walked):
    answers = [*walked.after.items(), *walked.walk.answers.items()]
    answers += [(address, answer) for _state, _record, address, answer in walked.guesses]
    assert leaks(walked.sentinels, answers) == []


def test_no_identifier_of_what_was_never_seen_is_told(walked):
    """Nor of what a change feed says is gone."""
    hidden = {
        str(record.uuid): (state, record)
        for state, record in walked.sentinels.records
        if state in NEVER_SEEN and isinstance(record, Identified)
    }
    answers = [*walked.after.items(), *walked.walk.answers.items()]
    told = [
        (address, hidden[found]) for address, one in answers for found in UUID.findall(one.text) if found in hidden
    ]
    assert len(hidden) > 50
    assert told == []


def test_every_address_answers(walked, pytestconfig):
    broken = {address: answer for address, answer in walked.walk.answers.items() if answer.status >= 400}
    # The guide to the API names files that need an edition; they say so.
    without_edition = {
        address for address, answer in broken.items() if answer.status == 400 and '"edition"' in answer.text
    }
    assert [address for address in broken.keys() - without_edition if "/pages/" not in address] == []
    assert len(without_edition) < 5
    kinds = Counter(
        answer.headers.get("content-type", "").partition(";")[0] for answer in walked.walk.answers.values()
    )
    words, hidden = len(walked.sentinels.words), len(walked.sentinels.records)
    writer = pytestconfig.get_terminal_writer()
    writer.line(f"\n{walked.walk.asked} requests; public addresses {len(walked.walk.answers)}: {dict(kinds)}")
    writer.line(f"{words} words in {hidden} hidden records")
    assert walked.walk.asked > 2000


def test_what_is_planted_would_be_found(walked):
    """The walk sees what is public: each kind of record that has a page or a collection was met."""
    everything = "\n".join(answer.text for answer in walked.walk.answers.values())
    public = [walked.sentinels.public(model).slug for model in records() if model._meta.label != "content.Picture"]
    assert [slug for slug in public if slug not in everything] == []


def test_hidden_rows_change_no_answer_no_etag_and_no_revision(walked):
    assert walked.revisions[0] == walked.revisions[1]
    changed = [
        (address, before.status, walked.after[address].status)
        for address, before in walked.before.items()
        if (before.status, before.digest) != (walked.after[address].status, walked.after[address].digest)
    ]
    assert changed == []
    # Those of pages have the quarter of an hour in them, too.
    etags = [
        address
        for address, one in walked.before.items()
        if "/api/" in address and one.etag != walked.after[address].etag
    ]
    assert etags == []


def test_a_guessed_address_is_not_found_or_gone_with_its_reason_alone(walked):
    wrong, gone = [], set()
    for state, record, address, answer in walked.guesses:
        if "?" in address:
            continue
        expected = (404, 410) if state in (*ONCE_SEEN, "inside") else (404,)
        if answer.status not in expected:
            wrong.append((state, address, answer.status))
        if answer.status == 410:
            gone.add(type(record)._meta.label)
    assert wrong == []
    assert {"conference.Session", "content.Article", "cooperation.Project", "conference.Edition"} <= gone


def test_what_is_hidden_answers_as_what_does_not_exist(walked):
    different = []
    for state, _record, address, answer in walked.guesses:
        control = like_control(address)
        control = control.replace("uuid", str(uuid.UUID(int=7)))
        if answer.status == 410:
            continue
        existing = walked.walk.visit(control)
        if (answer.status, like_control(answer.said)) != (existing.status, like_control(existing.said)):
            different.append((state, address, answer.status, existing.status))
    assert different == []


def test_nothing_that_was_uploaded_has_an_address(walked):
    files = [
        field.value_from_object(row)
        for model in planted_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.FileField)
        for row in model.objects.all()
    ]
    assert len(files) > 10
    for file in files:
        for address in (f"/media/{file}", f"/{file}", f"/static/{file}"):
            assert walked.walk.get(address).status == 404


# ── the moment itself ─────────────────────────────────────────────────────────────────────────────────────────────


def one_of_each(sentinels: Sentinels) -> dict:
    """An address of the API for a hidden record of each kind that it has."""
    found = {}
    for _state, record in sentinels.records:
        if listing := next((one for one in DATASETS if one.model is type(record)), None):
            found.setdefault(f"/api/v1/{listing.name}/?slug={record.slug}", record)
    return found


def set_clock(records_of, **columns) -> None:
    for record in records_of:
        type(record).objects.filter(pk=record.pk).update(**columns)


def wait(seconds: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [seconds])


def counts(walk: Walk, addresses) -> dict[str, tuple[int, str]]:
    answers = {address: walk.get(address) for address in addresses}
    return {address: (json.loads(answer.text)["count"], answer.etag) for address, answer in answers.items()}


@pytest.mark.django_db(transaction=True)
def test_the_clock_alone_opens_and_closes(tmp_path, settings):
    """An embargo ends and a publication expires without a write: what was kept until then is not what is answered."""
    settings.MEDIA_ROOT = tmp_path
    sentinels, walk = Sentinels(), Walk()
    sentinels.build_public()
    sentinels.plant(("embargoed",))
    found = one_of_each(sentinels)
    # Persons are named with an edition, and claims with a source, that is public.
    for person in (one for one in found.values() if type(one)._meta.model_name == "person"):
        sentinels.make(model_named("conference.Appearance"), person=person)
    asked_at = timezone.now()
    assert {count for count, _etag in counts(walk, found).values()} == {0}
    # Long enough to ask for everything once more, however slow the machine is.
    lead = 2 * (timezone.now() - asked_at) + timedelta(seconds=1)
    start = timezone.now() + lead
    set_clock(found.values(), publish_at=start)
    number, before = current().number, counts(walk, found)
    assert timezone.now() < start, "The machine is too slow for this lead."
    assert {count for count, _etag in before.values()} == {0}
    wait((start - timezone.now()).total_seconds() + 0.1)
    after = counts(walk, found)
    assert {address: count for address, (count, _etag) in after.items() if count != 1} == {}
    for address, (_count, etag) in before.items():
        assert walk.get(address, **{"If-None-Match": etag}).status == 200
    end = timezone.now() + lead
    set_clock(found.values(), expire_at=end)
    number, before = current().number, counts(walk, found)
    assert {count for count, _etag in before.values()} == {1}
    wait((end - timezone.now()).total_seconds() + 0.1)
    after = counts(walk, found)
    assert {address: count for address, (count, _etag) in after.items() if count} == {}
    for address, (_count, etag) in before.items():
        assert walk.get(address, **{"If-None-Match": etag}).status == 200
    assert current().number == number


@pytest.mark.django_db(transaction=True)
def test_the_hour_of_a_hidden_session_is_told_by_no_etag(tmp_path, settings):
    """Of the published schedule, the start of a session changes the ETag only where the session is public."""
    settings.MEDIA_ROOT = tmp_path
    sentinels, walk = Sentinels(), Walk()
    sentinels.build_public()
    sentinels.plant(("draft",))
    slots = model_named("conference.Slot").objects
    hidden, public = slots.get(session__state="draft"), slots.get(session__state="published")

    def passes(slot) -> bool:
        before = walk.get("/api/v1/revision/").etag
        slots.filter(pk=slot.pk).update(start=timezone.now() - timedelta(seconds=1), end=None)
        assert current().number == number + (slot is public)
        after = walk.get("/api/v1/revision/").etag
        return before.split("-")[1] != after.split("-")[1]

    number = current().number
    assert not passes(hidden)
    assert passes(public)


@pytest.mark.django_db(transaction=True)
def test_links_to_what_is_hidden_are_no_news(tmp_path, settings):
    """Nobody can tell from the revision that a person who is not named yet was put on a public panel."""
    settings.MEDIA_ROOT = tmp_path
    sentinels = Sentinels()
    sentinels.build_public()
    person = sentinels.make(model_named("conference.Person"), sentinels.word("person"), state="draft")
    number = current().number
    participation = sentinels.make(model_named("conference.Participation"), person=person)
    assert current().number == number
    person.state = "published"
    person.save()
    assert current().number == number + 1
    participation.delete()
    assert current().number == number + 2
