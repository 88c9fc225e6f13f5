"""Printed booklets: which there are, on which paper, and how each is set. The words come ready in the data."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from content.exports.typeset import Typeset, to_pdf

BOOKLETS = ("programme", "sections", "delegations", "my")
PAPERS = ("a4", "a5")
TEMPLATES = Path(__file__).parent / "templates"
# What is chosen from a programme is set as a programme.
TEMPLATE_OF = {"my": "programme"}


def to_booklet(booklet: str, data: Mapping[str, Any], fonts: Path, made_at: datetime) -> Typeset:
    """The PDF of a booklet. What `data` holds is said by conference/presentation/booklets.py, which makes it."""
    return to_pdf(TEMPLATES / f"{TEMPLATE_OF.get(booklet, booklet)}.typ", data, fonts, made_at)
