"""The colours of the look keep what static/css/tokens.css promises of them."""

from brst_site import home
from content.exports.cards import TEMPLATE
from scripts import check_colours


def test_text_and_strands_are_told_apart_in_both_themes_by_colour_blind_readers_too():
    themes = check_colours.themes()
    assert set(themes) == {"light", "dark"}
    faults = [
        fault
        for theme, colours in themes.items()
        for find in (check_colours.faint, check_colours.alike)
        for fault in find(theme, colours)
    ]
    assert faults == []


def test_two_hues_that_a_colour_blind_reader_takes_for_one_are_named():
    light = check_colours.themes()["light"] | {"strand-1-deep": "#b90b46", "strand-3-deep": "#5f5f00"}
    light["strand-4-deep"] = light["strand-3-deep"]
    found = list(check_colours.alike("light", light))
    assert len([fault for fault in found if "strand-3-deep and strand-4-deep" in fault]) == len(check_colours.SIGHTS)


def test_pictures_that_no_style_sheet_reaches_have_its_colours():
    light = check_colours.themes()["light"]
    strands = [light[f"strand-{position}-deep"] for position in range(1, 6)]
    assert list(home.STRAND_COLOURS.values()) == strands
    assert (light["ink"], light["paper"]) == (home.INK, home.PAPER)
    card = TEMPLATE.read_text(encoding="utf-8")
    for name in ("ink", "ink-2", "signal", "paper", "alert"):
        assert f'#let {name} = rgb("{light[name]}")' in card, name
    drawn = ", ".join(f'rgb("{colour}")' for colour in strands)
    assert f"#let strands = ({drawn})" in card
