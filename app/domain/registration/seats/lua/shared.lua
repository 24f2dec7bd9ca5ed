-- Included by the scripts that say so, in place of the line that names it.

-- The server's clock, in milliseconds.
local function now_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- Frees the seats of at most `most` holds that have run out.
local function free_late_holds(now, most, free, holds, attempts)
  for _, user in ipairs(redis.call('ZRANGEBYSCORE', holds, '-inf', now, 'LIMIT', 0, most)) do
    local seat = string.match(redis.call('HGET', attempts, user) or '', ' (%d+)$')
    if seat then redis.call('ZADD', free, seat, seat) end
    redis.call('HDEL', attempts, user)
    redis.call('ZREM', holds, user)
  end
end
