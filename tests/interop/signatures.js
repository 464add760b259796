// Signs each [url, ticket] of a JSON array on stdin with wechat-jssdk, nonce and time of its own choosing;
// prints what it made, and what a browser makes of the address.
'use strict';

const { JSSDK } = require('wechat-jssdk');

const pages = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const made = pages.map(([url, ticket]) => {
  const { nonceStr, timestamp, signature } = JSSDK.generateSignature(url, 'not used', ticket);
  return [nonceStr, timestamp, signature, new URL(url).href];
});
console.log(JSON.stringify(made));
