// Runs co-wechat-api or wechat-jssdk (first argument) with the .dog files in a folder as its storage: calls the sandbox
// if the SDK can, signs a page, and prints the results. Fails if the SDK stores something itself.
const { readFileSync } = require('fs')
const path = require('path')
const API = require('co-wechat-api')
const { JSSDK, Store } = require('wechat-jssdk')

const [sdk, base, folder, appid, url] = process.argv.slice(2)

function read (key) {
  const dog = JSON.parse(readFileSync(path.join(folder, `${key}.dog`), 'utf8'))
  return { value: dog.data, end: dog.gen_time + dog.expires_in * 1000 }
}

async function mistake () {
  throw new Error('it has stored something itself')
}

async function tokenOf () {
  const { value, end } = read('ACCESS_TOKEN')
  return { accessToken: value, expireTime: end }
}

async function ticketOf (type) {
  const { value, end } = read('JSAPI_TICKET')
  return { ticket: value, expireTime: end }
}

async function coWechatApi () {
  const api = new API(appid, 'not needed', tokenOf, mistake, true)
  api.prefix = `${base}/cgi-bin/`
  api.registerTicketHandle(ticketOf, mistake)
  const { ip_list } = await api.getIp()
  return { ip_list, config: await api.getJsConfig({ url, jsApiList: [] }) }
}

const ITS_LIFE_MS = 119 * 60 * 1000 // wechat-jssdk's, independent of expires_in

class DogStore extends Store {
  async getGlobalToken () {
    const [token, ticket] = [read('ACCESS_TOKEN'), read('JSAPI_TICKET')]
    const end = Math.min(token.end, ticket.end)
    if (end < Date.now()) throw new Error('dead')
    return { accessToken: token.value, jsapi_ticket: ticket.value, modifyDate: new Date(end - ITS_LIFE_MS) }
  }

  updateGlobalToken () {
    return mistake()
  }
}

async function wechatJssdk () {
  const urls = { accessTokenUrl: `${base}/cgi-bin/token`, ticketUrl: `${base}/cgi-bin/ticket/getticket` }
  const jssdk = new JSSDK({ appId: appid, appSecret: 'not needed', store: new DogStore(), ...urls })
  return { config: await jssdk.getSignature(url) }
}

const run = { 'co-wechat-api': coWechatApi, 'wechat-jssdk': wechatJssdk }[sdk]
run()
  .catch((error) => ({ error: error.message }))
  .then((made) => {
    console.log(JSON.stringify(made))
    process.exit() // wechat-jssdk keeps a timer running
  })
