-- What Redis knows of a competition, at one instant, for the drift check; purges expired holds.
--
-- KEYS 1 meta, 2 version, 3 free seats, 4 holds, 5 attempts, 6 confirmed
-- Returns {} when nothing is known, else
--   {state, capacity, closes, confirmed, digest, revision, version, seats accounted for, purged}

local meta = redis.call('HMGET', KEYS[1], 'state', 'capacity', 'closes', 'confirmed', 'digest',
  'revision', 'next', 'last')
if not meta[1] then return {} end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local purged = 0
for _, user in ipairs(redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', now, 'LIMIT', 0, 256)) do
  local seat = string.match(redis.call('HGET', KEYS[5], user) or '', ' (%d+)$')
  if seat then redis.call('ZADD', KEYS[3], seat, seat) end
  redis.call('HDEL', KEYS[5], user)
  redis.call('ZREM', KEYS[4], user)
  purged = purged + 1
end
local accounted = redis.call('ZCARD', KEYS[3]) + math.max(0, tonumber(meta[8]) - tonumber(meta[7]) + 1)
  + redis.call('HLEN', KEYS[5]) + redis.call('HLEN', KEYS[6])
return { meta[1], meta[2], meta[3], meta[4], meta[5], meta[6],
  redis.call('GET', KEYS[2]) or '0', tostring(accounted), tostring(purged) }
