from content.models.archive import ArchivedCopy
from content.models.articles import Article, Page
from content.models.changes import Change, Release, RevisionEntry
from content.models.evidence import Claim, Figure, Source, Strand
from content.models.importing import Import, ImportedRow
from content.models.media import Document, DocumentFile, Picture
from content.models.merging import Distinction, Merge
from content.models.searching import SearchEntry, SearchWord
from content.models.site import MenuItem, Site, SiteRevision

__all__ = [
    "ArchivedCopy",
    "Article",
    "Change",
    "Claim",
    "Distinction",
    "Document",
    "DocumentFile",
    "Figure",
    "Import",
    "ImportedRow",
    "MenuItem",
    "Merge",
    "Page",
    "Picture",
    "Release",
    "RevisionEntry",
    "SearchEntry",
    "SearchWord",
    "Site",
    "SiteRevision",
    "Source",
    "Strand",
]
