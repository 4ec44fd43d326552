"""What is asked of the machine: programs, cores, CPU time and memory of a process tree. Linux only."""
import os
import platform
import shutil
import subprocess

PROXY_CPU = os.environ.get("PROXY_CPU", "0")
LOAD_CPU = os.environ.get("LOAD_CPU", "1")
TICKS = os.sysconf("SC_CLK_TCK")

NEEDED = {
    "nginx": "nginx (Debian: nginx)",
    "wrk": "wrk (Debian: wrk)",
    "h2load": "h2load (Debian: nghttp2-client)",
    "openssl": "openssl (Debian: openssl)",
    "taskset": "taskset (Debian: util-linux)",
    "mvn": "Maven (Debian: maven)",
}


def find(program):
    return shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def missing():
    """One line for each thing that is not there."""
    lines = [text for program, text in NEEDED.items() if not find(program)]
    if len(os.sched_getaffinity(0)) < 2:
        lines.append("a second core: proxy and load must not share one")
    return lines


def tree(pid):
    pids = [pid]
    for pid in pids:
        try:
            for task in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{task}/children") as children:
                    pids += [int(child) for child in children.read().split()]
        except OSError:
            pass  # it has ended
    return pids


def cpu_seconds(pid):
    """User and system time of the tree so far."""
    ticks = 0
    for each in tree(pid):
        try:
            with open(f"/proc/{each}/stat") as stat:
                fields = stat.read().rpartition(")")[2].split()
                ticks += int(fields[11]) + int(fields[12])
        except OSError:
            pass
    return ticks / TICKS


def memory_mib(pid):
    """Resident memory of the tree; pages that forked workers share count once (Pss)."""
    kib = 0
    for each in tree(pid):
        try:
            with open(f"/proc/{each}/smaps_rollup") as rollup:
                kib += next(int(line.split()[1]) for line in rollup if line.startswith("Pss:"))
        except (OSError, StopIteration):
            pass
    return kib / 1024


def first_line(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return (done.stdout + done.stderr).strip().splitlines()[0]
    except (OSError, IndexError):
        return "unknown"


def conditions(java):
    """What a reader must know to judge the figures."""
    with open("/proc/cpuinfo") as info:
        model = next((l.split(":")[1].strip() for l in info if l.startswith("model name")), "unknown")
    return [
        f"{os.cpu_count()} x {model}, Linux {platform.release()}",
        first_line(find("nginx"), "-v"),
        first_line(find("wrk"), "-v"),
        first_line(find("h2load"), "--version"),
        first_line(java, "-version"),
        f"proxy on core {PROXY_CPU}; client and backend on core {LOAD_CPU}; loopback; keep-alive on both sides",
    ]
