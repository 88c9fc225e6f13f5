"""Elements of XML, without the characters that XML can't hold."""

from lxml import etree

from content.exports.plain_text import readable

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def element(tag: str, text: str | None = None, /, *children, **attributes: str | None):
    """Children and attributes that are None are left out; `_` in the name of an attribute is a hyphen."""
    made = etree.Element(tag)
    made.text = readable(text or "") or None
    made.extend(child for child in children if child is not None)
    for name, value in attributes.items():
        if value is not None:
            made.set(name.replace("_", "-"), readable(value))
    return made


def comment(text: str) -> str:
    """Two hyphens would end it."""
    return f"<!-- {readable(text).replace('--', '- -')} -->"


def written(made, level: int = 0) -> str:
    """The element on lines of its own."""
    etree.indent(made, space="  ", level=level)
    return "  " * level + etree.tostring(made, encoding="unicode") + "\n"
