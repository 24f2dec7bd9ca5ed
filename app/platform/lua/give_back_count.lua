-- Gives a part of an allowance back. Nothing stays of a count that comes to nothing.
--
-- KEYS: 1 the count
-- ARGV: 1 how much
-- Returns 'given_back'.
local much = tonumber(ARGV[1])
local count = tonumber(redis.call('GET', KEYS[1]) or '0')
if count > much then
  redis.call('DECRBY', KEYS[1], much)
else
  redis.call('DEL', KEYS[1])
end
return 'given_back'
