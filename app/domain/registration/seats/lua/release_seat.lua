-- Gives a hold up, for a registration that Postgres refused.
--
-- KEYS 1 version, 2 free seats, 3 holds, 4 attempts, 5 idempotency record (only with a key)
-- ARGV 1 user, 2 registration, 3 "1" when the seat itself was refused: it is dropped rather than
--      freed, since Postgres knows better who has it (the sync that follows rebuilds the free ones)
-- Returns released | stale

local attempt = redis.call('HGET', KEYS[4], ARGV[1])
local registration, seat = string.match(attempt or '', '^(%S+) (%d+)$')
if not registration or registration ~= ARGV[2] then return 'stale' end
redis.call('HDEL', KEYS[4], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
if ARGV[3] ~= '1' then redis.call('ZADD', KEYS[2], seat, seat) end
if KEYS[5] and redis.call('HEXISTS', KEYS[5], 'committed') == 0 then redis.call('DEL', KEYS[5]) end
redis.call('INCR', KEYS[1])
return 'released'
