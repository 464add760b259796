// Serialises each record of a JSON array on stdin as npm guard_dog does; prints the bytes in base64, a line per record.
const records = JSON.parse(require('fs').readFileSync(0, 'utf8'))
for (const [data, expires_in, gen_time, dir, ahead] of records) {
  const text = JSON.stringify({ data, expires_in, gen_time, dir, ahead })
  console.log(Buffer.from(text, 'utf8').toString('base64'))
}
