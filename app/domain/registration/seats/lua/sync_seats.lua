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

local meta_key, version_key, free_key, holds_key, attempts_key, confirmed_key, cancelled_key, queue_key,
  waiting_key, joins_key, owed_key, staged_confirmed_key, staged_free_key, staged_cancelled_key,
  staged_queue_key, staged_waiting_key = unpack(KEYS)

local moved = (redis.call('GET', version_key) or '') ~= ARGV[1]
-- If Redis was wiped since the staging, less is there than was staged.
if moved or redis.call('HLEN', staged_confirmed_key) ~= tonumber(ARGV[10])
  or redis.call('ZCARD', staged_free_key) ~= tonumber(ARGV[11])
  or redis.call('SCARD', staged_cancelled_key) ~= tonumber(ARGV[12])
  or redis.call('ZCARD', staged_queue_key) ~= tonumber(ARGV[14])
  or redis.call('HLEN', staged_waiting_key) ~= tonumber(ARGV[14]) then
  redis.call('UNLINK', staged_confirmed_key, staged_free_key, staged_cancelled_key, staged_queue_key,
    staged_waiting_key)
  return 'moved'
end

local function replace(key, staged, members)
  redis.call('UNLINK', key)
  if tonumber(members) == 0 then return end
  redis.call('RENAME', staged, key)
end
replace(confirmed_key, staged_confirmed_key, ARGV[10])
replace(free_key, staged_free_key, ARGV[11])
replace(cancelled_key, staged_cancelled_key, ARGV[12])
replace(queue_key, staged_queue_key, ARGV[14])
replace(waiting_key, staged_waiting_key, ARGV[14])
redis.call('UNLINK', owed_key)

local next_seat, last_seat = tonumber(ARGV[6]), tonumber(ARGV[7])

local function keep_hold(seat)
  if redis.call('ZREM', free_key, seat) == 1 then return true end
  if seat < next_seat or seat > last_seat then return false end
  for free = next_seat, seat - 1 do redis.call('ZADD', free_key, free, free) end
  next_seat = seat + 1
  return true
end

-- A number up to the line's base can no longer be committed, so nobody will ever stand there.
local function keep_join(user, number)
  if number <= tonumber(ARGV[17]) then return false end
  redis.call('ZADD', queue_key, number, user)
  return true
end

-- Holds and joins of another epoch cannot be committed; those that a restored Redis brings back would
-- only hide seats.
local is_of_epoch = redis.call('HGET', meta_key, 'epoch') == ARGV[9]
local attempts = redis.call('HGETALL', attempts_key)
for at = 1, #attempts, 2 do
  local user = attempts[at]
  local kind, number = string.match(attempts[at + 1], '^%S+ (w?)(%d+)')
  number = tonumber(number)
  local keep = is_of_epoch and redis.call('HEXISTS', confirmed_key, user) == 0
  keep = keep and redis.call('HEXISTS', waiting_key, user) == 0
  if keep and kind == 'w' then keep = keep_join(user, number)
  elseif keep then keep = keep_hold(number) end
  if not keep then
    redis.call('HDEL', attempts_key, user)
    redis.call('ZREM', holds_key, user)
    redis.call('ZREM', joins_key, user)
  end
end

-- While anybody waits nothing is free: it is all owed to the line.
if redis.call('EXISTS', queue_key) == 1 then
  for seat = next_seat, last_seat do redis.call('ZADD', owed_key, seat, seat) end
  next_seat = last_seat + 1
  redis.call('ZUNIONSTORE', owed_key, 2, owed_key, free_key, 'AGGREGATE', 'MAX')
  redis.call('UNLINK', free_key)
end

local issued = math.max(tonumber(ARGV[16]), tonumber(redis.call('HGET', meta_key, 'issued') or 0))
redis.call('HSET', meta_key, 'state', ARGV[3], 'capacity', ARGV[4], 'closes', ARGV[5],
  'next', next_seat, 'last', last_seat, 'confirmed', ARGV[10], 'digest', ARGV[8], 'epoch', ARGV[9],
  'opens', ARGV[13], 'line_limit', ARGV[15], 'issued', issued, 'waiting', ARGV[14],
  'line_digest', ARGV[18])
redis.call('SET', version_key, ARGV[2])
end_by_itself(KEYS, tonumber(ARGV[5]))
return 'synced'
