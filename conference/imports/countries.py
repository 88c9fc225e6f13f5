"""Countries, regions and region groups, brought together from their sources into one fixture.

No database and no network: the sources are files beside the fixture, and the names of CLDR come with Babel.
"""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import babel

from content.languages import CODES

CLDR_LOCALES = {"zh-hans": "zh_Hans"}
UNTERM_NAMES = {
    "en": "English",
    "zh-hans": "Chinese",
    "fr": "French",
    "es": "Spanish",
    "ru": "Russian",
    "ar": "Arabic",
}
ARTICLES = {"en": r"the ", "fr": r"l[ae] |les |l['’]", "es": r"el |la |los |las "}

OTHER_NAME_COLUMNS = (
    *(f"UNTERM {name} Short" for name in UNTERM_NAMES.values()),
    *(f"official_name_{code}" for code in ("en", "cn", "fr", "es", "ru", "ar")),
    "CLDR display name",
)

Row = dict[str, str]


def build(folder: Path) -> dict:
    """The whole fixture from the folder of its sources."""
    rows = read_rows(folder / "country-codes.csv", "ISO3166-1-Alpha-2")
    points = {row["code"]: row for row in read_rows(folder.parent / "map-points.csv", "code")}
    former = json.loads((folder / "extinct-states.json").read_text(encoding="utf-8"))
    others = json.loads((folder / "country-other-names.json").read_text(encoding="utf-8"))["names"]
    grouping = json.loads((folder / "region-groups.json").read_text(encoding="utf-8"))
    regions = build_regions(rows, grouping["m49_names"])
    slugs = {region["m49"]: region["slug"] for region in regions}
    parents = {region["slug"]: region["parent"] for region in regions}
    return {
        "about": about(),
        "regions": regions,
        "groups": [build_group(group, rows) for group in grouping["groups"]],
        "countries": [
            *(
                with_other_names(build_country(row, slugs, points.get(row["ISO3166-1-Alpha-2"])), others, row)
                for row in rows
            ),
            *(with_other_names(build_former(state, slugs, parents), others) for state in former["states"]),
        ],
    }


def about() -> dict:
    return {
        "made_by": "manage.py make_countries_fixture",
        "sources": [
            {
                "what": "codes, regions, capitals, formal names (UNTERM)",
                "from": "datasets/country-codes, commit caa72d1e",
                "licence": "ODC Public Domain Dedication and Licence 1.0",
            },
            {
                "what": "names of countries and regions",
                "from": f"Unicode CLDR through Babel {babel.__version__}",
                "licence": "Unicode licence",
            },
            {
                "what": "points on the map",
                "from": "world-atlas 2.0.2, from Natural Earth; some set by hand",
                "licence": "public domain",
            },
            {
                "what": "other names",
                "from": "datasets/country-codes (UNTERM, M49) and sources/country-other-names.json",
                "licence": "ODC Public Domain Dedication and Licence 1.0; facts",
            },
            {"what": "former states", "from": "sources/extinct-states.json", "licence": "facts"},
            {"what": "region groups", "from": "sources/region-groups.json", "licence": "facts"},
        ],
    }


def read_rows(path: Path, key: str) -> list[Row]:
    """Every value stays text: the code of Namibia is NA, and some M49 codes begin with 0."""
    with path.open(encoding="utf-8", newline="") as file:
        return sorted(csv.DictReader(file), key=lambda row: row[key])


def m49(code: str) -> str:
    return code.strip().zfill(3)


def cldr_names(code: str) -> dict[str, str]:
    """The names of a country or of an M49 region, in every language; a missing one is an error here, not later."""
    return {language: cldr_territories(language)[code] for language in CODES}


def cldr_territories(language: str) -> dict[str, str]:
    return babel.Locale.parse(CLDR_LOCALES.get(language, language)).territories


def build_regions(rows: list[Row], other_names: dict[str, dict[str, str]]) -> list[dict]:
    """The regions of M49 and their subregions. Its intermediate regions are left out: not every country has one."""
    found = {}
    for row in rows:
        if not row["Region Code"]:
            continue
        region, subregion = m49(row["Region Code"]), m49(row["Sub-region Code"])
        parent = slug(row["Region Name"])
        found[region] = {"slug": parent, "m49": region, "kind": "region", "parent": None}
        found[subregion] = {
            "slug": slug(row["Sub-region Name"]),
            "m49": subregion,
            "kind": "subregion",
            "parent": parent,
        }
    named = [{**region, "name": other_names.get(code) or heading(cldr_names(code))} for code, region in found.items()]
    return sorted(named, key=lambda region: (region["kind"], region["m49"]))


def heading(names: dict[str, str]) -> dict[str, str]:
    """CLDR writes some regions as within a sentence: "région micronésienne"."""
    return {language: name[0].upper() + name[1:] for language, name in names.items()}


def slug(name: str) -> str:
    return re.sub(r"[^a-z]+", "-", name.lower()).strip("-")


def build_group(group: dict, rows: list[Row]) -> dict:
    """A group names its members, or the M49 region whose countries they are."""
    members = group.get("members") or [
        row["ISO3166-1-Alpha-2"] for row in rows if row["Region Code"] and m49(row["Region Code"]) == group["m49"]
    ]
    return {
        "slug": group["slug"],
        "name": group["name"] or cldr_names(group["m49"]),
        "basis": group["basis"],
        "as_of": group["as_of"],
        "members": sorted(members),
    }


def build_country(row: Row, slugs: dict[str, str], point: Row | None) -> dict:
    code = row["ISO3166-1-Alpha-2"]
    return {
        "code": code,
        "alpha3": row["ISO3166-1-Alpha-3"],
        "m49": m49(row["M49"]),
        "name": cldr_names(code),
        "official_name": official_names(row),
        "machine_translated": [],
        "capital": row["Capital"].strip(),
        "region": slugs.get(m49(row["Region Code"])),
        "subregion": slugs.get(m49(row["Sub-region Code"])),
        "listed": True,
        "existed_until": None,
        "latitude": float(point["latitude"]) if point else None,
        "longitude": float(point["longitude"]) if point else None,
    }


def build_former(state: dict, slugs: dict[str, str], parents: dict[str, str]) -> dict:
    """A state that no longer exists has no dot on a map of today."""
    subregion = slugs[state["subregion"]]
    return {
        "code": state["code"],
        "alpha3": state["alpha3"],
        "m49": state["m49"],
        "name": state["name"],
        "official_name": state["official_name"],
        "machine_translated": state["machine_translated"],
        "capital": state["capital"],
        "region": parents[subregion],
        "subregion": subregion,
        "listed": False,
        "existed_until": state["existed_until"],
        "latitude": None,
        "longitude": None,
    }


def with_other_names(country: dict, others: dict[str, list[str]], row: Row | None = None) -> dict:
    """Names that the country isn't shown by, but that lists of participants have."""
    found = [*listed_names(row or {}), *others.get(country["code"], ())]
    shown = {name.casefold() for names in (country["name"], country["official_name"] or {}) for name in names.values()}
    different = {name.casefold(): name for name in found if name.casefold() not in shown}
    return {**country, "other_names": sorted(different.values())}


def listed_names(row: Row) -> Iterator[str]:
    """The forms of UNTERM and M49, the article at their end ("Congo (the)") left out."""
    for column in OTHER_NAME_COLUMNS:
        name = re.sub(r"\s+", " ", row.get(column, "").replace("*", "")).strip()
        name = re.sub(r" \((?:the|l[ae]s?|l['’]|el|los)\)$", "", name)
        if name:
            yield name


def official_names(row: Row) -> dict[str, str] | None:
    names = {
        language: official_name(row[f"UNTERM {name} Formal"], language) for language, name in UNTERM_NAMES.items()
    }
    return names if all(names.values()) else None


def official_name(formal: str, language: str) -> str:
    """UNTERM writes names as in a sentence, some with asterisks: "the Holy See *" is shown as "Holy See"."""
    name = re.sub(r"\s+", " ", formal.replace("*", "")).strip()
    if language in ARTICLES:
        name = re.sub(rf"^(?:{ARTICLES[language]})", "", name)
    return name[:1].upper() + name[1:]


def write(fixture: dict) -> str:
    """JSON with one record a line, so that a change shows as the lines of the countries that it touches."""
    parts = []
    for key, value in fixture.items():
        if isinstance(value, list):
            lines = ",\n".join("  " + json.dumps(record, ensure_ascii=False) for record in value)
            parts.append(f' "{key}": [\n{lines}\n ]')
        else:
            parts.append(f' "{key}": {json.dumps(value, ensure_ascii=False)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"
