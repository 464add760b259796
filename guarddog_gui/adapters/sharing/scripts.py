"""Lua scripts that Redis runs as a whole, so that a leader that was stopped in the middle cannot do harm.

The end of a value is computed by the clock of Redis, from the moment when WeChat was asked: a leader that was stopped
between WeChat's answer and the script would otherwise add the time of the stop to the life. Another script that has
been here meanwhile has a value that ends later, and the later end wins. That is safe because stable_token gives the
same token to everybody until its last five minutes; no lock is, since it may be lost, or outlived by its owner.

The first write is a command that needs no memory: Redis then lets the rest of the script write, though its memory is
full. A few hundred bytes do no harm there, and without them no follower would have a value.
"""

# KEYS: value, sighting, then the keys of other programs, each followed by the key of its end if it has one.
# ARGV, times in ms and by the clock of Redis:
#   value, life, when WeChat was asked, rest of the life by the writer's clock, name of the writer, channel, kind,
#   SHA-1 of the value, first seen, 1 if it was new then, life of the sighting (0: none),
#   then for each key of another program its text, or "@" for the end in seconds.
WRITE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local life, asked = tonumber(ARGV[2]), tonumber(ARGV[3])
local left = math.min(asked + life - now, tonumber(ARGV[4]))
local sighting_life = tonumber(ARGV[11])
if sighting_life > 0 then
  redis.call('PEXPIRE', KEYS[2], sighting_life)
  local seen, is_new = tonumber(ARGV[9]), ARGV[10]
  if redis.call('HGET', KEYS[2], 'digest') == ARGV[8] then
    local earlier = tonumber(redis.call('HGET', KEYS[2], 'seen') or '0')
    if earlier > 0 and (earlier <= seen or redis.call('HGET', KEYS[2], 'new') == '1') then
      seen, is_new = earlier, redis.call('HGET', KEYS[2], 'new')
    end
  end
  redis.call('HSET', KEYS[2], 'digest', ARGV[8], 'seen', string.format('%.0f', seen), 'new', is_new,
    'answered', string.format('%.0f', asked))
  redis.call('PEXPIRE', KEYS[2], sighting_life)
end
local current = redis.call('PTTL', KEYS[1])
local is_same = redis.call('HGET', KEYS[1], 'value') == ARGV[1]
local function write_others(rest, only_missing)
  for i = 3, #KEYS do
    if not only_missing or redis.call('EXISTS', KEYS[i]) == 0 then
      local text = ARGV[9 + i]
      if text == '@' then text = string.format('%.0f', math.floor((now + rest) / 1000)) end
      redis.call('SET', KEYS[i], text, 'PX', rest)
    end
  end
end
if left <= 0 then return {'ended', current} end
if is_same and current > left - 2000 then
  write_others(current, true)
  return {'same', current}
end
if current > left then return {'superseded', current} end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'value', ARGV[1], 'life', math.floor(life / 1000), 'leader', ARGV[5],
  'written', string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], left)
write_others(left, false)
redis.call('PUBLISH', ARGV[6], ARGV[7])
return {'written', left}
"""

# what a leader looks at, in one round trip: life that is left, value, sighting and the clock
READ = """
return {redis.call('PTTL', KEYS[1]), redis.call('HGETALL', KEYS[1]), redis.call('HGETALL', KEYS[2]), redis.call('TIME')}
"""

UNLOCK = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
