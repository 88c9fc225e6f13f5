"""Writes cooperation/imports/iati_codes.txt from the code lists of IATI.

    python -m scripts.make_iati_codes FOLDER

FOLDER holds Sector.xml, SectorCategory.xml, Region.xml and Currency.xml of IATI-Codelists and
IATI-Codelists-NonEmbedded.
"""

import sys
import textwrap
from pathlib import Path

from lxml import etree

TARGET = Path(__file__).parent.parent / "cooperation" / "imports" / "iati_codes.txt"
HEAD = """\
# Codes of lists of IATI 2.03 (github.com/IATI/IATI-Codelists and IATI-Codelists-NonEmbedded, CC BY 4.0), withdrawn
# ones among them. scripts/make_iati_codes.py writes this file.
"""


def codes(path: Path) -> list[str]:
    return [code.text.strip() for code in etree.parse(path).findall(".//codelist-item/code")]


def main() -> None:
    folder = Path(sys.argv[1])
    parts = [HEAD]
    for name in ("Sector", "SectorCategory", "Region", "Currency"):
        parts.append(f"[{name}]\n{textwrap.fill(' '.join(codes(folder / f'{name}.xml')), 110)}\n")
    TARGET.write_text("".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
