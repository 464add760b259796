"""Tooltips that show a text as it is: Qt would take a `<` in one for HTML, and even load its pictures."""

from html import escape


def plain_tooltip(text: str) -> str:
    """The text as HTML that says nothing but the text; its lines stay lines."""
    return f'<p style="white-space:pre-wrap">{escape(text)}</p>'
