// Fetches an access token and a ticket with co-wechat-api from the base URL in the argument; reads the account from stdin.
'use strict';

const API = require('co-wechat-api');

const { appid, secret } = JSON.parse(require('fs').readFileSync(0, 'utf8'));

async function main() {
  const api = new API(appid, secret);
  api.prefix = process.argv[2] + '/cgi-bin/';
  const ticket = await api.getTicket('jsapi');
  const { accessToken } = await api.ensureAccessToken();
  console.log(JSON.stringify({ accessToken, ticket: ticket.ticket, expireTime: ticket.expireTime }));
}

main().catch((error) => {
  console.log(JSON.stringify({ code: error.code }));
});
