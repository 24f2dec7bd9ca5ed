-- Decides who gets a seat. A request may be sent to Postgres, which has its answer; refused; given a
-- seat, which is held for it; or given a place in line. One call decides about all requests that arrived
-- at the same moment, one after the other. While anybody waits nothing is free: seats are owed to the line.
--
-- KEYS 1 meta (hash: state, opens, closes, next, last, …), 2 free seats (zset: seat -> seat),
--      3 holds (zset: user -> expiry ms), 4 attempts (hash: user -> "registration seat issued", or
--      "registration w<number>" for a place in line), 5 confirmed (hash: user -> "registration seat"),
--      6 cancelled (set of users), 7 queue (zset: user -> number in line), 8 waiting (hash: user ->
--      "registration number"), 9 joins (zset: user -> expiry ms), 10 owed seats (zset: seat -> seat),
--      then one idempotency record for each request (without a key, the meta key fills its position)
-- ARGV 1 hold (ms), 2 how long a refusal is remembered (ms), then six for each request:
--      user, registration id, "1" with an idempotency key, fingerprint of the request,
--      "1" when Postgres was already asked about the key, "1" when a place in line will do
-- Returns {word, …} for each request, then {seats owed, places that ran out} if the line needs seeing to:
--   unknown                      nothing is known of the competition: sync it from Postgres
--   idempotency_key_reused       the key was used for another request
--   look_up                      Postgres has the key's answer, or may have: the user once had a seat here
--   held, registration, seat, ms, epoch, issued   the same attempt again
--   request_in_progress          another attempt of the same user is under way
--   not_found                    deleted, or never was
--   competition_cancelled        its organizer cancelled it
--   already_registered | already_waiting   also when registration has closed since
--   not_open_yet, opens, ms, "1" when nobody has been here, so that the same holds for everybody
--   deadline_passed | competition_full | waitlist_full
--   reserved, registration, seat, ms, epoch, issued   the seat is held; ms is this decision's time, and
--                                issued the highest number in line until then
--   queued, registration, number, ms, epoch, place   a place in line; 1 is the first

-- @include shared

local meta_key, free_key, holds_key, attempts_key, confirmed_key, cancelled_key, queue_key, waiting_key,
  joins_key, owed_key = unpack(KEYS, 1, 10)

local hold, full_ttl = tonumber(ARGV[1]), tonumber(ARGV[2])
local now = now_ms()
local meta = redis.call('HMGET', meta_key, 'state', 'closes', 'next', 'last', 'epoch', 'opens', 'issued',
  'line_limit')
local state = meta[1]
local closed = state and now >= tonumber(meta[2])
local next_seat, last_seat = tonumber(meta[3]), tonumber(meta[4])
local epoch = meta[5] or '0'
local early = state and now < tonumber(meta[6] or 0)
local issued, line_limit = tonumber(meta[7] or 0), tonumber(meta[8] or 0)
local in_line = redis.call('ZCARD', queue_key)
local nobody_was_here = early and in_line + redis.call('HLEN', attempts_key) + redis.call('HLEN', confirmed_key)
  + redis.call('SCARD', cancelled_key) == 0 and '1' or '0'
local nothing_free = in_line > 0

if in_line > 0 then free_late_holds(now, 64, free_key, holds_key, attempts_key, queue_key, owed_key) end

-- In a rush most of this script's cost is its calls, so each kind of data is read in one call for all
-- people, and written in one call for all decisions.
local users = {}
for at = 3, #ARGV, 6 do users[#users + 1] = ARGV[at] end
local function of_everybody(command, key)
  local values = {}
  for index, value in ipairs(redis.call(command, key, unpack(users))) do values[users[index]] = value end
  return values
end
local confirmed_of = of_everybody('HMGET', confirmed_key)
local cancelled_of = of_everybody('SMISMEMBER', cancelled_key)
local attempt_of = of_everybody('HMGET', attempts_key)
local may_wait = in_line > 0 or state ~= 'open'
local waiting_of = may_wait and of_everybody('HMGET', waiting_key) or {}

local decided = { attempts = {}, holds = {}, queue = {}, joins = {}, seats = 0, numbers = 0 }

local function write_decided()
  local function add(command, key, values)
    if #values > 0 then redis.call(command, key, unpack(values)) end
  end
  add('HSET', attempts_key, decided.attempts)
  add('ZADD', holds_key, decided.holds)
  add('ZADD', queue_key, decided.queue)
  add('ZADD', joins_key, decided.joins)
  if decided.seats > 0 then redis.call('HINCRBY', meta_key, 'next', decided.seats) end
  if decided.numbers > 0 then redis.call('HINCRBY', meta_key, 'issued', decided.numbers) end
  decided = { attempts = {}, holds = {}, queue = {}, joins = {}, seats = 0, numbers = 0 }
end

local function push(values, first, second)
  values[#values + 1], values[#values + 2] = first, second
end

local function find_free_seat()
  if nothing_free then return nil end
  local seat = tonumber(redis.call('ZPOPMIN', free_key)[1])
  if seat then return seat end
  if next_seat <= last_seat then
    decided.seats = decided.seats + 1
    next_seat = next_seat + 1
    return next_seat - 1
  end
  -- Nothing free: seats whose holds ran out are free too.
  write_decided()
  free_late_holds(now, 64, free_key, holds_key, attempts_key, queue_key, owed_key)
  attempt_of = of_everybody('HMGET', attempts_key)
  seat = tonumber(redis.call('ZPOPMIN', free_key)[1])
  nothing_free = not seat
  return seat
end

local function decide(user, registration, record, fingerprint, asked_postgres, wants_line)
  local is_registered = confirmed_of[user]
  local is_waiting = waiting_of[user]
  -- The key comes before everything else: a winner's late retry must not hear "full".
  if record then
    local is_here = is_registered or is_waiting
    local has_cancelled = cancelled_of[user] == 1
    local once_here = is_here or has_cancelled
    local known = redis.call('HMGET', record, 'fingerprint', 'answer', 'committed')
    if known[1] and known[1] ~= fingerprint then return { 'idempotency_key_reused' } end
    local is_committed = known[3]
    -- If the refusal never arrived, a process without Redis may have found a seat under the key since.
    if known[2] and not is_committed and (asked_postgres or not once_here) then
      return { known[2] }
    end
    -- Confirmed people are recognized below, unless the competition is deleted. Those who cancelled have
    -- no seat, but may repeat the request that gave them one.
    if not asked_postgres and (is_committed or has_cancelled
      or state ~= 'open' and is_here) then
      return { 'look_up' }
    end
  end

  if state == 'cancelled' then return { 'competition_cancelled' } end
  if state ~= 'open' then return { 'not_found' } end
  if is_registered then return { 'already_registered' } end
  if is_waiting then return { 'already_waiting' } end
  if early then return { 'not_open_yet', meta[6], tostring(now), nobody_was_here } end

  local seat, number
  local seen = issued
  local attempt = attempt_of[user]
  if attempt then
    write_decided()
    local theirs, kind, held, theirs_seen = string.match(attempt, '^(%S+) (w?)(%d+) ?(%d*)$')
    local expiries = kind == 'w' and joins_key or holds_key
    if theirs == registration then
      redis.call('ZADD', expiries, now + hold, user)
      if kind == '' then
        local before = theirs_seen == '' and '0' or theirs_seen
        return { 'held', registration, held, tostring(now), epoch, before }
      end
      local place = redis.call('ZRANK', queue_key, user) + 1
      return { 'queued', registration, held, tostring(now), epoch, tostring(place) }
    end
    if tonumber(redis.call('ZSCORE', expiries, user) or 0) > now then return { 'request_in_progress' } end
    -- The earlier attempt ran out of time: its seat, or its place in line, serves this one.
    if kind == 'w' then
      number = tonumber(held)
    else
      seat = tonumber(held)
      seen = tonumber(theirs_seen) or 0
      if closed then
        redis.call('HDEL', attempts_key, user)
        redis.call('ZREM', holds_key, user)
        attempt_of[user] = false
        give_back(seat, free_key, queue_key, owed_key)
      end
    end
  end
  if closed then return { 'deadline_passed' } end

  if not number then seat = seat or find_free_seat() end
  local place
  if not seat and not number and wants_line and in_line < line_limit then
    number = issued + 1
    push(decided.queue, number, user)
    decided.numbers = decided.numbers + 1
    issued, in_line, nothing_free = number, in_line + 1, true
    -- The highest number is the last place.
    place = in_line
  end
  if not seat and not (number and wants_line) then
    local full = wants_line and line_limit > 0 and 'waitlist_full' or 'competition_full'
    if record then
      redis.call('HSET', record, 'fingerprint', fingerprint, 'answer', full)
      redis.call('PEXPIRE', record, full_ttl)
    end
    return { full }
  end

  if record then
    redis.call('HSET', record, 'fingerprint', fingerprint)
    redis.call('PEXPIRE', record, hold)
  end
  if number then
    attempt_of[user] = registration .. ' w' .. number
    push(decided.attempts, user, attempt_of[user])
    push(decided.joins, now + hold, user)
    place = place or redis.call('ZRANK', queue_key, user) + 1
    return { 'queued', registration, tostring(number), tostring(now), epoch, tostring(place) }
  end
  -- The previous release knows no line, and reads attempts in its own format while nobody ever waited.
  attempt_of[user] = registration .. ' ' .. seat .. (seen > 0 and ' ' .. seen or '')
  push(decided.attempts, user, attempt_of[user])
  push(decided.holds, now + hold, user)
  return { 'reserved', registration, tostring(seat), tostring(now), epoch, tostring(seen) }
end

local decisions = {}
for request, user in ipairs(users) do
  local at = 3 + (request - 1) * 6
  local record = ARGV[at + 2] == '1' and KEYS[10 + request] or nil
  decisions[request] = state
    and decide(user, ARGV[at + 1], record, ARGV[at + 3], ARGV[at + 4] == '1', ARGV[at + 5] == '1')
    or { 'unknown' }
end
write_decided()
if in_line > 0 and not closed then
  local owed, overdue = redis.call('ZCARD', owed_key), redis.call('ZCOUNT', joins_key, '-inf', now)
  if owed + overdue > 0 then decisions[#decisions + 1] = { tostring(owed), tostring(overdue) } end
end
return decisions
