from guarddog_gui.domain.accounts.account import Account, Environment
from guarddog_gui.domain.readiness.answers import PageAnswer
from guarddog_gui.domain.readiness.checks import PageCheck, Reason, Tick
from guarddog_gui.domain.readiness.target import CheckTarget, parse_target
from guarddog_gui.domain.wechat.protocol import FailureKind, TransportFailure
from guarddog_gui.services.page_check import BODY_MAX, TOTAL_S, CheckStopped, PageChecker, PageReport
from tests.fakes import FakeClock, FakePageFetcher

SHOP = Account("wx0123456789abcdef", "Shop", js_domains=("a.cn",))
FILE = "MP_verify_abcd1234.txt"


def target(text: str = "a.cn", file: str = "") -> CheckTarget:
    parsed = parse_target(text, file)
    assert isinstance(parsed, CheckTarget)
    return parsed


def report_of(fetcher: FakePageFetcher, wanted: CheckTarget, account: Account | None = None) -> PageReport:
    report = PageChecker(fetcher=fetcher, clock=FakeClock()).check(wanted, account)
    assert isinstance(report, PageReport)
    return report


def test_the_page_plain_http_and_the_file_are_asked_for() -> None:
    fetcher = FakePageFetcher()
    report_of(fetcher, target("a.cn/p?x=1", FILE))
    assert fetcher.asked == [
        ("https://a.cn/p?x=1", 0, TOTAL_S),
        ("http://a.cn/", 0, TOTAL_S),
        (f"https://a.cn/{FILE}", BODY_MAX, TOTAL_S),
    ]


def test_a_redirect_within_the_host_is_followed_and_no_other_host_is_asked() -> None:
    fetcher = FakePageFetcher(
        **{
            "https://a.cn/": PageAnswer("https://a.cn/", status=302, location="/home"),
            "https://a.cn/home": PageAnswer("https://a.cn/home", status=302, location="https://b.cn/"),
        }
    )
    report = report_of(fetcher, target())
    assert fetcher.urls == ["https://a.cn/", "https://a.cn/home", "http://a.cn/"]
    item = next(item for item in report.items if item.check is PageCheck.REDIRECTS)
    assert dict(item.values)["url"] == "https://b.cn/"


def test_a_host_that_does_not_answer_is_not_asked_for_the_file() -> None:
    failed = PageAnswer("https://a.cn/", failure=TransportFailure(FailureKind.OFFLINE))
    fetcher = FakePageFetcher(**{"https://a.cn/": failed})
    assert report_of(fetcher, target(file=FILE)).items[-1].reason is Reason.NOT_REACHED
    assert fetcher.urls == ["https://a.cn/", "http://a.cn/"]


def test_a_page_at_a_port_has_no_plain_http() -> None:
    fetcher = FakePageFetcher()
    report_of(fetcher, target("a.cn:8443"))
    assert fetcher.urls == ["https://a.cn:8443/"]


def test_the_domains_and_the_environment_of_the_account_count() -> None:
    listed = next(i for i in report_of(FakePageFetcher(), target("b.cn"), SHOP).items if i.check is PageCheck.LISTED)
    assert listed.tick is Tick.FAILED
    test_account = Account("wx0123456789abcdef", "Test", environment=Environment.TEST)
    assert report_of(FakePageFetcher(), target("b.cn:99"), test_account).items[0].tick is Tick.WARNING


def test_all_requests_share_the_time() -> None:
    clock, fetcher = FakeClock(), FakePageFetcher()
    fetcher.on_fetch = lambda: clock.advance(20)
    PageChecker(fetcher=fetcher, clock=clock).check(target(file=FILE), None)
    assert [timeout for _, _, timeout in fetcher.asked] == [30.0, 10.0, 1.0]


def test_a_cancelled_check_sends_nothing_more() -> None:
    fetcher = FakePageFetcher()
    checker = PageChecker(fetcher=fetcher, clock=FakeClock())
    assert checker.check(target(file=FILE), None, lambda: bool(fetcher.asked)) == CheckStopped()
    assert fetcher.urls == ["https://a.cn/"]
