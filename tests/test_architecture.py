"""The rules between the layers that import-linter cannot say, in running form."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "guarddog_gui"
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))

# which parts of Qt a layer may know, the most telling beginning of a path wins
QT = {
    "": set(),
    "runtime/": {"QtCore", "QtDBus", "QtNetwork"},
    "ui/": {"QtCore", "QtGui", "QtWidgets", "QtSvg", "QtDBus"},
    "app/": {"QtCore", "QtGui", "QtWidgets"},
    "app/signature_test_page.py": {"QtCore"},
    "bootstrap/background_engine.py": {"QtCore"},
    "cli/commands/watch": {"QtCore"},
}
CLOCKS = {"time.time", "time.time_ns", "datetime.now", "datetime.utcnow", "datetime.today", "date.today"}
ROOTS = (
    "app/main.py",
    "app/tray_app.py",
    "__main__.py",
    "cli/",
    "bootstrap/background_engine.py",
    "guard_dog/guard.py",
    "api.py",
)  # they hand the real clock down


def imports_of(tree: ast.AST) -> set[str]:
    """Every module that is imported, also inside functions."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def qt_parts(tree: ast.AST) -> set[str]:
    names = [name.split(".") for name in imports_of(tree)]
    return {name[1] for name in names if name[0] == "PySide6" and len(name) > 1 and name[1].startswith("Qt")}


def clocks_read(tree: ast.AST) -> set[str]:
    """Every mention of a real clock, whether it is called or handed on."""
    return {
        text
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        for text in [ast.unparse(node)]
        if any(text == clock or text.endswith(f".{clock}") for clock in CLOCKS)
    }


def parsed(module: str) -> ast.AST:
    return ast.parse((PACKAGE / module).read_text(encoding="utf-8"))


@pytest.mark.parametrize("module", MODULES)
def test_a_layer_knows_only_its_own_part_of_qt(module: str) -> None:
    layer = max((layer for layer in QT if module.startswith(layer)), key=len)
    assert qt_parts(parsed(module)) <= QT[layer]


@pytest.mark.parametrize("module", [m for m in MODULES if not m.startswith(ROOTS)])
def test_only_where_all_is_put_together_is_the_real_clock_known(module: str) -> None:
    assert clocks_read(parsed(module)) == set()


def test_the_rules_would_notice() -> None:
    tree = ast.parse("def f():\n    from PySide6.QtGui import QIcon\n    import time\n    return time.time")
    assert qt_parts(tree) == {"QtGui"}
    assert clocks_read(tree) == {"time.time"}
    assert clocks_read(ast.parse("import datetime\ndatetime.datetime.now()")) == {"datetime.datetime.now"}


@pytest.mark.parametrize("layer", ["domain", "services", "sandbox", "adapters", "guard_dog"])
def test_below_the_runtime_nothing_needs_qt(layer: str) -> None:
    names = [m.removesuffix(".py").replace("/", ".") for m in MODULES if m.startswith(f"{layer}/")]
    foreign = ("winreg", "msvcrt")
    imports = "\n".join(f"import guarddog_gui.{name}" for name in names if not name.endswith("__init__"))
    assert imports
    code = f"import sys\nsys.modules['PySide6'] = None\n{imports}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0 or any(name in done.stderr for name in foreign), done.stderr


def test_the_pure_layers_ask_no_library_but_the_standard_one() -> None:
    # idna: a table of Unicode that does no I/O
    allowed = sys.stdlib_module_names | {"guarddog_gui", "idna"}
    for module in MODULES:
        if module.startswith(("domain/", "services/")):
            tops = {name.split(".")[0] for name in imports_of(parsed(module))}
            assert tops <= allowed, module


@pytest.mark.parametrize("module", MODULES)
def test_every_module_says_in_a_sentence_what_it_is(module: str) -> None:
    tree = parsed(module)
    assert isinstance(tree, ast.Module)
    if not tree.body:
        return  # the empty `__init__.py` of a folder
    said = ast.get_docstring(tree)
    assert said
    assert said.splitlines()[0].rstrip().endswith((".", ":", "?"))
