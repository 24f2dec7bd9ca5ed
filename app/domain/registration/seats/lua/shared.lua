-- Included where a script says `@include shared`.

-- The server's clock, in milliseconds.
local function now_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- A seat that comes free is for whoever asks next. While people wait, it is owed to the line instead: no
-- walk-in may have it, and the process that hears of it promotes the first in line.
local function give_back(seat, free, queue, owed)
  redis.call('ZADD', redis.call('EXISTS', queue) == 1 and owed or free, seat, seat)
end

-- Frees the seats of at most `most` holds that have run out.
local function free_late_holds(now, most, free, holds, attempts, queue, owed)
  for _, user in ipairs(redis.call('ZRANGEBYSCORE', holds, '-inf', now, 'LIMIT', 0, most)) do
    local seat = string.match(redis.call('HGET', attempts, user) or '', '^%S+ (%d+)')
    if seat then give_back(seat, free, queue, owed) end
    redis.call('HDEL', attempts, user)
    redis.call('ZREM', holds, user)
  end
end
