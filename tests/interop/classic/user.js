// Calls both modules of a folder (argument) fifty times a second until stdin ends; prints a line for each value.
const modules = require('path').resolve(process.argv[2])
const access_token = require(`${modules}/access_token`)
const jsapi_ticket = require(`${modules}/jsapi_ticket`)

setInterval(() => {
  access_token.get((value) => console.log('ACCESS_TOKEN', value))
  jsapi_ticket.get((value) => console.log('JSAPI_TICKET', value))
}, 20)

process.stdin.on('end', () => process.exit()).resume()
