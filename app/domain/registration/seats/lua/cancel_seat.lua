-- Frees the seat of a registration whose cancellation Postgres has committed.
--
-- KEYS 1 meta, 2 version, 3 free seats, 4 holds, 5 attempts, 6 confirmed,
--      7 cancelled
-- ARGV 1 user, 2 registration
-- Returns cancelled | stale (the seat now belongs to another person or a later registration)

local user, registration = ARGV[1], ARGV[2]
local word = 'stale'
local confirmed, seat = string.match(redis.call('HGET', KEYS[6], user) or '', '^(%S+) (%d+)$')
if confirmed and confirmed == registration then
  redis.call('HDEL', KEYS[6], user)
  redis.call('HINCRBY', KEYS[1], 'confirmed', -1)
  redis.call('HINCRBY', KEYS[1], 'digest', -tonumber(string.sub(confirmed, -8), 16))
  redis.call('ZADD', KEYS[3], seat, seat)
  word = 'cancelled'
else
  -- Its confirmation never arrived here: it still stands as a hold.
  local attempted, held = string.match(redis.call('HGET', KEYS[5], user) or '', '^(%S+) (%d+)$')
  if attempted and attempted == registration then
    redis.call('HDEL', KEYS[5], user)
    redis.call('ZREM', KEYS[4], user)
    redis.call('ZADD', KEYS[3], held, held)
    word = 'cancelled'
  end
end
redis.call('SADD', KEYS[7], user)
redis.call('INCR', KEYS[2])
return word
