"""Hosts that return errcodes."""

from guarddog_gui.domain.wechat.errcode_host import ErrcodeHost
from tests.errcode_catalogue import CATALOGUE


def test_a_host_is_written_as_its_name() -> None:
    assert [str(host) for host in ErrcodeHost] == ["api.weixin.qq.com", "qyapi.weixin.qq.com"]


def test_a_common_errcode_is_of_wecom_only_if_all_its_calls_are() -> None:
    hosts = {code: errcode.host for code in (40164, 60020, -1) if (errcode := CATALOGUE.find(code)) is not None}
    assert hosts == {40164: ErrcodeHost.API, 60020: ErrcodeHost.WORK, -1: ErrcodeHost.API}
