"""`check-domain`: check if a page is ready for the JS-SDK: name, certificate, redirects, WeChat's file."""

from argparse import Namespace

from guarddog_gui.bootstrap.window_services import make_page_checker
from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import PROGRAM, CommandContext
from guarddog_gui.cli.parser import CommandDefinition
from guarddog_gui.cli.select_account import default_account, select_account
from guarddog_gui.cli.tables.columns import GREEN, GREY, RED, YELLOW, colourize, display_width, pad, should_use_colours
from guarddog_gui.domain.printable import printable
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.readiness.checks import Tick, has_failed, needs_user
from guarddog_gui.domain.readiness.target import CheckTarget, parse_target
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.messages.health.page import PAGE_CHECK_NAMES, TICK_NAMES, page_check_message
from guarddog_gui.services.page_check import PageReport

_SYMBOLS = {Tick.OK: "✓", Tick.WARNING: "?", Tick.FAILED: "✗", Tick.NOT_CHECKED: "–"}
_COLOURS = {Tick.OK: GREEN, Tick.WARNING: YELLOW, Tick.FAILED: RED, Tick.NOT_CHECKED: GREY}


def register(command: CommandDefinition) -> None:
    text = command.text
    help_text = text("a domain such as shop.example.cn, or the address of a page on it")
    command.parser.add_argument("domain", metavar=text("DOMAIN"), help=help_text)
    command.add_account(text("AppID or name of the account whose JS-safe domains are compared; may be left out"))
    file_help = text("also check that WeChat's file MP_verify_….txt is at the root of the domain")
    command.add_option("--file", text("NAME"), file_help)
    command.add_json_flag()
    command.set_examples(
        f"{PROGRAM} check-domain shop.example.cn",
        f"{PROGRAM} check-domain shop.example.cn Shop --file MP_verify_aB3dE5gH7jK9mN1p.txt",
        f"{PROGRAM} check-domain 'https://shop.example.cn/p?id=1' --json",
    )


def run(context: CommandContext, args: Namespace) -> ExitCode:
    """Print one line per check. Return SUCCESS if nothing is wrong, TRY_LATER if all that is wrong may pass."""
    target = parse_target(args.domain, args.file or "")
    if isinstance(target, InputProblem):
        raise CommandError(ExitCode.USAGE_ERROR, context.messages.for_bad_input(target))
    account = default_account(context) if args.account is None else select_account(context, args.account)
    report = make_page_checker(context.container.clock).check(target, account)
    assert isinstance(report, PageReport)  # noqa: S101 - nobody cancels it here
    if args.json:
        context.terminal.write_json(_json_fields(context, report))
    else:
        _print_items(context, report)
    if not has_failed(report.items):
        return ExitCode.SUCCESS
    return ExitCode.USER_ACTION_REQUIRED if needs_user(report.items) else ExitCode.TRY_LATER


def _json_fields(context: CommandContext, report: PageReport) -> dict[str, object]:
    target: CheckTarget = report.target
    checks = []
    for item in report.items:
        message = page_check_message(item, context.messages)
        fields = {"check": item.check.value, "state": item.tick.value, "reason": item.reason.value}
        checks.append({**fields, "what": message.summary, "todo": message.advice})
    return {"domain": target.host, "url": target.page_url, "ready": not has_failed(report.items), "checks": checks}


def _print_items(context: CommandContext, report: PageReport) -> None:
    say, terminal = context.messages.text, context.terminal
    with_colours = should_use_colours(terminal.stdout, terminal.environ)
    states = {tick: f"{_SYMBOLS[tick]} {say(name)}" for tick, name in TICK_NAMES.items()}
    names = {check: say(name) for check, name in PAGE_CHECK_NAMES.items()}
    state_width, name_width = (max(map(display_width, each.values())) for each in (states, names))
    indent = " " * (state_width + name_width + 4)
    for item in report.items:
        message = page_check_message(item, context.messages)
        state = pad(states[item.tick], state_width)
        if with_colours:
            state = colourize(state, _COLOURS[item.tick])
        summary = f"{message.summary} ({message.code})" if message.code else message.summary
        terminal.write_styled(f"{state}  {pad(names[item.check], name_width)}  {printable(summary)}\n")
        if message.advice and item.tick is not Tick.OK:
            terminal.write_line(f"{indent}{message.advice}")
