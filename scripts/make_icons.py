"""Makes the icons of the installed portal from its mark, static/img/logo.svg, on the highlighter's yellow.

    python -m scripts.make_icons

For maintainers only; the files that it makes are committed. A maskable icon may be cut to any shape that holds the
inner four fifths, so the mark stands smaller in it.
"""

import json
from pathlib import Path

import typst

IMAGES = Path(__file__).resolve().parent.parent / "static" / "img"
# name: (pixels, share of the width that the mark takes)
ICONS = {
    "apple-touch-icon": (180, 0.66),
    "icon-192": (192, 0.72),
    "icon-512": (512, 0.72),
    "icon-maskable-512": (512, 0.56),
}
TEMPLATE = b"""
#let data = json(bytes(sys.inputs.data))
#set page(width: data.size * 1pt, height: data.size * 1pt, margin: 0pt, fill: rgb("#ffd62d"))
#place(center + horizon, image(bytes(data.mark), format: "svg", width: data.size * data.share * 1pt))
"""


def main() -> None:
    mark = (IMAGES / "logo.svg").read_text(encoding="utf-8")
    for name, (size, share) in ICONS.items():
        data = json.dumps({"size": size, "share": share, "mark": mark})
        png = typst.compile(TEMPLATE, format="png", ppi=72, sys_inputs={"data": data})
        (IMAGES / f"{name}.png").write_bytes(png)


if __name__ == "__main__":
    main()
