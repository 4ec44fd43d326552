"""WebSockets: what the echo of a frame of 1 KiB costs beside HAProxy, and what idle ones keep in memory."""
import re
import socket
import statistics
import subprocess
import time

import machine
import proxies
from load import Cell

BACKEND_PORT = 9002
CONNECTIONS = 64
IDLE = 5000
WARM = 20  # seconds of load before the first measurement
SOURCE = proxies.HERE / "lib/WebSocketLoad.java"

HAPROXY = """
global
  nbthread 1
  maxconn 9000
defaults
  mode http
  timeout connect 5s
  timeout client 600s
  timeout server 600s
  timeout tunnel 600s
frontend front
  bind 127.0.0.1:{port} backlog 8192
  default_backend back
backend back
  http-request replace-path /api/(.*) /\\1
  server one 127.0.0.1:{backend}
"""

API = """
kind: Upstream
name: backend
targets: [{{url: "http://127.0.0.1:{backend}"}}]
pool: {{maxConnections: 20000}}
---
kind: Api
name: bench
version: v1
context: /api
security: none
route: {{upstream: backend}}
operations: [{{id: ws, match: GET /ws, stream: websocket}}]
"""


class Haproxy(proxies.Proxy):
    def command(self):
        conf = self.run / "haproxy.cfg"
        conf.write_text(HAPROXY.format(port=self.port, backend=BACKEND_PORT))
        return [machine.find("haproxy"), "-db", "-f", conf]

    def start(self):
        self.process = proxies.Process(self.run, self.name, machine.PROXY_CPU, self.command())
        wait_for(self.port, self.process)


class Tollgate(proxies.Tollgate):
    def command(self):
        command = super().command()
        (self.run / self.name / "conf.d/api.yaml").write_text(API.format(backend=BACKEND_PORT))
        return command

    def start(self):
        self.start_until_ready()


def measure(run, package, settings, repetitions, seconds, out):
    if not machine.find("haproxy"):
        raise SystemExit("benchmarks: this machine lacks\n  haproxy (Debian: haproxy)")
    classes = run / "websocket-load"
    subprocess.run([proxies.java() + "c", "-nowarn", "-d", classes, SOURCE], check=True)
    chosen = [Haproxy("haproxy", 8104, run), Tollgate("tollgate-ws", 8105, run, package, settings)]
    backend = proxies.Process(run, "websocket-backend", machine.LOAD_CPU, client(classes, "echo", BACKEND_PORT))
    wait_for(BACKEND_PORT, backend)
    try:
        for proxy in chosen:
            proxy.start()
        for kind in ("text", "binary"):
            for proxy in chosen:
                echo(proxy, classes, WARM, kind)
            cells = {proxy.name: [] for proxy in chosen}
            for _ in range(repetitions):
                for proxy in chosen:
                    cells[proxy.name].append(echo(proxy, classes, seconds, kind))
            out.plain(
                f"Echo of {kind} frames of 1 KiB, {CONNECTIONS} WebSockets",
                ["CPU us/echo (min..max)", "ratio to HAProxy", "echoes/s", "p50 us", "p99 us"],
                {name: row(own, cells["haproxy"]) for name, own in cells.items()})
        out.plain(
            f"Resident memory with {IDLE} idle WebSockets, MiB",
            ["idle before", "with them", "KiB each"],
            {proxy.name: idle(proxy, classes) for proxy in chosen})
    finally:
        for proxy in chosen:
            proxy.stop()
        backend.stop()


def wait_for(port, process):
    """Until somebody listens."""
    end = time.monotonic() + 30
    while time.monotonic() < end and process.child.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 2).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"benchmarks: nobody listens on port {port}, see {process.log}")


def client(classes, *arguments):
    return [proxies.java(), "-XX:+UseSerialGC", "-Xmx256m", "-cp", classes, "WebSocketLoad", *map(str, arguments)]


def echo(proxy, classes, seconds, kind):
    command = client(classes, "load", proxy.port, CONNECTIONS, seconds, kind)
    before = machine.cpu_seconds(proxy.process.pid)
    done = subprocess.run(["taskset", "-c", machine.LOAD_CPU, *map(str, command)], capture_output=True, text=True, check=False)
    spent = machine.cpu_seconds(proxy.process.pid) - before
    found = re.search(r"^RESULT (\d+) (\d+) (\d+) (\d+)", done.stdout, re.M)
    if not found:
        raise SystemExit(f"benchmarks: the WebSocket load gave no result:\n{done.stdout}{done.stderr}")
    count, micros, p50, p99 = map(int, found.groups())
    return Cell(count, count * 1e6 / micros, spent * 1e6 / max(1, count), p50, p99, 0)


def row(own, base):
    cpu = [cell.cpu_us for cell in own]
    return [f"{statistics.median(cpu):.1f} ({min(cpu):.1f}..{max(cpu):.1f})",
            f"{statistics.median(a.cpu_us / b.cpu_us for a, b in zip(own, base)):.2f}",
            f"{statistics.median(cell.rps for cell in own):.0f}",
            f"{statistics.median(cell.p50_us for cell in own):.0f}",
            f"{statistics.median(cell.p99_us for cell in own):.0f}"]


def idle(proxy, classes):
    before = machine.memory_mib(proxy.process.pid)
    opened = subprocess.Popen(
        list(map(str, client(classes, "idle", proxy.port, IDLE))), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    if opened.stdout.readline() != "READY\n":
        raise SystemExit("benchmarks: the idle WebSockets could not be opened")
    time.sleep(2)
    after = machine.memory_mib(proxy.process.pid)
    opened.stdin.close()
    opened.wait()
    return [f"{before:.0f}", f"{after:.0f}", f"{(after - before) * 1024 / IDLE:.1f}"]
