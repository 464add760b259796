// Calls WeChat (second argument) with the tokens of guarddogctl serve (first argument), as resources/docs/serve.md shows.
'use strict';

const API = require('co-wechat-api');

const { appid, key } = JSON.parse(require('fs').readFileSync(0, 'utf8'));

async function main() {
  const tokens = new API(appid, key);
  tokens.prefix = process.argv[2] + '/cgi-bin/';
  const api = new API(appid, '', () => tokens.ensureAccessToken());
  api.prefix = process.argv[3] + '/cgi-bin/';
  console.log(JSON.stringify(await api.getIp()));
}

main();
