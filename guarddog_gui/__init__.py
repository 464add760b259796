"""Guard Dog keeps WeChat access tokens and jsapi tickets fresh."""
