"""Fields of the dialog that shares an account, by the problems that are shown at them, and advice for the window."""

from collections.abc import Mapping

from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication

from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.message_catalog import N_
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.values import SharingFailure
from guarddog_gui.services.messages.message import Message, Messages

FIELD_OF_INPUT: Mapping[InputProblem, str] = {
    InputProblem.EMPTY_APPID: "appid",
    InputProblem.INVALID_APPID: "appid",
    InputProblem.ORIGINAL_ID: "appid",
    InputProblem.CORP_ID: "appid",
    InputProblem.ACCOUNT_EXISTS: "appid",
    InputProblem.INVALID_NAME: "name",
    InputProblem.NAME_TAKEN: "name",
    InputProblem.INVALID_REDIS_URL: "url",
    InputProblem.REDIS_URL_WITH_PASSWORD: "url",
    InputProblem.INVALID_REDIS_PASSWORD: "password",
    InputProblem.INVALID_CA_FILE: "ca-file",
    InputProblem.KEY_NAME_MISSING: "keys",
    InputProblem.INVALID_KEY_NAME: "keys",
    InputProblem.KEY_NAME_TAKEN: "keys",
    InputProblem.KEY_OUTSIDE_CLUSTER_SLOT: "keys",
    InputProblem.SHARING_NEEDS_STABLE: "role",
}

FIELD_OF_FAILURE: Mapping[SharingProblem, str] = {
    SharingProblem.UNREACHABLE: "url",
    SharingProblem.UNKNOWN_HOST: "url",
    SharingProblem.TIMEOUT: "url",
    SharingProblem.TLS_WRONG_NAME: "url",
    SharingProblem.TLS_MISMATCH: "url",
    SharingProblem.NO_MASTER: "url",
    SharingProblem.READ_ONLY: "url",
    SharingProblem.TLS_UNTRUSTED: "ca-file",
    SharingProblem.CA_FILE: "ca-file",
    SharingProblem.PASSWORD_WRONG: "password",
    SharingProblem.PASSWORD_MISSING: "password",
    SharingProblem.FOREIGN_KEY: "keys",
}

# the others' advice names options of the command line
_WINDOW_ADVICE: Mapping[SharingProblem, str] = {
    SharingProblem.TLS_UNTRUSTED: N_("Choose the certificate of the authority that signed it."),
    SharingProblem.CA_FILE: N_("Choose another file."),
    SharingProblem.PASSWORD_WRONG: N_("Check both."),
    SharingProblem.PASSWORD_MISSING: N_("Enter it."),
    SharingProblem.FOREIGN_KEY: N_("Check the names of the keys."),
}


_WINDOW_ADVICE_OF_INPUT: Mapping[InputProblem, str] = {
    InputProblem.REDIS_URL_WITH_PASSWORD: N_("Take it out, and enter it in its own field."),
    InputProblem.INVALID_CA_FILE: N_("Choose a PEM file."),
    InputProblem.KEY_NAME_MISSING: N_("Enter it in the row of the format."),
}


def window_input_message(error: BadInput, messages: Messages) -> Message:
    """Return what is wrong with the input and what to do about it in the window."""
    message, advice = messages.for_bad_input(error), _WINDOW_ADVICE_OF_INPUT.get(error.problem)
    return message if advice is None else replace(message, advice=messages.text(advice))


def window_message(failure: SharingFailure, messages: Messages) -> Message:
    """Return what is wrong and what to do about it in the window."""
    message, advice = messages.for_sharing_failure(failure), _WINDOW_ADVICE.get(failure.problem)
    return message if advice is None else replace(message, advice=messages.text(advice))


def format_name(name: str) -> str:
    """Return the name of a program for its format of keys; those of programs are not translated."""
    names = {
        "wechatpy": "wechatpy",
        "wxjava": "WxJava",
        "silenceper": "silenceper (Go)",
        "symfony": "Symfony, EasyWeChat",
        "plain": QCoreApplication.translate("KeyNamesField", "plain value"),
    }
    return names[name]
