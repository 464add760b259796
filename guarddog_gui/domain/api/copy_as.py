"""Forms in which a request of the API console is copied: for a shell, for Python and Node, for Bruno and Postman.

Each has a variable in the place of the access token, unless the user asks for the token itself.
"""

import json
import shlex
from enum import StrEnum
from urllib.parse import urlencode, urlsplit

from msgspec import Struct
from msgspec.json import format as format_json

from guarddog_gui.domain.api.request import ACCESS_TOKEN, ApiRequest, Upload
from guarddog_gui.domain.hidden_fields import HiddenFields

TOKEN_VARIABLE = "WECHAT_ACCESS_TOKEN"  # noqa: S105 - as `guarddogctl exec` sets it
_COLLECTION_TOKEN = "{{access_token}}"  # noqa: S105 - a variable of Bruno and Postman
_POSTMAN_SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
_JSON_HEADER = "Content-Type: application/json"
_JS_LINE_BREAKS = {"\u2028": "\\u2028", "\u2029": "\\u2029"}


class CopyForm(StrEnum):
    """Form of a copied request; the values are the names of the option `--copy-as`."""

    CURL = "curl"
    PYTHON = "python"
    NODE = "node"
    BRUNO = "bruno"
    POSTMAN = "postman"

    @property
    def label(self) -> str:
        """Return the name of the program or language, the same in every language."""
        return self.value if self is CopyForm.CURL else self.value.capitalize()


class CopiedCall(HiddenFields, Struct, frozen=True):
    """What is copied. `token` is None for the variable; `is_binary` tells that the answer is a file."""

    hidden_fields = ("token",)

    request: ApiRequest
    api_base: str
    name: str
    token: str | None = None
    is_binary: bool = False

    @property
    def url(self) -> str:
        return f"{self.api_base}{self.request.path}"

    @property
    def body(self) -> str:
        return (self.request.body or b"").decode()


def render_call(form: CopyForm, call: CopiedCall) -> str:
    """Return the text for the clipboard, without a line break at its end."""
    match form:
        case CopyForm.CURL:
            return _curl(call)
        case CopyForm.PYTHON:
            return _python(call)
        case CopyForm.NODE:
            return _node(call)
        case CopyForm.BRUNO:
            return _bruno(call)
        case CopyForm.POSTMAN:
            return _postman(call)


def _curl(call: CopiedCall) -> str:
    request = call.request
    url = f"{call.url}?{_with_separator(urlencode(request.query))}{ACCESS_TOKEN}="
    token = f'"${TOKEN_VARIABLE}"' if call.token is None else shlex.quote(urlencode({"": call.token})[1:])
    parts = [f"curl {_quote(url)}{token}"]
    if request.upload is not None:
        parts.append(f"-F {shlex.quote(f'{request.upload.field}=@{_curl_file(request.upload.file_name)}')}")
        if request.upload.description:
            parts.append(f"--form-string {shlex.quote(f'description={request.upload.description}')}")
    elif request.body is not None:
        parts += [f"-H {shlex.quote(_JSON_HEADER)}", f"--data-binary {shlex.quote(call.body)}"]
    if call.is_binary:
        parts.append("--output answer")
    return " \\\n  ".join(parts)


def _curl_file(name: str) -> str:
    """Return the name of a file as curl reads it: unquoted, it ends at `;`, which begins its type, and at `,`."""
    if not any(character in name for character in ';,"') and name == name.strip():
        return "./-" if name == "-" else name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _quote(text: str) -> str:
    """Return the text in single quotes, also where a shell needs none: a variable follows in double quotes."""
    return "'" + text.replace("'", "'\"'\"'") + "'"


def _with_separator(query: str) -> str:
    return f"{query}&" if query else ""


def _python(call: CopiedCall) -> str:
    request = call.request
    token = f'os.environ["{TOKEN_VARIABLE}"]' if call.token is None else json.dumps(call.token)
    pairs = [
        f'("{ACCESS_TOKEN}", {token})',
        *(f"({_literal(name)}, {_literal(value)})" for name, value in request.query),
    ]
    arguments = [json.dumps(call.url), f"params=[{', '.join(pairs)}]"]
    if request.upload is not None:
        arguments.append(
            f'files={{{_literal(request.upload.field)}: open({_literal(request.upload.file_name)}, "rb")}}'
        )
        if request.upload.description:
            arguments.append(f'data={{"description": {_literal(request.upload.description)}}}')
    elif request.body is not None:
        arguments.append(f"data={_literal(_compact(call.body))}.encode()")
        arguments.append('headers={"Content-Type": "application/json"}')
    arguments.append("timeout=30")
    lines = "\n".join(f"    {argument}," for argument in arguments)
    shown = "response.content" if call.is_binary else "response.json()"
    imports = "import os\n\nimport requests" if call.token is None else "import requests"
    return f"{imports}\n\nresponse = requests.{request.method.lower()}(\n{lines}\n)\nprint({shown})"


def _node(call: CopiedCall) -> str:
    request = call.request
    token = f"process.env.{TOKEN_VARIABLE}" if call.token is None else _literal(call.token)
    pairs = [
        f'["{ACCESS_TOKEN}", {token}]',
        *(f"[{_literal(name)}, {_literal(value)}]" for name, value in request.query),
    ]
    lines = [f"const url = new URL({_literal(call.url)});", f"url.search = new URLSearchParams([{', '.join(pairs)}]);"]
    options = ""
    if request.upload is not None:
        lines = [*_node_form(request.upload), *lines]
        options = ', { method: "POST", body: form }'
    elif request.body is not None:
        lines.append(f"const body = {_literal(_compact(call.body))};")
        options = ', { method: "POST", headers: { "Content-Type": "application/json" }, body }'
    read = "arrayBuffer" if call.is_binary else "text"
    lines.append(f"fetch(url{options}).then((response) => response.{read}()).then(console.log);")
    return "\n".join(lines)


def _node_form(upload: Upload) -> list[str]:
    name = _literal(upload.file_name)
    lines = [
        'const { readFileSync } = require("node:fs");',
        'const { basename } = require("node:path");',
        "const form = new FormData();",
        f"form.set({_literal(upload.field)}, new Blob([readFileSync({name})]), basename({name}));",
    ]
    if upload.description:
        lines.append(f'form.set("description", {_literal(upload.description)});')
    return lines


def _bruno(call: CopiedCall) -> str:
    request = call.request
    query = _collection_query(call)
    kind = "multipartForm" if request.upload is not None else "json" if request.body else "none"
    blocks = [
        _bruno_block("meta", (f"name: {call.name}", "type: http", "seq: 1")),
        _bruno_block(request.method.lower(), (f"url: {call.url}?{_raw_query(query)}", f"body: {kind}", "auth: none")),
        _bruno_block("params:query", tuple(f"{name}: {value}" for name, value in query)),
    ]
    if request.upload is not None:
        described = (f"description: {request.upload.description}",) if request.upload.description else ()
        fields = (f"{request.upload.field}: @file({request.upload.file_name})", *described)
        blocks.append(_bruno_block("body:multipart-form", fields))
    elif request.body:
        blocks.append(_bruno_block("body:json", tuple(_indented(call.body).splitlines())))
    return "\n\n".join(blocks)


def _bruno_block(name: str, lines: tuple[str, ...]) -> str:
    return "\n".join((f"{name} {{", *(f"  {line}" for line in lines), "}"))


def _postman(call: CopiedCall) -> str:
    request, query = call.request, _collection_query(call)
    address = urlsplit(call.url)
    url: dict[str, object] = {
        "raw": f"{call.url}?{_raw_query(query)}",
        "protocol": address.scheme,
        "host": (address.hostname or "").split("."),
        "path": request.path.strip("/").split("/"),
        "query": [{"key": name, "value": value} for name, value in query],
    }
    if address.port is not None:
        url["port"] = str(address.port)
    sent: dict[str, object] = {"method": request.method.value, "header": [], "url": url}
    if request.upload is not None:
        upload = request.upload
        form = [{"key": upload.field, "type": "file", "src": upload.file_name}]
        if upload.description:
            form.append({"key": "description", "type": "text", "value": upload.description})
        sent["body"] = {"mode": "formdata", "formdata": form}
    elif request.body:
        options = {"raw": {"language": "json"}}
        sent["body"] = {"mode": "raw", "raw": _indented(call.body), "options": options}
    collection: dict[str, object] = {
        "info": {"name": call.name, "schema": _POSTMAN_SCHEMA},
        "item": [{"name": call.name, "request": sent}],
    }
    if call.token is None:
        collection["variable"] = [{"key": ACCESS_TOKEN, "value": ""}]
    return json.dumps(collection, ensure_ascii=False, indent=2)


def _collection_query(call: CopiedCall) -> tuple[tuple[str, str], ...]:
    return (*call.request.query, (ACCESS_TOKEN, _COLLECTION_TOKEN if call.token is None else call.token))


def _raw_query(query: tuple[tuple[str, str], ...]) -> str:
    return "&".join(
        f"{name}={value}" if value == _COLLECTION_TOKEN else urlencode([(name, value)]) for name, value in query
    )


def _literal(text: str) -> str:
    """Return the text as a literal of JavaScript and of Python."""
    literal = json.dumps(text, ensure_ascii=False)
    for character, escaped in _JS_LINE_BREAKS.items():
        literal = literal.replace(character, escaped)
    return literal


def _compact(body: str) -> str:
    return format_json(body, indent=-1) if body else body


def _indented(body: str) -> str:
    return format_json(body, indent=2)
