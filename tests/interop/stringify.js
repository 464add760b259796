// Writes each record of a JSON array as npm guard_dog does; prints the bytes in base64, one file a line.
const records = JSON.parse(require('fs').readFileSync(0, 'utf8'))
for (const [data, expires_in, gen_time, dir, ahead] of records) {
  const text = JSON.stringify({ data, expires_in, gen_time, dir, ahead })
  console.log(Buffer.from(text, 'utf8').toString('base64'))
}
