// node plain_node.js /…/dogs/wx0123456789abcdef/ACCESS_TOKEN.dog
const { readFileSync } = require('fs')

const file = process.argv[2]
let dog = {}
try { dog = JSON.parse(readFileSync(file, 'utf8')) || {} } catch {} // a missing file counts as expired
const end = dog.gen_time / 1000 + Number(dog.expires_in)
if (typeof dog.data !== 'string' || !dog.data || !(end > Date.now() / 1000)) {
  console.error(`No valid value in ${file}: is Guard Dog running?`)
  process.exit(1)
}
console.log(dog.data)
