-- One line that a program can read. BODY: a file to POST, of media type TYPE; CLOSE: a connection a request.
local body = os.getenv("BODY")
if body then
  local file = io.open(body, "rb")
  wrk.method = "POST"
  wrk.body = file:read("*a")
  wrk.headers["Content-Type"] = os.getenv("TYPE") or "application/json"
  file:close()
end
if os.getenv("CLOSE") then wrk.headers["Connection"] = "close" end
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration,
    e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(50), latency:percentile(99)))
end
