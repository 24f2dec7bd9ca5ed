-- Turns holds into confirmed seats, and joins into places in line, after Postgres has committed their
-- registrations.
--
-- KEYS 1 meta, 2 version, 3 holds, 4 attempts, 5 confirmed, 6 waiting, 7 joins, then one idempotency
--      record for each member (without a key, the meta key fills its position)
-- ARGV 1 how long a key is marked (ms), then four for each member: user, registration, seat ("w" and the
--      number for a place in line), fingerprint of the request ("-" without an idempotency key)
-- Returns one word for each member: confirmed | already | stale (Redis knows another attempt, or none:
-- Postgres has moved on, and the competition needs a sync)

local meta_key, version_key, holds_key, attempts_key, confirmed_key, waiting_key, joins_key = unpack(KEYS, 1, 7)

local users, words = {}, {}
for at = 2, #ARGV, 4 do users[#users + 1] = ARGV[at] end

-- One call for everybody: in a rush most of a script's cost is its calls.
local function of_everybody(key)
  local values = {}
  for index, value in ipairs(redis.call('HMGET', key, unpack(users))) do values[users[index]] = value end
  return values
end

local confirmed_of, attempt_of, waiting_of =
  of_everybody(confirmed_key), of_everybody(attempts_key), of_everybody(waiting_key)
local done = { seats = {}, holds = {}, places = {}, joins = {}, digest = 0, line_digest = 0 }

for member, user in ipairs(users) do
  local at = 2 + (member - 1) * 4
  local registration, place = ARGV[at + 1], ARGV[at + 2]
  local waits, number = string.match(place, '^(w?)(%d+)$')
  waits = waits == 'w'
  local mine = registration .. ' ' .. number
  local confirmed = confirmed_of[user]
  local attempt = string.match(attempt_of[user] or '', '^%S+ w?%d+')
  -- Somebody who was promoted before this message came has a seat by now, under the same registration.
  local promoted = waits and confirmed and string.sub(confirmed, 1, #registration) == registration
  if confirmed == mine or promoted or waits and waiting_of[user] == mine then
    words[member] = 'already'
  elseif not confirmed and attempt == registration .. ' ' .. place then
    attempt_of[user] = false
    local moved, ended = waits and done.places or done.seats, waits and done.joins or done.holds
    moved[#moved + 1], moved[#moved + 2] = user, mine
    ended[#ended + 1] = user
    local digest = waits and 'line_digest' or 'digest'
    done[digest] = done[digest] + tonumber(string.sub(registration, -8), 16)
    if waits then waiting_of[user] = mine else confirmed_of[user] = mine end
    words[member] = 'confirmed'
  else
    words[member] = 'stale'
  end
  -- Postgres has the answer whatever became of the hold.
  if ARGV[at + 3] ~= '-' then
    redis.call('HSET', KEYS[7 + member], 'fingerprint', ARGV[at + 3], 'committed', 1)
    redis.call('PEXPIRE', KEYS[7 + member], tonumber(ARGV[1]))
  end
end

local function move(ended, expiries, moved, all, count, digest)
  if #ended == 0 then return end
  redis.call('HDEL', attempts_key, unpack(ended))
  redis.call('ZREM', expiries, unpack(ended))
  redis.call('HSET', all, unpack(moved))
  redis.call('HINCRBY', meta_key, count, #ended)
  redis.call('HINCRBY', meta_key, digest, done[digest])
end
move(done.holds, holds_key, done.seats, confirmed_key, 'confirmed', 'digest')
move(done.joins, joins_key, done.places, waiting_key, 'waiting', 'line_digest')

-- Even when nothing changed here: a sync whose snapshot is older than these commits must not land.
redis.call('INCR', version_key)
return words
