-- Gives up the hold of a registration that Postgres refused. A place in line is not dropped here, only
-- made to run out: an earlier request of the same person may have committed it, and a sync will know.
--
-- KEYS 1 version, 2 free seats, 3 holds, 4 attempts, 5 queue, 6 joins, 7 owed seats, 8 idempotency
--      record (only with a key)
-- ARGV 1 user, 2 registration, 3 "1" when the seat itself was refused: it is dropped rather than
--      freed, since Postgres knows better who has it (the sync that follows rebuilds the free ones)
-- Returns released | stale

-- @include shared

local version_key, free_key, holds_key, attempts_key, queue_key, joins_key, owed_key, record_key = unpack(KEYS)

local attempt = redis.call('HGET', attempts_key, ARGV[1])
local registration, kind, seat = string.match(attempt or '', '^(%S+) (w?)(%d+)')
if not registration or registration ~= ARGV[2] then return 'stale' end
if kind == 'w' then
  redis.call('ZADD', joins_key, 0, ARGV[1])
else
  redis.call('HDEL', attempts_key, ARGV[1])
  redis.call('ZREM', holds_key, ARGV[1])
  if ARGV[3] ~= '1' then give_back(seat, free_key, queue_key, owed_key) end
end
if record_key and redis.call('HEXISTS', record_key, 'committed') == 0 then redis.call('DEL', record_key) end
redis.call('INCR', version_key)
return 'released'
