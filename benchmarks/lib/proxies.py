"""The backend and the proxies under test: their configuration, start and stop. Every proxy maps /api/x to the backend's /x."""
import os
import pathlib
import signal
import socket
import subprocess
import time

import limits
import machine
import overload

HERE = pathlib.Path(__file__).resolve().parent.parent
ROOT = HERE.parent
BACKEND_PORT = 9001

NGINX_TEMP = " ".join(f"{kind}_temp_path {{run}}/temp/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))

BACKEND = """
worker_processes 1; daemon off; {user}
pid {run}/backend.pid; error_log {run}/backend.err crit;
worker_rlimit_nofile 65536;
events {{ worker_connections 32768; }}
http {{
  access_log off; keepalive_requests 100000000; keepalive_timeout 600s; sendfile on; tcp_nodelay on;
  """ + NGINX_TEMP + """
  client_max_body_size 64m; open_file_cache max=100 inactive=1h; open_file_cache_valid 1h;
  server {{
    listen 127.0.0.1:9001 backlog=8192; default_type application/json; root {run}/www;
    location = /1k {{ return 200 '{body}'; }}
    location / {{ }}
  }}
}}
"""

NGINX = """
worker_processes 1; daemon off; {user}
pid {run}/nginx.pid; error_log {run}/nginx.err crit;
worker_rlimit_nofile 65536;
events {{ worker_connections 32768; }}
http {{
  access_log off; keepalive_requests 100000000; keepalive_timeout 600s; tcp_nodelay on; client_max_body_size 64m;
  """ + NGINX_TEMP + """
  upstream backend {{ server 127.0.0.1:9001; keepalive 512; keepalive_requests 100000000; }}
  ssl_certificate {run}/cert.pem; ssl_certificate_key {run}/key.pem; ssl_protocols TLSv1.2 TLSv1.3;
  ssl_session_cache off; ssl_session_tickets off;
  server {{
    listen 127.0.0.1:{port} backlog=8192; listen 127.0.0.1:{tls_port} ssl http2 backlog=8192;
    location /api/ {{ proxy_pass http://backend/; proxy_http_version 1.1; proxy_set_header Connection ""; }}
  }}
}}
"""

GATEWAY = """
kind: Gateway
name: bench
listeners:
  - name: http
    bind: 127.0.0.1:{port}
    limits: {{idleTimeout: 600s}}
  - name: https
    bind: 127.0.0.1:{tls_port}
    limits: {{idleTimeout: 600s}}
    tls: {{certificates: [{{cert: {run}/cert.pem, key: {run}/key.pem}}]}}
status: {{bind: "127.0.0.1:{status_port}"}}
drain: {{delay: 0s, timeout: 1s}}
telemetry: {{accessLog: {{output: {log}}}}}
"""

API = """
kind: Upstream
name: backend
targets: [{url: "http://127.0.0.1:9001"}]
---
kind: Api
name: bench
version: v1
context: /api
security: none
route: {upstream: backend}
"""


class Process:
    """One server, pinned to a core, with all it prints in a file of the run."""

    def __init__(self, run, name, cpu, command, environment=None):
        self.log = run / f"{name}.log"
        with open(self.log, "w") as log:
            self.child = subprocess.Popen(
                ["taskset", "-c", cpu, *map(str, command)], stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                env={**os.environ, **(environment or {})}, start_new_session=True)
        self.pid = self.child.pid

    def stop(self):
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
            try:
                self.child.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.pid, signal.SIGKILL)
                self.child.wait()


class Proxy:
    settings = ""  # further lines of Tollgate's gateway.yaml

    def __init__(self, name, port, run):
        self.name, self.port, self.tls_port, self.run, self.process = name, port, port + 100, run, None

    def url(self, path, tls=False):
        return f"{'https' if tls else 'http'}://127.0.0.1:{self.tls_port if tls else self.port}/api{path}"

    def command(self):
        raise NotImplementedError

    def environment(self):
        return {}

    def start(self):
        command = self.command()  # writes files, which is no part of the start
        began = time.monotonic()
        self.process = Process(self.run, self.name, machine.PROXY_CPU, command, self.environment())
        wait_for(self.port, "/api/1k", self.process)
        took = (time.monotonic() - began) * 1000
        wait_until_open(self.tls_port)
        return took

    def stop(self):
        if self.process:
            self.process.stop()
            self.process = None


def wait_until_open(port):
    """The other listener of a proxy that has answered by one."""
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"benchmarks: nobody listens on {port}")


class Nginx(Proxy):
    def command(self):
        return nginx(self.run, "nginx", NGINX, port=self.port, tls_port=self.tls_port)


class Bare(Proxy):
    def command(self):
        jars = sorted((HERE / "bare/target").glob("*.jar")) + sorted((HERE / "bare/target/lib").glob("*.jar"))
        return [java(), "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-Xms32m", "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                "-cp", ":".join(map(str, jars)), "tollgate.benchmarks.BareProxy",
                self.port, self.tls_port, BACKEND_PORT, self.run / "cert.pem", self.run / "key.pem"]


class Tollgate(Proxy):
    """The package, with access log to a file and metrics on, unless `settings` (lines of gateway.yaml) say otherwise."""

    def __init__(self, name, port, run, package, settings="", log="logs/access.log"):
        super().__init__(name, port, run)
        self.package, self.settings, self.log = package, settings, log
        self.status_port = port + 200

    def command(self):
        root = self.run / self.name
        (root / "conf.d").mkdir(parents=True, exist_ok=True)
        (root / "logs").mkdir(exist_ok=True)
        (root / "logs/access.log").unlink(missing_ok=True)
        gateway = GATEWAY.format(port=self.port, tls_port=self.tls_port, status_port=self.status_port, run=self.run, log=self.log)
        (root / "gateway.yaml").write_text(gateway + self.settings)
        (root / "conf.d/api.yaml").write_text(API + overload.DOCUMENTS + limits.DOCUMENTS)
        return [self.package / "bin/tollgate", "run", "--conf", root]

    def start_until_ready(self):
        self.process = Process(self.run, self.name, machine.PROXY_CPU, self.command())
        wait_for(self.status_port, "/readyz", self.process)


def java():
    home = os.environ.get("JAVA_HOME", "")
    return f"{home}/bin/java" if home else "java"


def nginx(run, name, text, **values):
    conf = run / f"{name}.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    conf.write_text(text.format(run=run, user=user, **values))
    return [machine.find("nginx"), "-c", conf]


def backend(run):
    process = Process(run, "backend", machine.LOAD_CPU, nginx(run, "backend", BACKEND, body=(run / "1k.json").read_text()))
    wait_for(BACKEND_PORT, "/1k", process)
    return process


def prepare(run):
    """Bodies and a certificate (ECDSA P-256)."""
    for folder in ("www", "temp"):
        (run / folder).mkdir(parents=True, exist_ok=True)
    items = ",".join(f'{{"sku":"SKU-{i}","qty":{i},"note":"lorem ipsum"}}' for i in range(20))
    (run / "1k.json").write_text(f'{{"id":12345,"items":[{items}]}}'.ljust(1024))
    (run / "www/100k").write_bytes(os.urandom(51200).hex().encode())
    if not (run / "key.pem").exists():
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "3650",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
             "-keyout", run / "key.pem", "-out", run / "cert.pem"], check=True, capture_output=True)


def wait_for(port, path, process, seconds=60):
    """Until an answer of 200; asked without a pause that would blur the time of a start."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.child.poll() is not None:
            raise SystemExit(f"benchmarks: {process.log.stem} ended at once, see {process.log}")
        try:
            with socket.create_connection(("127.0.0.1", port), 2) as connection:
                connection.sendall(request)
                if connection.recv(64).startswith(b"HTTP/1.1 200"):
                    return
        except OSError:
            pass
        time.sleep(0.002)
    raise SystemExit(f"benchmarks: no answer from port {port} within {seconds} s, see {process.log}")
