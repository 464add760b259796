"use strict";

// Replacement of WeChat's jweixin script: wx.config calls the sandbox, where the real one calls the WeChat app.
window.wx = (() => {
  const entryUrl = location.href;
  const listeners = { ready: [], error: [] };
  let checkCount = 0;

  const noAnswer = () => ({ errMsg: "config:fail", why: "no-answer", missing: [] });

  function requestCheck(fields) {
    const response = fetch("/jssdk-check", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(fields),
    });
    return response.then((answer) => (answer.ok ? answer.json() : noAnswer())).catch(noAnswer);
  }

  return {
    // URL to check: "current", as WeChat on Android does, or "entry", the first URL of the page, as on iOS.
    userAgentMode: "current",

    checkedUrl() {
      return (this.userAgentMode === "entry" ? entryUrl : location.href).split("#")[0];
    },

    config(config) {
      const number = ++checkCount;
      requestCheck({ url: this.checkedUrl(), mode: this.userAgentMode, config }).then((result) => {
        if (number !== checkCount) return; // a newer check is pending
        for (const listener of result.errMsg === "config:ok" ? listeners.ready : listeners.error) listener(result);
      });
    },

    ready(listener) {
      listeners.ready.push(listener);
    },

    error(listener) {
      listeners.error.push(listener);
    },
  };
})();

// The test page.
(() => {
  const element = (id) => document.getElementById(id);
  let resultCount = 0;

  function show({ errMsg, why, missing }) {
    element("result").textContent = errMsg;
    element("result").className = errMsg === "config:ok" ? "good" : "bad";
    element("missing").textContent = missing.join(", ");
    for (const text of document.querySelectorAll("[data-why]")) text.hidden = text.dataset.why !== why;
    element("result").dataset.shown = ++resultCount;
  }

  // Return the config in the fragment, behind the last `guarddog=`; undefined if it is missing or invalid.
  function readConfig() {
    const text = /.*[#&]guarddog=([\w-]+)$/.exec(location.hash)?.[1];
    try {
      const bytes = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
      const config = JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0))));
      return config instanceof Object ? config : undefined;
    } catch {
      return undefined;
    }
  }

  function check() {
    const config = readConfig();
    element("url").textContent = wx.checkedUrl();
    element("config").textContent = config ? JSON.stringify(config, null, 2) : "";
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
  element("push").addEventListener("submit", (event) => {
    event.preventDefault();
    history.pushState(null, "", element("push-to").value + location.hash);
    check();
  });
  addEventListener("popstate", check); // fires also if only the fragment, which holds the config, changes
  check();
})();
