"""The services of one worker thread."""

import time
from functools import partial
from typing import TYPE_CHECKING

from guarddog_gui.adapters.exports.files import ExportFiles
from guarddog_gui.bootstrap.maintenance import run_maintenance
from guarddog_gui.bootstrap.window_services import find_release, make_api_console, make_page_checker
from guarddog_gui.services.account_queries import AccountQueries
from guarddog_gui.services.accounts.account_removals import AccountRemovals
from guarddog_gui.services.accounts.account_service import AccountService
from guarddog_gui.services.accounts.account_validator import AccountValidator
from guarddog_gui.services.refresh import Refresher
from guarddog_gui.services.sharing.shared_refresh import SharingParts
from guarddog_gui.services.worker_context import WorkerContext

if TYPE_CHECKING:
    from guarddog_gui.adapters.http.account_transport import AccountTransport
    from guarddog_gui.bootstrap.container import Container
    from guarddog_gui.services.accounts.sharing_service import SharingService
    from guarddog_gui.services.exports import Exporter


def make_worker_context(container: "Container", api_base: str | None) -> WorkerContext:
    """Return new services for one thread, which call `api_base` or else the configured address."""
    transport = container.make_transport(api_base)
    exporter = container.make_exporter()
    refresher = _make_refresher(container, transport, exporter)
    validator = AccountValidator(container.dog_files, ExportFiles())
    account_service = AccountService(
        transport=transport,
        secrets=container.secrets,
        proxy_passwords=container.proxy_passwords,
        accounts=container.accounts,
        dog_files=container.dog_files,
        account_lock=container.account_locks,
        history=container.history,
        errcode_catalog=container.errcode_catalog,
        clock=container.clock,
        import_recovery=container.import_recovery,
        validator=validator,
    )
    return WorkerContext(
        refresher=refresher,
        account_service=account_service,
        account_removals=_make_account_removals(container, validator),
        account_queries=AccountQueries(
            transport=transport, secrets=container.secrets, dog_files=container.own_values, clock=container.clock
        ),
        exporter=exporter,
        read_timeline=container.history.read_timeline,
        read_history_page=container.history.read_page,
        add_outcomes=container.history.add_outcomes,
        recent_urls=container.recent_urls,
        tickets=container.make_ticket_source(),
        read_project_folder=container.read_project_folder,
        run_maintenance=partial(run_maintenance, container),
        make_account_transfer=container.make_account_transfer,
        make_sharing_service=partial(_make_sharing_service, container, refresher, account_service),
        make_page_checker=partial(make_page_checker, container.clock),
        make_address_query=partial(container.make_address_query, api_base),
        make_api_console=partial(make_api_console, container, transport, refresher),
        find_release=find_release,
    )


def _make_refresher(container: "Container", transport: "AccountTransport", exporter: "Exporter") -> Refresher:
    return Refresher(
        transport=transport,
        secrets=container.secrets,
        dog_files=container.dog_files,
        replaced_tickets=container.replaced_tickets,
        account_lock=container.account_locks,
        history=container.history,
        errcode_catalog=container.errcode_catalog,
        clock=container.clock,
        exporter=exporter,
        sharing=SharingParts(container.shared_store, container.sharing_journal, time.sleep),
    )


def _make_account_removals(container: "Container", validator: AccountValidator) -> AccountRemovals:
    return AccountRemovals(
        secrets=container.secrets,
        proxy_passwords=container.proxy_passwords,
        accounts=container.accounts,
        dog_files=container.dog_files,
        recent_urls=container.recent_urls,
        account_lock=container.account_locks,
        clock=container.clock,
        import_recovery=container.import_recovery,
        validator=validator,
        clear_api_calls=lambda appid: container.api_calls.clear(appid),  # noqa: PLW0108 - loads the file's module late
        redis_passwords=container.redis_passwords,
        sharing_journal=container.sharing_journal,
    )


def _make_sharing_service(
    container: "Container", refresher: Refresher, account_service: AccountService
) -> "SharingService":
    from guarddog_gui.services.accounts.sharing_service import SharingService  # rarely needed

    return SharingService(
        store=container.shared_store,
        passwords=container.redis_passwords,
        accounts=container.accounts,
        account_service=account_service,
        refresher=refresher,
        journal=container.sharing_journal,
        dog_files=container.own_values,
    )
