"""Keep tokens, tickets and secrets out of the `repr` of a value, and so out of logs and tracebacks."""

from typing import Any, ClassVar


class HiddenFields:
    """Mix-in for a `Struct` or named tuple whose `repr` leaves out `hidden_fields`.

    `Struct` would otherwise show every field, to `rich` as well.
    """

    __slots__ = ()

    hidden_fields: ClassVar[tuple[str, ...]]

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self.__rich_repr__())
        return f"{type(self).__name__}({shown})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        names = type(self).__match_args__  # type: ignore[attr-defined]  # Struct and NamedTuple have it
        return [(name, getattr(self, name)) for name in names if name not in self.hidden_fields]
