"use strict";

// A stand-in for WeChat's jweixin: wx.config asks the sandbox where the real one asks the WeChat app.
window.wx = (() => {
  const entryUrl = location.href;
  const heard = { ready: [], error: [] };
  let asked = 0;

  const noAnswer = () => ({ errMsg: "config:fail", why: "no-answer", missing: [] });

  function ask(order) {
    const sent = fetch("/jssdk-check", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(order),
    });
    return sent.then((answer) => (answer.ok ? answer.json() : noAnswer())).catch(noAnswer);
  }

  return {
    // Which URL is checked: "current" as WeChat on Android does it, or "entry", the first one, as on iOS.
    userAgentMode: "current",

    checkedUrl() {
      return (this.userAgentMode === "entry" ? entryUrl : location.href).split("#")[0];
    },

    config(config) {
      const mine = ++asked;
      ask({ url: this.checkedUrl(), mode: this.userAgentMode, config }).then((verdict) => {
        if (mine !== asked) return; // somebody has asked again since
        for (const hear of verdict.errMsg === "config:ok" ? heard.ready : heard.error) hear(verdict);
      });
    },

    ready(hear) {
      heard.ready.push(hear);
    },

    error(hear) {
      heard.error.push(hear);
    },
  };
})();

// The page around it.
(() => {
  const at = (id) => document.getElementById(id);
  let shown = 0;

  function show({ errMsg, why, missing }) {
    at("result").textContent = errMsg;
    at("result").className = errMsg === "config:ok" ? "good" : "bad";
    at("missing").textContent = missing.join(", ");
    for (const words of document.querySelectorAll("[data-why]")) words.hidden = words.dataset.why !== why;
    at("result").dataset.shown = ++shown;
  }

  // The config that stands in the fragment, behind the last `guarddog=`; undefined if there is none to read.
  function given() {
    const text = /.*[#&]guarddog=([\w-]+)$/.exec(location.hash)?.[1];
    try {
      const bytes = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
      const config = JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (sign) => sign.charCodeAt(0))));
      return config instanceof Object ? config : undefined;
    } catch {
      return undefined;
    }
  }

  function check() {
    const config = given();
    at("url").textContent = wx.checkedUrl();
    at("config").textContent = config ? JSON.stringify(config, null, 2) : "";
    if (config) wx.config(config);
    else show({ errMsg: "config:fail", why: "no-config", missing: [] });
  }

  document.documentElement.lang = /^zh/i.test(navigator.language) ? "zh-CN" : "en";
  wx.ready(show);
  wx.error(show);
  for (const mode of document.getElementsByName("mode")) {
    mode.addEventListener("change", () => {
      wx.userAgentMode = mode.value;
      check();
    });
  }
  at("push").addEventListener("submit", (event) => {
    event.preventDefault();
    history.pushState(null, "", at("push-to").value + location.hash);
    check();
  });
  addEventListener("popstate", check); // also when only the fragment, and so perhaps the config, is another
  check();
})();
