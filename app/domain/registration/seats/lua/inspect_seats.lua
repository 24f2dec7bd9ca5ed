-- What Redis knows of a competition at one instant, for the drift check. Also frees late holds, and sets
-- an expiry on keys that were made since the last sync.
--
-- KEYS 1 meta, 2 version, 3 free seats, 4 holds, 5 attempts, 6 confirmed, 7 cancelled, 8 queue,
--      9 waiting, 10 joins, 11 owed seats
-- Returns {} when nothing is known, else {state, capacity, closes, confirmed, digest, version,
--   seats accounted for, opens, line limit, waiting, digest of those, places in line that ran out}

-- @include shared
-- @include end

local meta = redis.call('HMGET', KEYS[1], 'state', 'capacity', 'closes', 'confirmed', 'digest',
  'next', 'last', 'opens', 'line_limit', 'waiting', 'line_digest')
end_by_itself(KEYS, tonumber(meta[3] or 0))
-- Of a forgotten competition, a late message may have left a version and a cancellation.
if not meta[1] then return {} end
local now = now_ms()
free_late_holds(now, 256, KEYS[3], KEYS[4], KEYS[5], KEYS[8], KEYS[11])
local untouched = math.max(0, tonumber(meta[7]) - tonumber(meta[6]) + 1)
local accounted = redis.call('ZCARD', KEYS[3]) + untouched + redis.call('ZCARD', KEYS[11])
  + redis.call('ZCARD', KEYS[4]) + redis.call('HLEN', KEYS[6])
return { meta[1], meta[2], meta[3], meta[4], meta[5], redis.call('GET', KEYS[2]) or '0',
  tostring(accounted), meta[8] or '0', meta[9] or '0', meta[10] or '0', meta[11] or '0',
  tostring(redis.call('ZCOUNT', KEYS[10], '-inf', now)) }
