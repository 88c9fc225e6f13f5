"""The change feed: what a copy of the data needs to stay right, and nothing that was never public."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from brst_site.datasets import DATASETS
from conference.models import Country, Delegation, Edition, Organisation, Person, Session, Slot, SlotParticipation
from content.models import Article, Claim, Figure, Site
from cooperation.models import Agreement, Facility, Project
from tests.world import World, six

pytestmark = pytest.mark.django_db(transaction=True)
# What a country has that an organisation has not.
CODES = {"country": {"code": "QZZA", "alpha3": "QZZ"}, "organisation": {}}


@pytest.fixture(autouse=True)
def revision_row():
    """A flush between tests empties every table; the record of changes begins again with the first."""
    Site.objects.create(name_en="Portal")


def article(slug="one", **values) -> Article:
    return Article.objects.create(slug=slug, **{"state": "published", **six("One", "title"), **values})


def feed(client, since, collection="articles", **query) -> dict:
    return client.get(f"/api/v1/{collection}/", {"modified_since": since, **query}).json()


def until(client, collection="articles") -> str:
    """Where a copy that was taken now may go on."""
    return feed(client, "2100-01-01", collection)["until"]


def told(answer: dict) -> list:
    """Slugs of rows, and what is said of others."""
    return sorted(row.get("slug") or ("deleted" if row.get("deleted") else "left") for row in answer["results"])


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_only_what_changed_since_is_told(client):
    article("one")
    start = until(client)
    assert told(feed(client, start)) == []
    article("two")
    assert told(feed(client, start)) == ["two"]
    Article.objects.filter(slug="one").update(title_en="Changed by a bulk update")
    execute("UPDATE content_article SET title_fr = 'SQL' WHERE slug = 'one'")
    assert told(feed(client, start)) == ["one", "two"]
    assert told(feed(client, until(client))) == []


def test_an_instant_is_as_good_as_the_until_of_an_answer(client):
    article("one")
    after = datetime.now(UTC).isoformat()
    article("two")
    assert told(feed(client, after)) == ["two"]
    assert told(feed(client, after.replace("+00:00", "Z"))) == ["two"]
    assert told(feed(client, "2001-01-01")) == ["one", "two"]
    assert told(feed(client, (timezone.now() + timedelta(days=1)).date().isoformat())) == []


@pytest.mark.parametrize(
    "wrong", ["yesterday", "2023-02-30", "-", "1-", "x-1", "2023-11-06T25:00:00Z", "\0", "9" * 30]
)
def test_what_is_no_instant_is_refused(client, wrong):
    refused = client.get("/api/v1/articles/", {"modified_since": wrong})
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["parameter"] == "modified_since"


def test_a_page_for_people_does_not_know_it(client):
    assert client.get("/en/news/?modified_since=2020-01-01").status_code == 400


def test_a_row_of_a_long_transaction_counts_from_its_commit(client):
    """It was written before the caller asked last, and committed afterwards."""
    one, two = article("one"), article("two")
    with transaction.atomic():
        Article.objects.filter(pk=one.pk).update(title_en="Written early")
        other = connections.create_connection("default")
        try:
            with other.cursor() as cursor:
                cursor.execute("UPDATE content_article SET title_en = 'Quick' WHERE id = %s", [two.pk])
                cursor.execute("SELECT number, changed_at FROM content_siterevision")
                number, changed_at = cursor.fetchone()
        finally:
            other.close()
        asked_then = timezone.now().isoformat()
    assert changed_at.isoformat() < asked_then
    assert told(feed(client, asked_then)) == ["one"]
    assert told(feed(client, f"{number}-0")) == ["one"]


@pytest.mark.parametrize("state", ["archived", "draft", "in_review"])
def test_what_is_withdrawn_is_told_as_deleted(client, state):
    one = article()
    start = until(client)
    Article.objects.update(state=state)
    answer = feed(client, start)
    assert answer["results"] == [{"id": str(one.uuid), "deleted": True, "modified": answer["results"][0]["modified"]}]
    assert answer["count"] == 1


@pytest.mark.parametrize("how", ["object", "queryset", "sql", "truncate"])
def test_what_is_deleted_is_told_however_it_was(client, how):
    one = article()
    start = until(client)
    changes = {
        "object": one.delete,
        "queryset": Article.objects.all().delete,
        "sql": lambda: execute("DELETE FROM content_article"),
        "truncate": lambda: execute("TRUNCATE content_article CASCADE"),
    }
    identifier = str(one.uuid)
    changes[how]()
    assert [(row["id"], row["deleted"]) for row in feed(client, start)["results"]] == [(identifier, True)]


def test_what_nobody_ever_saw_is_never_told(client):
    article()
    start = until(client)
    hidden = [
        article("draft", state="draft"),
        article("embargoed", publish_at=timezone.now() + timedelta(hours=1)),
        article("planned", publish_at=timezone.now() + timedelta(hours=1)),
    ]
    Article.objects.filter(slug="planned").update(state="archived")
    Article.objects.filter(slug="draft").update(title_en="Changed")
    hidden[0].delete()
    with transaction.atomic():
        article("came-and-went").delete()
    assert feed(client, start)["results"] == []
    assert told(feed(client, "2001-01-01")) == ["one"]


def test_a_window_that_opens_or_closes_by_itself_counts_from_that_instant(client):
    opens = timezone.now() + timedelta(seconds=1.5)
    one = article(publish_at=opens)
    closing = article("two", expire_at=opens)
    start, instant = until(client), timezone.now().isoformat()
    assert told(feed(client, start)) == []
    execute(f"SELECT pg_sleep_until('{opens.isoformat()}'::timestamptz + interval '0.05 s')")
    for since in (start, instant):
        answer = feed(client, since)
        assert told(answer) == ["deleted", one.slug]
        assert {row["id"] for row in answer["results"]} == {str(one.uuid), str(closing.uuid)}
    moment = opens.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert {row["modified"] for row in answer["results"]} == {moment}
    assert told(feed(client, answer["until"])) == []


def test_what_belongs_to_a_hidden_edition_goes_and_comes_with_it(client):
    world = World(1)
    belonging = ("editions", "sections", "sessions", "versions", "speakers", "delegations")
    start = until(client)
    world.edition.state = "archived"
    world.edition.save()
    for collection in belonging:
        assert told(feed(client, start, collection)) == ["deleted"], collection
    hidden = until(client)
    world.edition.state = "published"
    world.edition.save()
    for collection in belonging:
        assert told(feed(client, hidden, collection)) in (["row-001"], ["1"]), collection


def test_a_name_changed_on_the_edition_is_no_change_of_its_sessions(client):
    world = World(1)
    start = until(client)
    world.edition.name_en = "Another name"
    world.edition.save()
    assert told(feed(client, start, "sessions")) == []
    assert told(feed(client, start, "editions")) == ["row-001"]


@pytest.mark.parametrize("state", ["draft", "archived"])
def test_nothing_of_a_world_that_was_never_public_is_told(client, state):
    world = World(1)
    start = until(client)
    hidden = World(2, state=state, mark="secret")
    hidden.edition.name_en = "Changed"
    hidden.edition.save()
    hidden.articles[0].delete()
    for listing in DATASETS:
        for since in (start, "2001-01-01"):
            answer = feed(client, since, listing.name)
            assert all("slug" in row for row in answer["results"]), (listing.name, answer["results"])
    assert world


def test_a_delegate_without_consent_is_not_told_even_as_deleted(client):
    world = World(1)
    member = world.delegations[0].members.get()
    member.consent = False
    member.save()
    world.sessions[0].participations.all().delete()
    silent = world.record(type(world.people[0]), 7)
    world.delegations[0].members.create(person=silent, consent=False)
    silent.appearances.create(edition=world.edition)
    start = until(client)
    silent.name_en = "Changed"
    silent.save()
    assert feed(client, start, "speakers")["results"] == []
    silent.state = "archived"
    silent.save()
    assert feed(client, start, "speakers")["results"] == []


def hide(edition, visibility="hidden") -> None:
    """The category that delegations are in unless said otherwise."""
    edition.category_rules.create(category="member", visibility=visibility)


@pytest.mark.parametrize("party", ["country", "organisation"])
@pytest.mark.parametrize("deleted", [False, True], ids=["kept", "deleted"])
def test_a_delegation_whose_party_was_never_public_is_not_told_even_as_deleted(client, party, deleted):
    world = World(1)
    start = until(client, "delegations")
    draft = world.record({"country": Country, "organisation": Organisation}[party], 7, state="draft", **CODES[party])
    delegation = world.record(
        Delegation, 7, "withdrawal_reason", edition=world.edition, state="published", **{party: draft}
    )
    Delegation.objects.filter(pk=delegation.pk).update(size=9)
    if deleted:
        delegation.delete()
    assert told(feed(client, start, "delegations")) == []
    assert told(feed(client, "2001-01-01", "delegations")) == ["row-001"]


def test_a_delegation_of_a_hidden_category_is_not_told_when_it_is_deleted(client):
    world = World(1)
    hide(world.edition)
    start = until(client, "delegations")
    organisation = world.record(Organisation, 7)
    delegation = world.record(
        Delegation, 7, "withdrawal_reason", edition=world.edition, organisation=organisation, size=3
    )
    delegation.members.create(person=world.people[0], consent=True)
    Delegation.objects.filter(pk=delegation.pk).update(size=9)
    delegation.members.all().delete()
    delegation.delete()
    assert told(feed(client, start, "delegations")) == []
    assert told(feed(client, "2001-01-01", "delegations")) == []


def test_a_delegation_that_was_seen_is_told_as_gone_with_its_party(client):
    world = World(1)
    start = until(client, "delegations")
    Country.objects.update(state="archived")
    assert told(feed(client, start, "delegations")) == ["deleted"]
    world.delegations[0].members.all().delete()
    world.delegations[0].delete()
    assert told(feed(client, start, "delegations")) == ["deleted"]


@pytest.mark.parametrize("visibility", ["hidden", "party", "members"])
def test_a_member_who_was_never_a_speaker_is_not_told_when_the_person_is_deleted(client, visibility):
    world = World(1)
    hide(world.edition, visibility)
    start = until(client, "speakers")
    person = world.record(Person, 7)
    member = world.delegations[0].members.create(person=person, consent=True)
    member.delete()
    person.delete()
    assert told(feed(client, start, "speakers")) == []


def test_a_speaker_who_is_deleted_is_told(client):
    world = World(1)
    start = until(client, "speakers")
    world.delegations[0].members.all().delete()
    world.sessions[0].participations.all().delete()
    SlotParticipation.objects.all().delete()
    world.people[0].delete()
    assert told(feed(client, start, "speakers")) == ["deleted"]


def test_a_draft_of_a_figure_is_not_told_when_it_is_deleted_though_its_claim_was_public(client):
    world = World(1)
    start = until(client, "figures")
    figure = world.record(Figure, 7, state="draft", value=7, qualifier="exact")
    Claim.objects.update(figure=figure)
    Claim.objects.update(figure=world.figures[0])
    figure.delete()
    assert told(feed(client, start, "figures")) == ["row-001"]


def test_a_version_of_an_edition_that_was_never_public_is_not_told_when_it_is_deleted(client):
    world = World(1)
    start = until(client, "versions")
    draft = world.record(
        Edition, 7, state="draft", start_date="2024-11-06", end_date="2024-11-07", time_zone="Asia/Shanghai"
    )
    draft.publish_schedule().delete()
    assert told(feed(client, start, "versions")) == []
    world.edition.schedule_versions.filter(number=1).delete()
    assert told(feed(client, start, "versions")) == ["deleted"]
    assert told(feed(client, start, "editions")) == []


def test_who_takes_back_consent_is_told_as_deleted(client):
    world = World(1)
    world.sessions[0].participations.all().delete()
    start = until(client)
    world.delegations[0].members.update(consent=False)
    assert told(feed(client, start, "speakers")) == ["deleted"]


def test_parts_and_links_are_changes_of_their_record(client):
    world = World(1)
    project, facility = world.projects[0], world.facilities[0]

    def changes(collection, change) -> list:
        start = until(client)
        change()
        return told(feed(client, start, collection))

    assert changes("projects", lambda: project.transactions.all().delete()) == ["row-001"]
    assert changes("projects", lambda: project.budgets.update(amount=3)) == ["row-001"]
    assert changes("facilities", facility.partners.clear) == ["row-001"]
    assert changes("agreements", lambda: world.agreements[0].parties.first().delete()) == ["row-001"]
    assert changes("figures", lambda: world.claims[0].save()) == []
    assert changes("figures", lambda: type(world.claims[0]).objects.update(note_en="Changed")) == ["row-001"]
    assert changes("organisations", facility.partners.clear) == []


def test_a_row_that_leaves_a_filter_is_told_as_left(client):
    Facility.objects.create(slug="lab", kind="joint_laboratory", state="published", **six("A", "name"))
    start = until(client, "facilities")
    Facility.objects.update(kind="platform")
    assert told(feed(client, start, "facilities", kind="joint_laboratory")) == ["left"]
    assert told(feed(client, start, "facilities", kind="platform")) == ["lab"]


def a_day_ago(client, collection: str, **passed) -> str:
    """What an answer of yesterday, or of so long ago, said to ask for next; nothing was written since."""
    number = until(client, collection).partition("-")[0]
    instant = timezone.now() - (timedelta(**passed) if passed else timedelta(days=1))
    return f"{number}-{int(instant.timestamp() * 1_000_000):x}"


@pytest.mark.parametrize("column", ["signed", "in_force", "ended"])
def test_an_agreement_whose_day_has_come_is_told_and_leaves_its_old_status(client, column):
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    today = midnight.date().isoformat()
    dates = {"signed": "2016", "in_force": "2017-03"}
    for slug, day in (("turns", today), ("turned", "2018-01"), ("turns-later", "2999")):
        Agreement.objects.create(slug=slug, state="published", **{**dates, column: day}, **six("A", "title"))
    since = a_day_ago(client, "agreements")
    assert told(feed(client, since, "agreements")) == ["turns"]
    now = {"signed": "in_force", "in_force": "in_force", "ended": "ended"}[column]
    assert told(feed(client, since, "agreements", status=now)) == ["turns"]
    answer = feed(client, since, "agreements", status="signed")
    assert told(answer) == ["left"]
    assert answer["results"][0]["modified"] >= midnight.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert told(feed(client, answer["until"], "agreements")) == []


def test_what_has_left_by_a_day_is_dated_from_its_midnight(client):
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    one = Agreement.objects.create(slug="one", state="published", signed="2016", **six("A", "title"))
    Agreement.objects.update(in_force=midnight.date().isoformat())
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE cooperation_agreement DISABLE TRIGGER USER")
        cursor.execute("UPDATE cooperation_agreement SET modified = '2020-01-01' WHERE id = %s", [one.pk])
        cursor.execute("UPDATE content_revisionentry SET changed_at = '2020-01-01'")
        cursor.execute("ALTER TABLE cooperation_agreement ENABLE TRIGGER USER")
    (row,) = feed(client, a_day_ago(client, "agreements"), "agreements", status="signed")["results"]
    assert (row["left"], row["modified"]) == (True, midnight.strftime("%Y-%m-%dT%H:%M:%SZ"))


def test_a_session_is_told_when_its_stream_opens_and_when_its_recording_does(client):
    world = World(2)
    silent, session = world.sessions
    draft = Slot.objects.filter(version__number=None)

    def placed(minutes: float) -> None:
        start = timezone.now() + timedelta(minutes=minutes)
        draft.filter(session=session).update(start=start, end=start + timedelta(minutes=30))
        draft.filter(session=silent).update(start=start, end=start + timedelta(minutes=30), room=None)
        world.edition.publish_schedule()

    Session.objects.filter(pk=session.pk).update(stream="https://media.example/live")
    placed(10)
    assert told(feed(client, a_day_ago(client, "sessions", minutes=10), "sessions")) == ["row-002"]
    assert told(feed(client, a_day_ago(client, "sessions", minutes=1), "sessions")) == []
    assert told(feed(client, until(client, "sessions"), "sessions")) == []
    placed(-35)
    assert told(feed(client, a_day_ago(client, "sessions", minutes=10), "sessions")) == ["row-002"]
    draft.filter(session=session).update(state="cancelled")
    world.edition.publish_schedule()
    assert told(feed(client, a_day_ago(client, "sessions", minutes=10), "sessions")) == []


@pytest.mark.parametrize("way", ["room", "interpretation", "room_interpretation", "link", "recording"])
def test_every_address_that_the_clock_shows_makes_its_session_told(client, way):
    world = World(1)
    session, room, address = world.sessions[0], world.rooms[0], "https://media.example/live"
    start = timezone.now() - timedelta(minutes=35)
    Slot.objects.filter(version__number=None).update(start=start, end=start + timedelta(minutes=30))
    world.edition.publish_schedule()
    assert told(feed(client, a_day_ago(client, "sessions", minutes=10), "sessions")) == []
    changes = {
        "room": lambda: type(room).objects.update(stream=address),
        "interpretation": lambda: session.interpretation.update(stream=address),
        "room_interpretation": lambda: room.interpretation.update(stream=address),
        "link": lambda: session.links.create(kind="stream", label_en="Live", address=address),
        "recording": lambda: Session.objects.update(recording_url=address),
    }
    changes[way]()
    assert told(feed(client, a_day_ago(client, "sessions", minutes=10), "sessions")) == ["row-001"]


@pytest.mark.parametrize("instant", ["9999-12-31T23:59:59Z", "0001-01-01", "9999-12-31"])
def test_the_ends_of_time_are_instants_too(client, instant):
    for collection in ("agreements", "sessions"):
        assert client.get(f"/api/v1/{collection}/", {"modified_since": instant}).status_code == 200


def test_the_pages_of_a_feed_end_where_the_first_did(client):
    for index in range(7):
        article(f"a-{index}")
    start = until(client)
    Article.objects.update(title_en="Changed")
    Article.objects.filter(slug__in=["a-1", "a-2", "a-3"]).delete()
    page = feed(client, start, page_size=2)
    first, found = page["until"], list(page["results"])
    Article.objects.filter(slug="a-6").update(title_en="Changed between two pages")
    while page["next"]:
        page = client.get(page["next"].removeprefix("http://localhost:8000")).json()
        assert (page["until"], page["count"]) == (first, 7)
        found += page["results"]
    assert told({"results": found}) == ["a-0", "a-4", "a-5", "a-6", "deleted", "deleted", "deleted"]
    assert told(feed(client, first)) == ["a-6"]


def test_files_tell_the_same_as_the_list(client):
    article("one")
    gone = article("two")
    start = until(client)
    Article.objects.update(title_en="Changed")
    identifier = str(gone.uuid)
    gone.delete()
    query = {"modified_since": start}
    rows = feed(client, start)["results"]
    ndjson = client.get("/api/v1/articles.ndjson", query)
    assert ndjson["Modified-Until"] == until(client)
    assert [json.loads(line) for line in b"".join(ndjson.streaming_content).splitlines()] == rows
    whole = json.loads(b"".join(client.get("/api/v1/articles.json", query).streaming_content))
    assert whole["results"] == rows
    assert whole["count"] == 2
    table = b"".join(client.get("/api/v1/articles.csv", query).streaming_content).decode("utf-8-sig")
    cells = [(row["id"], row["deleted"], row["title"]) for row in csv.DictReader(io.StringIO(table))]
    assert cells == [(rows[0]["id"], "", "Changed"), (identifier, "true", "")]


def test_a_copy_that_follows_the_feed_is_the_collection(client):
    """Whatever is done to the projects, in whatever order."""
    copy, since = {}, "2001-01-01"
    steps = [
        lambda: [Project.objects.create(slug=f"p-{n}", title_en=f"P {n}", state="published") for n in range(5)],
        lambda: Project.objects.filter(slug="p-1").update(state="archived"),
        lambda: Project.objects.filter(slug="p-2").delete(),
        lambda: Project.objects.filter(slug="p-1").update(state="published"),
        lambda: Project.objects.filter(slug="p-3").update(publish_at=timezone.now() + timedelta(days=1)),
        lambda: Project.objects.create(slug="p-6", title_en="P 6"),
        lambda: Project.objects.filter(slug="p-3").update(publish_at=None, title_en="New"),
    ]
    for step in steps:
        step()
        answer = feed(client, since, "projects")
        for row in answer["results"]:
            if row.get("deleted"):
                copy.pop(row["id"], None)
            else:
                copy[row["id"]] = row
        since = answer["until"]
        now = client.get("/api/v1/projects/").json()["results"]
        assert sorted(copy) == sorted(row["id"] for row in now)
        assert sorted(map(str, copy.values())) == sorted(map(str, now))
