"""What staff do with claims and records: prefer one, verify today; and what the public then sees."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from content.models import Article, Claim, Figure, Source
from cooperation.models import Agreement, Facility
from tests.test_admin import address, errors_of, fields_of, messages_of, saved
from tests.world import World

pytestmark = pytest.mark.django_db

TODAY = datetime.now(UTC).date()


@pytest.fixture
def editor(client):
    client.force_login(User.objects.create_superuser("editor", password="-"))
    return client


@pytest.fixture
def figure():
    """Of two claims that differ."""
    world = World(1)
    Claim.objects.update(value=80, qualifier="about")
    Figure.objects.update(value=80, qualifier="about")
    Claim.objects.create(
        slug="other", figure=world.figures[0], source=world.sources[0], value=70, qualifier="more_than",
        quote="over 70 came", quote_kind="reported", state="published", said_on="2023-11", relation="conflicts",
    )  # fmt: skip
    return Figure.objects.get()


def act(client, model, action: str, *slugs, **values):
    chosen = list(model.objects.filter(slug__in=slugs).values_list("pk", flat=True))
    return client.post(address(model, "changelist"), {"action": action, "_selected_action": chosen} | values)


def in_api(client, collection: str) -> dict:
    return client.get(f"/api/v1/{collection}/").json()["results"][0]


def in_words(client) -> tuple:
    """The number of the only figure, and the claim whose words it stands beside."""
    row = in_api(client, "figures")
    return row["value"], row["qualifier"], row["carried_by"]["claim"]["slug"]


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


# Preferring


def test_one_claim_is_preferred_with_a_reason_that_is_public(editor, figure):
    page = act(editor, Claim, "prefer", "other")
    assert page.status_code == 200 and "the public reads this" in words(page)
    refused = act(editor, Claim, "prefer", "other", reason="1")
    assert "Say why this claim is preferred" in words(refused)
    done = act(editor, Claim, "prefer", "other", reason="1", preferred_reason_en="It counted at the door.")
    assert "is preferred" in messages_of(editor, done)
    assert in_api(editor, "figures")["preferred_claim"]["slug"] == "other"
    assert in_words(editor) == (70, "more_than", "other")
    shown = words(editor.get("/en/figures/row-001/"))
    assert "It counted at the door." in shown and "no person has said" not in shown
    assert LogEntry.objects.filter(object_id=str(Claim.objects.get(slug="other").pk)).exists()
    act(editor, Claim, "prefer", "row-001", reason="1", preferred_reason_fr="Compté deux fois.")
    assert [claim.slug for claim in Claim.objects.filter(preferred=True)] == ["row-001"]
    act(editor, Claim, "prefer_no_longer", "row-001")
    assert in_api(editor, "figures")["preferred_claim"] is None
    assert in_words(editor) == (80, "about", "row-001")


def test_the_records_are_held_against_what_the_preferred_claim_says(editor, figure):
    Figure.objects.update(checked_collection="countries", checked_query="")
    assert in_api(editor, "figures")["records_check"]["statement"].startswith("about 80 claimed")
    Claim.objects.filter(slug="other").update(preferred=True, preferred_reason_en="At the door.", value=0)
    check = in_api(editor, "figures")["records_check"]
    assert check["state"] == "agrees" and check["statement"].startswith("more than 0 claimed")
    assert check["statement"] in words(editor.get("/en/figures/row-001/"))


def test_why_a_claim_can_not_be_preferred_is_said(editor, figure):
    assert "Choose one claim, no more" in messages_of(editor, act(editor, Claim, "prefer", "other", "row-001"))
    Claim.objects.filter(slug="other").update(figure=None)
    assert "a statement without a figure" in messages_of(editor, act(editor, Claim, "prefer", "other"))


def test_the_form_of_a_figure_moves_the_preference_in_one_save(editor, figure):
    Claim.objects.filter(slug="row-001").update(preferred=True, preferred_reason_en="The first.")
    path = address(Figure, "change", figure.pk)
    fields = fields_of(editor.get(path))
    first, second = sorted(Claim.objects.all(), key=lambda claim: claim.slug != "row-001")
    rows = {fields[f"claims-{number}-id"][0]: f"claims-{number}" for number in range(2)}
    fields |= {
        f"{rows[str(second.pk)]}-preferred": "on",
        f"{rows[str(second.pk)]}-preferred_reason_en": "At the door.",
    }
    assert "no more: choose which" in errors_of(editor.post(path, fields))
    del fields[f"{rows[str(first.pk)]}-preferred"]
    assert saved(editor.post(path, fields))
    assert [claim.slug for claim in Claim.objects.filter(preferred=True)] == ["other"]


# Quote fidelity


@pytest.mark.parametrize("quote", ["“800 attendees”", "« 800 participants ».", '"800 attendees"', "「八百人」"])
def test_a_report_in_quotation_marks_is_refused(figure, quote):
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(slug="other").update(quote=quote)
    Claim.objects.filter(slug="other").update(quote='theme "Together for Innovation"')


def test_claims_stand_in_time_order_with_how_they_stand_to_one_another(client, figure):
    Claim.objects.create(
        slug="last", figure=figure, source=Source.objects.get(), value=75, qualifier="exact", quote="75 in the end",
        quote_kind="reported", state="published", said_on="2024", relation="supersedes",
    )  # fmt: skip
    page = client.get("/en/figures/row-001/").content.decode()
    assert re.findall(r'claim__relation">([^<]+)<', page) == ["Superseded", "Superseded", "Supersedes"]
    assert [claim["slug"] for claim in in_api(client, "figures")["claims"]] == ["row-001", "other", "last"]


# The records check, in words


def test_the_records_check_says_what_was_claimed_when_and_what_is_on_file(client, figure):
    Claim.objects.filter(slug="other").delete()
    Figure.objects.update(value=50, qualifier="more_than")
    Claim.objects.update(value=50, qualifier="more_than")
    sentence = "more than 50 claimed on 30 October 2023; 1 on file"
    assert sentence in words(client.get("/en/figures/row-001/"))
    check = in_api(client, "figures")["records_check"]
    assert (check["state"], check["statement"]) == ("fewer_on_file", sentence)
    assert client.get(check["page_url"]).status_code == 200
    Facility.objects.update(state="draft")
    assert "on file: not recorded" in in_api(client, "figures")["records_check"]["statement"]


def test_where_sources_differ_the_api_says_so_beside_the_value_and_whose_claim_it_is(client, figure):
    """The page says that sources differ; the value of the API stays the one that came first."""
    assert "Sources differ" in words(client.get("/en/figures/row-001/"))
    told = in_api(client, "figures")
    assert (told["value"], told["conflicting"], told["preferred_claim"]) == (80, True, None)
    assert told["carried_by"]["claim"]["slug"] == "row-001"
    publisher = "Sources differ, and the portal has not chosen: this is the claim of %s."
    assert told["records_check"]["statement"].endswith(publisher % told["carried_by"]["source"]["name"])
    table = b"".join(client.get("/api/v1/figures.csv").streaming_content).decode("utf-8-sig")
    heads = next(csv.reader(io.StringIO(table)))
    assert heads.index("conflicting") == heads.index("value") + 1
    Claim.objects.filter(slug="other").update(preferred=True, preferred_reason_en="It counted.")
    assert "has not chosen" not in in_api(client, "figures")["records_check"]["statement"]


def test_the_schema_says_what_the_value_of_a_figure_is_where_sources_differ(client):
    schema = client.get("/api/v1/schema/").json()["components"]["schemas"]["Figure"]["properties"]
    assert "has not chosen" in schema["conflicting"]["description"]
    assert "`conflicting`" in schema["value"]["description"]


def test_a_figure_without_a_public_claim_has_no_value_in_any_answer_or_cursor(client, figure):
    Figure.objects.update(value=987654)
    Claim.objects.update(state="draft")
    for path in ("/api/v1/figures/?order=value", "/api/v1/figures.ndjson", "/en/figures/", "/api/v1/figures.csv"):
        response = client.get(path)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert b"987654" not in body and b"987,654" not in body
    assert in_api(client, "figures")["carried_by"] is None


def test_the_mark_says_who_when_where_and_whether_a_machine_translated(client, figure):
    Claim.objects.filter(slug="other").delete()
    Claim.objects.update(speaker_en="A Minister")
    for value, told in ((True, "Machine-translated."), (False, "Not machine-translated."), (None, "not recorded.")):
        Source.objects.update(machine_translated=value, publisher_en="The Daily")
        page = words(client.get("/en/figures/"))
        assert all(word in page for word in ("A Minister", "The Daily", "30 October 2023", told))
        assert in_api(client, "figures")["carried_by"]["machine_translated"] is value


# Verified, and stale


def test_records_are_verified_today_and_the_history_says_by_whom(editor):
    World(2)
    assert "2 records were verified today" in messages_of(editor, act(editor, Article, "verify", "row-001", "row-002"))
    assert in_api(editor, "articles")["verified_on"] == TODAY.isoformat()
    entry = LogEntry.objects.first()
    assert (entry.user.username, entry.get_change_message()) == ("editor", "Changed last verified on.")
    assert (
        editor.get(address(Article, "changelist"), {"freshness": "fresh"}).content.count(b'name="_selected_action"')
        == 2
    )
    assert (
        editor.get(address(Article, "changelist"), {"freshness": "never"}).content.count(b'name="_selected_action"')
        == 0
    )


def titles(response) -> list[str]:
    return [str(row["name"]) for row in response.context["rows"]]


def test_the_stale_are_listed_by_age_and_kind(client, settings):
    settings.STALE_AFTER_DAYS = 100
    World(3)
    days = {"row-001": 99, "row-002": 300, "row-003": 200}
    for slug, age in days.items():
        Article.objects.filter(slug=slug).update(verified_on=TODAY - timedelta(days=age))
    Facility.objects.filter(slug="row-002").update(verified_on=TODAY - timedelta(days=250))
    Facility.objects.exclude(slug="row-002").update(state="draft")
    page = client.get("/en/data/stale/?kind=articles&kind=facilities")
    assert titles(page) == ["row 002 en", "row 002 en", "row 003 en"]
    assert [str(row["kind"]) for row in page.context["rows"]] == [
        "News and statements",
        "Facilities",
        "News and statements",
    ]
    assert titles(client.get("/ar/data/stale/?kind=articles")) == ["row 002 ar", "row 003 ar"]
    Article.objects.filter(slug="row-001").update(verified_on=None)
    assert titles(client.get("/en/data/stale/?kind=articles"))[0] == "row 001 en"
    assert "Never verified" in words(client.get("/en/data/stale/?kind=articles"))
    whole = client.get("/en/data/stale/")
    assert whole.context["count"] == sum(option["count"] for option in whole.context["facets"][0]["options"])


@pytest.mark.parametrize("query", ["kind=nothing", "page=0", "page=x", "age=1", "page=99999999"])
def test_what_the_stale_page_does_not_know_is_refused(client, query):
    assert client.get(f"/en/data/stale/?{query}").status_code == 400


def test_the_stale_page_is_as_long_as_it_needs_and_asks_no_more_for_it(client):
    with transaction.atomic():
        World(2)
        with CaptureQueriesContext(connection) as few:
            client.get("/en/data/stale/?kind=articles&kind=sources")
        transaction.set_rollback(True)
    World(30)
    with CaptureQueriesContext(connection) as many:
        page = client.get("/en/data/stale/?kind=articles&kind=sources")
    assert len(many) == len(few)
    assert (page.context["count"], len(page.context["rows"])) == (60, 50)
    after = client.get(page.context["pager"]["next_url"])
    assert len(after.context["rows"]) == 10 and after.context["pager"]["next_url"] is None


def test_staff_go_from_the_stale_to_their_forms(client, editor):
    world = World(1)
    page = editor.get("/admin/stale/?kind=articles").content.decode()
    assert address(Article, "change", world.articles[0].pk) in page
    client.logout()
    assert client.get("/admin/stale/").status_code == 302


# Agreements


@pytest.mark.parametrize(
    ("dates", "status"),
    [
        ({}, None),
        ({"signed": "2016"}, "signed"),
        ({"signed": "2016", "in_force": "2999"}, "signed"),
        ({"signed": "2016", "in_force": "2017-01"}, "in_force"),
        ({"in_force": "2017", "ended": "2999-12-31"}, "in_force"),
        ({"signed": "2016", "in_force": "2017", "ended": "2020-05-01"}, "ended"),
        ({"signed": "2999"}, None),
    ],
)
def test_the_status_of_an_agreement_follows_from_its_dates(client, dates, status):
    Agreement.objects.create(slug="one", title_en="One", state="published", **dates)
    assert in_api(client, "agreements")["status"] == status
    for asked in ("signed", "in_force", "ended"):
        answer = client.get(f"/api/v1/agreements/?status={asked}&facets=status").json()
        counts = {option["value"]: option["count"] for option in answer["facets"]["status"]}
        assert answer["count"] == int(asked == status)
        assert counts == {
            value: int(value == (status or "not_recorded"))
            for value in ("signed", "in_force", "ended", "not_recorded")
        }
