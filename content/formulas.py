"""Texts that a spreadsheet would take for a formula: kept from it in every table that is written, and given back by
every table that is read. `unguarded(guarded(text))` is the text, whatever it is.
"""

# Also in their full width, which programs in East Asia read as formulas; and what stands before such a sign.
SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
BREAKS = ("\t", "\r", "\n")


def guarded(text: str) -> str:
    """An apostrophe before it makes it a text for every program."""
    return f"'{text}" if _is_taken_otherwise(text) else text


def unguarded(text: str) -> str:
    """Takes away the apostrophe of `guarded`, and no other."""
    return text[1:] if text.startswith("'") and _is_taken_otherwise(text[1:]) else text


def _is_taken_otherwise(text: str) -> bool:
    return text.startswith((*BREAKS, "'")) or text.lstrip().startswith(SIGNS)
