"""Code lists of IATI: those that an import looks codes up in."""

import re
from functools import cache
from pathlib import Path

_LISTS = Path(__file__).with_name("iati_codes.txt")
# Vocabulary → the list of its codes. Of others the portal knows no codes, and so holds every code for good.
_SECTORS = {"1": "Sector", "2": "SectorCategory"}
_REGIONS = {"1": "Region"}
_GOALS = {str(number) for number in range(1, 18)}
_TARGET = re.compile(r"(1[0-7]|[1-9])\.([1-9a-h]|1\d)")
_INDICATOR = re.compile(r"(1[0-7]|[1-9])\.([1-9a-h]|1\d)\.\d")

SECTOR_VOCABULARIES = frozenset("1 2 3 4 5 6 7 8 9 10 11 12 99 98".split())
REGION_VOCABULARIES = frozenset("1 2 99".split())
# The code list OrganisationType, as far as it says which kind of organisation that is.
KINDS = {
    "10": "government",
    "11": "government",
    "15": "government",
    "21": "non_governmental",
    "22": "non_governmental",
    "23": "non_governmental",
    "24": "non_governmental",
    "40": "intergovernmental",
    "70": "company",
    "71": "company",
    "72": "company",
    "73": "company",
    "80": "university",
}


@cache
def codes(name: str) -> frozenset[str]:
    found: dict[str, set[str]] = {}
    for line in _LISTS.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = found.setdefault(line[1:-1], set())
        elif not line.startswith("#"):
            section.update(line.split())
    return frozenset(found[name])


def is_known_sector(vocabulary: str, code: str) -> bool:
    if vocabulary in _SECTORS:
        return code in codes(_SECTORS[vocabulary])
    if vocabulary == "7":
        return code in _GOALS
    if vocabulary == "8":
        return bool(_TARGET.fullmatch(code))
    return vocabulary != "9" or bool(_INDICATOR.fullmatch(code))


def is_known_region(vocabulary: str, code: str) -> bool:
    return vocabulary not in _REGIONS or code in codes(_REGIONS[vocabulary])
