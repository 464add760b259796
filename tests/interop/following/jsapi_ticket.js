// classic/jsapi_ticket.js with the follower instead of its request.
const guard_dog = require('guard_dog')
const path = require('path')

const { FOLLOWER, FOLLOWED, DOGS } = process.env
const follow = require(FOLLOWER)

guard_dog.init('JSAPI_TICKET', follow(path.join(FOLLOWED, 'JSAPI_TICKET.dog')), DOGS)

exports.get = (callback) => guard_dog.get('JSAPI_TICKET', callback)
