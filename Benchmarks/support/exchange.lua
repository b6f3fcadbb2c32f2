-- wrk: POST /v1/credentials, each request with the next token of a file. Arguments: TOKENS ROLE
-- Prints one line of JSON at the end. WRK_PAUSE_MS makes each connection wait between an answer and its next request: so long on
-- average, by chance, as independent callers would. wrk counts the latency from the request, not from the pause. WRK_CLOSE=1 makes a
-- new connection for each request, as steps do.

local requests = {}
local at = 0

local pause = tonumber(os.getenv("WRK_PAUSE_MS") or "")
if pause then
    function delay()
        return math.floor(-pause * math.log(1 - math.random()) + 0.5)
    end
end

function init(arguments)
    local body = string.format('{"role":"%s"}', arguments[2])
    -- Made once: while the load runs, wrk shall cost as little as it can.
    for token in io.lines(arguments[1]) do
        local headers = { ["Authorization"] = "Bearer " .. token, ["Content-Type"] = "application/json" }
        if os.getenv("WRK_CLOSE") then headers["Connection"] = "close" end
        requests[#requests + 1] = wrk.format("POST", "/v1/credentials", headers, body)
    end
    -- Each thread begins elsewhere in the pool.
    math.randomseed(tonumber(tostring({}):match("0x(%x+)"), 16) % 2147483647)
    at = math.random(#requests)
end

function request()
    at = at % #requests + 1
    return requests[at]
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        '{"per_second":%.0f,"p50_ms":%.3f,"p99_ms":%.3f,"requests":%d,"not_200":%d,"broken":%d}\n',
        summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000, latency:percentile(99) / 1000,
        summary.requests, errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
