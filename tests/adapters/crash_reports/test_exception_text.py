"""Descriptions of exceptions, of broken and hostile ones as well."""

import pytest

from guarddog_gui.adapters.crash_reports.exception_text import (
    MESSAGE_LENGTH_MAX,
    describe_exception,
    exception_message,
    relative_file,
)

SECRET = "0123456789abcdef0123456789abcdef"


def raised(error: BaseException, cause: BaseException | None = None) -> BaseException:
    try:
        raise error from cause  # noqa: TRY301 - it has to have a traceback
    except BaseException as caught:  # noqa: BLE001 - any
        return caught


def test_a_description_has_type_message_and_frames() -> None:
    lines = describe_exception(raised(ValueError("no such key"))).text.splitlines()
    assert lines[0] == "ValueError: no such key"
    assert lines[1].startswith("  test_exception_text.py:")
    assert lines[1].endswith(" in raised")


def test_causes_and_members_of_groups_are_described_too() -> None:
    group = ExceptionGroup("two", [KeyError("a"), OSError(28, "No space left on device")])
    text = describe_exception(raised(RuntimeError("outer"), raised(group))).text
    for line in (
        "RuntimeError: outer",
        "caused by ExceptionGroup: two (2 sub-exceptions)",
        "one of the group: KeyError: 'a'",
    ):
        assert line in text
    assert "one of the group: OSError: [Errno 28] No space left on device" in text


def test_a_chain_without_end_ends() -> None:
    first, second = ValueError("first"), ValueError("second")
    first.__cause__, second.__cause__ = second, first
    assert describe_exception(first).text.count("ValueError") == 2
    error = ValueError("0")
    for number in range(1000):
        error = raised(ValueError(str(number)), error)  # type: ignore[assignment]
    assert describe_exception(error).text.count("ValueError") == 12


class BrokenText(Exception):
    def __str__(self) -> str:
        raise ZeroDivisionError(SECRET)


class TextOfWrongType(Exception):
    def __str__(self) -> str:
        return 3  # type: ignore[return-value]  # noqa: PLE0307 - broken on purpose


class EvilText(str):
    __slots__ = ()

    def __getitem__(self, _key: object) -> str:
        return SECRET

    def __len__(self) -> int:
        return 1


class EvilTextError(Exception):
    def __str__(self) -> str:
        return EvilText(f"secret={SECRET}")


class BrokenCauseError(Exception):
    @property
    def __cause__(self) -> BaseException | None:  # type: ignore[override]
        raise ZeroDivisionError(SECRET)


@pytest.mark.parametrize("error", [BrokenText(), TextOfWrongType(), EvilTextError(), BrokenCauseError(SECRET)])
def test_broken_exceptions_are_described_without_their_text(error: Exception) -> None:
    text = describe_exception(raised(error)).text
    assert type(error).__name__ in text
    assert SECRET[:12] not in text


def test_a_long_message_is_cut_and_a_secret_at_the_cut_goes() -> None:
    message = exception_message(ValueError("word " * ((MESSAGE_LENGTH_MAX - 20) // 5) + f" {SECRET}" + "x" * 10**7))
    assert len(message) <= MESSAGE_LENGTH_MAX + 2
    assert SECRET[:6] not in message


def test_a_recursion_is_shortened_and_has_one_signature() -> None:
    def recurse(depth: int) -> None:
        if depth:
            recurse_again(depth - 1)
        raise RecursionError

    def recurse_again(depth: int) -> None:
        recurse(depth)

    signatures = set()
    for depth in (200, 201, 202):
        try:
            recurse(depth)
        except RecursionError as error:
            description = describe_exception(error)
            signatures.add(description.signature)
            assert len(description.text.splitlines()) < 40
            assert "more frames" in description.text
    assert len(signatures) == 1


def test_other_values_do_not_make_another_signature() -> None:
    first, second = (describe_exception(raised(ValueError(text))).signature for text in ("one", "two"))
    assert first == second
    assert describe_exception(raised(TypeError("one"))).signature != first


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/home/a/proj/guarddog_gui/x/y.py", "guarddog_gui/x/y.py"),
        ("/home/a/.venv/lib/python3.11/site-packages/requests/api.py", "requests/api.py"),
        ("/usr/lib/python3.11/json/decoder.py", "json/decoder.py"),
        ("C:\\Users\\a\\guarddog_gui\\b.py", "guarddog_gui/b.py"),
        ("/home/a/t.py", "t.py"),
        ("<string>", "<string>"),
    ],
)
def test_files_are_relative_to_their_package(path: str, shown: str) -> None:
    assert relative_file(path) == shown
