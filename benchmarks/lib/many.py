"""Ten thousand APIs in a hundred files against one: start, memory, reload, cost of the last route."""
import statistics
import time

import load
import machine
import proxies

APIS, FILES = 10_000, 100
API = """---
kind: Api
name: api{i}
version: v1
context: /api{i}/v1
security: none
route: {{upstream: backend}}
operations: [{{id: item, match: 'GET /items/{{id}}'}}, {{id: create, match: POST /items}}]
"""
EXTRA = """---
kind: Api
name: extra{i}
version: v1
context: /extra{i}
security: none
route: {{upstream: backend}}
"""


class ManyApis(proxies.Tollgate):
    def command(self):
        command = super().command()
        folder = self.folder()
        folder.mkdir(exist_ok=True)
        for file in range(FILES):
            size = APIS // FILES
            (folder / f"{file}.yaml").write_text("".join(API.format(i=i) for i in range(file * size, (file + 1) * size)))
        return command

    def folder(self):
        return self.run / self.name / "conf.d/many"


def measure(one, run, repetitions, out):
    """`one`: Tollgate with one API."""
    many = ManyApis("many", one.port + 1000, run, one.package, "warmUp: 0s\n")
    one.settings = "warmUp: 0s\n"
    try:
        starts = {"1 API": [], "10,000 APIs": []}
        idle = {"1 API": [], "10,000 APIs": []}
        reloads = []
        for _ in range(repetitions):
            for name, proxy in (("1 API", one), ("10,000 APIs", many)):
                starts[name].append(proxy.start())
                time.sleep(2)
                idle[name].append(machine.memory_mib(proxy.process.pid))
                if proxy is many:
                    reloads += [reload(many, i) for i in range(5)]
                proxy.stop()
        out.plain("Ten thousand APIs in a hundred files, no warm-up", ["start to first answer, ms", "memory idle, MiB", "a change saved to served, ms"], {
            name: [f"{statistics.median(starts[name]):.0f}", f"{statistics.median(idle[name]):.0f}",
                   f"{statistics.median(reloads):.0f} (100 of it waiting for quiet)" if "," in name else "-"] for name in starts})
        routes(many, run, repetitions, out)
    finally:
        one.stop()
        many.stop()


def reload(many, i):
    file = many.folder() / "50.yaml"
    file.write_text(file.read_text() + EXTRA.format(i=i))
    began = time.monotonic()
    proxies.wait_for(many.port, f"/extra{i}/1k", many.process)
    spent = (time.monotonic() - began) * 1000
    time.sleep(0.5)
    return spent


def routes(many, run, repetitions, out):
    """The operation's path does not exist at the backend, so that both ask for the API without operations that stands first and last."""
    file = many.folder() / "0.yaml"
    many.start()
    file.write_text(EXTRA.format(i="first") + file.read_text())
    last = many.folder() / "99.yaml"
    last.write_text(last.read_text() + EXTRA.format(i="last"))
    cells = {"first": [], "last": []}
    for path in ("first", "last"):
        proxies.wait_for(many.port, f"/extra{path}/1k", many.process)
    kind = load.KINDS["get1k"]
    url = f"http://127.0.0.1:{many.port}/extra{{}}/1k"
    load.measure(kind, url.format("first"), many.process.pid, 12, run)
    for _ in range(repetitions):
        for path in cells:
            cells[path].append(load.measure(kind, url.format(path), many.process.pid, 3, run).cpu_us)
    ratio = statistics.median(b / a for a, b in zip(cells["first"], cells["last"]))
    out.plain("First and last of ten thousand routes, GET 1 KiB", ["CPU us/request", "ratio"], {
        "first": [f"{statistics.median(cells['first']):.1f}", "1.00"], "last": [f"{statistics.median(cells['last']):.1f}", f"{ratio:.2f}"]})
