// Reads a .dog file in a loop as npm guard_dog does, until stdin ends; prints how often it was incomplete.
const { readFileSync } = require('fs')

const path = process.argv[2]
const seen = { reads: 0, torn: 0, values: 0 }
const values = new Set()

function read () {
  for (let n = 0; n < 200; n++) {
    seen.reads++
    try {
      const dog = JSON.parse(readFileSync(path, 'utf8'))
      const number = dog.data.slice(0, 8)
      if (dog.data !== number.repeat(dog.data.length / 8)) seen.torn++
      values.add(number)
    } catch (error) {
      seen.torn++
    }
  }
  if (!ended) setImmediate(read)
  else console.log(JSON.stringify({ ...seen, values: values.size }))
}

let ended = false
process.stdin.on('end', () => { ended = true }).resume()
read()
