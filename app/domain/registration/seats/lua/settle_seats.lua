-- Applies what Postgres has committed: who gave up a seat or left the line, and who in line got which
-- seat.
--
-- KEYS 1 meta, 2 version, 3 free seats, 4 holds, 5 attempts, 6 confirmed, 7 cancelled, 8 queue,
--      9 waiting, 10 joins, 11 owed seats
-- ARGV 1 how many left, then two for each of them: user, registration; then three for each who was
--      promoted: user, registration, seat
-- Returns one word for each: cancelled | promoted | already | stale (Redis knows somebody else there, or
-- a later registration: the competition needs a sync)

-- @include shared

local meta_key, version_key, free_key, holds_key, attempts_key, confirmed_key, cancelled_key, queue_key,
  waiting_key, joins_key, owed_key = unpack(KEYS)

local function count(name, digest, registration, by)
  redis.call('HINCRBY', meta_key, name, by)
  redis.call('HINCRBY', meta_key, digest, by * tonumber(string.sub(registration, -8), 16))
end

-- Takes somebody out of the line, committed or on the way; only if it is this registration.
local function leave_line(user, registration)
  local waits = string.match(redis.call('HGET', waiting_key, user) or '', '^%S+')
  if waits and waits == registration then
    redis.call('HDEL', waiting_key, user)
    count('waiting', 'line_digest', registration, -1)
    redis.call('ZREM', queue_key, user)
    return true
  end
  -- The confirmation never arrived here.
  local joins = string.match(redis.call('HGET', attempts_key, user) or '', '^(%S+) w')
  if not joins or joins ~= registration then return false end
  redis.call('HDEL', attempts_key, user)
  redis.call('ZREM', joins_key, user)
  redis.call('ZREM', queue_key, user)
  return true
end

local function give_up(user, registration)
  local confirmed, seat = string.match(redis.call('HGET', confirmed_key, user) or '', '^(%S+) (%d+)$')
  if confirmed and confirmed == registration then
    redis.call('HDEL', confirmed_key, user)
    count('confirmed', 'digest', confirmed, -1)
    give_back(seat, free_key, queue_key, owed_key)
    return 'cancelled'
  end
  if leave_line(user, registration) then return 'cancelled' end
  -- Its confirmation never arrived here: it still stands as a hold.
  local attempted, held = string.match(redis.call('HGET', attempts_key, user) or '', '^(%S+) (%d+)')
  if attempted and attempted == registration then
    redis.call('HDEL', attempts_key, user)
    redis.call('ZREM', holds_key, user)
    give_back(held, free_key, queue_key, owed_key)
    return 'cancelled'
  end
  return 'stale'
end

local function promote(user, registration, seat)
  local mine = registration .. ' ' .. seat
  local confirmed = redis.call('HGET', confirmed_key, user)
  if confirmed then return confirmed == mine and 'already' or 'stale' end
  local is_here = redis.call('ZSCORE', owed_key, seat) or redis.call('ZSCORE', free_key, seat)
  if not is_here or not leave_line(user, registration) then return 'stale' end
  redis.call('ZREM', owed_key, seat)
  redis.call('ZREM', free_key, seat)
  redis.call('HSET', confirmed_key, user, mine)
  count('confirmed', 'digest', registration, 1)
  return 'promoted'
end

-- Redis that is out of memory lets a script write once it has freed something, so freeing comes first.
local function cancel(user, registration)
  local word = give_up(user, registration)
  redis.call('SADD', cancelled_key, user)
  return word
end

local words = {}
local left = tonumber(ARGV[1])
for at = 2, 2 * left, 2 do words[#words + 1] = cancel(ARGV[at], ARGV[at + 1]) end
for at = 2 + 2 * left, #ARGV, 3 do words[#words + 1] = promote(ARGV[at], ARGV[at + 1], ARGV[at + 2]) end
-- Nobody waits any more: what was owed is for whoever asks next.
if redis.call('EXISTS', queue_key) == 0 and redis.call('EXISTS', owed_key) == 1 then
  redis.call('ZUNIONSTORE', free_key, 2, free_key, owed_key, 'AGGREGATE', 'MAX')
  redis.call('UNLINK', owed_key)
end
redis.call('INCR', version_key)
return words
