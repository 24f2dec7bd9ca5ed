-- Decides, at once and for good, who gets a seat: replays a known answer, refuses, or holds one.
--
-- KEYS 1 meta (hash: state, closes, next, last, …), 2 free seats (zset: seat -> seat),
--      3 holds (zset: user -> expiry ms), 4 attempts (hash: user -> "registration seat"),
--      5 confirmed (hash: user -> "registration seat"), 6 cancelled (set of users),
--      7 idempotency record (only with a key)
-- ARGV 1 user, 2 registration id, 3 hold (ms), 4 fingerprint of the request,
--      5 how long "full" is remembered (ms), 6 "1" when Postgres was asked about the key already
-- Returns {word, …}:
--   cold                         nothing is known: hydrate from Postgres
--   mismatch                     the key was used for another request
--   replayed, answer             the stored answer
--   look_up                      the user once had a seat here: Postgres may know the key
--   held, registration, seat, ms the same attempt again
--   in_progress                  another attempt of the same user is under way
--   gone                         deleted, or never was
--   already_registered, closed   with "1" when registration has closed since
--   closed | full
--   reserved, registration, seat, ms   the seat is held; ms is this decision's time

local user, registration = ARGV[1], ARGV[2]
local hold, full_ttl = tonumber(ARGV[3]), tonumber(ARGV[5])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

local meta = redis.call('HMGET', KEYS[1], 'state', 'closes', 'next', 'last')
if not meta[1] then return { 'cold' } end

-- The key comes before everything else: a winner's late retry must not hear "full".
if KEYS[7] then
  local record = redis.call('HMGET', KEYS[7], 'fingerprint', 'answer')
  if record[1] then
    if record[1] ~= ARGV[4] then return { 'mismatch' } end
    if record[2] == 'full' then return { 'full' } end
    if record[2] then return { 'replayed', record[2] } end
  end
  -- Confirmed people are told apart below, unless all is gone. Those who cancelled hold no seat, and
  -- may yet repeat the request that once gave them one, when its answer has left Redis.
  if ARGV[6] ~= '1' and (redis.call('SISMEMBER', KEYS[6], user) == 1
    or meta[1] ~= 'open' and redis.call('HEXISTS', KEYS[5], user) == 1) then
    return { 'look_up' }
  end
end

local closed = now >= tonumber(meta[2])
if meta[1] ~= 'open' then return { 'gone' } end
if redis.call('HEXISTS', KEYS[5], user) == 1 then
  return { 'already_registered', closed and '1' or '0' }
end

local seat
local attempt = redis.call('HGET', KEYS[4], user)
if attempt then
  local theirs, held_seat = string.match(attempt, '^(%S+) (%d+)$')
  if theirs == registration then
    redis.call('ZADD', KEYS[3], now + hold, user)
    return { 'held', registration, held_seat, tostring(now) }
  end
  if tonumber(redis.call('ZSCORE', KEYS[3], user) or 0) > now then return { 'in_progress' } end
  -- The earlier attempt ran out of time: its seat serves this one.
  seat = tonumber(held_seat)
  if closed then
    redis.call('HDEL', KEYS[4], user)
    redis.call('ZREM', KEYS[3], user)
    redis.call('ZADD', KEYS[2], seat, seat)
  end
end
if closed then return { 'closed' } end

if not seat then
  seat = tonumber(redis.call('ZPOPMIN', KEYS[2])[1])
end
if not seat then
  local next_seat = tonumber(meta[3])
  if next_seat <= tonumber(meta[4]) then
    redis.call('HINCRBY', KEYS[1], 'next', 1)
    seat = next_seat
  end
end
if not seat then
  -- Nothing free: seats whose holds ran out are free too.
  for _, late in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now, 'LIMIT', 0, 64)) do
    local late_attempt = redis.call('HGET', KEYS[4], late)
    local late_seat = late_attempt and string.match(late_attempt, ' (%d+)$')
    if late_seat then redis.call('ZADD', KEYS[2], late_seat, late_seat) end
    redis.call('HDEL', KEYS[4], late)
    redis.call('ZREM', KEYS[3], late)
  end
  seat = tonumber(redis.call('ZPOPMIN', KEYS[2])[1])
end

if not seat then
  if KEYS[7] then
    redis.call('HSET', KEYS[7], 'fingerprint', ARGV[4], 'answer', 'full')
    redis.call('PEXPIRE', KEYS[7], full_ttl)
  end
  return { 'full' }
end

redis.call('HSET', KEYS[4], user, registration .. ' ' .. seat)
redis.call('ZADD', KEYS[3], now + hold, user)
if KEYS[7] then
  redis.call('HSET', KEYS[7], 'fingerprint', ARGV[4])
  redis.call('PEXPIRE', KEYS[7], hold)
end
return { 'reserved', registration, tostring(seat), tostring(now) }
