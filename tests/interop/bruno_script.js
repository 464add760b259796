// Runs a pre-request script (first argument) as Bruno's developer mode does, with a file (second argument) in DOG_FILE,
// and prints the variable access_token. Bruno 4.1.0 itself, which is 275 MB, behaves the same.
const { readFileSync } = require('fs')
const vm = require('vm')

const [script, DOG_FILE] = process.argv.slice(2)
const variables = {}
const bru = {
  getEnvVar: (name) => ({ DOG_FILE }[name]),
  setVar: (name, value) => { variables[name] = value }
}

vm.runInNewContext(`(async function () {\n${readFileSync(script, 'utf8')}\n})()`, { bru, require, console })
  .then(() => console.log(variables.access_token))
  .catch((error) => {
    console.error(error.message)
    process.exit(1)
  })
