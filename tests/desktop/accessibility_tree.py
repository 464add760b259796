"""Accessibility tree of the programs on a private AT-SPI bus, as a screen reader sees it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jeepney import DBusAddress

from tests.desktop.bus_service import PROPERTIES_INTERFACE, BusClient, DBusCallError
from tests.desktop.processes import minimal_environment, start_process, stop_process, wait_until
from tests.desktop.session_bus import private_bus

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.desktop.bus_service import Call

REGISTRY_PROGRAM = "/usr/libexec/at-spi2-registryd"
ACCESSIBLE_INTERFACE = "org.a11y.atspi.Accessible"
ENABLED, FOCUSABLE, FOCUSED, SHOWING = 8, 11, 12, 25  # bits of AtspiStateType
CONTAINER_ROLES = ("table", "tree", "tree table", "list", "page tab list", "combo box")  # children are not read
CONTROL_ROLES = (
    "push button",
    "button menu",
    "check box",
    "combo box",
    "text",
    "spin button",
    "radio button",
    *CONTAINER_ROLES,
)

ObjectReference = tuple[str, str]  # bus name and object path

ROOT: ObjectReference = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")


@dataclass(frozen=True, slots=True)
class AccessibleNode:
    """One object in a window."""

    role: str
    name: str
    states: int
    path: str

    def has_state(self, state: int) -> bool:
        return bool(self.states >> state & 1)

    @property
    def is_usable(self) -> bool:
        """True for a control that the user can reach with the keyboard."""
        return self.role in CONTROL_ROLES and self.has_state(FOCUSABLE) and self.has_state(ENABLED)


class _Branch:
    """Object with those below it, read level by level: a window has a hundred, and a reply takes a millisecond."""

    def __init__(self, reference: ObjectReference) -> None:
        self.reference = reference
        self.node: AccessibleNode | None = None
        self.children: list[_Branch] = []

    @property
    def has_readable_children(self) -> bool:
        return self.node is not None and self.node.role not in CONTAINER_ROLES

    def nodes(self) -> Iterator[AccessibleNode]:
        """Yield what is visible, parents first."""
        if self.node is not None:
            yield self.node
            for child in self.children:
                yield from child.nodes()


def _name_call(reference: ObjectReference) -> Call:
    address = DBusAddress(reference[1], reference[0], PROPERTIES_INTERFACE)
    return address, "Get", "ss", (ACCESSIBLE_INTERFACE, "Name")


class AccessibilityTree:
    """Objects of all programs on the bus."""

    def __init__(self, bus: str) -> None:
        self._client = BusClient(bus)

    def close(self) -> None:
        self._client.close()

    def nodes(self) -> list[AccessibleNode]:
        """Return all visible objects of all windows, parents first, without the cells of tables."""
        programs = [_Branch(reference) for reference in self._children(ROOT)]
        level = programs
        while level:
            self._read_nodes(level)
            open_branches = [branch for branch in level if branch.has_readable_children]
            for branch, reply in zip(
                open_branches,
                self._call_each([branch.reference for branch in open_branches], "GetChildren"),
                strict=True,
            ):
                branch.children = [_Branch(reference) for reference in reply[0]] if reply is not None else []
            level = [child for branch in open_branches for child in branch.children]
        return [node for program in programs for node in program.nodes()]

    def focused(self) -> list[AccessibleNode]:
        """Return the objects with the keyboard focus, outer ones first (such as a tab widget and its tab)."""
        return [node for node in self.nodes() if node.has_state(FOCUSED)]

    def texts(self) -> list[str]:
        """Return all texts that a screen reader can read currently."""
        return [node.name for node in self.nodes() if node.name]

    def place_of(self, role: str, text: str) -> tuple[int, int] | None:
        """Return the centre on the screen of the first visible object with this role and text, also inside of lists."""
        for program in self._children(ROOT):
            found = self._find(program, role, text)
            if found is not None:
                address = DBusAddress(found[1], found[0], "org.a11y.atspi.Component")
                ((left, top, width, height),) = self._client.call(address, "GetExtents", "u", (0,))
                return left + width // 2, top + height // 2
        return None

    def _find(self, reference: ObjectReference, role: str, text: str) -> ObjectReference | None:
        try:
            states = self._call(reference, "GetState")[0][0]
            if not states >> SHOWING & 1:
                return None
            if self._call(reference, "GetRoleName")[0] == role and text in self._name(reference):
                return reference
        except DBusCallError:  # the object has disappeared meanwhile
            return None
        found = (self._find(child, role, text) for child in self._children(reference))
        return next((child for child in found if child is not None), None)

    def _read_nodes(self, branches: list[_Branch]) -> None:
        """Set the nodes of these branches; objects that are hidden, or have disappeared meanwhile, get none."""
        references = [branch.reference for branch in branches]
        roles, states = self._call_each(references, "GetRoleName"), self._call_each(references, "GetState")
        names = self._client.call_all([_name_call(reference) for reference in references])
        for branch, role, state, name in zip(branches, roles, states, names, strict=True):
            if role is not None and state is not None and name is not None:
                bits = state[0][0] | state[0][1] << 32
                node = AccessibleNode(role[0], name[0][1], bits, branch.reference[1])
                branch.node = node if node.has_state(SHOWING) else None

    def _call_each(self, references: list[ObjectReference], member: str) -> list[tuple[Any, ...] | None]:
        return self._client.call_all(
            [(DBusAddress(path, name, ACCESSIBLE_INTERFACE), member, "", ()) for name, path in references]
        )

    def _children(self, reference: ObjectReference) -> list[ObjectReference]:
        try:
            children: list[ObjectReference] = self._call(reference, "GetChildren")[0]
        except DBusCallError:
            return []
        return children

    def _name(self, reference: ObjectReference) -> str:
        name: str = self._client.call(*_name_call(reference))[0][1]
        return name

    def _call(self, reference: ObjectReference, member: str) -> tuple[Any, ...]:
        return self._client.call(DBusAddress(reference[1], reference[0], ACCESSIBLE_INTERFACE), member)


@contextmanager
def accessibility_bus(folder: Path, session_bus: str, display: str) -> Iterator[tuple[AccessibilityTree, str]]:
    """Run an accessibility bus. Yield its tree and the address for a program's AT_SPI_BUS_ADDRESS."""
    with private_bus(folder, "a11y") as address:
        environment = minimal_environment(
            AT_SPI_BUS_ADDRESS=address, DBUS_SESSION_BUS_ADDRESS=session_bus, DISPLAY=display
        )
        registry = start_process([REGISTRY_PROGRAM], environment)
        tree = AccessibilityTree(address)
        try:
            wait_until(lambda: _is_registry_running(tree), "the accessibility registry")
            yield tree, address
        finally:
            tree.close()
            stop_process(registry)


def _is_registry_running(tree: AccessibilityTree) -> bool:
    bus = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
    (owned,) = tree._client.call(bus, "NameHasOwner", "s", ("org.a11y.atspi.Registry",))
    return bool(owned)
