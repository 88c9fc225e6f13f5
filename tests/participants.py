"""Makes lists of participants as nasty as real ones; every person and observer organisation is invented.

`python -m tests.participants FILE [ROWS]` writes one of several meetings, in the manner of the climate conferences.
"""

import csv
import random
import sys
from collections.abc import Iterator

HEAD = [
    "Group_Type", "Delegation", "Honorific", "Person_Name", "Job_Title", "Division", "Affiliation", "Year", "Meeting",
    "Location", "Delegation_ISO",
]  # fmt: skip
HONORIFICS = (
    "Mr.|Mr|Ms.|Ms|Mrs.|Miss|Mx.|M.|M|Mme|Mlle|Sr.|Sr|Sra.|Srta.|Dr.|Dr|Prof.|Prof. Dr.|Dr.-Ing.|H.E. Mr.|HE Mr|H.E.|"
    "H.E. Ms.|H.E. Dr.|S.E. M.|S.E. Mme|S.E. Sr.|SE Sra|Excmo. Sr.|Excma. Sra.|Sheikh|Hon.|Rev.|Fr.|Lic.|Ing.|NA"
).split("|")
COUNTRIES = (
    ("Côte d’Ivoire", "CIV"), ("Ivory Coast", "CIV"), ("Viet Nam", "VNM"), ("Vietnam", "VNM"), ("Türkiye", "TUR"),
    ("Turkey", "TUR"), ("Republic of Korea", "KOR"), ("DPRK", "PRK"), ("Lao PDR", "LAO"), ("Holy See", "VAT"),
    ("State of Palestine", "PSE"), ("Bolivia (Plurinational State of)", "BOL"), ("Iran (Islamic Republic of)", "IRN"),
    ("Micronesia (Federated States of)", "FSM"), ("United Republic of Tanzania", "TZA"), ("Namibia", "NAM"),
    ("The former Yugoslav Republic of Macedonia", "MKD"), ("Serbia and Montenegro", "SCG"), ("Yugoslavia", "YUG"),
    ("Zaire", "COD"), ("Czechoslovakia", "CSK"), ("Union of Soviet Socialist Republics", "SUN"), ("Congo", "COG"),
    ("Democratic Republic of the Congo", "COD"), ("Netherlands", "NLD"), ("Swaziland", "SWZ"), ("Cabo Verde", "CPV"),
    ("United Kingdom of Great Britain and Northern Ireland", "GBR"), ("United States of America", "USA"),
)  # fmt: skip
BODIES = (
    "World Health Organization (WHO)", "OMS", "Organisation mondiale de la Santé", "World Health Organization",
    "Organización Mundial de la Salud (OMS)", "UNEP", "Programme des Nations Unies pour l'environnement (PNUE)",
)  # fmt: skip
GROUPS = (
    ("Parties", 70), ("Party overflow", 4), ("Observer States", 2), ("UN Secretariat units and bodies", 3),
    ("Specialized agencies", 4), ("Intergovernmental organizations", 5), ("Non-governmental organizations", 10),
    ("Media", 2),
)  # fmt: skip
_STARTS, _ENDS = (
    "Ba Ce Di Fo Gu Ka Le Mi No Pa Qui Re Sa Te Va Wo Xe Ya Zo Ör Éa Łu".split(),
    "bor lan mir dos vek rin tal zon".split(),
)


def name(chance: random.Random) -> str:
    """A name that nobody has."""
    given = chance.choice(_STARTS) + chance.choice(_ENDS)
    surname = chance.choice(_STARTS) + chance.choice(_ENDS) + chance.choice(_ENDS)
    forms = (f"{given} {surname}", f"{given} {surname.upper()}", f"{surname.upper()}, {given}")
    return chance.choice(forms)


def rows(count: int, seed: int = 1) -> Iterator[list[str]]:
    chance = random.Random(seed)
    societies = [
        f"{a}{b} {kind}" for a in _STARTS for b in _ENDS for kind in ("Society", "Institute", "Foundation (SXF)")
    ]
    for number in range(count):
        group = chance.choices([name for name, _ in GROUPS], [weight for _, weight in GROUPS])[0]
        if group in {"Parties", "Party overflow", "Observer States"}:
            delegation, code = chance.choice(COUNTRIES)
        elif group in {"Non-governmental organizations", "Media"}:
            delegation, code = chance.choice(societies), "NA"
        else:
            delegation, code = chance.choice(BODIES), "NA"
        title = chance.choice(
            ["Adviser", "Minister", "Head of Delegation", "Conseiller", "NA", "Third\nSecretary", "=1+1"]
        )
        yield [
            group, delegation, chance.choice(HONORIFICS), name(chance), title, "NA",
            chance.choice(["Ministry of Weather", "NA", "Ministère du temps"]), str(2000 + number % 3),
            f"COP {15 + number % 3}", "Nowhere", code,
        ]  # fmt: skip


def write(path, count: int = 20_000, seed: int = 1) -> None:
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        writer.writerows(rows(count, seed))


if __name__ == "__main__":
    write(sys.argv[1], *(int(text) for text in sys.argv[2:3]))
