"""Guard Dog keeps WeChat access tokens and jsapi tickets fresh.

    import guarddog_gui

    guarddog_gui.access_token("wx0123456789abcdef")  # of an account that Guard Dog knows
    guarddog_gui.jsapi_ticket("wx0123456789abcdef")

and `from guarddog_gui import guard_dog` for values of your own, as npm guard_dog keeps them.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from guarddog_gui.api import access_token, jsapi_ticket

__all__ = ["access_token", "jsapi_ticket"]
__version__ = "0.1.0"


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


if not TYPE_CHECKING:  # a type checker would take every name for one of ours

    def __getattr__(name: str) -> Any:
        """Loaded when first used: the command line and the tray do not need them."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        return getattr(import_module(f"{__name__}.api"), name)
