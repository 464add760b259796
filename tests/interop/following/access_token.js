// classic/access_token.js with the follower instead of its request.
const guard_dog = require('guard_dog')
const path = require('path')

const { FOLLOWER, FOLLOWED, DOGS } = process.env
const follow = require(FOLLOWER)

guard_dog.init('ACCESS_TOKEN', follow(path.join(FOLLOWED, 'ACCESS_TOKEN.dog')), DOGS)

exports.get = (callback) => guard_dog.get('ACCESS_TOKEN', callback)
