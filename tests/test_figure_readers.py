"""A figure is never printed without its source: what the tag and the serializer tell comes from one function.

Two nets. The first reads the code: whatever is called `value` on something that nobody has told apart from a figure is
refused, so a new reader fails before it runs. The second runs the portal with a figure that notes who reads it.
"""

import ast
import re
import traceback
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from brst_site.datasets import DATASETS
from content.models import Claim, Figure
from tests.walk import Walk, known
from tests.world import World

ROOT = Path(__file__).resolve().parent.parent
APPS = ("brst_site", "cooperation", "conference", "content")
READERS = {"content/serializers.py"}
# What has a `value` and is no figure: the name that it goes by, a capital for members of choices.
OTHER_THINGS = {
    "calendar", "choice", "claim", "component", "event", "found", "head", "key", "kind", "one", "option",
    "part", "rate", "rule", "said", "self",
}  # fmt: skip
# How code gets at a field by its name.
BY_NAME = {
    "Avg", "Count", "F", "Max", "Min", "OuterRef", "Sum", "attrgetter", "getattr", "only", "order_by",
    "value_from_object",
    "values", "values_list",
}  # fmt: skip
# Rows of the tag that are words already, and loops over choices.
TEMPLATE_THINGS = {"claim", "option", "rate", "item", "field", "widget", "entry", "cell", "row"}
TAG_TEMPLATES = {f"parts/_figure_{form}.html" for form in ("card", "embed", "head", "line")}


def modules() -> list[Path]:
    return [
        path
        for app in APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in path.parts and str(path.relative_to(ROOT)) not in READERS
    ]


def root_of(node: ast.expr) -> str:
    """The name that an expression such as `self.record.value` or `rows[0].value` begins with; "" for a call."""
    dotted = False
    while isinstance(node, ast.Attribute | ast.Subscript):
        dotted = dotted or isinstance(node, ast.Attribute)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    # `claim` is a claim; `claim.figure` is not.
    return f"{node.id}.…" if dotted and node.id[0].islower() else node.id


def is_other_thing(node: ast.expr) -> bool:
    root = root_of(node)
    return root in OTHER_THINGS or root[:1].isupper()


def readers_in(source: str) -> list[str]:
    """The expressions in a module by which it might read the value of a figure."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr == "value" and isinstance(node.ctx, ast.Load):
            found += [] if is_other_thing(node.value) or is_method(node, source) else [ast.unparse(node)]
        if isinstance(node, ast.Call) and name_called(node) in BY_NAME:
            texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            found += [ast.unparse(node) for text in texts if re.fullmatch(r"(\w+__)?value", str(text))]
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and re.search(r"\bcontent_figure\b", node.value)
        ):
            found.append(node.value[:80])
    return found


def is_method(node: ast.Attribute, source: str) -> bool:
    """`self.value(…)` calls something of its own."""
    return f"{ast.unparse(node)}(" in source and root_of(node.value) in OTHER_THINGS


def name_called(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def readers_in_template(source: str) -> list[str]:
    names = re.findall(r"{[{%][^}%]*?\b([\w.]+)\.value\b", source)
    return [name for name in names if name.rpartition(".")[2] not in TEMPLATE_THINGS]


def test_no_other_module_reads_the_value_of_a_figure():
    found = {str(path.relative_to(ROOT)): readers_in(path.read_text()) for path in modules()}
    assert {path: readers for path, readers in found.items() if readers} == {}


def test_no_template_but_those_of_the_tag_prints_the_value_of_a_figure():
    templates = {path.relative_to(ROOT / "templates"): path for path in sorted((ROOT / "templates").rglob("*.html"))}
    found = {str(name): readers_in_template(path.read_text()) for name, path in templates.items()}
    assert {name for name, readers in found.items() if readers} == TAG_TEMPLATES
    included = {
        str(name): re.findall(r"_figure_(?:card|head|line)\.html", re.sub(r"{#.*?#}", "", path.read_text()))
        for name, path in templates.items()
    }
    assert {name for name, parts in included.items() if parts} == set()


@pytest.mark.parametrize(
    "reader",
    [
        "print(figure.value)",
        "text = f'{self.record.value}'",
        "x = claim.figure.value",
        "x = rows[0].value",
        "x = Figure.objects.get().value",
        "getattr(record, 'value')",
        "Figure.objects.values_list('slug', 'value')",
        "Claim.objects.values('figure__value')",
        "rows.annotate(top=Max('value'))",
        "cursor.execute('SELECT value FROM content_figure')",
    ],
)
def test_each_way_of_reading_it_is_found(reader):
    assert len(readers_in(reader)) == 1


@pytest.mark.parametrize("reader", ["{{ figure.value }}", "{% if record.value %}", "{{ row.figure.value|number }}"])
def test_each_way_of_printing_it_is_found(reader):
    assert len(readers_in_template(reader)) == 1


@pytest.mark.parametrize(
    "other", ["x = claim.value", "x = Qualifier.EXACT.value", "x = option.value", "self.value(1)"]
)
def test_what_is_no_figure_is_let_through(other):
    assert readers_in(other) == []


class Noted:
    """Stands in for the field on the model and notes the nearest of our own modules that reads it."""

    def __init__(self, field):
        self.field = field
        self.readers = set()

    def __get__(self, record, owner=None):
        if record is None:
            return self.field
        frames = [Path(frame.filename) for frame in traceback.extract_stack()]
        ours = [path.relative_to(ROOT) for path in frames if path.is_relative_to(ROOT)]
        ours = [path for path in ours if path.parts[0] in APPS]
        self.readers.add(str(ours[-1]) if ours else "django")
        return record.__dict__["value"]

    def __set__(self, record, value):
        record.__dict__["value"] = value


@pytest.fixture
def noted(monkeypatch):
    noted = Noted(Figure.__dict__["value"])
    monkeypatch.setattr(Figure, "value", noted)
    return noted


@pytest.mark.django_db
def test_whatever_the_public_asks_for_nobody_else_reads_it(noted):
    world = World(2)
    Claim.objects.filter(slug="row-002").update(relation="conflicts")
    Figure.objects.update(headline=True)
    for record in (*world.articles, *world.countries, *world.editions, *world.facilities, *world.sessions):
        record.statements.add(*world.claims)
    noted.readers.clear()
    walk = Walk()
    starts = [f"/en/{path}" for path in ("", "search/?q=row", "figures/", "data/")]
    starts += [address for one in known() for address in one.filled(["row-001", "row-001", "row-001"], ["en", "ar"])]
    for listing in DATASETS:
        starts += [f"/api/v1/{listing.name}/"]
        starts += [f"/api/v1/{listing.name}.{ending}" for ending in ("csv", "xlsx", "json", "ndjson")]
    walk.crawl([start for start in starts if ".pdf" not in start], follow=False)
    call_command("check_records", "--all")
    assert noted.readers == READERS
    for path in ("", "news/row-001/", "conference/row-001/", "figures/", "figures/row-001/", "cooperation/row-001/"):
        assert "<mark>nine</mark> centres" in walk.visit(f"/en/{path}").text, path


@pytest.mark.django_db
def test_staff_see_it_through_their_forms_and_the_same_reader(noted, client):
    World(2)
    client.force_login(User.objects.create_superuser("editor"))
    noted.readers.clear()
    figure = Figure.objects.get(slug="row-001")
    for path in ("figure/", "figure/records-check/", f"figure/{figure.pk}/change/", "claim/"):
        assert client.get(f"/admin/content/{path}").status_code == 200
    # Forms and lists of Django read for themselves: nearest to them on the stack is what let the request in.
    assert noted.readers - {path for path in noted.readers if "/admin/" in path} <= READERS | {
        "brst_site/middleware.py"
    }
