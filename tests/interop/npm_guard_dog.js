// Calls `get` of npm guard_dog once (arguments: folder, key); prints how often its loader was called and the value.
// stdin: the record that the loader returns, with the clock stopped at its gen_time; "again" to use the record in the
// file; or null, so that the loader returns nothing.
const fs = require('fs')
const path = require('path')
const guard_dog = require('guard_dog')

const [dir, key] = process.argv.slice(2)
let given = JSON.parse(fs.readFileSync(0, 'utf8'))
if (given === 'again') {
  const file = path.join(dir, `${key}.dog`)
  given = JSON.parse(fs.readFileSync(file, 'utf8'))
  fs.rmSync(file)
}
const seen = { loads: 0 }

if (given) {
  global.Date = class extends Date {
    constructor () { super(given.gen_time) }
  }
}

function loader (handler) {
  seen.loads++
  if (given) handler(given.data, given.expires_in, given.ahead)
}

guard_dog.init(key, loader, dir)
guard_dog.get(key, (data) => { seen.data = data })
setImmediate(() => {
  console.log(JSON.stringify(seen))
  process.exit() // guard_dog's timer would run for two hours
})
