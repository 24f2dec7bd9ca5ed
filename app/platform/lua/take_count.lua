-- Takes a part of an allowance, if so much is left. A refusal changes nothing.
--
-- KEYS: 1 the count
-- ARGV: 1 how much, 2 the allowance, 3 how long it is for, in milliseconds from its first use
-- Returns { 'taken' }, or { 'refused', how long until it is there again in milliseconds }.
local much, allowance, window = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local count = tonumber(redis.call('GET', KEYS[1]) or '0')
if count + much > allowance then
  local left = redis.call('PTTL', KEYS[1])
  return { 'refused', left > 0 and left or window }
end
redis.call('INCRBY', KEYS[1], much)
if count == 0 then
  redis.call('PEXPIRE', KEYS[1], window)
end
return { 'taken' }
