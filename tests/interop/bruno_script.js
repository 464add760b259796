// Runs the pre-request script of argv as Bruno's developer mode does, with the file of argv in DOG_FILE; prints what it
// puts into the variable access_token. Bruno itself, which is 275 MB, was seen to do the same (4.1.0).
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
