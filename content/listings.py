from django.db.models import Case, Exists, OuterRef, When
from django.db.models.functions import Coalesce

from content.filters import ArticleFilter, ClaimFilter, FigureFilter, SourceFilter
from content.listing import Listing
from content.models import Article, Claim, Figure, Source
from content.serializers import ArticleSerializer, ClaimSerializer, FigureSerializer, SourceSerializer


def dated_articles():
    """News by the day that stands beside it: the one it was meant for, or did appear."""
    return Article.objects.published().annotate(shown_at=Coalesce("publish_at", "first_public_at"))


def public_figures():
    """With the value as far as the public may know it: none of a figure that has no public claim."""
    claims = Claim.objects.published().filter(figure=OuterRef("pk"))
    return Figure.objects.published().annotate(told=Case(When(Exists(claims), then="value")))


FIGURES = Listing(
    name="figures",
    page="figures",
    rows=public_figures,
    filterset=FigureFilter,
    serializer=FigureSerializer,
    order="position",
    orders={"position": "position", "name": "sort", "value": "told", "as_of": "as_of"},
)

CLAIMS = Listing(
    name="claims",
    rows=Claim.objects.published,
    filterset=ClaimFilter,
    serializer=ClaimSerializer,
    order="said_on",
    orders={"said_on": "said_on", "value": "value", "offset": "offset"},
)

SOURCES = Listing(
    name="sources",
    page="sources",
    rows=Source.objects.published,
    filterset=SourceFilter,
    serializer=SourceSerializer,
    order="-said_on",
    orders={"said_on": "said_on", "title": "sort"},
)

ARTICLES = Listing(
    name="articles",
    page="articles",
    rows=dated_articles,
    filterset=ArticleFilter,
    serializer=ArticleSerializer,
    order="-published_at",
    orders={"published_at": "shown_at", "title": "sort"},
)
