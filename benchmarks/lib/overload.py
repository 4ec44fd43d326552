"""More asked of Tollgate than it can do: how much of its peak it still does, and how soon it is as before.

The request is dear for the gateway and cheap for client and backend: 100 KiB, compressed by the gateway. Peak is what 64 connections get
that always wait for an answer. The offer is several times that by the clock, over so many connections that each has time to rest
between two requests, and does not wait for answers: a connection that has none when the next is due counts as refused.
"""
import collections
import http.client
import subprocess
import time

import load
import machine

PATH = "/dear/100k"
CONNECTIONS = 1000
SECONDS = 15
SETTLED = range(4, SECONDS - 1)
DOCUMENTS = """
---
kind: Policy
name: compress
response: [compress: {codings: [gzip]}]
---
kind: Api
name: dear
version: v1
context: /dear
security: none
policies: [compress]
route: {upstream: backend}
"""


def peak(port, run):
    """Answers per second in a closed loop."""
    script = run / "dear.lua"
    script.write_text('wrk.headers["Accept-Encoding"] = "gzip"\n' + (load.HERE / "wrk.lua").read_text())
    out = subprocess.run(
        ["taskset", "-c", machine.LOAD_CPU, "wrk", "-t1", "-c64", "-d8s", "--timeout", "10s", "-s", script, f"http://127.0.0.1:{port}{PATH}"],
        capture_output=True, text=True, check=True).stdout
    return load.result(out)[1]


def offer(port, rate, run):
    """(good answers in each second, answers by status) at a fixed rate; blocks until it is over."""
    log = run / "overload.log"
    log.unlink(missing_ok=True)
    each = rate / CONNECTIONS
    subprocess.run(
        ["taskset", "-c", machine.LOAD_CPU, "h2load", "--h1", "-D", str(SECONDS), "-c", str(CONNECTIONS), f"--rps={each:.3f}",
         "-H", "Accept-Encoding: gzip", f"--log-file={log}", f"http://127.0.0.1:{port}{PATH}"], capture_output=True, check=True)
    good, statuses, first = collections.Counter(), collections.Counter(), None
    with open(log) as lines:
        for line in lines:
            began, status, micros = map(int, line.split()[:3])
            end = began + micros
            first = first or began
            statuses[status] += 1
            if status == 200:
                good[(end - first) // 1_000_000] += 1
    return good, statuses


def recovery(port, usual_seconds):
    """Seconds until twenty requests in a row were answered 200 in at most three times the usual time; None after ten."""
    began = time.monotonic()
    in_row, since = 0, began
    while time.monotonic() - began < 10:
        asked = time.monotonic()
        good = ask(port) and time.monotonic() - asked <= 3 * usual_seconds
        if not good:
            in_row, since = 0, time.monotonic()
        else:
            in_row += 1
        if in_row == 20:
            return since - began
        time.sleep(0.02)
    return None


def usual(port):
    times = []
    for _ in range(20):
        asked = time.monotonic()
        ask(port)
        times.append(time.monotonic() - asked)
    return sorted(times)[-1]


def ask(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", PATH, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        answer.read()
        return answer.status == 200
    except OSError:
        return False
    finally:
        connection.close()


def measure(tollgate, run, times, out):
    tollgate.start()
    try:
        peak(tollgate.port, run)
        most = peak(tollgate.port, run)
        seconds = usual(tollgate.port)
        rows = {}
        for multiple in times:
            good, statuses = offer(tollgate.port, multiple * most, run)
            back = recovery(tollgate.port, seconds)
            settled = [good[second] for second in SETTLED]
            goodput = sum(settled) / len(settled)
            rows[f"{multiple} x"] = [
                f"{most:.0f}", f"{goodput:.0f}", f"{goodput / most:.2f}", f"{min(settled)}..{max(settled)}",
                " ".join(f"{status}: {count}" for status, count in sorted(statuses.items())), "more than 10" if back is None else f"{back:.2f}"]
    finally:
        tollgate.stop()
    out.plain("More offered than can be done (GET 100 KiB, compressed by the gateway)",
              ["peak/s", "good/s", "of peak", "good in each second", "answers", "normal again after s"], rows)
