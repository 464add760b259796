// For a Node program that uses npm guard_dog: a loader that reads the .dog file that Guard Dog keeps, and never
// calls WeChat. guard_dog writes what it is given into the folder of `init`: give it one of its own.
//
//   const own = fs.mkdtempSync(path.join(os.tmpdir(), 'dog-'))
//   guard_dog.init('ACCESS_TOKEN', follow('/…/dogs/wx0123456789abcdef/ACCESS_TOKEN.dog'), own)

const fs = require('fs')

const AGAIN_S = 2 // a new token is noticed within this time
const RETRY_MS = 500

function follow(file) {
    let known = {}

    return function load(handler) {
        const asked = Date.now() // guard_dog counts the life from here
        look()

        function look() {
            const found = read(file)
            if (!found || found.end < Date.now() + 1000) {
                setTimeout(look, RETRY_MS) // a handler that is never called would silence guard_dog for good
                return
            }
            if (found.data === known.data) {
                // in the same folder guard_dog has written whole seconds over it
                found.end = Math.max(found.end, known.end)
            }
            known = found
            const life = Math.floor((found.end - asked) / 1000)
            handler(found.data, life, Math.max(0, life - AGAIN_S)) // `ahead`: ask again in AGAIN_S
        }
    }
}

function read(file) {
    try {
        const dog = JSON.parse(fs.readFileSync(file, 'utf-8'))
        const end = Number(dog.gen_time) + dog.expires_in * 1000
        return typeof dog.data !== 'string' || !dog.data || !(end > 0) ? null : { data: dog.data, end }
    } catch (error) {
        return null
    }
}

module.exports = follow
