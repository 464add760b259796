"""`completion`: what a shell has to read once, so that it asks us how a line can go on."""

from enum import StrEnum


class Shell(StrEnum):
    """The shells whose lines are completed."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"
    POWERSHELL = "powershell"


def completion_script(shell: Shell, program: str) -> str:
    """The script for this shell."""
    from argcomplete.shell_integration import shellcode  # nothing else needs it

    return shellcode([program], shell=shell).strip("\n")
