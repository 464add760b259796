"""Which outlets an account may have, and how they are kept."""

import pytest

from guarddog_gui.domain.exports.targets import (
    Outlet,
    OutletForm,
    outlet_fields,
    outlet_of,
    outlets_clash,
    outlets_of,
    outlets_problem,
    outlets_refusal,
)

PHP = Outlet(OutletForm.PHP_JSON, "/srv/shop")
NODE = Outlet(OutletForm.INTERACTION_JSON, "/srv/node")
ENV = Outlet(OutletForm.ENV, "/srv/shop/.env")
RUN = Outlet(OutletForm.COMMAND, command=("systemctl", "--user", "restart", "shop"))
FOUR = (PHP, NODE, ENV, RUN)


def folder_of(path: str) -> Outlet:
    return Outlet(OutletForm.PHP_JSON, path)


def run(*words: str) -> Outlet:
    return Outlet(OutletForm.COMMAND, command=words)


def test_each_form_knows_the_files_that_it_writes() -> None:
    assert PHP.files == ("/srv/shop/access_token.json", "/srv/shop/jsapi_ticket.json")
    assert NODE.files == ("/srv/node/access_token.json", "/srv/node/jsapi_ticket.json")
    assert ENV.files == ("/srv/shop/.env",)
    assert RUN.files == ()


@pytest.mark.parametrize("outlets", [(), FOUR, (run("notify"), run("notify", "twice")), (run("/opt/a b/x"),)])
def test_an_account_may_have_none_or_several(outlets: tuple[Outlet, ...]) -> None:
    assert outlets_problem(outlets) is None


@pytest.mark.parametrize(
    ("outlet", "problem"),
    [
        (folder_of(""), "bad-outlet-path"),
        (folder_of("srv/shop"), "bad-outlet-path"),
        (folder_of("/srv/\0shop"), "bad-outlet-path"),
        (Outlet(OutletForm.ENV, ".env"), "bad-outlet-path"),
        (Outlet(OutletForm.ENV, "/dogs/ACCESS_TOKEN.dog"), "bad-outlet-path"),
        (Outlet(OutletForm.ENV, "/config/accounts.json"), "bad-outlet-path"),
        (Outlet(OutletForm.ENV, "/data/history.SQLITE3"), "bad-outlet-path"),
        (run(), "bad-outlet-command"),
        (run(""), "bad-outlet-command"),
        (run(" "), "bad-outlet-command"),
        (run("./notify"), "outlet-command-lost"),
        (run("notify", "a\0b"), "bad-outlet-command"),
    ],
    ids=repr,
)
def test_what_cannot_be_written_or_run_is_refused(outlet: Outlet, problem: str) -> None:
    assert outlets_problem((outlet,)) == problem


@pytest.mark.parametrize(
    "outlets",
    [
        (ENV, ENV),
        (PHP, Outlet(OutletForm.INTERACTION_JSON, "/srv/shop")),
        (PHP, folder_of("/srv/shop/")),
        (ENV, Outlet(OutletForm.ENV, "/srv/./other/../shop/.env")),
        (RUN, RUN),
    ],
)
def test_no_two_may_write_the_same_file_or_run_the_same_command(outlets: tuple[Outlet, ...]) -> None:
    assert outlets_problem(outlets) == "outlet-twice"


def test_accounts_clash_over_a_file_and_not_over_a_command() -> None:
    assert outlets_clash(FOUR, (Outlet(OutletForm.ENV, "/srv/shop/../shop/.env"),))
    assert not outlets_clash(FOUR, (RUN, folder_of("/srv/cafe")))


def test_what_is_kept_is_read_back() -> None:
    assert outlets_of([outlet_fields(outlet) for outlet in FOUR]) == FOUR
    assert outlet_fields(ENV) == {"form": "env", "path": "/srv/shop/.env"}
    assert outlet_fields(run("a", "b")) == {"form": "command", "command": ["a", "b"]}


@pytest.mark.parametrize(
    "fields",
    [
        None,
        "env",
        [],
        {},
        {"form": "env"},
        {"form": "env", "path": 5},
        {"form": "env", "path": "/x", "command": []},
        {"form": "redis", "path": "/x"},
        {"form": [], "path": "/x"},
        {"form": None, "path": "/x"},
        {"form": "command"},
        {"form": "command", "command": "a b"},
        {"form": "command", "command": ["a", 5]},
        {"form": "command", "command": ["a"], "path": "/x"},
    ],
    ids=repr,
)
def test_what_is_no_outlet_is_not_read_as_one(fields: object) -> None:
    assert outlet_of(fields) is None
    assert outlets_of([fields]) is None


def test_a_list_with_a_bad_one_is_no_list_of_outlets() -> None:
    assert outlets_of({"form": "env"}) is None
    assert outlets_of([outlet_fields(ENV), outlet_fields(ENV)]) is None
    assert outlets_of([{"form": "env", "path": "relative"}]) is None


def test_a_refusal_names_the_outlet_that_is_meant() -> None:
    twice = (folder_of("/srv/a"), folder_of("/srv/b"), folder_of("/srv/b/"))

    refusal = outlets_refusal(twice)

    assert refusal is not None
    assert (str(refusal), refusal.about) == ("outlet-twice", "/srv/b/")
