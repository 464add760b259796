"""Scenes of the screenshots about accounts that are shared through Redis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QMenu, QWidget
from sample_data import COFFEE, NOW, SHOP, sample_accounts

from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.settings import KeyFormat, KeyNames, Sharing, SharingRole
from guarddog_gui.domain.sharing.values import SharedValue, SharingFailure, SharingStatus
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.accounts.sharing_service import PreviewedValue, SharingPreview
from guarddog_gui.ui.sharing.share_dialog import ShareDialog
from guarddog_gui.ui.tokens.card_list import CardList
from guarddog_gui.ui.window_pages import PageName

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from screenshot_scenes import ShownProgram

    from guarddog_gui.bootstrap.container import Container


class SharingScenes:
    """Generators of scenes, as those of `Scenes`."""

    def __init__(self, program: ShownProgram, container: Container, save: Callable[[str, QWidget], None]) -> None:
        self._program = program
        self._window, self._controller, self._formatter = program.window, program.controller, program.formatter
        self._container = container
        self._save = save

    def capture(self) -> Iterator[int]:
        shop = sample_accounts(self._formatter.messages.message_catalog.language)[0]
        dialog = ShareDialog(self._controller, self._formatter, shop, self._window)
        dialog.show()
        yield 300
        self._save("share", dialog)
        dialog.form.url_field.setText("rediss://guarddog-leader@redis.example.com")
        dialog.form.fields["ca-file"].show()
        dialog.form.keys_field.fill((KeyNames(KeyFormat.WECHATPY), KeyNames(KeyFormat.PLAIN, "shop:token")))
        dialog.show_preview(SharingPreview(failure=SharingFailure(SharingProblem.TLS_UNTRUSTED)))
        yield 300
        self._save("share-refused", dialog)
        dialog.form.clear_errors()
        dialog.show_preview(_sample_preview("guarddog:{wx5a0d09b0c0ffee01}:", "build-server"))
        yield 300
        self._save("share-tested", dialog)
        dialog.close()
        dialog = ShareDialog(self._controller, self._formatter, None, self._window)
        dialog.show()
        dialog.form.appid_field.setText("wx5a0d09b0c0ffee11")
        dialog.form.name_field.setText("UniStore")
        dialog.form.url_field.setText("redis://reader@redis.example.com/2")
        dialog.form.keys_field.fill((KeyNames(KeyFormat.WXJAVA),))
        dialog.show_preview(_sample_preview("wx:", ""))
        yield 300
        self._save("follow", dialog)
        dialog.close()
        yield from self._capture_shared_accounts()

    def _capture_shared_accounts(self) -> Iterator[int]:
        """Share two of the accounts through a Redis that is not there."""
        url = "redis://reader@localhost:1"
        page = self._window.pages.tokens
        self._window.show_page(PageName.TOKENS)
        roles = {SHOP.appid: SharingRole.LEADER, COFFEE.appid: SharingRole.FOLLOWER}
        for appid in roles:
            self._container.sharing_journal.save(
                appid,
                SharingStatus(
                    NOW, SharingProblem.UNREACHABLE, since=NOW - 300, leader="build-server", written_at=NOW - 724
                ),
            )
        self._container.accounts.update(
            lambda accounts: tuple(
                replace(one, sharing=Sharing(roles[one.appid], url)) if one.appid in roles else one for one in accounts
            )
        )
        yield 2500
        page.choose_chip("all")
        yield 300
        self._save("tokens-shared", self._window)
        self._window.findChildren(CardList)[0].cards[SHOP.appid].open_menu()
        yield 300
        for menu in (menu for menu in self._window.findChildren(QMenu) if menu.isVisible()):
            self._save("shared-account-menu", menu)
            menu.close()
        popover = self._program.popover
        popover.toggle(QRect(self._window.width() - 180, 0, 24, 24), SHOP.appid)
        yield 300
        self._save("popover-shared", popover)
        popover.close()
        status = self._controller.overview().account(COFFEE.appid)
        assert status is not None  # noqa: S101 - it is in the list
        dialog = ShareDialog(self._controller, self._formatter, status.account, self._window)
        dialog.show()
        yield 300
        self._save("sharing", dialog)
        dialog.close()


def _sample_preview(key_start: str, leader: str) -> SharingPreview:
    token = SharedValue("91_token", 4329.0, 7200, f"{key_start}ACCESS_TOKEN", leader)
    values = (
        PreviewedValue(TokenKind.ACCESS_TOKEN, token, is_known_here=bool(leader), is_accepted=True),
        PreviewedValue(TokenKind.JSAPI_TICKET, None),
    )
    return SharingPreview(values)
