// Pre-request script of Bruno in developer mode; then {{access_token}} in the request is a valid token.
// The environment's DOG_FILE is /…/dogs/wx0123456789abcdef/ACCESS_TOKEN.dog
const { readFileSync } = require('fs')

const file = bru.getEnvVar('DOG_FILE')
let dog = {}
try { dog = JSON.parse(readFileSync(file, 'utf8')) || {} } catch {} // a missing file counts as expired
const end = dog.gen_time / 1000 + Number(dog.expires_in)
if (typeof dog.data !== 'string' || !dog.data || !(end > Date.now() / 1000)) {
  throw new Error(`No valid value in ${file}: is Guard Dog running?`)
}
bru.setVar('access_token', dog.data)
