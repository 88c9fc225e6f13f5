from django.db.models.functions import Coalesce

from content.filters import ArticleFilter, ClaimFilter, FigureFilter, SourceFilter
from content.listing import Listing
from content.models import Article, Claim, Figure, Source
from content.serializers import ArticleSerializer, ClaimSerializer, FigureSerializer, SourceSerializer


def dated_articles():
    """News by the day that stands beside it: the one it was meant for, or did appear."""
    return Article.objects.published().annotate(shown_at=Coalesce("publish_at", "first_public_at"))


FIGURES = Listing(
    name="figures",
    page="figures",
    rows=Figure.objects.published,
    filterset=FigureFilter,
    serializer=FigureSerializer,
    order="position",
    orders={"position": "position", "name": "sort", "value": "value", "as_of": "as_of"},
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
