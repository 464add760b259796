// Call `get` of npm guard_dog twenty times a second, with a typical loader that ignores errors.
'use strict'

const http = require('http')
const guard_dog = require('guard_dog')

const [base, appid, secret, folder] = process.argv.slice(2)
const url = `${base}/cgi-bin/token?grant_type=client_credential&appid=${appid}&secret=${secret}`

guard_dog.init('ACCESS_TOKEN', handler => {
  http.get(url, { agent: false }, res => {
    let text = ''
    res.on('error', () => {})
    res.on('data', chunk => { text += chunk })
    res.on('end', () => {
      let reply
      try { reply = JSON.parse(text) } catch (error) { return }
      if (reply.errcode) return
      handler(reply.access_token, reply.expires_in)
    })
  }).on('error', () => {})
}, folder)

setInterval(() => {
  process.stdout.write('?\n')
  guard_dog.get('ACCESS_TOKEN', token => process.stdout.write(`${token}\n`))
}, 50)
