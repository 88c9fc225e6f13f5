"""Writes cooperation/imports/iati_codes.txt and cooperation/sectors.csv from the code lists of IATI.

    python -m scripts.make_iati_codes FOLDER

FOLDER holds Sector.xml, SectorCategory.xml, Region.xml, Currency.xml and UNSDG-Goals.xml of IATI-Codelists and
IATI-Codelists-NonEmbedded.
"""

import csv
import sys
import textwrap
from pathlib import Path

from lxml import etree

COOPERATION = Path(__file__).parent.parent / "cooperation"
TARGET = COOPERATION / "imports" / "iati_codes.txt"
NAMES = COOPERATION / "sectors.csv"
# Vocabulary of sectors → the list that names its codes.
SECTORS = {"1": "Sector", "2": "SectorCategory", "7": "UNSDG-Goals"}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
HEAD = """\
# Codes of lists of IATI 2.03 (github.com/IATI/IATI-Codelists and IATI-Codelists-NonEmbedded, CC BY 4.0), withdrawn
# ones among them. scripts/make_iati_codes.py writes this file.
"""


def codes(path: Path) -> list[str]:
    return [code.text.strip() for code in etree.parse(path).findall(".//codelist-item/code")]


def names(path: Path) -> list[tuple[str, str, str]]:
    """Code, English name, French name."""
    return [
        (item.findtext("code").strip(), narrative(item, "en"), narrative(item, "fr"))
        for item in etree.parse(path).iter("codelist-item")
    ]


def narrative(item, language: str) -> str:
    found = {one.get(LANG, "en"): " ".join((one.text or "").split()) for one in item.findall("name/narrative")}
    return found.get(language, "")


def main() -> None:
    folder = Path(sys.argv[1])
    parts = [HEAD]
    for name in ("Sector", "SectorCategory", "Region", "Currency"):
        parts.append(f"[{name}]\n{textwrap.fill(' '.join(codes(folder / f'{name}.xml')), 110)}\n")
    TARGET.write_text("".join(parts), encoding="utf-8")
    with NAMES.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["vocabulary", "code", "en", "fr"])
        for vocabulary, name in SECTORS.items():
            rows.writerows((vocabulary, *row) for row in names(folder / f"{name}.xml"))


if __name__ == "__main__":
    main()
