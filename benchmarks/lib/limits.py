"""What structuralLimits costs: the same POST of 10 KiB passed through, checked as it passes, and held until it is checked.

All three are operations of one process and take turns, so that noise hits all alike; the figure to look at is the ratio of their CPU time.
"""
import dataclasses
import statistics

import load

DOCUMENTS = """
---
kind: Policy
name: limited
request: [structuralLimits: {}]
---
kind: Policy
name: held
request: [structuralLimits: {hold: true}]
---
kind: Api
name: limited
version: v1
context: /limited
security: none
policies: [limited]
route: {upstream: backend}
---
kind: Api
name: held
version: v1
context: /held
security: none
policies: [held]
route: {upstream: backend}
"""
CONTEXTS = {"passed through": "/api", "limits": "/limited", "limits, hold": "/held"}
BODIES = {"JSON": ("10k.json", "application/json"), "XML": ("10k.xml", "application/xml")}


def prepare(run):
    orders, elements = [], []
    while sum(map(len, orders)) < 10_000:
        i = len(orders)
        orders.append(
            f'{{"id":{100000 + i},"customer":"c-{i * 31}","name":"J\u00fcrgen M\u00fcller {i}","total":{i * 3}.95,"paid":true,"note":null,'
            f'"lines":[{{"sku":"A-{i}","count":2}},{{"sku":"B-1","count":1}}],"address":{{"street":"Some street 12","city":"Colombo","zip":"00100"}}}}')
    (run / "10k.json").write_text('{"orders":[' + ",".join(orders) + "]}", encoding="utf-8")
    while sum(map(len, elements)) < 10_000:
        i = len(elements)
        elements.append(
            f'<order id="{100000 + i}"><name>J\u00fcrgen M\u00fcller {i}</name><total currency="EUR">{i * 3}.95</total><line sku="A-{i}" count="2"/></order>\n')
    (run / "10k.xml").write_text('<orders xmlns="urn:orders">' + "".join(elements) + "</orders>", encoding="utf-8")


def measure(proxy, run, repetitions, seconds, warm, out):
    prepare(run)
    proxy.start()
    for name, (body, content_type) in BODIES.items():
        kind = load.Kind(name, 64, post=True, body=body, content_type=content_type)
        urls = {label: proxy.url("/1k", False).replace("/api/", context + "/") for label, context in CONTEXTS.items()}
        for url in urls.values():
            load.measure(kind, url, proxy.process.pid, max(3, warm // len(CONTEXTS)), run)
        cells = {label: [] for label in urls}
        for _ in range(repetitions):
            for label, url in urls.items():
                cells[label].append(load.measure(dataclasses.replace(kind), url, proxy.process.pid, seconds, run))
        base = cells["passed through"]
        rows = {}
        for label, own in cells.items():
            cpu = [cell.cpu_us for cell in own]
            ratio = statistics.median(a.cpu_us / b.cpu_us for a, b in zip(own, base))
            rows[label] = [f"{statistics.median(cpu):.1f} ({min(cpu):.1f}..{max(cpu):.1f})", f"{ratio:.2f}",
                           f"{statistics.median(cell.rps for cell in own):.0f}", f"{statistics.median(cell.p99_us for cell in own):.0f}",
                           str(sum(cell.errors for cell in own))]
        out.plain(f"POST of {(run / body).stat().st_size} bytes of {name}, 64 connections",
                  ["CPU us/request (min..max)", "ratio to passed through", "requests/s", "p99 us", "errors"], rows)
