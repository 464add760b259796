// One key of npm guard_dog in the folder and under the name of argv; prints how often its loader was called and what
// `get` gave. The record on stdin is what the loader hands over, in a clock that stands at its gen_time; with "again"
// it is the one that was in the file; with null the loader only counts.
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
  process.exit() // its timer would go on for two hours
})
