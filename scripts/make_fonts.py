"""Make the portal's web fonts from Fontsource's Noto Sans, as published on npm.

For maintainers only; the files that it makes are committed. It needs npm and two Python packages that
the portal itself has no use for:

    pip install fonttools==4.68.0 brotli==1.2.1
    python scripts/make_fonts.py

Each script gets a file of its own, so that a page loads only the scripts that it shows. The ranges here
are the `unicode-range` values of static/css/tokens.css; keep the two equal. The same versions give the same bytes.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter, parse_unicodes
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"
PACKAGES = {
    "noto-sans": "@fontsource-variable/noto-sans@5.3.0",
    "noto-sans-arabic": "@fontsource-variable/noto-sans-arabic@5.3.0",
}
# Nothing on the portal is lighter than 400 or heavier than 820.
WEIGHTS = (400, 820)
FEATURES = [
    "kern",
    "liga",
    "calt",
    "ccmp",
    "locl",
    "mark",
    "mkmk",
    "tnum",
    "lnum",
    "init",
    "medi",
    "fina",
    "isol",
    "rlig",
]

# name of the file made: (package, file in the package, characters kept)
SUBSETS = {
    "noto-sans-latin": (
        "noto-sans",
        "noto-sans-latin-wght-normal",
        "20-7E,A0-FF,131,152-153,2BB-2BC,2C6,2DA,2DC,2010-2027,202F-203A,2044,20AC,2122,2212",
    ),
    "noto-sans-latin-extended": (
        "noto-sans",
        "noto-sans-latin-ext-wght-normal",
        "100-130,132-151,154-24F,259,2C7,2D8-2D9,2DB,2DD,1E00-1EFF",
    ),
    "noto-sans-cyrillic": ("noto-sans", "noto-sans-cyrillic-wght-normal", "400-45F,490-491,4B0-4B1,2116"),
    "noto-sans-arabic": (
        "noto-sans-arabic",
        "noto-sans-arabic-arabic-wght-normal",
        "60C,610-61B,61F-63A,640-65F,66A-66D,670,671,679,67E,686,688,691,698,6A9,6AF,6BA,6BE,6C1,6CC,6D2,6D4,200C-200D",
    ),
}


def unpack(package: str, folder: Path) -> Path:
    packed = subprocess.run(
        ["npm", "pack", "--silent", package], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()
    with tarfile.open(folder / packed) as archive:
        archive.extractall(folder / packed.removesuffix(".tgz"), filter="data")
    return folder / packed.removesuffix(".tgz") / "package"


def make(source: Path, unicodes: str, target: Path) -> None:
    # The subsetter stumbles over an instance that has not been through a file.
    instance = BytesIO()
    instantiateVariableFont(TTFont(source, recalcTimestamp=False), {"wght": WEIGHTS}).save(instance)
    instance.seek(0)
    font = TTFont(instance, recalcTimestamp=False)
    options = Options(flavor="woff2", layout_features=FEATURES)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=parse_unicodes(unicodes))
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(target)
    sys.stdout.write(f"{target.name}: {target.stat().st_size:,} bytes, {len(font.getBestCmap())} characters\n")


def main() -> int:
    FONTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        packages = {name: unpack(package, Path(folder)) for name, package in PACKAGES.items()}
        for name, (package, file, unicodes) in SUBSETS.items():
            make(packages[package] / "files" / f"{file}.woff2", unicodes, FONTS / f"{name}.woff2")
        for name, package in packages.items():
            (FONTS / f"{name}-LICENSE.txt").write_bytes((package / "LICENSE").read_bytes())
    return 0


if __name__ == "__main__":
    sys.exit(main())
