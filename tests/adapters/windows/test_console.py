from typing import Any

import pytest

from guarddog_gui.adapters.windows.console import enable_escape_sequences, prepare_console


class Number:
    """ctypes.c_ulong, which the fake console fills in."""

    def __init__(self) -> None:
        self.value = 0


class FakeKernel:
    """kernel32 with one console, or with output to a file."""

    def __init__(self, mode: int | None) -> None:
        self.mode = mode

    def GetStdHandle(self, number: int) -> int:  # noqa: N802 - the names of Windows
        assert number == -11
        return 7

    def GetConsoleMode(self, handle: int, number: Any) -> int:  # noqa: N802
        assert handle == 7
        if self.mode is None:
            return 0
        number.value = self.mode
        return 1

    def SetConsoleMode(self, handle: int, mode: int) -> int:  # noqa: N802
        assert handle == 7
        self.mode = mode
        return 1


@pytest.mark.parametrize(("before", "after"), [(0b0011, 0b0111), (0b0111, 0b0111)])
def test_a_console_keeps_its_modes_and_gets_the_sequences(before: int, after: int) -> None:
    kernel = FakeKernel(before)
    assert enable_escape_sequences(kernel, Number, lambda number: number)
    assert kernel.mode == after


def test_a_file_is_left_alone() -> None:
    assert not enable_escape_sequences(FakeKernel(None), Number, lambda number: number)


def test_it_can_be_called_everywhere() -> None:
    prepare_console()
