-- Replaces what Redis knows of a competition with a snapshot from Postgres, keeping the holds and joins
-- of registrations under way. Refuses if anything was confirmed, settled, released or synced since the
-- snapshot began.
--
-- KEYS 1 meta, 2 version, 3 free seats, 4 holds, 5 attempts, 6 confirmed, 7 cancelled, 8 queue,
--      9 waiting, 10 joins, 11 owed seats, 12 staged confirmed, 13 staged free seats, 14 staged
--      cancelled, 15 staged queue, 16 staged waiting
-- ARGV 1 version read before the snapshot ('' when there was none), 2 new version, 3 state,
--      4 capacity, 5 closes (ms), 6 first and 7 last seat of the highest free range, 8 digest,
--      9 epoch, the numbers of members staged: 10 confirmed, 11 free seats, 12 cancelled, 14 waiting;
--      13 opens (ms; 0 for at once), 15 line limit, 16 highest number in line ever, 17 line base,
--      18 digest of those waiting
-- Returns synced | moved

-- @include shared
-- @include end

local moved = (redis.call('GET', KEYS[2]) or '') ~= ARGV[1]
-- If Redis was wiped since the staging, less is there than was staged.
if moved or redis.call('HLEN', KEYS[12]) ~= tonumber(ARGV[10])
  or redis.call('ZCARD', KEYS[13]) ~= tonumber(ARGV[11])
  or redis.call('SCARD', KEYS[14]) ~= tonumber(ARGV[12])
  or redis.call('ZCARD', KEYS[15]) ~= tonumber(ARGV[14])
  or redis.call('HLEN', KEYS[16]) ~= tonumber(ARGV[14]) then
  redis.call('UNLINK', KEYS[12], KEYS[13], KEYS[14], KEYS[15], KEYS[16])
  return 'moved'
end

local function replace(key, staged, members)
  redis.call('UNLINK', key)
  if tonumber(members) == 0 then return end
  redis.call('RENAME', staged, key)
end
replace(KEYS[6], KEYS[12], ARGV[10])
replace(KEYS[3], KEYS[13], ARGV[11])
replace(KEYS[7], KEYS[14], ARGV[12])
replace(KEYS[8], KEYS[15], ARGV[14])
replace(KEYS[9], KEYS[16], ARGV[14])
redis.call('UNLINK', KEYS[11])

local next_seat, last_seat = tonumber(ARGV[6]), tonumber(ARGV[7])

local function keep_hold(seat)
  if redis.call('ZREM', KEYS[3], seat) == 1 then return true end
  if seat < next_seat or seat > last_seat then return false end
  for free = next_seat, seat - 1 do redis.call('ZADD', KEYS[3], free, free) end
  next_seat = seat + 1
  return true
end

-- A number up to the line's base can no longer be committed, so nobody will ever stand there.
local function keep_join(user, number)
  if number <= tonumber(ARGV[17]) then return false end
  redis.call('ZADD', KEYS[8], number, user)
  return true
end

-- Holds and joins of another epoch cannot be committed; those that a restored Redis brings back would
-- only hide seats.
local is_of_epoch = redis.call('HGET', KEYS[1], 'epoch') == ARGV[9]
local attempts = redis.call('HGETALL', KEYS[5])
for at = 1, #attempts, 2 do
  local user = attempts[at]
  local kind, number = string.match(attempts[at + 1], '^%S+ (w?)(%d+)')
  number = tonumber(number)
  local keep = is_of_epoch and redis.call('HEXISTS', KEYS[6], user) == 0
  keep = keep and redis.call('HEXISTS', KEYS[9], user) == 0
  if keep and kind == 'w' then keep = keep_join(user, number)
  elseif keep then keep = keep_hold(number) end
  if not keep then
    redis.call('HDEL', KEYS[5], user)
    redis.call('ZREM', KEYS[4], user)
    redis.call('ZREM', KEYS[10], user)
  end
end

-- While anybody waits nothing is free: it is all owed to the line.
if redis.call('EXISTS', KEYS[8]) == 1 then
  for seat = next_seat, last_seat do redis.call('ZADD', KEYS[11], seat, seat) end
  next_seat = last_seat + 1
  redis.call('ZUNIONSTORE', KEYS[11], 2, KEYS[11], KEYS[3], 'AGGREGATE', 'MAX')
  redis.call('UNLINK', KEYS[3])
end

local issued = math.max(tonumber(ARGV[16]), tonumber(redis.call('HGET', KEYS[1], 'issued') or 0))
redis.call('HSET', KEYS[1], 'state', ARGV[3], 'capacity', ARGV[4], 'closes', ARGV[5],
  'next', next_seat, 'last', last_seat, 'confirmed', ARGV[10], 'digest', ARGV[8], 'epoch', ARGV[9],
  'opens', ARGV[13], 'line_limit', ARGV[15], 'issued', issued, 'waiting', ARGV[14],
  'line_digest', ARGV[18])
redis.call('SET', KEYS[2], ARGV[2])
end_by_itself(KEYS, tonumber(ARGV[5]))
return 'synced'
