// The jsapi ticket with npm guard_dog; WeChat requires the access token for it.
const guard_dog = require('guard_dog')
const http = require('http')
const access_token = require('./access_token')

const { WECHAT_API, DOGS } = process.env

guard_dog.init('JSAPI_TICKET', (handler) => {
  access_token.get((token) => {
    http.get(`${WECHAT_API}/cgi-bin/ticket/getticket?type=jsapi&access_token=${token}`, (response) => {
      let text = ''
      response.on('data', (chunk) => { text += chunk })
      response.on('end', () => {
        const answer = JSON.parse(text)
        if (answer.errcode) {
          console.error(answer)
          return
        }
        handler(answer.ticket, answer.expires_in)
      })
    })
  })
}, DOGS)

exports.get = (callback) => guard_dog.get('JSAPI_TICKET', callback)
