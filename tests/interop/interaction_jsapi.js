// Signs a page (arguments: appid, URL) with npm wechat_interaction_jsapi, which reads its files in the current folder;
// fails if it calls WeChat.
const https = require('https')
https.get = () => { throw new Error('it asks WeChat') }

const Jsapi = require('wechat_interaction_jsapi')

const [appid, url] = process.argv.slice(2)
const jsapi = new Jsapi(appid, 'not needed')

async function main () {
  const token = await jsapi.getAccessToken()
  const signed = await jsapi.getSignPackage(url)
  console.log(JSON.stringify({ token, ...signed }))
}

main().catch(error => {
  console.error(error.message)
  process.exit(1)
})
