-- What Redis knows of a competition at one instant, for the drift check. Also frees late holds, and sets
-- an expiry on keys that were made since the last sync.
--
-- KEYS 1 meta, 2 version, 3 free seats, 4 holds, 5 attempts, 6 confirmed, 7 cancelled, 8 queue,
--      9 waiting, 10 joins, 11 owed seats
-- Returns {} when nothing is known, else {state, capacity, closes, confirmed, digest, version,
--   seats accounted for, opens, line limit, waiting, digest of those, places in line that ran out}

-- @include shared
-- @include end

local meta_key, version_key, free_key, holds_key, attempts_key, confirmed_key, _, queue_key, _,
  joins_key, owed_key = unpack(KEYS)

local meta = redis.call('HMGET', meta_key, 'state', 'capacity', 'closes', 'confirmed', 'digest',
  'next', 'last', 'opens', 'line_limit', 'waiting', 'line_digest')
end_by_itself(KEYS, tonumber(meta[3] or 0))
-- Of a forgotten competition, a late message may have left a version and a cancellation.
if not meta[1] then return {} end
local now = now_ms()
free_late_holds(now, 256, free_key, holds_key, attempts_key, queue_key, owed_key)
local untouched = math.max(0, tonumber(meta[7]) - tonumber(meta[6]) + 1)
local accounted = redis.call('ZCARD', free_key) + untouched + redis.call('ZCARD', owed_key)
  + redis.call('ZCARD', holds_key) + redis.call('HLEN', confirmed_key)
return { meta[1], meta[2], meta[3], meta[4], meta[5], redis.call('GET', version_key) or '0',
  tostring(accounted), meta[8] or '0', meta[9] or '0', meta[10] or '0', meta[11] or '0',
  tostring(redis.call('ZCOUNT', joins_key, '-inf', now)) }
