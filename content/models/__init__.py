from content.models.articles import Article, Page
from content.models.evidence import Claim, Figure, Source, Strand
from content.models.media import Document, DocumentFile, Picture
from content.models.merging import Distinction, Merge
from content.models.searching import SearchEntry, SearchWord
from content.models.site import MenuItem, Site, SiteRevision

__all__ = [
    "Article",
    "Claim",
    "Distinction",
    "Document",
    "DocumentFile",
    "Figure",
    "MenuItem",
    "Merge",
    "Page",
    "Picture",
    "SearchEntry",
    "SearchWord",
    "Site",
    "SiteRevision",
    "Source",
    "Strand",
]
