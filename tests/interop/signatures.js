// Signs each [url, ticket] of a JSON array on stdin with wechat-jssdk, which chooses nonce and time;
// prints nonce, time, signature and the URL as a browser spells it.
'use strict';

const { JSSDK } = require('wechat-jssdk');

const pages = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const made = pages.map(([url, ticket]) => {
  const { nonceStr, timestamp, signature } = JSSDK.generateSignature(url, 'not used', ticket);
  return [nonceStr, timestamp, signature, new URL(url).href];
});
console.log(JSON.stringify(made));
