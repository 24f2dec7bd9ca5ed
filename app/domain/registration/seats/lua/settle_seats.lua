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

local function count(name, digest, registration, by)
  redis.call('HINCRBY', KEYS[1], name, by)
  redis.call('HINCRBY', KEYS[1], digest, by * tonumber(string.sub(registration, -8), 16))
end

-- Takes somebody out of the line, committed or on the way; only if it is this registration.
local function leave_line(user, registration)
  local waits = string.match(redis.call('HGET', KEYS[9], user) or '', '^%S+')
  if waits and waits == registration then
    redis.call('HDEL', KEYS[9], user)
    count('waiting', 'line_digest', registration, -1)
    redis.call('ZREM', KEYS[8], user)
    return true
  end
  -- The confirmation never arrived here.
  local joins = string.match(redis.call('HGET', KEYS[5], user) or '', '^(%S+) w')
  if not joins or joins ~= registration then return false end
  redis.call('HDEL', KEYS[5], user)
  redis.call('ZREM', KEYS[10], user)
  redis.call('ZREM', KEYS[8], user)
  return true
end

local function give_up(user, registration)
  local confirmed, seat = string.match(redis.call('HGET', KEYS[6], user) or '', '^(%S+) (%d+)$')
  if confirmed and confirmed == registration then
    redis.call('HDEL', KEYS[6], user)
    count('confirmed', 'digest', confirmed, -1)
    give_back(seat, KEYS[3], KEYS[8], KEYS[11])
    return 'cancelled'
  end
  if leave_line(user, registration) then return 'cancelled' end
  -- Its confirmation never arrived here: it still stands as a hold.
  local attempted, held = string.match(redis.call('HGET', KEYS[5], user) or '', '^(%S+) (%d+)')
  if attempted and attempted == registration then
    redis.call('HDEL', KEYS[5], user)
    redis.call('ZREM', KEYS[4], user)
    give_back(held, KEYS[3], KEYS[8], KEYS[11])
    return 'cancelled'
  end
  return 'stale'
end

local function promote(user, registration, seat)
  local mine = registration .. ' ' .. seat
  local confirmed = redis.call('HGET', KEYS[6], user)
  if confirmed then return confirmed == mine and 'already' or 'stale' end
  local is_here = redis.call('ZSCORE', KEYS[11], seat) or redis.call('ZSCORE', KEYS[3], seat)
  if not is_here or not leave_line(user, registration) then return 'stale' end
  redis.call('ZREM', KEYS[11], seat)
  redis.call('ZREM', KEYS[3], seat)
  redis.call('HSET', KEYS[6], user, mine)
  count('confirmed', 'digest', registration, 1)
  return 'promoted'
end

-- Redis that is out of memory lets a script write once it has freed something, so freeing comes first.
local function cancel(user, registration)
  local word = give_up(user, registration)
  redis.call('SADD', KEYS[7], user)
  return word
end

local words = {}
local left = tonumber(ARGV[1])
for at = 2, 2 * left, 2 do words[#words + 1] = cancel(ARGV[at], ARGV[at + 1]) end
for at = 2 + 2 * left, #ARGV, 3 do words[#words + 1] = promote(ARGV[at], ARGV[at + 1], ARGV[at + 2]) end
-- Nobody waits any more: what was owed is for whoever asks next.
if redis.call('EXISTS', KEYS[8]) == 0 and redis.call('EXISTS', KEYS[11]) == 1 then
  redis.call('ZUNIONSTORE', KEYS[3], 2, KEYS[3], KEYS[11], 'AGGREGATE', 'MAX')
  redis.call('UNLINK', KEYS[11])
end
redis.call('INCR', KEYS[2])
return words
