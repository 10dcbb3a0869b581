"""A package from outside with two analyses: a patient one and one that misbehaves as its input says.

Installed by putting a folder with its metadata on the path, as pip would in site-packages.
"""

CODE = '''
import ctypes, os, signal, socket, subprocess, sys, time
from registry.analyses.errors import Unusable


class Patient:
    """Works for as long as its input says, and hands back what it read."""

    name = "patient"
    version = "1"
    title = "Patience"
    roles = {"text": {"required": True, "kinds": ["attachment"], "help": "How many seconds to work, and anything."}}
    defaults = {"steps": 10}

    def run(self, inputs, params, seed, progress):
        seconds, _, rest = inputs["text"].data.decode().partition(" ")
        for step in range(params["steps"]):
            progress(step / params["steps"], f"Step {step + 1}.")
            time.sleep(float(seconds) / params["steps"])
        return {"result": {"rest": rest, "seed": seed}, "findings": []}


class Poison:
    """Does the harm that its input names."""

    name = "poison"
    version = "1"
    title = "Poison"
    roles = {"text": {"required": True, "kinds": ["attachment"], "help": "What to do."}}
    defaults = {}

    def run(self, inputs, params, seed, progress):
        harm = inputs["text"].data.decode().split()[0]
        return {"result": getattr(self, harm)(progress) or {"harm": harm}, "findings": []}

    def segfault(self, progress):
        ctypes.string_at(0)

    def memory(self, progress):
        held = []
        while True:
            held.append(bytearray(64 * 2**20))

    def loop(self, progress):
        while True:
            pass

    def print(self, progress):
        while True:
            print("x" * 100_000)

    def print_below(self, progress):
        for _ in range(10):
            os.write(1, b"not json\\n" * 10)
            progress(0.5, "Still here.")

    def huge(self, progress):
        return {"text": "x" * (80 * 2**20)}

    def exit(self, progress):
        os._exit(0)

    def close(self, progress):
        for fd in range(256):
            try:
                os.close(fd)
            except OSError:
                pass
        time.sleep(3600)

    def stop(self, progress):
        os.kill(os.getpid(), signal.SIGSTOP)

    def raises(self, progress):
        raise ValueError("the secret of the site")

    def nan(self, progress):
        return {"share": float("nan")}

    def surrogate(self, progress):
        return {"text": "a\\0b\\ud800c"}

    def deep(self, progress):
        nested = {}
        for _ in range(100_000):
            nested = {"a": nested}
        return nested

    def unusable(self, progress):
        raise Unusable("The text is not usable. Give another one.")

    def chatter(self, progress):
        for step in range(200_000):
            progress(step / 200_000, "m\\0" * 1000)

    def children(self, progress):
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)", "left-behind-by-poison"])
        return {"pid": child.pid}

    def network(self, progress):
        try:
            socket.create_connection(("127.0.0.1", int(os.environ.get("PROBE_PORT", "1"))), timeout=2)
        except OSError as problem:
            return {"errno": problem.errno, "environment": sorted(os.environ)}
        return {"errno": 0, "environment": sorted(os.environ)}


patient, poison = Patient(), Poison()
'''
METADATA = "Metadata-Version: 2.1\nName: daylight-outside\nVersion: 1.0\n"
ENTRY_POINTS = "[daylight.analyses]\npatient = daylight_outside:patient\npoison = daylight_outside:poison\n"
BROKEN = "broken = daylight_outside_is_not_there:ANALYSIS\nmodel_card = daylight_outside:patient\n"


def install(folder):
    """Put the package into `folder`, beside an entry point that cannot be loaded; the folder goes on the path."""
    metadata = folder / "daylight_outside-1.0.dist-info"
    metadata.mkdir(parents=True)
    (folder / "daylight_outside.py").write_text(CODE)
    (metadata / "METADATA").write_text(METADATA)
    (metadata / "entry_points.txt").write_text(ENTRY_POINTS + BROKEN)
    return folder
