-- Included, after shared, where a script says `@include end`.

-- The sweep makes Redis forget a competition a day after it closed. Keys that the sweep does not know of
-- expire by themselves: two days after the closing, but not while a sync may be at work.
local function end_by_itself(keys, closes)
  local at = math.max(closes + 172800000, now_ms() + 60000)
  for _, key in ipairs(keys) do redis.call('PEXPIREAT', key, string.format('%.0f', at)) end
end
