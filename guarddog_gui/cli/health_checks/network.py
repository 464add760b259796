"""Checks of the ways to WeChat that single accounts have, and of the addresses that WeChat sees."""

from functools import partial

from msgspec.structs import replace

from guarddog_gui.adapters.health.network import check_network
from guarddog_gui.bootstrap.container import Container
from guarddog_gui.cli.context import CommandContext
from guarddog_gui.cli.health_checks.containers import check_container
from guarddog_gui.cli.health_checks.runner import run_in_groups
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.health.findings import CheckStatus, Finding, HealthCheck
from guarddog_gui.domain.refresh.own_address import ADDRESSES_MAX, address_history
from guarddog_gui.domain.wechat.protocol import TransportFailure
from guarddog_gui.services.messages.health.address import address_finding
from guarddog_gui.services.messages.health.findings import make_finding, nothing_found_finding
from guarddog_gui.services.messages.health.network import network_findings

_ROUTES_MAX = 4
_ROUTES_TIMEOUT_S = 6.0
_ADDRESSES_SHOWN_MAX = 10


def check_own_addresses(context: CommandContext) -> tuple[Finding, ...]:
    """Report the last address that WeChat named for each account; nothing is asked."""
    with check_container(context) as container:
        now, messages = container.clock(), context.messages
        findings = [
            address_finding(
                account, address_history(container.history.addresses(account.appid, ADDRESSES_MAX)), now, messages
            )
            for account in container.accounts.load_read_only()
        ]
    known = tuple(finding for finding in findings if finding is not None)[:_ADDRESSES_SHOWN_MAX]
    return known or (
        replace(nothing_found_finding(HealthCheck.OWN_ADDRESS, context.messages), status=CheckStatus.NOT_CHECKED),
    )


def check_account_routes(context: CommandContext) -> tuple[Finding, ...]:
    """Check the API host and the proxy of accounts that have their own, each way once."""
    with check_container(context) as container:
        routes: dict[tuple[str, str], Account] = {}
        for account in container.accounts.load_read_only():
            if account.proxy or (account.api_base and not container.is_api_base_fixed):
                routes.setdefault((account.api_base, account.proxy), account)
        accounts = list(routes.values())[:_ROUTES_MAX]
        groups = [[partial(_check_route, context, container, account)] for account in accounts]
        results = run_in_groups(groups, _ROUTES_TIMEOUT_S)
    return tuple(finding for group in results for found in group for finding in found)


def _check_route(context: CommandContext, container: Container, account: Account) -> tuple[Finding, ...]:
    transport = container.make_transport()
    proxy = transport.proxy_of(account)
    if isinstance(proxy, TransportFailure):
        message = context.messages.for_failed_query(proxy)
        findings: tuple[Finding, ...] = (make_finding(HealthCheck.PROXY, CheckStatus.FAILED, message),)
    else:
        base, environ = transport.api_base_of(account), context.terminal.environ
        result = check_network(base, environ, container.clock, account_proxy=proxy)
        findings = network_findings(result, context.messages)[:2]  # the clock is that of the computer
    return tuple(replace(finding, summary=f"{account.name}: {finding.summary}") for finding in findings)
