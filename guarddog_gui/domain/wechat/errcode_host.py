"""Hosts that return errcodes."""

from enum import StrEnum


class ErrcodeHost(StrEnum):
    """Host that returns an errcode: 226 numbers mean other things on the one than on the other."""

    API = "api.weixin.qq.com"
    WORK = "qyapi.weixin.qq.com"
