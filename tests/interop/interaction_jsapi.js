// Signs a page (argv) with npm wechat_interaction_jsapi and its files in the current folder; a call to WeChat ends it.
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
