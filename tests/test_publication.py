"""What the public sees and when: windows, withdrawal, the schedule, and rules that the database itself holds."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from brst_site.datasets import DATASETS
from conference.models import Delegation, Session, Slot
from content.models import Article, Claim, Source
from content.revision import public_models
from cooperation.models import Agreement, Budget, Facility, Project, ProjectCountry
from tests.world import SOURCE_TEXT, World, six

pytestmark = pytest.mark.django_db


def article(**values) -> Article:
    return Article.objects.create(slug="one", **{"state": "published", **six("One", "title"), **values})


def slugs(client, collection: str = "articles") -> list[str]:
    return [row["slug"] for row in client.get(f"/api/v1/{collection}/").json()["results"]]


@pytest.mark.parametrize("state", ["draft", "in_review", "archived"])
def test_only_what_is_published_is_seen(client, state):
    article(state=state)
    assert slugs(client) == []


def test_an_embargo_ends_by_the_clock_alone(client):
    soon = article(publish_at=timezone.now() + timedelta(hours=1))
    assert slugs(client) == []
    Article.objects.filter(pk=soon.pk).update(publish_at=timezone.now() - timedelta(hours=1))
    assert slugs(client) == ["one"]


def test_what_has_expired_is_gone(client):
    past = timezone.now() - timedelta(hours=1)
    article(publish_at=past - timedelta(hours=1), expire_at=past)
    assert slugs(client) == []


def test_what_was_never_public_is_not_found_and_what_was_is_gone_with_its_reason(client):
    draft = article(state="draft")
    address = f"/api/v1/articles/{draft.uuid}/"
    assert client.get(address).status_code == 404
    draft.state = "published"
    draft.save()
    assert client.get(address).status_code == 200
    draft.state = "archived"
    draft.withdrawal_reason_en = "It was wrong."
    draft.save()
    gone = client.get(address)
    assert gone.status_code == 410
    assert gone["Content-Type"] == "application/problem+json"
    assert gone.json()["detail"] == "It was wrong."
    assert "One" not in gone.content.decode()


def test_an_embargo_that_is_withdrawn_before_its_time_was_never_public(client):
    embargoed = article(publish_at=timezone.now() + timedelta(hours=1))
    embargoed.state = "archived"
    embargoed.save()
    assert client.get(f"/api/v1/articles/{embargoed.uuid}/").status_code == 404


def test_what_belongs_to_a_hidden_edition_is_hidden_with_it(client):
    world = World(1)
    assert slugs(client, "sessions") == ["row-001"]
    world.edition.state = "draft"
    world.edition.save()
    for collection in ("sessions", "sections", "delegations", "speakers"):
        assert slugs(client, collection) == []


def test_nothing_of_a_draft_world_is_in_any_answer(client):
    """Everything is linked to its unpublished neighbour, and no published record may name it."""
    shown, hidden = World(1), World(1, state="draft", mark="secret")
    shown.sessions[0].sources.add(hidden.sources[0])
    shown.facilities[0].partners.add(hidden.organisations[0])
    shown.facilities[0].countries.add(hidden.countries[0])
    shown.projects[0].country_shares.create(country=hidden.countries[0])
    shown.projects[0].organisation_roles.create(organisation=hidden.organisations[0])
    shown.agreements[0].parties.create(country=hidden.countries[0])
    shown.agreements[0].documents.add(hidden.documents[0])
    shown.sessions[0].participations.create(person=hidden.people[0])
    shown.edition.organiser_roles.create(organisation=hidden.organisations[0])
    Facility.objects.filter(slug="row-001").update(strand=hidden.strands[0], host=hidden.organisations[0])
    Session.objects.filter(slug="row-001").update(section=hidden.sections[0], track=hidden.sessions[0].track)
    Claim.objects.filter(slug="secret-001").update(figure=shown.figures[0])
    for listing in DATASETS:
        facets = ",".join(listing.filterset.facet_names())
        for ending in (f"/?lang=all&facets={facets}", ".csv?lang=all", ".json"):
            response = client.get(f"/api/v1/{listing.name}{ending}")
            body = b"".join(response.streaming_content) if response.streaming else response.content
            assert response.status_code == 200
            assert "secret" not in body.decode(), (listing.name, ending)


def test_time_room_and_state_are_public_through_a_published_version_alone(client):
    world = World(1)
    before = client.get("/api/v1/sessions/").json()["results"][0]
    draft_slot = world.edition.draft_schedule().slots.get()
    draft_slot.start += timedelta(hours=5)
    draft_slot.end += timedelta(hours=5)
    draft_slot.save()
    assert client.get("/api/v1/sessions/").json()["results"][0] == before
    world.edition.publish_schedule()
    after = client.get("/api/v1/sessions/").json()["results"][0]
    assert (after["start"], after["previous_start"]) == ("2023-11-06T06:00:00Z", before["start"])


def test_two_confirmed_sessions_can_not_overlap_in_a_room():
    world = World(2)
    first, second = world.edition.draft_schedule().slots.order_by("start")
    second.room, second.start, second.end = first.room, first.start + timedelta(minutes=10), first.end
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()
    second.state = "tentative"
    second.save()


def test_a_whole_room_can_be_shifted_in_one_statement():
    world = World(2)
    draft = world.edition.draft_schedule()
    first, second = draft.slots.order_by("start")
    Slot.objects.filter(pk=second.pk).update(room=first.room, start=first.end, end=first.end + timedelta(hours=1))
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE conference_slot SET start = start + interval '45 min', "end" = "end" + interval '45 min'
               WHERE version_id = %s""",
            [draft.pk],
        )
    assert draft.slots.count() == 2


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("conference_slot", '"end" = start'),
        ("conference_slot", "start = NULL"),
        ("conference_edition", "end_date = '2023-11-05'"),
        ("conference_edition", "start_date = '2023-02-30'"),
        ("conference_edition", "start_date = 'soon'"),
        ("conference_edition", "slug = 'Édition'"),
        ("content_article", "state = 'gone'"),
        ("content_article", "publish_at = now(), expire_at = now() - interval '1 day'"),
        ("cooperation_agreement", "ended = '2015'"),
        ("cooperation_budget", "currency = 'yuan'"),
        ("cooperation_budget", "value_date = NULL"),
        ("cooperation_projectcountry", "percentage = 101"),
        ("content_claim", "source_id = NULL"),
        ("content_claim", "quote = 'nine towers'"),
        ("content_claim", '"offset" = 1'),
        ("content_source", "text = 'something else'"),
        ("content_figure", "value = NULL"),
        ("conference_delegation", "country_id = NULL"),
    ],
)
def test_the_database_itself_refuses(table, change):
    World(1)
    with pytest.raises((IntegrityError, DataError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {change}")


def test_a_date_is_in_order_as_far_as_it_is_known():
    Agreement.objects.create(slug="one", title_en="One", signed="2023-11", ended="2023")
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.create(slug="two", title_en="Two", signed="2023-11", ended="2022")


def test_a_country_has_one_delegation_at_an_edition():
    world = World(1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delegation.objects.create(edition=world.edition, country=world.countries[0], slug="again")


def test_a_quote_is_checked_character_for_character():
    world = World(1)
    claim = Claim(slug="two", source=world.sources[0], quote="nine centre", quote_kind="verbatim", offset=3)
    with pytest.raises(ValidationError) as refusal:
        claim.full_clean()
    assert f"at place {SOURCE_TEXT.index('nine centre')}" in str(refusal.value)


@pytest.mark.parametrize("of", ["sources", "countries", "organisations", "strands", "sections", "people"])
def test_what_others_rest_on_can_not_be_deleted_and_the_refusal_names_them(of):
    world = World(1)
    with pytest.raises(ProtectedError) as refusal:
        getattr(world, of)[0].delete()
    assert refusal.value.protected_objects


def test_a_source_of_a_record_can_not_be_deleted():
    source = Source.objects.create(slug="one", title_en="One", kind="website")
    facility = Facility.objects.create(slug="lab", name_en="Laboratory", kind="platform")
    facility.sources.add(source)
    with pytest.raises(ProtectedError) as refusal:
        source.delete()
    assert [str(link) for link in refusal.value.protected_objects] == ["Laboratory"]


def test_links_do_not_vanish_with_what_they_lead_to():
    world = World(1)
    partner = world.facilities[0].partners.get()
    for named_elsewhere in (partner.organiser_roles, partner.hosted_facilities, partner.project_roles):
        named_elsewhere.all().delete() if named_elsewhere.model is not Facility else named_elsewhere.update(host=None)
    partner.appearances.update(organisation=None)
    partner.agreement_roles.all().delete()
    partner.programmes.clear()
    with pytest.raises(ProtectedError) as refusal:
        partner.delete()
    assert [str(link) for link in refusal.value.protected_objects] == ["row 001 en"]


def test_html_is_cleaned_before_it_is_stored():
    dirty = '<p onclick="x()">Text<script>alert(1)</script> <a href="javascript:x">link</a></p>'
    clean = '<p>Text <a rel="noopener nofollow">link</a></p>'
    one = article(body_en=dirty)
    Article.objects.filter(pk=one.pk).update(body_fr=dirty)
    one.refresh_from_db()
    assert (one.body_en, one.body_fr) == (clean, clean)


def test_every_public_table_is_watched():
    """A table without its triggers would change what the public sees without a new revision."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, count(*) FROM pg_trigger WHERE tgname LIKE 'public\\_%' GROUP BY 1"
        )
        watched = dict(cursor.fetchall())
    assert watched == dict.fromkeys((model._meta.db_table for model in public_models()), 4)


def test_money_has_a_currency_and_a_value_date():
    project = Project.objects.create(slug="one", title_en="One")
    with pytest.raises(IntegrityError), transaction.atomic():
        Budget.objects.create(
            project=project, amount=1, currency="CNY", period_start="2020-01-01", period_end="2020-12-31"
        )


def test_shares_lie_between_0_and_100():
    world = World(1)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProjectCountry.objects.update(percentage=-1)
    assert world.projects[0].country_shares.get().percentage == 100
