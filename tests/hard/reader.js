// Read the JSON files of the arguments again and again until stdin ends; print how many reads were wrong.
// `.dog` files are read as npm guard_dog reads them.
const { readFileSync } = require('fs')

const paths = process.argv.slice(2)
const seen = { reads: 0, wrong: [] }

function read () {
  for (const path of paths) {
    seen.reads++
    try {
      const fields = JSON.parse(readFileSync(path, 'utf8'))
      if (path.endsWith('.dog') && !(typeof fields.data === 'string' && fields.data.length > 20)) {
        throw new Error('no value')
      }
    } catch (error) {
      if (seen.wrong.length < 20) seen.wrong.push(`${path}: ${error.message}`)
    }
  }
  if (!ended) setTimeout(read, 1)
  else console.log(JSON.stringify(seen))
}

let ended = false
process.stdin.on('end', () => { ended = true }).resume()
read()
