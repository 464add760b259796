"""Interfaces that a compositor offers, and those of them with which values are copied without a window."""

import time
from pathlib import Path
from typing import NoReturn

from guarddog_gui.adapters.wayland.connection import (
    DISPLAY_ID,
    EventArguments,
    WaylandConnection,
    WaylandError,
    encode_uint,
)

DATA_CONTROL_MANAGERS = ("ext_data_control_manager_v1", "zwlr_data_control_manager_v1")  # the preferred one first
SEAT = "wl_seat"

_DISPLAY_SYNC, _DISPLAY_GET_REGISTRY, _DISPLAY_ERROR = 0, 1, 0
_REGISTRY_GLOBAL = 0


class Registry:
    """The compositor's list of interfaces; `numbers` are those to bind them with, by name."""

    def __init__(self, registry_id: int, numbers: dict[str, int]) -> None:
        self.id = registry_id
        self.numbers = numbers

    @property
    def data_control_manager(self) -> str | None:
        """Return the name of the preferred manager; None if the compositor has none, or no seat."""
        if SEAT not in self.numbers:
            return None
        return next((name for name in DATA_CONTROL_MANAGERS if name in self.numbers), None)


def read_registry(connection: WaylandConnection, timeout_s: float) -> Registry:
    """Return the compositor's interfaces. Raises OSError if it does not answer within `timeout_s` seconds."""
    registry_id, callback_id = connection.new_id(), connection.new_id()
    connection.send(DISPLAY_ID, _DISPLAY_GET_REGISTRY, encode_uint(registry_id))
    connection.send(DISPLAY_ID, _DISPLAY_SYNC, encode_uint(callback_id))
    numbers: dict[str, int] = {}
    for object_id, opcode, arguments in connection.read_events_until(time.monotonic() + timeout_s):
        if (object_id, opcode) == (registry_id, _REGISTRY_GLOBAL):
            number = arguments.read_uint()
            numbers.setdefault(arguments.read_string(), number)  # the first seat, where there are several
        elif object_id == callback_id:
            break
        elif (object_id, opcode) == (DISPLAY_ID, _DISPLAY_ERROR):
            raise_error(arguments)
    return Registry(registry_id, numbers)


def raise_error(arguments: EventArguments) -> NoReturn:
    """Raise WaylandError for an error event of the display."""
    arguments.read_uint()  # the object that it concerns
    code = arguments.read_uint()
    raise WaylandError(f"error {code} of the compositor: {arguments.read_string()}")


def has_data_control(socket_path: Path, timeout_s: float) -> bool:
    """Return True if the compositor lets programs copy without a window. Raises OSError if it does not answer."""
    connection = WaylandConnection(socket_path, timeout_s)
    try:
        return read_registry(connection, timeout_s).data_control_manager is not None
    finally:
        connection.close()
