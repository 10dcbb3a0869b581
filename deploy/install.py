"""Install a requirements file with pip, saying how far it is: `python -m deploy.install FILE`."""

import shutil
import subprocess
import sys
from pathlib import Path


def main(requirements):
    stamp = Path(sys.prefix) / f"installed-{'-'.join(requirements.parts)}"
    if not is_installed(requirements, stamp):
        install(requirements)
        shutil.copyfile(requirements, stamp)


def is_installed(requirements, stamp):
    """Whether exactly these lines were installed before."""
    return stamp.exists() and stamp.read_bytes() == requirements.read_bytes()


def install(requirements):
    lines = requirements.read_text().splitlines()
    total = sum(1 for line in lines if line.strip() and line[0] not in "#-")
    print(f"Installing {total} Python packages from {requirements}; this takes a minute or two.", flush=True)
    command = [sys.executable, "-m", "pip", "install", "--no-input", "--disable-pip-version-check",
               "--progress-bar", "off", "-r", str(requirements)]
    said, done = [], 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        for line in pip.stdout:
            said.append(line)
            if line.startswith("Collecting "):
                done += 1
                if done % 10 == 0:
                    print(f"  {done} packages fetched …", flush=True)
            elif line.startswith("Installing collected"):
                print("  unpacking …", flush=True)
    if pip.returncode:
        sys.exit("".join(said[-15:])
                 + f"Daylight: pip could not install {requirements}; the lines above say why.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
