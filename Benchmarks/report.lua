-- Makes wrk say what it has counted in one line of JSON that bench.py reads; times are microseconds.
local body = os.getenv("BENCH_BODY")
if body then
    wrk.method, wrk.body = "POST", body
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        '\nreport {"requests": %d, "duration": %d, "p50": %d, "p99": %d, "errors": %d, "said": "%s"}\n',
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
        errors.connect + errors.read + errors.write + errors.status + errors.timeout,
        string.format("connect %d, read %d, write %d, status %d, timeout %d",
            errors.connect, errors.read, errors.write, errors.status, errors.timeout)))
end
