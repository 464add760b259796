"""Architecture rules that import-linter cannot express: Qt parts per layer, clocks, docstrings."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "guarddog_gui"
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))

# Parts of Qt that each layer may import; the longest matching path prefix applies.
QT = {
    "": set(),
    "runtime/": {"QtCore", "QtDBus", "QtNetwork"},
    "ui/": {"QtCore", "QtGui", "QtWidgets", "QtSvg", "QtDBus"},
    "app/": {"QtCore", "QtGui", "QtWidgets"},
    "app/signature_test_page.py": {"QtCore"},
    "app/single_instance.py": {"QtCore", "QtNetwork"},
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
)  # these pass the real clock to all others


def imports_of(tree: ast.AST) -> set[str]:
    """Return every imported module, also of imports inside functions."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def qt_parts(tree: ast.AST) -> set[str]:
    names = [name.split(".") for name in imports_of(tree)]
    return {name[1] for name in names if name[0] == "PySide6" and len(name) > 1 and name[1].startswith("Qt")}


def clocks_used(tree: ast.AST) -> set[str]:
    """Return every use of a real clock, whether it is called or passed on."""
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
def test_each_layer_imports_only_its_parts_of_qt(module: str) -> None:
    layer = max((layer for layer in QT if module.startswith(layer)), key=len)
    assert qt_parts(parsed(module)) <= QT[layer]


@pytest.mark.parametrize("module", [m for m in MODULES if not m.startswith(ROOTS)])
def test_only_composition_roots_use_the_real_clock(module: str) -> None:
    assert clocks_used(parsed(module)) == set()


def test_the_rules_detect_violations() -> None:
    tree = ast.parse("def f():\n    from PySide6.QtGui import QIcon\n    import time\n    return time.time")
    assert qt_parts(tree) == {"QtGui"}
    assert clocks_used(tree) == {"time.time"}
    assert clocks_used(ast.parse("import datetime\ndatetime.datetime.now()")) == {"datetime.datetime.now"}


@pytest.mark.parametrize("layer", ["domain", "services", "sandbox", "adapters", "guard_dog"])
def test_layers_below_the_runtime_work_without_qt(layer: str) -> None:
    names = [m.removesuffix(".py").replace("/", ".") for m in MODULES if m.startswith(f"{layer}/")]
    windows_modules = ("winreg", "msvcrt")
    imports = "\n".join(f"import guarddog_gui.{name}" for name in names if not name.endswith("__init__"))
    assert imports
    code = f"import sys\nsys.modules['PySide6'] = None\n{imports}"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 0 or any(name in result.stderr for name in windows_modules), result.stderr


def test_the_pure_layers_import_only_the_standard_library() -> None:
    # and idna and msgspec, which do no I/O
    allowed = sys.stdlib_module_names | {"guarddog_gui", "idna", "msgspec"}
    for module in MODULES:
        if module.startswith(("domain/", "services/")):
            tops = {name.split(".")[0] for name in imports_of(parsed(module))}
            assert tops <= allowed, module


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_a_docstring_that_begins_with_a_sentence(module: str) -> None:
    tree = parsed(module)
    assert isinstance(tree, ast.Module)
    if not tree.body:
        return  # an empty `__init__.py`
    docstring = ast.get_docstring(tree)
    assert docstring
    assert docstring.splitlines()[0].rstrip().endswith((".", ":", "?"))
