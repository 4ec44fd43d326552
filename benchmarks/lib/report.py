"""Tables, on standard output and as Markdown."""
import statistics


class Report:
    def __init__(self, file, conditions):
        self.file = file
        if file:
            file.write_text("")
        self.line("Conditions: " + "; ".join(conditions) + ".")

    def line(self, text=""):
        print(text, flush=True)
        if self.file:
            with open(self.file, "a") as out:
                out.write(text + "\n")

    def plain(self, title, columns, rows):
        self.line(f"\n### {title}\n")
        self.line("| proxy | " + " | ".join(columns) + " |")
        self.line("|" + " --- |" * (len(columns) + 1))
        for name, values in rows.items():
            self.line(f"| {name} | " + " | ".join(values) + " |")

    def loads(self, title, cells, direct):
        """Medians; the ratio is the median of the ratios of each repetition."""
        base = cells.get("nginx")
        alone = statistics.median(cell.p99_us for cell in direct) if direct else None
        rows = {}
        for name, own in cells.items():
            cpu = [cell.cpu_us for cell in own]
            ratio = statistics.median(a.cpu_us / b.cpu_us for a, b in zip(own, base)) if base else None
            rows[name] = [
                f"{statistics.median(cpu):.1f} ({min(cpu):.1f}..{max(cpu):.1f})",
                f"{ratio:.2f}" if ratio else "-",
                f"{statistics.median(cell.rps for cell in own):.0f}",
                f"{statistics.median(cell.p50_us for cell in own):.0f}",
                f"{statistics.median(cell.p99_us for cell in own):.0f}",
                str(sum(cell.errors for cell in own)),
            ]
            if alone is not None:
                rows[name].append(f"{statistics.median(cell.p99_us for cell in own) - alone:.0f}")
        columns = ["CPU us/request (min..max)", "ratio to nginx", "requests/s", "p50 us", "p99 us", "errors"]
        if alone is not None:
            columns.append(f"added p99 us (direct: {alone:.0f})")
        self.plain(title, columns, rows)
