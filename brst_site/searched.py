"""What is searched of each kind of record: the one place that says so, for pages, lists, exports and the API.

Only what the public sees of a public record belongs here: no stored texts of sources, no names for imports alone.
"""

from content.searching.index import Searched

SEARCHED = {
    "conference.Edition": Searched(title=("name",), summary=("theme", "city"), body=("introduction", "practical")),
    "conference.Section": Searched(title=("name",), summary=("summary",)),
    "conference.Session": Searched(title=("title",), summary=("subtitle",), body=("abstract",), through=("persons",)),
    "conference.ScheduleVersion": Searched(title=("note",)),
    "conference.Person": Searched(title=("name",), body=("biography",), codes=("orcid",)),
    "conference.Delegation": Searched(through=("country", "organisation")),
    "conference.Country": Searched(
        title=("name",), summary=("official_name", "capital"), codes=("code", "alpha3", "m49")
    ),
    "conference.Organisation": Searched(title=("name",), codes=("acronym", "ror"), choices=("kind",)),
    "cooperation.Agreement": Searched(
        title=("title",),
        body=("summary",),
        choices=("kind",),
        through=("parties__country", "parties__organisation"),
    ),
    "cooperation.Field": Searched(title=("name",), codes=("code",)),
    "cooperation.Facility": Searched(
        title=("name",), body=("summary",), choices=("kind",), through=("host", "partners", "countries", "fields")
    ),
    "cooperation.Project": Searched(
        title=("title",),
        body=("description",),
        codes=("iati_identifier",),
        through=("country_shares__country", "organisation_roles__organisation"),
    ),
    "cooperation.Programme": Searched(
        title=("name",), body=("summary",), choices=("kind",), through=("countries", "organisations")
    ),
    "content.Figure": Searched(title=("name",), summary=("unit", "scope")),
    "content.Claim": Searched(title=("name",), summary=("speaker",), body=("quote", "quote_translation")),
    "content.Source": Searched(title=("title",), summary=("publisher", "author", "speaker", "speaker_role")),
    "content.Article": Searched(title=("title",), summary=("summary",), body=("body",), choices=("kind",)),
    "content.Document": Searched(title=("title",), summary=("summary",), choices=("kind",)),
}
