// A program that reads a plain key with ioredis: the socket and the key are its arguments.
const Redis = require('ioredis')

const redis = new Redis(process.argv[2], { maxRetriesPerRequest: 1 })
Promise.all([redis.get(process.argv[3]), redis.pttl(process.argv[3])])
  .then(([value, left]) => process.stdout.write(JSON.stringify({ value, left })))
  .finally(() => redis.disconnect())
