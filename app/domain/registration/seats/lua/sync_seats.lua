-- Replaces what Redis knows of a competition by a snapshot of Postgres, keeping the holds of
-- registrations under way. Refuses when anything was confirmed, cancelled, released or synced since
-- the snapshot was begun.
--
-- KEYS 1 meta, 2 version, 3 free seats, 4 holds, 5 attempts, 6 confirmed,
--      7 cancelled, 8 staged confirmed, 9 staged free seats, 10 staged cancelled
-- ARGV 1 version read before the snapshot ('' when there was none), 2 new version, 3 state,
--      4 capacity, 5 closes (ms), 6 first and 7 last seat of the highest free range, 8 digest,
--      9 epoch, 10 staged confirmed, 11 staged free seats, 12 staged cancelled,
--      13 opens (ms; 0 is at once)
-- Returns synced | moved

-- @include shared
-- @include end

local moved = (redis.call('GET', KEYS[2]) or '') ~= ARGV[1]
-- A wipe between the staging and now leaves less than was staged.
if moved or redis.call('HLEN', KEYS[8]) ~= tonumber(ARGV[10])
  or redis.call('ZCARD', KEYS[9]) ~= tonumber(ARGV[11])
  or redis.call('SCARD', KEYS[10]) ~= tonumber(ARGV[12]) then
  redis.call('UNLINK', KEYS[8], KEYS[9], KEYS[10])
  return 'moved'
end

local function replace(key, staged, members)
  redis.call('UNLINK', key)
  if tonumber(members) == 0 then return end
  redis.call('RENAME', staged, key)
end
replace(KEYS[6], KEYS[8], ARGV[10])
replace(KEYS[3], KEYS[9], ARGV[11])
replace(KEYS[7], KEYS[10], ARGV[12])

local next_seat, last_seat = tonumber(ARGV[6]), tonumber(ARGV[7])
local attempts = redis.call('HGETALL', KEYS[5])
for at = 1, #attempts, 2 do
  local user = attempts[at]
  local seat = tonumber(string.match(attempts[at + 1], ' (%d+)$'))
  local keep = redis.call('HEXISTS', KEYS[6], user) == 0
  if keep and redis.call('ZREM', KEYS[3], seat) == 0 then
    keep = seat >= next_seat and seat <= last_seat
    if keep then
      for free = next_seat, seat - 1 do redis.call('ZADD', KEYS[3], free, free) end
      next_seat = seat + 1
    end
  end
  if not keep then
    redis.call('HDEL', KEYS[5], user)
    redis.call('ZREM', KEYS[4], user)
  end
end

redis.call('HSET', KEYS[1], 'state', ARGV[3], 'capacity', ARGV[4], 'closes', ARGV[5],
  'next', next_seat, 'last', last_seat, 'confirmed', ARGV[10], 'digest', ARGV[8], 'epoch', ARGV[9],
  'opens', ARGV[13])
redis.call('SET', KEYS[2], ARGV[2])
end_by_itself(KEYS, tonumber(ARGV[5]))
return 'synced'
