-- Turns holds into confirmed seats, after Postgres has committed their registrations.
--
-- KEYS 1 meta, 2 version, 3 holds, 4 attempts, 5 confirmed, then one idempotency record a member
--      (the meta key stands in where a member has none)
-- ARGV 1 how long a key is marked (ms), then four a member: user, registration, seat,
--      fingerprint of the request ("-" without an idempotency key)
-- Returns one word a member: confirmed | already | stale (Redis knows another attempt, or none:
-- Postgres has moved on and the competition wants a sync)

local words = {}
for member = 1, (#ARGV - 1) / 4 do
  local at = 2 + (member - 1) * 4
  local user, registration, seat = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  local mine = registration .. ' ' .. seat
  local confirmed = redis.call('HGET', KEYS[5], user)
  if confirmed == mine then
    words[member] = 'already'
  elseif not confirmed and redis.call('HGET', KEYS[4], user) == mine then
    redis.call('HDEL', KEYS[4], user)
    redis.call('ZREM', KEYS[3], user)
    redis.call('HSET', KEYS[5], user, mine)
    redis.call('HINCRBY', KEYS[1], 'confirmed', 1)
    redis.call('HINCRBY', KEYS[1], 'digest', tonumber(string.sub(registration, -8), 16))
    words[member] = 'confirmed'
  else
    words[member] = 'stale'
  end
  -- Postgres has the answer whatever became of the hold.
  if ARGV[at + 3] ~= '-' then
    redis.call('HSET', KEYS[5 + member], 'fingerprint', ARGV[at + 3], 'committed', 1)
    redis.call('PEXPIRE', KEYS[5 + member], tonumber(ARGV[1]))
  end
end
-- Even when nothing changed here: a sync whose snapshot is older than these commits must not land.
redis.call('INCR', KEYS[2])
return words
