-- Replaces what Redis knows of a competition by a snapshot of Postgres, keeping the holds of
-- registrations under way. Refuses when anything was confirmed, cancelled, released or synced since
-- the snapshot was begun.
--
-- KEYS 1 meta, 2 version, 3 free seats, 4 holds, 5 attempts, 6 confirmed,
--      7 cancelled, 8 staged confirmed, 9 staged free seats, 10 staged cancelled
-- ARGV 1 generation and 2 version read before the snapshot, 3 new generation,
--      4 state, 5 capacity, 6 closes (ms), 7 first and 8 last seat of the highest free range,
--      9 confirmed, 10 digest, 11 revision (ms), 12 staged free seats, 13 staged cancelled,
--      14 epoch
-- Returns synced | moved

local generation = redis.call('HGET', KEYS[1], 'generation') or ''
local version = redis.call('GET', KEYS[2]) or '0'
local moved = generation ~= ARGV[1] or version ~= ARGV[2]
-- A wipe between the staging and now leaves less than was staged.
if moved or redis.call('HLEN', KEYS[8]) ~= tonumber(ARGV[9])
  or redis.call('ZCARD', KEYS[9]) ~= tonumber(ARGV[12])
  or redis.call('SCARD', KEYS[10]) ~= tonumber(ARGV[13]) then
  redis.call('UNLINK', KEYS[8], KEYS[9], KEYS[10])
  return 'moved'
end

local function replace(key, staged, members)
  redis.call('UNLINK', key)
  if tonumber(members) == 0 then return end
  redis.call('RENAME', staged, key)
  redis.call('PERSIST', key)
end
replace(KEYS[6], KEYS[8], ARGV[9])
replace(KEYS[3], KEYS[9], ARGV[12])
replace(KEYS[7], KEYS[10], ARGV[13])

local next_seat, last_seat = tonumber(ARGV[7]), tonumber(ARGV[8])
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

redis.call('HSET', KEYS[1], 'state', ARGV[4], 'capacity', ARGV[5], 'closes', ARGV[6],
  'next', next_seat, 'last', last_seat, 'confirmed', ARGV[9], 'digest', ARGV[10],
  'revision', ARGV[11], 'generation', ARGV[3], 'epoch', ARGV[14])
redis.call('INCR', KEYS[2])
return 'synced'
