from content.models.archive import ArchivedCopy
from content.models.articles import Article, Page
from content.models.evidence import Claim, Figure, Source, Strand
from content.models.media import Document, DocumentFile, Picture
from content.models.merging import Distinction, Merge
from content.models.site import MenuItem, Site, SiteRevision

__all__ = [
    "ArchivedCopy",
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
    "Site",
    "SiteRevision",
    "Source",
    "Strand",
]
