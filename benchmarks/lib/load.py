"""One measurement: load on one proxy for some seconds, and what it cost."""
import os
import pathlib
import re
import socket
import subprocess
from dataclasses import dataclass

import machine

HERE = pathlib.Path(__file__).resolve().parent
RATE_PER_CONNECTION = 50
STREAM_REQUESTS = {"/1k": 20_000, "/100k": 2_000}  # about what a second takes


@dataclass
class Cell:
    requests: int
    rps: float
    cpu_us: float
    p50_us: float
    p99_us: float
    errors: int


@dataclass
class Kind:
    """What is sent: over how many connections, to which path, by which tool."""
    title: str
    connections: int
    path: str = "/1k"
    tls: bool = False
    post: bool = False
    closes: bool = False
    is_rate: bool = False
    streams: int = 0  # of HTTP/2 on each connection; 0 is HTTP/1.1
    body: str = "1k.json"  # what is posted
    content_type: str = "application/json"


KINDS = {
    "get1k": Kind("GET 1 KiB, 64 connections", 64),
    "get1k256": Kind("GET 1 KiB, 256 connections", 256),
    "post1k": Kind("POST 1 KiB, 64 connections", 64, post=True),
    "get100k": Kind("GET 100 KiB, 64 connections", 64, "/100k"),
    "rate": Kind("GET 1 KiB, 2,000/s over 40 connections", 40, is_rate=True),
    "https1k": Kind("HTTPS GET 1 KiB, 64 connections", 64, tls=True),
    "https100k": Kind("HTTPS GET 100 KiB, 32 connections", 32, "/100k", tls=True),
    "handshake": Kind("HTTPS, a full handshake a request, 32 connections", 32, tls=True, closes=True),
    "h2": Kind("HTTP/2 over TLS, GET 1 KiB, 8 connections of 16 streams", 8, tls=True, streams=16),
    "h2100k": Kind("HTTP/2 over TLS, GET 100 KiB, 8 connections of 16 streams", 8, "/100k", tls=True, streams=16),
}


def measure(kind, url, pid, seconds, run):
    """`pid` 0: nothing's CPU time."""
    before = machine.cpu_seconds(pid) if pid else 0
    tool = rate if kind.is_rate else http2 if kind.streams else wrk
    requests, rps, p50, p99, errors = tool(kind, url, seconds, run)
    spent = machine.cpu_seconds(pid) - before if pid else 0
    return Cell(requests, rps, spent * 1e6 / max(1, requests), p50, p99, errors)


def wrk(kind, url, seconds, run):
    environment = {**os.environ}
    if kind.post:
        environment["BODY"] = str(run / kind.body)
        environment["TYPE"] = kind.content_type
    if kind.closes:
        environment["CLOSE"] = "1"
    out = subprocess.run(
        ["taskset", "-c", machine.LOAD_CPU, "wrk", "-t1", f"-c{kind.connections}", f"-d{seconds}s", "--timeout", "10s",
         "-s", HERE / "wrk.lua", url], env=environment, capture_output=True, text=True, check=True).stdout
    return result(out)


def result(out):
    """Requests, requests per second, p50, p99 and errors, from what wrk.lua prints."""
    found = re.search(r"^RESULT (\d+) (\d+) (\d+) (\d+) (\d+)", out, re.M)
    if not found:
        raise SystemExit(f"benchmarks: wrk gave no result:\n{out}")
    requests, micros, errors, p50, p99 = map(int, found.groups())
    return requests, requests * 1e6 / micros, p50, p99, errors


def rate(kind, url, seconds, run):
    """A fixed rate: h2load sends by the clock, connections begin one after the other."""
    log = run / "h2load.log"
    log.unlink(missing_ok=True)
    subprocess.run(
        ["taskset", "-c", machine.LOAD_CPU, "h2load", "--h1", "-n", str(RATE_PER_CONNECTION * kind.connections * seconds),
         "-c", str(kind.connections), "-r", "1", "--rate-period=1ms", f"--rps={RATE_PER_CONNECTION}", f"--log-file={log}", url],
        capture_output=True, check=True)
    times, errors = [], 0
    with open(log) as lines:
        for line in lines:
            _, status, micros = line.split()[:3]
            errors += status != "200"
            times.append(int(micros))
    times.sort()
    count = len(times)
    return count, count / seconds, times[count // 2], times[min(count - 1, count * 99 // 100)], errors


def http2(kind, url, seconds, run):
    """As many streams at a time as the connections carry; times are of single requests. A number of requests, about those of the
    time: h2load's own clock sometimes ends before its first request."""
    log = run / "h2load.log"
    log.unlink(missing_ok=True)
    out = subprocess.run(
        ["taskset", "-c", machine.LOAD_CPU, "h2load", "-n", str(STREAM_REQUESTS[kind.path] * seconds), "-c", str(kind.connections), "-m", str(kind.streams),
         f"--log-file={log}", url], capture_output=True, text=True, check=True).stdout
    if "Application protocol: h2" not in out:
        raise SystemExit(f"benchmarks: no HTTP/2:\n{out}")
    took = re.search(r"^finished in ([\d.]+)(ms|s)", out, re.M)
    elapsed = float(took[1]) / (1000 if took[2] == "ms" else 1)
    with open(log) as lines:
        answers = [line.split()[1:3] for line in lines]
    times = sorted(int(micros) for _, micros in answers)
    errors = sum(status != "200" for status, _ in answers)
    count = len(times)
    return count, count / elapsed, times[count // 2], times[min(count - 1, count * 99 // 100)], errors


class IdleConnections:
    """Open keep-alive connections that have had one answer each."""

    def __init__(self, port, count):
        request = b"GET /api/1k HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        self.sockets = []
        for _ in range(count):
            connection = socket.create_connection(("127.0.0.1", port), 10)
            connection.sendall(request)
            connection.recv(65536)
            self.sockets.append(connection)

    def close(self):
        for connection in self.sockets:
            connection.close()
