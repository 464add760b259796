"""Check if a page is ready for the JS-SDK: a few GETs to its own host, then the decisions of `domain.readiness`."""

from collections.abc import Callable

from msgspec import Struct

from guarddog_gui.domain.accounts.account import Account, Environment
from guarddog_gui.domain.readiness.answers import PageAnswer, may_follow, redirect_target
from guarddog_gui.domain.readiness.checks import CheckedItem, PageAnswers, check_page
from guarddog_gui.domain.readiness.target import CheckTarget
from guarddog_gui.services.ports import Clock, PageFetcher

BODY_MAX = 4096  # bytes read of WeChat's file, which has some 16; of pages nothing is read
TOTAL_S = 30.0  # for all requests together


class CheckStopped(Struct, frozen=True):
    """The user has closed the dialog before the answers had come."""


class PageReport(Struct, frozen=True):
    """What was checked, and the outcomes in the order in which they are shown."""

    target: CheckTarget
    items: tuple[CheckedItem, ...]


class PageChecker(Struct, kw_only=True, eq=False):
    """Ask the host of a page, and no other one: redirects to another host are reported and not followed."""

    fetcher: PageFetcher
    clock: Clock

    def check(
        self, target: CheckTarget, account: Account | None, is_cancelled: Callable[[], bool] = lambda: False
    ) -> PageReport | CheckStopped:
        """Return the report; the clock stands for the moment at which the certificate has to be valid."""
        ends_at = self.clock() + TOTAL_S

        def follow(url: str, body_max: int = 0) -> tuple[PageAnswer, ...]:
            answers: tuple[PageAnswer, ...] = ()
            next_url: str | None = url
            while next_url is not None and not is_cancelled():
                answers = (*answers, self.fetcher.fetch(next_url, body_max, max(1.0, ends_at - self.clock())))
                redirect = redirect_target(answers[-1])
                is_needed = redirect is not None and not (url.startswith("http:") and redirect.startswith("https:"))
                next_url = redirect if redirect is not None and is_needed and may_follow(answers, redirect) else None
            return answers

        page = follow(target.page_url)
        http = () if target.page.port else follow(f"http://{target.host}/")
        verify_file = follow(target.verify_file_url, BODY_MAX) if target.verify_file and _is_reached(page) else ()
        if is_cancelled() or not page:
            return CheckStopped()
        domains = account.js_domains if account is not None else ()
        is_test = account is not None and account.environment is Environment.TEST
        answers = PageAnswers(page, http, verify_file)
        return PageReport(target, check_page(target, answers, domains, self.clock(), is_test=is_test))


def _is_reached(answers: tuple[PageAnswer, ...]) -> bool:
    return bool(answers) and answers[0].failure is None
