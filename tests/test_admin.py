"""What an editor can do in the admin, as a browser would ask for it."""

import html
from collections import Counter, defaultdict
from datetime import UTC, datetime

import lxml.html
import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conference.models import (
    Country,
    Delegation,
    DelegationMember,
    Edition,
    Organisation,
    Room,
    RORCandidate,
    ScheduleChange,
    ScheduleVersion,
    Section,
    Session,
    SessionLink,
    SessionType,
    Slot,
    Track,
    Venue,
)
from content.admin.articles import ArticleAdmin
from content.models import (
    ArchivedCopy,
    Article,
    Change,
    Claim,
    Distinction,
    DocumentFile,
    Figure,
    Import,
    ImportedRow,
    MenuItem,
    Merge,
    Picture,
    Release,
    RevisionEntry,
    SearchEntry,
    SearchWord,
    Site,
    SiteRevision,
    Source,
    Strand,
)
from cooperation.models import Field, Project
from tests.world import SOURCE_TEXT, World, six

pytestmark = pytest.mark.django_db

APPS = ("content", "conference", "cooperation")
# Journals and indexes, of which other pages make something that can be read.
MACHINERY = {Change, ImportedRow, Release, RevisionEntry, SearchEntry, SearchWord}
MODELS = [model for label in APPS for model in apps.get_app_config(label).get_models()]
REGISTERED = [model for model in MODELS if admin.site.is_registered(model)]
# Kept by the portal itself: staff look at them.
WRITTEN_BY_THE_PORTAL = {ArchivedCopy, Import, SiteRevision, ScheduleChange, ScheduleVersion, Slot, Merge, Distinction}


@pytest.fixture
def editor(client):
    user = User.objects.create_superuser("editor", password="-")
    client.force_login(user)
    return client


@pytest.fixture
def world():
    return World(2)


def address(model, page: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def fields_of(response) -> dict[str, list]:
    """What a browser would send back: line ends as CRLF, without the one line end after <textarea>."""
    page = lxml.html.fromstring(response.content.decode())
    form = next(form for form in page.forms if form.get("method") == "post" and form.get("id") != "logout-form")
    fields = defaultdict(list)
    for name, value in form.form_values():
        if getattr(form.inputs[name], "tag", "") == "textarea":
            value = value.removeprefix("\n").replace("\n", "\r\n")
        fields[name].append(value)
    return dict(fields)


def errors_of(response) -> str:
    page = lxml.html.fromstring(response.content.decode())
    return " | ".join(
        element.text_content().strip() for element in page.xpath("//*[contains(@class, 'errorlist')]/li")
    )


def send(client, path: str, **values):
    """Open a form, fill in some of its fields, and send all of them."""
    opened = client.get(path)
    assert opened.status_code == 200, path
    return client.post(path, fields_of(opened) | values)


def saved(response) -> bool:
    """Names what was refused where it was not saved."""
    assert response.status_code == 302, errors_of(response)
    return True


def messages_of(client, response) -> str:
    page = lxml.html.fromstring(client.get(response["Location"]).content.decode())
    return " | ".join(element.text_content().strip() for element in page.xpath("//*[@class='messagelist']/li"))


def fill_up(world: World) -> None:
    """What the world has once only, or not at all, as often as the rest."""
    for number in range(1, world.size + 1):
        name = f"{world.mark}-more-{number}"
        Venue.objects.create(slug=name, country=world.countries[number - 1], **six(name, "name"))
        SessionType.objects.create(slug=name, **six(name, "name"))
        Field.objects.create(slug=name, **six(name, "name"))
        MenuItem.objects.create(place="header", path=f"/{name}/", **six(name, "label"))
        world.record(Track, number + 1, edition=world.edition)
        ScheduleChange.objects.create(version=world.edition.draft_schedule(), kind="move")
        world.record(Picture, number, file=f"pictures/{name}.png")
        SessionLink.objects.create(
            session=world.sessions[number - 1], address="https://example.org/", **six(name, "label")
        )
        DocumentFile.objects.create(
            document=world.documents[number - 1], language="en", file=f"documents/{name}.pdf", size=1, sha256="0" * 64
        )
        ArchivedCopy.objects.create(source=world.sources[number - 1], file=ContentFile(b"copy", name="copy.html"))
        RORCandidate.objects.create(
            organisation=world.organisations[number - 1], ror="https://ror.org/05dxps055", name=name
        )
        Merge.objects.create(model="conference.person", kept=number, removed=number + 1, journal=[])
        Distinction.objects.create(model="conference.person", first=number, second=number + 1)
        Import.objects.create(file=f"{name}.csv", format="csv")
    Site.objects.create(**six("A portal", "name"))


class Undo(Exception):
    pass


def queries_of_lists(client, size: int) -> dict[str, int]:
    """How many queries the list of each model takes with that many rows."""
    counts = {}
    try:
        with transaction.atomic():
            fill_up(World(size))
            for model in REGISTERED:
                client.get(address(model, "changelist"))
                with CaptureQueriesContext(connection) as queries:
                    assert client.get(address(model, "changelist")).status_code == 200
                counts[model._meta.label] = len(queries)
            raise Undo
    except Undo:
        return counts


def test_every_model_is_registered_or_a_part_of_one_that_is():
    parts = {inline.model for model in REGISTERED for inline in admin.site.get_model_admin(model).inlines}
    assert [model for model in MODELS if model not in {*REGISTERED, *parts, *MACHINERY}] == []


def test_no_list_asks_more_for_more_rows(editor):
    one = queries_of_lists(editor, 1)
    assert queries_of_lists(editor, 3) == one
    assert queries_of_lists(editor, 30) == one


def test_every_form_opens(editor, world):
    fill_up(world)
    SiteRevision.objects.get_or_create(pk=1, defaults={"changed_at": datetime.now(UTC)})
    for model in REGISTERED:
        if model not in {*WRITTEN_BY_THE_PORTAL, Site}:
            assert editor.get(address(model, "add")).status_code == 200, model
        row = model._default_manager.first()
        for language in ("en", "ar", "zh-hans"):
            page = editor.get(address(model, "change", row.pk), headers={"Accept-Language": language})
            assert page.status_code == 200, model


def test_every_form_opens_for_somebody_who_may_only_look(client, world):
    fill_up(world)
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(reader)
    for model in REGISTERED:
        page = client.get(address(model, "change", model._default_manager.first().pk))
        assert page.status_code == 200, model
        assert b'name="_save"' not in page.content


def own_pages() -> list[str]:
    """The pages of the admin that Django does not have, of records on file."""
    session = Session.objects.first().pk
    pages = []
    for model, model_admin in admin.site._registry.items():
        record = model._base_manager.first()
        places = {"session_id": session, "object_id": record and record.pk}
        for url in model_admin.get_urls():
            kwargs = {name: places.get(name) for name in url.pattern.converters}
            ours = url.name and not url.name.endswith(("_changelist", "_add", "_change", "_history", "_delete"))
            if ours and None not in kwargs.values():
                pages.append(reverse(f"admin:{url.name}", kwargs=kwargs))
    return pages


@pytest.mark.django_db(transaction=True)
def test_every_page_takes_a_press_without_a_transaction_around_it(client):
    """As on the real server: the transaction that each other test runs in would hide that one is missing."""
    World(2)
    client.force_login(User.objects.create_superuser("editor"))
    client.raise_request_exception = False
    failed, pages = [], own_pages()
    for path in pages:
        for step in ("upload", "preview", "apply"):
            file = SimpleUploadedFile("rows.csv", b"title,start\n")
            if client.post(path, {"step": step, "file": file}).status_code >= 500:
                failed.append((path, step))
    assert failed == []
    assert any(path.endswith("/import-delegates/") for path in pages)
    assert len(pages) > 10


def test_every_list_can_be_searched_in_each_language(editor, world):
    fill_up(world)
    for model in REGISTERED:
        if admin.site.get_model_admin(model).search_fields:
            assert editor.get(address(model, "changelist"), {"q": "row"}).status_code == 200, model
    page = editor.get(address(Edition, "changelist"), {"q": "row 002 ar"}, headers={"Accept-Language": "fr"})
    assert [edition.slug for edition in page.context["cl"].result_list] == ["row-002"]


def test_names_are_in_the_order_of_the_readers_language(editor):
    for code, name, chinese in (("FR", "France", "法国"), ("CN", "China", "中国"), ("AL", "Albania", "阿尔巴尼亚")):
        Country.objects.create(code=code, alpha3=f"{code}X", name_en=name, name_zh_hans=chinese)

    def codes(language):
        page = editor.get(address(Country, "changelist"), {"o": "1"}, headers={"Accept-Language": language})
        return [country.code for country in page.context["cl"].result_list]

    assert codes("en") == ["AL", "CN", "FR"]
    assert codes("zh-hans") == ["AL", "FR", "CN"]


def test_looking_up_a_reference_takes_no_query_for_each_name(editor):
    """The names that are offered need no further query each."""
    fill_up(World(12))
    for model in REGISTERED:
        model_admin = admin.site.get_model_admin(model)
        for name in model_admin.get_autocomplete_fields(None):
            where = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": name}
            with CaptureQueriesContext(connection) as queries:
                answer = editor.get(reverse("admin:autocomplete"), where)
            assert answer.status_code == 200, (model, name)
            assert len(queries) <= 4, (model, name, [query["sql"] for query in queries])


# Languages


def test_each_input_of_a_text_says_its_language_and_direction(editor):
    page = lxml.html.fromstring(editor.get(address(Article, "add")).content.decode())
    inputs = page.xpath("//input[starts-with(@name, 'title_')]")
    assert [(field.get("name"), field.get("lang"), field.get("dir")) for field in inputs] == [
        ("title_en", "en", "ltr"),
        ("title_zh_hans", "zh-Hans", "ltr"),
        ("title_fr", "fr", "ltr"),
        ("title_es", "es", "ltr"),
        ("title_ru", "ru", "ltr"),
        ("title_ar", "ar", "rtl"),
    ]
    assert page.xpath("//*[@name='title']") == []


def test_one_language_is_enough_and_none_is_an_error(editor):
    path = address(Article, "add")
    assert "Write this in one language at least." in errors_of(send(editor, path, slug="nothing"))
    assert saved(send(editor, path, title_zh_hans="论坛", slug="forum"))
    assert str(Article.objects.get()) == "论坛"


def test_a_text_can_be_cleared_in_the_language_of_the_editor(editor):
    article = Article.objects.create(slug="news", title_en="News", title_fr="Nouvelles")
    assert saved(send(editor, address(Article, "change", article.pk), title_en=""))
    article.refresh_from_db()
    assert (article.title_en or "", article.title_fr) == ("", "Nouvelles")


def test_an_empty_slug_is_made_from_the_name_and_stays_unique(editor):
    for _ in range(2):
        assert saved(send(editor, address(Article, "add"), title_en="A new laboratory"))
    assert sorted(Article.objects.values_list("slug", flat=True)) == ["a-new-laboratory", "a-new-laboratory-2"]
    assert "Write a slug" in errors_of(send(editor, address(Article, "add"), title_zh_hans="论坛"))


def test_the_slug_of_what_was_public_stays_as_it_is(editor):
    article = Article.objects.create(slug="news", title_en="News", state="published")
    assert saved(send(editor, address(Article, "change", article.pk), slug="other", title_en="Other"))
    article.refresh_from_db()
    assert (article.slug, article.title_en) == ("news", "Other")


# From the form to the public


def test_an_article_is_public_once_it_is_saved(editor):
    assert saved(send(editor, address(Article, "add"), title_en="News", state="published"))
    assert Article.objects.published().get().slug == "news"


def test_an_edition_a_session_and_a_delegation_are_public_once_they_are_saved(editor):
    country = Country.objects.create(code="CU", alpha3="CUB", name_en="Cuba", state="published")
    edition_form = {
        "name_en": "Second conference",
        "time_zone": "America/Havana",
        "start_date": "2027-05",
        "state": "published",
    }
    assert saved(send(editor, address(Edition, "add"), **edition_form))
    edition = Edition.objects.published().get()
    assert saved(send(editor, address(Session, "add"), edition=edition.pk, title_fr="Ouverture", state="published"))
    assert Session.objects.published().get().slug == "ouverture"
    assert saved(send(editor, address(Delegation, "add"), edition=edition.pk, country=country.pk, state="published"))
    assert Delegation.objects.published().get().slug == "cu"


def test_a_project_is_public_once_it_is_saved_with_its_parts(editor, world):
    parts = {
        "title_en": "Rice in dry soil",
        "state": "published",
        "country_shares-0-country": world.countries[0].pk,
        "country_shares-0-percentage": "100",
        "sectors-0-code": "31120",
        "budgets-0-amount": "1.50",
        "budgets-0-currency": "CNY",
        "budgets-0-value_date": "2023-11-06",
        "budgets-0-period_start": "2023-01-01",
        "budgets-0-period_end": "2023-12-31",
    }
    assert saved(send(editor, address(Project, "add"), **parts))
    project = Project.objects.published().get(slug="rice-in-dry-soil")
    assert [str(part) for part in project.country_shares.all()] == [str(world.countries[0])]
    assert [str(part) for part in project.budgets.all()] == ["1.50 CNY"]


def shares_of(*rows: tuple[str, str, str], vocabulary: str = "1") -> dict:
    """Each row: the part, and what it says."""
    fields, places = {}, Counter()
    for part, value, share in rows:
        name = "country" if part == "country_shares" else "code"
        place = f"{part}-{places[part]}"
        fields |= {f"{place}-{name}": value, f"{place}-percentage": share}
        if name == "code":
            fields[f"{place}-vocabulary"] = vocabulary
        places[part] += 1
    return fields | {f"{part}-TOTAL_FORMS": count for part, count in places.items()}


def test_shares_of_a_project_add_up_to_a_hundred(editor, world):
    country = world.countries[0].pk
    refused = {
        "The shares of the sectors of vocabulary 1 add up to 90 per cent, not to 100.": [
            ("sectors", "31120", "60"), ("sectors", "31130", "30"),
        ],
        "Some of the sectors of vocabulary 1 have a share and some have none.": [
            ("sectors", "31120", "100"), ("sectors", "31130", ""),
        ],
        "The shares of the countries and regions add up to 60.5 per cent, not to 100.": [
            ("country_shares", country, "60.5"),
        ],
        "The shares of the countries and regions add up to 110 per cent, not to 100.": [
            ("country_shares", country, "60"), ("regions", "298", "50"),
        ],
    }  # fmt: skip
    for reason, rows in refused.items():
        response = send(editor, address(Project, "add"), title_en="Rice", **shares_of(*rows))
        assert reason in html.unescape(response.content.decode())
    assert not Project.objects.filter(title_en="Rice").exists()
    fine = (
        ("country_shares", country, "60"),
        ("regions", "298", "40"),
        ("sectors", "311", ""),
        ("sectors", "312", ""),
    )
    assert saved(send(editor, address(Project, "add"), title_en="Rice", **shares_of(*fine)))
    thirds = [("sectors", code, "33.33") for code in ("31110", "31120", "31130")]
    assert saved(send(editor, address(Project, "add"), title_en="Rice in thirds", **shares_of(*thirds)))


def test_shares_that_an_import_brought_stop_nobody_who_changes_something_else(editor, world):
    project = Project.objects.create(slug="rice", title_en="Rice", state="published")
    project.sectors.create(code="31120", percentage=90)
    assert saved(send(editor, address(Project, "change", project.pk), title_en="Rice in dry soil"))
    changed = send(editor, address(Project, "change", project.pk), **{"sectors-0-percentage": "80"})
    assert "add up to 80 per cent" in changed.content.decode()


def claim_fields(source, **values) -> dict:
    fields = {
        "source": source.pk,
        "qualifier": "exact",
        "value": "9",
        "quote_kind": "verbatim",
        "state": "published",
        **values,
    }
    return {f"claims-0-{name}": value for name, value in fields.items()}


def test_a_figure_is_public_once_it_is_saved_with_its_claim(editor, world):
    figure = {"name_en": "Centres", "qualifier": "exact", "value": "9", "state": "published"}
    claim = claim_fields(world.sources[0], quote="nine centres")
    assert saved(send(editor, address(Figure, "add"), **figure, **claim))
    claim = Figure.objects.published().get(slug="centres").claims.published().get()
    assert (claim.offset, claim.slug) == (SOURCE_TEXT.index("nine centres"), "centres-row-001")


def test_a_form_says_why_something_published_is_hidden(editor):
    edition = Edition.objects.create(slug="next", name_en="Next conference")
    response = send(editor, address(Section, "add"), edition=edition.pk, name_en="Health", state="published")
    assert saved(response)
    assert "hidden as long as this is not public: edition “Next conference”" in messages_of(editor, response)


def test_known_to_be_none_contradicts_what_is_chosen(editor, world):
    path = address(world.facilities[0], "change", world.facilities[0].pk)
    assert "“Partners” is not empty." in errors_of(send(editor, path, recorded_none=["partners"]))
    assert saved(send(editor, path, recorded_none=["partners"], partners=[]))


def test_a_filter_that_the_collection_does_not_know_is_an_error(editor, world):
    path = address(Figure, "change", world.figures[0].pk)
    assert "knd" in errors_of(send(editor, path, checked_query="knd=joint_laboratory"))


# Actions


def act(client, model, action: str, rows):
    return client.post(address(model, "changelist"), {"action": action, "_selected_action": [row.pk for row in rows]})


def test_many_records_are_published_and_archived_at_once(editor):
    rows = [Article.objects.create(slug=f"news-{number}", title_en="News") for number in (1, 2)]
    assert saved(act(editor, Article, "publish", rows))
    assert Article.objects.published().filter(first_public_at__isnull=False).count() == 2
    assert saved(act(editor, Article, "archive", rows))
    assert Article.objects.withdrawn().count() == 2
    assert LogEntry.objects.filter(user__username="editor").count() == 4


def test_publishing_says_what_is_not_public_yet(editor):
    row = Article.objects.create(slug="news", title_en="News", publish_at=datetime(2999, 1, 1, tzinfo=UTC))
    assert "1 of them is not public yet" in messages_of(editor, act(editor, Article, "publish", [row]))


def test_who_may_only_look_can_publish_nothing(client):
    row = Article.objects.create(slug="news", title_en="News")
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_article"))
    client.force_login(reader)
    act(client, Article, "publish", [row])
    row.refresh_from_db()
    assert row.state == "draft"


def test_one_record_that_may_not_be_changed_stops_the_action(rf):
    first, _second = rows = [Article.objects.create(slug=f"news-{number}", title_en="News") for number in (1, 2)]

    class FirstOnly(ArticleAdmin):
        def has_change_permission(self, request, obj=None):
            return obj in (None, first)

    with pytest.raises(PermissionDenied):
        FirstOnly(Article, admin.site).publish(rf.post("/"), Article.objects.filter(pk__in=[row.pk for row in rows]))
    assert Article.objects.published().count() == 0


def test_only_what_is_public_has_a_link_to_its_page(editor):
    draft = Article.objects.create(slug="draft", title_en="Draft")
    public = Article.objects.create(slug="public", title_en="Public", state="published")
    assert b"viewsitelink" not in editor.get(address(Article, "change", draft.pk)).content
    assert b'href="/en/news/public/" class="viewsitelink"' in editor.get(address(Article, "change", public.pk)).content


# The schedule


def slot_fields(room, start: str, end: str, state: str = "confirmed") -> dict:
    fields = {"room": room.pk, "start": start, "end": end, "state": state}
    return {f"slots-0-{name}": value for name, value in fields.items()}


@pytest.fixture
def session(world):
    return Session.objects.create(edition=world.edition, slug="closing", title_en="Closing", state="published")


def test_times_are_those_of_the_editions_place(editor, world, session):
    path = address(Session, "change", session.pk)
    assert "Asia/Shanghai" in editor.get(path).content.decode()
    assert saved(send(editor, path, **slot_fields(world.rooms[0], "2023-11-07T09:00", "2023-11-07T10:30")))
    slot = Slot.objects.get(session=session)
    assert (slot.start, slot.version) == (datetime(2023, 11, 7, 1, tzinfo=UTC), world.edition.draft_schedule())
    page = lxml.html.fromstring(editor.get(path).content.decode())
    assert page.xpath("//*[@name='slots-0-start']")[0].value == "2023-11-07T09:00"


def test_a_new_session_takes_its_zone_from_the_edition_that_is_chosen(editor, world):
    slot = slot_fields(world.rooms[0], "2023-11-07T09:00", "2023-11-07T10:30")
    assert saved(send(editor, address(Session, "add"), edition=world.edition.pk, title_en="Closing", **slot))
    assert Slot.objects.get(session__slug="closing").start == datetime(2023, 11, 7, 1, tzinfo=UTC)


def test_a_clash_names_the_other_session(editor, world, session):
    path = address(Session, "change", session.pk)
    clash = slot_fields(world.rooms[0], "2023-11-06T09:30", "2023-11-06T10:00")
    assert "“row 001 en” is confirmed in this room at that time: Nov. 6, 2023 09:00 – 09:45." in errors_of(
        send(editor, path, **clash)
    )
    assert not Slot.objects.filter(session=session).exists()
    assert saved(send(editor, path, **clash | {"slots-0-state": "tentative"}))


def test_a_session_that_ends_before_it_starts_is_an_error(editor, world, session):
    slot = slot_fields(world.rooms[0], "2023-11-07T09:30", "2023-11-07T09:00")
    assert "A session ends after it starts." in errors_of(send(editor, address(Session, "change", session.pk), **slot))


def test_a_track_of_another_edition_is_an_error(editor, world):
    track = world.record(Track, 9, edition=world.editions[1])
    fields = {"edition": world.edition.pk, "title_en": "Closing", "track": track.pk}
    assert "This belongs to another edition: row 002 en." in errors_of(send(editor, address(Session, "add"), **fields))


def test_the_schedule_is_published_with_a_note(editor, world, session):
    path = address(Session, "change", session.pk)
    response = send(editor, path, **slot_fields(world.rooms[0], "2023-11-07T09:00", "2023-11-07T10:30"))
    assert "The public follows them once the schedule is published." in messages_of(editor, response)
    publish = reverse("admin:conference_edition_publish_schedule", args=[world.edition.pk])
    assert "Closing" in editor.get(publish).content.decode()
    assert saved(send(editor, publish, note_fr="Clôture ajoutée"))
    version = world.edition.schedule_versions.get(number=2)
    assert version.note_fr == "Clôture ajoutée"
    assert Session.objects.published().with_slot().get(pk=session.pk).start == datetime(2023, 11, 7, 1, tzinfo=UTC)
    assert "Nothing has changed since the last version." in editor.get(publish).content.decode()


def test_who_may_only_look_cannot_publish_the_schedule(client, world):
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_edition"))
    client.force_login(reader)
    publish = reverse("admin:conference_edition_publish_schedule", args=[world.edition.pk])
    assert [client.get(publish).status_code, client.post(publish).status_code] == [403, 403]
    assert b"publish-schedule" not in client.get(address(Edition, "change", world.edition.pk)).content
    assert world.edition.schedule_versions.filter(number=2).count() == 0


# What others rest on


def protected(client, record) -> str:
    path = address(type(record), "delete", record.pk)
    answers = [client.get(path), client.post(path, {"post": "yes"})]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert type(record).objects.filter(pk=record.pk).exists()
    return lxml.html.fromstring(answers[0].content.decode()).get_element_by_id("content").text_content()


@pytest.mark.parametrize(
    ("model", "named"),
    [
        (Source, ["Claim: row 001 en"]),
        (Country, ["Organisation: row 001 en", "Delegation: row 001 en (", "Edition: row 001 en"]),
        (Organisation, ["Organiser: row 001 en: Organiser", "Facility: row 001 en"]),
        (Edition, ["Session: row 001 en", "Delegation: row 001 en (", "Section: row 001 en"]),
    ],
)
def test_what_others_rest_on_stays_and_the_page_lists_them(editor, world, model, named):
    text = protected(editor, model.objects.get(slug="row-001" if model is not Country else "qaaa"))
    assert [name for name in named if name not in text] == []


def test_a_published_schedule_version_cannot_be_altered_or_deleted(editor, world):
    version = world.edition.schedule_versions.get(number=1)
    for record in (version, version.slots.first()):
        page = editor.get(address(type(record), "change", record.pk)).content
        assert (b"deletelink" in page, b'name="_save"' in page) == (False, False)
        answers = [
            editor.post(address(type(record), page, record.pk), {"post": "yes"}) for page in ("change", "delete")
        ]
        assert [answer.status_code for answer in answers] == [403, 403]
        assert editor.post(
            address(type(record), "changelist"), {"action": "delete_selected", "_selected_action": record.pk}
        )
        assert type(record).objects.filter(pk=record.pk).exists()


def test_a_source_that_an_article_rests_on_stays_and_the_article_is_named(editor):
    source = Source.objects.create(slug="report", kind="news_report", title_en="A report")
    article = Article.objects.create(slug="news", title_en="Nine new centres")
    article.sources.add(source)
    assert "Nine new centres" in protected(editor, source)


# The rules of the database


def test_a_quote_that_the_source_does_not_have_is_an_error(editor, world):
    path = address(Claim, "change", world.claims[0].pk)
    assert "The source does not have these words." in errors_of(
        send(editor, path, quote="ten centres", quote_marked="ten")
    )
    assert "The stored text of the source does not have these words." in errors_of(
        send(editor, path, quote="ten centres", quote_marked="ten", offset="")
    )


def test_a_quote_in_a_form_of_its_figure_is_checked_too(editor, world):
    figure = {"name_en": "Centres", "qualifier": "exact", "value": "9"}
    claim = claim_fields(world.sources[0], quote="nine centres", offset="3")
    response = send(editor, address(Figure, "add"), **figure, **claim)
    assert "The source has these words at place 32, not at 3." in errors_of(response)


def test_a_text_cannot_be_altered_under_a_quote(editor, world):
    path = address(Source, "change", world.sources[0].pk)
    response = send(editor, path, text=f"Well: {SOURCE_TEXT}")
    assert "row 001 en" in errors_of(response)
    assert saved(send(editor, path, text=f"{SOURCE_TEXT} And more."))


@pytest.mark.parametrize("text", ["\n  First line\n\nquoted words\n ", "First line\r\nquoted words"])
def test_a_stored_text_survives_its_form_character_for_character(editor, text):
    source = Source.objects.create(slug="report", kind="news_report", title_en="A report", text=text)
    Claim.objects.create(
        slug="claim", source=source, quote="quoted words", quote_kind="verbatim", offset=text.index("quoted")
    )
    assert saved(send(editor, address(Source, "change", source.pk), title_en="The report"))
    source.refresh_from_db()
    assert (source.title_en, source.text) == ("The report", text)


def test_what_the_database_alone_finds_out_is_an_error_of_the_form(editor, world):
    delegation = world.delegations[0]
    path = address(Delegation, "change", delegation.pk)
    second = {"members-1-person": world.people[1].pk, "members-1-role": "head", "members-TOTAL_FORMS": "2"}
    second |= {"members-1-rank": "2", "members-1-delegation": delegation.pk, "members-1-id": ""}
    assert "A delegation has one head." in errors_of(send(editor, path, size="77", **second))
    delegation.refresh_from_db()
    assert (delegation.size, DelegationMember.objects.filter(delegation=delegation).count()) == (1, 1)


def test_a_file_sent_with_a_refused_form_is_not_an_error_of_its_own(editor, world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    document = world.documents[0]
    path = address(type(document), "change", document.pk)

    def files():
        return {
            "files-TOTAL_FORMS": "2",
            **{f"files-{n}-original": "on" for n in (0, 1)},
            **{f"files-{n}-language": code for n, code in enumerate(("en", "fr"))},
            **{f"files-{n}-file": SimpleUploadedFile(f"{n}.pdf", b"%PDF-1.4") for n in (0, 1)},
            **{f"files-{n}-document": document.pk for n in (0, 1)},
        }

    response = send(editor, path, **files())
    assert response.status_code == 200
    assert set(errors_of(response).split(" | ")) == {
        "A document has one original: mark one of its files, no more.",
    }
    assert saved(send(editor, path, **files() | {"files-1-original": ""}))
    assert [file.size for file in document.files.all()] == [8, 8]


def test_a_second_save_does_not_wipe_out_the_first(editor):
    article = Article.objects.create(slug="news", title_en="News")
    path = address(Article, "change", article.pk)
    first, second = (fields_of(editor.get(path)) for _ in range(2))
    assert saved(editor.post(path, first | {"summary_en": "By the first"}))
    response = editor.post(path, second | {"summary_en": "By the second"})
    assert "Somebody else has changed this since you opened it" in errors_of(response)
    assert Article.objects.get().summary_en == "By the first"


def test_a_form_does_not_wipe_out_what_changed_in_its_parts_and_links_meanwhile(editor, world):
    path = address(Figure, "change", world.figures[0].pk)
    stale = fields_of(editor.get(path))
    assert saved(send(editor, address(Claim, "change", world.claims[0].pk), note_en="Counted twice"))
    assert "Somebody else" in errors_of(editor.post(path, stale))
    stale = fields_of(editor.get(path))
    world.figures[0].sources.add(world.sources[0])
    assert "Somebody else" in errors_of(editor.post(path, stale))


def test_a_form_that_was_refused_can_be_mended_and_sent_again(editor):
    article = Article.objects.create(slug="news", title_en="News")
    path = address(Article, "change", article.pk)
    refused = send(editor, path, title_en="")
    assert refused.status_code == 200
    assert saved(editor.post(path, fields_of(refused) | {"title_en": "Better news"}))


def test_two_rooms_of_one_name_are_told_apart(editor, world):
    rooms = [
        row["text"]
        for row in editor.get(
            reverse("admin:autocomplete"), {"app_label": "conference", "model_name": "slot", "field_name": "room"}
        ).json()["results"]
    ]
    assert rooms == [str(room) for room in Room.objects.select_related("venue").order_by("position", "id")]


def test_the_admin_is_for_staff(client):
    client.force_login(User.objects.create_user("visitor"))
    for model in REGISTERED:
        assert client.get(address(model, "changelist")).status_code == 302
    assert Strand.objects.count() == 0
