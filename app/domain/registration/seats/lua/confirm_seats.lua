-- Turns holds into confirmed seats, and joins into places in line, after Postgres has committed their
-- registrations.
--
-- KEYS 1 meta, 2 version, 3 holds, 4 attempts, 5 confirmed, 6 waiting, 7 joins, then one idempotency
--      record a member (the meta key stands in where a member has none)
-- ARGV 1 how long a key is marked (ms), then four a member: user, registration, seat ("w" and the
--      number for a place in line), fingerprint of the request ("-" without an idempotency key)
-- Returns one word a member: confirmed | already | stale (Redis knows another attempt, or none:
-- Postgres has moved on and the competition wants a sync)

local words = {}
for member = 1, (#ARGV - 1) / 4 do
  local at = 2 + (member - 1) * 4
  local user, registration, place = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  local waits, number = string.match(place, '^(w?)(%d+)$')
  waits = waits == 'w'
  local mine = registration .. ' ' .. number
  local confirmed = redis.call('HGET', KEYS[5], user)
  local attempt = string.match(redis.call('HGET', KEYS[4], user) or '', '^%S+ w?%d+')
  -- Who was promoted before this message came has a seat by now, under the same registration.
  local promoted = waits and confirmed and string.sub(confirmed, 1, #registration) == registration
  if confirmed == mine or promoted or waits and redis.call('HGET', KEYS[6], user) == mine then
    words[member] = 'already'
  elseif not confirmed and attempt == registration .. ' ' .. place then
    redis.call('HDEL', KEYS[4], user)
    redis.call('ZREM', waits and KEYS[7] or KEYS[3], user)
    redis.call('HSET', waits and KEYS[6] or KEYS[5], user, mine)
    redis.call('HINCRBY', KEYS[1], waits and 'waiting' or 'confirmed', 1)
    redis.call('HINCRBY', KEYS[1], waits and 'line_digest' or 'digest',
      tonumber(string.sub(registration, -8), 16))
    words[member] = 'confirmed'
  else
    words[member] = 'stale'
  end
  -- Postgres has the answer whatever became of the hold.
  if ARGV[at + 3] ~= '-' then
    redis.call('HSET', KEYS[7 + member], 'fingerprint', ARGV[at + 3], 'committed', 1)
    redis.call('PEXPIRE', KEYS[7 + member], tonumber(ARGV[1]))
  end
end
-- Even when nothing changed here: a sync whose snapshot is older than these commits must not land.
redis.call('INCR', KEYS[2])
return words
