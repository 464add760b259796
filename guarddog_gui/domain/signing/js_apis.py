"""Names that jsApiList and openTagList may contain in JS-SDK 1.6."""

JS_APIS = (
    "updateAppMessageShareData", "updateTimelineShareData", "onMenuShareTimeline", "onMenuShareAppMessage",
    "onMenuShareQQ", "onMenuShareWeibo", "onMenuShareQZone", "checkJsApi", "startRecord", "stopRecord",
    "onVoiceRecordEnd", "playVoice", "pauseVoice", "stopVoice", "onVoicePlayEnd", "uploadVoice", "downloadVoice",
    "translateVoice", "chooseImage", "previewImage", "uploadImage", "downloadImage", "getLocalImgData",
    "getNetworkType", "openLocation", "getLocation", "hideOptionMenu", "showOptionMenu", "hideMenuItems",
    "showMenuItems", "hideAllNonBaseMenuItem", "showAllNonBaseMenuItem", "closeWindow", "scanQRCode", "openAddress",
    "openProductSpecificView", "addCard", "chooseCard", "openCard", "consumeAndShareCard", "chooseWXPay",
    "openEnterpriseRedPacket", "openBusinessView", "openEnterpriseChat", "launchMiniProgram", "startSearchBeacons",
    "stopSearchBeacons", "onSearchBeacons",
)  # fmt: skip
OPEN_TAGS = ("wx-open-launch-weapp", "wx-open-launch-app", "wx-open-subscribe", "wx-open-audio")
DEFAULT_JS_APIS = JS_APIS[:2]  # sharing, for which most pages load the JS-SDK


def search_names(names: tuple[str, ...], query: str) -> tuple[str, ...]:
    """Return the names that contain every word of `query`, names that begin with the first word first."""
    words = query.lower().split()
    matches = [name for name in names if all(word in name.lower() for word in words)]
    return tuple(sorted(matches, key=lambda name: not name.lower().startswith(tuple(words[:1]))))
