"""Scanner of a pasted text: finds names and their values, and which of them belong to one object."""

import re

from guarddog_gui.domain.paste.layers import fold_text, unescape, unescape_entities, unescape_percent
from guarddog_gui.domain.paste.names import HINT, FieldName, Rank, find_field
from guarddog_gui.domain.paste.objects import Group, Pair
from guarddog_gui.domain.paste.pairs import STRING, match_value
from guarddog_gui.domain.paste.tables import find_tables

_DEPTH_MAX = 4  # of strings in strings
_STACK_MAX = 200
_PAIRS_PER_SCAN_MAX = 2000
_COMMENT = r"(?<![:\w])//[^\n]*|/\*(?:[^*]++|\*(?!/))*+(?:\*/)?|<!--(?:[^-]++|-(?!->))*+(?:-->)?"
_TOKEN = re.compile(
    r"(?P<url>https?://[^\s\"'`<>\\{}]+)"
    rf"|(?P<comment>{_COMMENT})"
    r"|\\."
    rf"|(?<![\w])(?P<string>{STRING})"
    r"|(?P<tag><[/?]?[A-Za-z][\w:.-]{0,60}+(?:\s[^<>]{0,4000}+)?>)"
    r"|(?P<open>[{(\[])"
    r"|(?P<close>[})\]])"
    r"|(?P<word>[A-Za-z_$][\w$]*+(?:[.-][A-Za-z_$][\w$]*+)*+|[\u4e00-\u9fff]+)"
    r"|(?P<newline>\n[ \t>|]*)",
    re.DOTALL | re.ASCII,
)
_ATTRIBUTE = re.compile(rf"([\w:@.-]{{1,60}}+)\s{{0,8}}=\s{{0,8}}({STRING}|[^\s\"'<>]+)", re.DOTALL)
_NAMING_ATTRIBUTES = ("name", "id", "key", "data-name", "property", "itemprop", "for")
_VALUE_ATTRIBUTES = ("value", "content", "data-value")
_FLAT_TAG = re.compile(  # elements of HTML and of lists of properties: what they enclose is no object
    r"a|abbr|b|body|br|button|center|code|div|dd|dl|dt|em|entry|field|fieldset|font|form|h[1-6]|head|hr|html|i|img|input|"
    r"integer|item|key|label|legend|li|link|main|mark|meta|name|nav|object|ol|option|p|param|pre|property|real|script|"
    r"section|select|small|span|string|strong|style|table|tbody|td|textarea|tfoot|th|thead|tr|tt|u|ul|value|var",
    re.IGNORECASE,
)
_PARAMETER = re.compile(r"[?&]([A-Za-z_]{1,30})=([^&#]*)")
_CONFIG_CALL = re.compile(r"(?:wx|jWeixin)\s{0,4}\.\s{0,4}(config|agentConfig)\s{0,4}\(?\s{0,8}$")
_CLOSER_OF = {"{": "}", "(": ")", "[": "]"}


def scan_text(text: str) -> list[Group]:
    """Return the groups of the text in the order of their beginnings, those without pairs too."""
    scan = _Scan()
    root = scan.new_group(None, "text")
    scan.run(text, root, 0)
    return scan.groups


class _Scan:
    """One scan; its groups grow from the outermost text inwards."""

    def __init__(self) -> None:
        self.groups: list[Group] = []
        self._pair_count = 0

    def new_group(self, parent: Group | None, opener: str, label: str = "", indent: int = -1) -> Group:
        group = Group(parent, opener, label, indent)
        self.groups.append(group)
        return group

    def run(self, text: str, root: Group, depth: int) -> None:
        for row in find_tables(fold_text(text)):
            self.new_group(root, "row").pairs += row
        _TextScan(self, text, root, depth).run()

    def add(self, group: Group, name: FieldName, value: str, position: int, *, is_literal: bool) -> None:
        self._pair_count += 1
        group.pairs.append(Pair(name.field, name.rank, value, position, is_literal))

    @property
    def is_full(self) -> bool:
        return self._pair_count > _PAIRS_PER_SCAN_MAX


class _TextScan:
    """Scan of one text or of the content of one string."""

    def __init__(self, scan: _Scan, text: str, root: Group, depth: int) -> None:
        self._scan = scan
        self._raw = text
        self._folded = fold_text(text)
        self._root = root
        self._stack = [root]
        self._depth = depth
        self._query_fields: frozenset[str] = frozenset()
        self._query_end = -1

    def run(self) -> None:
        position, folded = 0, self._folded
        while not self._scan.is_full and (token := _TOKEN.search(folded, position)) is not None:
            position = token.end()
            match token.lastgroup:
                case "word":
                    position = self._read_name(token[0], token.start(), position)
                case "string":
                    position = self._read_string(token[0], token.start(), position)
                case "open":
                    self._push(token[0], self._call_label(token.start()))
                case "close":
                    self._pop(token[0])
                case "tag":
                    position = self._read_tag(token[0], token.start(), position)
                case "newline":
                    self._indent(token[0], token.start())
                case "url":
                    self._read_url(token.start(), position)

    def _read_name(self, name: str, start: int, end: int) -> int:
        known = find_field(name)
        return end if known is None else self._read_pair(known, start, end)

    def _read_pair(self, known: FieldName, start: int, end: int) -> int:
        if start > 0 and self._folded[start - 1] == "&" and self._query_end >= start - 1:
            self._query_fields |= {known.field}
        else:
            self._query_fields = frozenset({known.field})
        value = match_value(self._folded, self._raw, end, known.field, self._query_fields)
        if value is None:
            return end
        text = value.text
        if known.field == "url" and text[:8].lower().startswith(("http%3a", "https%3a")):
            text = unescape_percent(text)
        self._close_brackets(self._folded[end : value.end])
        group = self._stack[-1]
        if text and value.end <= len(self._raw) and HINT.search(text) and known.field != "url":
            self._read_inside(text, start)
        self._scan.add(group, known, text, start, is_literal=value.is_literal)
        self._query_end = value.end
        return max(value.end, end)

    def _close_brackets(self, between: str) -> None:
        """Close the bracket in which a name stood alone, as in `data["appId"] =` and `[appId] =>`."""
        if between[:1] in ("]", ")") or between[:2] in ('"]', "']"):
            self._pop(between.lstrip("\"'")[0])

    def _read_string(self, string: str, start: int, end: int) -> int:
        content = string[1:-1]
        if len(content) <= 48:
            known = find_field(content.strip())
            if known is not None:
                return self._read_pair(known, start, end)
        if HINT.search(content):
            self._read_inside(unescape(self._raw[start + 1 : end - 1]), start)
        return end

    def _read_inside(self, content: str, start: int) -> None:
        """Scan the content of a string, as a group of its own."""
        if self._depth < _DEPTH_MAX and not self._scan.is_full:
            group = self._scan.new_group(self._stack[-1], "string", self._call_label(start))
            self._scan.run(content, group, self._depth + 1)

    def _read_tag(self, tag: str, start: int, end: int) -> int:
        name = tag.strip("</?>").partition(" ")[0].rstrip("/").strip()
        name = re.split(r"\s", name)[0]
        if tag.startswith("</"):
            self._pop(name)
            return end
        attributes = {match[1].lower(): _attribute_text(match[2]) for match in _ATTRIBUTE.finditer(tag)}
        self._read_attributes(attributes, start)
        known = find_field(name)
        if known is not None and not attributes:
            return self._read_pair(known, start, end - 1)
        if not _FLAT_TAG.fullmatch(name) and not tag.endswith(("/>", "?>")) and "." not in name:
            self._push(name)
        names = (find_field(attributes[key]) for key in _NAMING_ATTRIBUTES if key in attributes)
        named = next(filter(None, names), None)
        if named is not None and not any(key in attributes for key in _VALUE_ATTRIBUTES):
            return self._read_pair(named, start, end - 1)
        return end

    def _read_attributes(self, attributes: dict[str, str], start: int) -> None:
        if not attributes:
            return
        texts = [attributes[key] for key in _VALUE_ATTRIBUTES if key in attributes]
        names = (find_field(attributes[key]) for key in _NAMING_ATTRIBUTES if key in attributes)
        known = next(filter(None, names), None)
        if known is not None and texts:
            self._scan.add(self._stack[-1], known, unescape_entities(texts[0]), start, is_literal=bool(texts[0]))
            return
        group: Group | None = None
        for name, text in attributes.items():
            known = find_field(name)
            if known is not None and known.rank <= Rank.PREFIXED:
                group = group or self._scan.new_group(self._stack[-1], "tag")
                self._scan.add(group, known, unescape_entities(text), start, is_literal=bool(text))
            elif HINT.search(text):
                self._read_inside(unescape_entities(text), start)

    def _read_url(self, start: int, end: int) -> None:
        """Read the parameters of an address that is no value of a name."""
        url = self._raw[start:end]
        if not HINT.search(url):
            return
        group = self._scan.new_group(self._stack[-1], "url")
        for parameter in _PARAMETER.finditer(url):
            known, value = find_field(parameter[1]), parameter[2]
            if known is not None:
                if known.field == "url" and "?" in value:  # not encoded: its own parameters are part of it
                    value = url[parameter.start(2) :]
                self._scan.add(group, known, unescape_percent(value), start, is_literal=bool(value))

    def _call_label(self, start: int) -> str:
        call = _CONFIG_CALL.search(self._folded[max(0, start - 40) : start])
        return call[1] if call is not None else ""

    def _push(self, opener: str, label: str = "") -> None:
        if len(self._stack) < _STACK_MAX:
            self._stack.append(self._scan.new_group(self._stack[-1], opener, label))

    def _pop(self, closer: str) -> None:
        top = self._stack[-1]
        if len(self._stack) > 1 and closer == _CLOSER_OF.get(top.opener, top.opener):
            self._stack.pop()
        elif closer not in (")", "]"):  # these may belong to a smiley or a list's number
            for index in range(len(self._stack) - 1, 0, -1):
                group = self._stack[index]
                if closer == _CLOSER_OF.get(group.opener, group.opener):
                    del self._stack[index:]
                    return

    def _indent(self, newline: str, start: int) -> None:
        """Open a group for the block below a line that ends with a colon, close it where the block ends."""
        indent = len(newline) - 1
        while len(self._stack) > 1 and self._stack[-1].opener == "block" and indent <= self._stack[-1].indent:
            self._stack.pop()
        if (
            self._stack[-1].opener not in ("block", "text", "string")
            or self._folded[start + 1 + indent : start + 2 + indent] == ""
        ):
            return
        line_start = self._folded.rfind("\n", max(0, start - 300), start) + 1
        line = self._folded[line_start:start]
        own_indent = len(line) - len(line.lstrip(" \t>|"))
        if indent > own_indent and line.rstrip().endswith((":", "…}", "...}")) and len(self._stack) < _STACK_MAX:
            self._stack.append(self._scan.new_group(self._stack[-1], "block", indent=own_indent))


def _attribute_text(text: str) -> str:
    return text[1:-1] if text[:1] in "\"'`" else text.rstrip(",;")
