-- Decides who gets a seat: sends whoever has an answer to Postgres, refuses, or holds a seat. One call
-- decides about all requests that arrived at the same moment, one after the other.
--
-- KEYS 1 meta (hash: state, opens, closes, next, last, …), 2 free seats (zset: seat -> seat),
--      3 holds (zset: user -> expiry ms), 4 attempts (hash: user -> "registration seat"),
--      5 confirmed (hash: user -> "registration seat"), 6 cancelled (set of users),
--      then one idempotency record a request (the meta key stands in where one has none)
-- ARGV 1 hold (ms), 2 how long a refusal is remembered (ms), then five a request:
--      user, registration id, "1" with an idempotency key, fingerprint of the request,
--      "1" when Postgres was asked about the key already
-- Returns {word, …} a request:
--   unknown                      nothing is known of the competition: sync it from Postgres
--   idempotency_key_reused       the key was used for another request
--   look_up                      Postgres has the key's answer, or may have it: the user once had a
--                                seat here
--   held, registration, seat, ms, epoch   the same attempt again
--   request_in_progress          another attempt of the same user is under way
--   not_found                    deleted, or never was
--   already_registered, closed   with "1" when registration has closed since
--   not_open_yet, opens, ms, whether nobody has been here: then this holds for everybody
--   deadline_passed | competition_full
--   reserved, registration, seat, ms, epoch   the seat is held; ms is this decision's time

-- @include shared

local hold, full_ttl = tonumber(ARGV[1]), tonumber(ARGV[2])
local now = now_ms()
local meta = redis.call('HMGET', KEYS[1], 'state', 'closes', 'next', 'last', 'epoch', 'opens')
local state = meta[1]
local closed = state and now >= tonumber(meta[2])
local next_seat, last_seat = tonumber(meta[3]), tonumber(meta[4])
local epoch = meta[5] or '0'
local early = state and now < tonumber(meta[6] or 0)
local nobody_was_here = early and redis.call('HLEN', KEYS[4]) + redis.call('HLEN', KEYS[5])
  + redis.call('SCARD', KEYS[6]) == 0 and '1' or '0'
local nothing_free = false

local function find_free_seat()
  if nothing_free then return nil end
  local seat = tonumber(redis.call('ZPOPMIN', KEYS[2])[1])
  if seat then return seat end
  if next_seat <= last_seat then
    redis.call('HINCRBY', KEYS[1], 'next', 1)
    next_seat = next_seat + 1
    return next_seat - 1
  end
  -- Nothing free: seats whose holds ran out are free too.
  free_late_holds(now, 64, KEYS[2], KEYS[3], KEYS[4])
  seat = tonumber(redis.call('ZPOPMIN', KEYS[2])[1])
  nothing_free = not seat
  return seat
end

local function decide(user, registration, record, fingerprint, asked_postgres)
  -- The key comes before everything else: a winner's late retry must not hear "full".
  if record then
    local once_here = redis.call('HEXISTS', KEYS[5], user) == 1
      or redis.call('SISMEMBER', KEYS[6], user) == 1
    local known = redis.call('HMGET', record, 'fingerprint', 'answer', 'committed')
    if known[1] and known[1] ~= fingerprint then return { 'idempotency_key_reused' } end
    local is_committed = known[3]
    -- Where a refusal was lost on its way, Postgres alone may have found a seat under the key.
    if known[2] and not is_committed and (asked_postgres or not once_here) then
      return { 'competition_full' }
    end
    -- Who is confirmed is recognized below, unless the competition is deleted. Who cancelled has no
    -- seat, but may repeat the request that gave them one.
    if not asked_postgres and (is_committed or redis.call('SISMEMBER', KEYS[6], user) == 1
      or state ~= 'open' and redis.call('HEXISTS', KEYS[5], user) == 1) then
      return { 'look_up' }
    end
  end

  if state ~= 'open' then return { 'not_found' } end
  if redis.call('HEXISTS', KEYS[5], user) == 1 then
    return { 'already_registered', closed and '1' or '0' }
  end
  if early then return { 'not_open_yet', meta[6], tostring(now), nobody_was_here } end

  local seat
  local attempt = redis.call('HGET', KEYS[4], user)
  if attempt then
    local theirs, held_seat = string.match(attempt, '^(%S+) (%d+)$')
    if theirs == registration then
      redis.call('ZADD', KEYS[3], now + hold, user)
      return { 'held', registration, held_seat, tostring(now), epoch }
    end
    if tonumber(redis.call('ZSCORE', KEYS[3], user) or 0) > now then return { 'request_in_progress' } end
    -- The earlier attempt ran out of time: its seat serves this one.
    seat = tonumber(held_seat)
    if closed then
      redis.call('HDEL', KEYS[4], user)
      redis.call('ZREM', KEYS[3], user)
      redis.call('ZADD', KEYS[2], seat, seat)
    end
  end
  if closed then return { 'deadline_passed' } end

  seat = seat or find_free_seat()
  if not seat then
    if record then
      redis.call('HSET', record, 'fingerprint', fingerprint, 'answer', 'competition_full')
      redis.call('PEXPIRE', record, full_ttl)
    end
    return { 'competition_full' }
  end

  redis.call('HSET', KEYS[4], user, registration .. ' ' .. seat)
  redis.call('ZADD', KEYS[3], now + hold, user)
  if record then
    redis.call('HSET', record, 'fingerprint', fingerprint)
    redis.call('PEXPIRE', record, hold)
  end
  return { 'reserved', registration, tostring(seat), tostring(now), epoch }
end

local decisions = {}
for request = 1, (#ARGV - 2) / 5 do
  local at = 3 + (request - 1) * 5
  local record = ARGV[at + 2] == '1' and KEYS[6 + request] or nil
  decisions[request] = state
    and decide(ARGV[at], ARGV[at + 1], record, ARGV[at + 3], ARGV[at + 4] == '1')
    or { 'unknown' }
end
return decisions
