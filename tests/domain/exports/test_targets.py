"""Validation, comparison and storage of export targets."""

import pytest

from guarddog_gui.domain.exports.targets import (
    ExportFormat,
    ExportTarget,
    target_from_dict,
    target_to_dict,
    targets_from_list,
    targets_overlap,
    targets_problem,
    validate_targets,
)

PHP = ExportTarget(ExportFormat.PHP_JSON, "/srv/shop")
NODE = ExportTarget(ExportFormat.INTERACTION_JSON, "/srv/node")
ENV = ExportTarget(ExportFormat.ENV, "/srv/shop/.env")
RUN = ExportTarget(ExportFormat.COMMAND, command=("systemctl", "--user", "restart", "shop"))
FOUR = (PHP, NODE, ENV, RUN)


def folder_of(path: str) -> ExportTarget:
    return ExportTarget(ExportFormat.PHP_JSON, path)


def run(*words: str) -> ExportTarget:
    return ExportTarget(ExportFormat.COMMAND, command=words)


def test_each_format_lists_the_files_that_it_writes() -> None:
    assert PHP.files == (
        "/srv/shop/access_token.json",
        "/srv/shop/jsapi_ticket.json",
        "/srv/shop/access_token.php",
        "/srv/shop/jsapi_ticket.php",
    )
    assert NODE.files == ("/srv/node/access_token.json", "/srv/node/jsapi_ticket.json")
    assert ENV.files == ("/srv/shop/.env",)
    assert RUN.files == ()


@pytest.mark.parametrize("targets", [(), FOUR, (run("notify"), run("notify", "twice")), (run("/opt/a b/x"),)])
def test_an_account_may_have_no_or_several_targets(targets: tuple[ExportTarget, ...]) -> None:
    assert targets_problem(targets) is None


@pytest.mark.parametrize(
    ("target", "problem"),
    [
        (folder_of(""), "bad-outlet-path"),
        (folder_of("srv/shop"), "bad-outlet-path"),
        (folder_of("/srv/\0shop"), "bad-outlet-path"),
        (ExportTarget(ExportFormat.ENV, ".env"), "bad-outlet-path"),
        (ExportTarget(ExportFormat.ENV, "/dogs/ACCESS_TOKEN.dog"), "bad-outlet-path"),
        (ExportTarget(ExportFormat.ENV, "/config/accounts.json"), "bad-outlet-path"),
        (ExportTarget(ExportFormat.ENV, "/data/history.SQLITE3"), "bad-outlet-path"),
        (run(), "bad-outlet-command"),
        (run(""), "bad-outlet-command"),
        (run(" "), "bad-outlet-command"),
        (run("./notify"), "outlet-command-lost"),
        (run("notify", "a\0b"), "bad-outlet-command"),
    ],
    ids=repr,
)
def test_targets_that_cannot_work_are_refused(target: ExportTarget, problem: str) -> None:
    assert targets_problem((target,)) == problem


@pytest.mark.parametrize(
    "targets",
    [
        (ENV, ENV),
        (PHP, ExportTarget(ExportFormat.INTERACTION_JSON, "/srv/shop")),
        (PHP, folder_of("/srv/shop/")),
        (ENV, ExportTarget(ExportFormat.ENV, "/srv/./other/../shop/.env")),
        (RUN, RUN),
    ],
)
def test_duplicate_targets_are_refused(targets: tuple[ExportTarget, ...]) -> None:
    assert targets_problem(targets) == "outlet-twice"


def test_accounts_may_share_a_command_but_not_a_file() -> None:
    assert targets_overlap(FOUR, (ExportTarget(ExportFormat.ENV, "/srv/shop/../shop/.env"),))
    assert not targets_overlap(FOUR, (RUN, folder_of("/srv/cafe")))


def test_a_stored_value_is_read_back() -> None:
    assert targets_from_list([target_to_dict(target) for target in FOUR]) == FOUR
    assert target_to_dict(ENV) == {"form": "env", "path": "/srv/shop/.env"}
    assert target_to_dict(run("a", "b")) == {"form": "command", "command": ["a", "b"]}


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
def test_invalid_objects_are_not_read_as_targets(fields: object) -> None:
    assert target_from_dict(fields) is None
    assert targets_from_list([fields]) is None


def test_a_list_with_an_invalid_target_is_refused() -> None:
    assert targets_from_list({"form": "env"}) is None
    assert targets_from_list([target_to_dict(ENV), target_to_dict(ENV)]) is None
    assert targets_from_list([{"form": "env", "path": "relative"}]) is None


def test_an_error_names_the_target_that_it_is_about() -> None:
    twice = (folder_of("/srv/a"), folder_of("/srv/b"), folder_of("/srv/b/"))

    refusal = validate_targets(twice)

    assert refusal is not None
    assert (str(refusal), refusal.subject) == ("outlet-twice", "/srv/b/")
