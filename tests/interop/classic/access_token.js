// The access token with npm guard_dog, as in its README.
const guard_dog = require('guard_dog')
const http = require('http')

const { WECHAT_API, WECHAT_APPID, WECHAT_SECRET, DOGS } = process.env

guard_dog.init('ACCESS_TOKEN', (handler) => {
  const url = `${WECHAT_API}/cgi-bin/token?grant_type=client_credential&appid=${WECHAT_APPID}&secret=${WECHAT_SECRET}`
  http.get(url, (response) => {
    let text = ''
    response.on('data', (chunk) => { text += chunk })
    response.on('end', () => {
      const answer = JSON.parse(text)
      if (answer.errcode) {
        console.error(answer)
        return
      }
      handler(answer.access_token, answer.expires_in)
    })
  })
}, DOGS)

exports.get = (callback) => guard_dog.get('ACCESS_TOKEN', callback)
