"""The data folder, $DAYLIGHT_DATA: one supervisor at a time, the secret key, logs and stamps."""

import fcntl
import json
import os
import secrets
from pathlib import Path

LARGEST_LOG = 5 * 1024 * 1024
SITE = "site.json"
FOR_COMMANDS = [
    "DAYLIGHT_DATA", "SECRET_KEY", "BASE_URL", "DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL", "EMAIL_URL",
    "STORAGE_URL", "MAIL_DOMAIN", "ALLOWED_HOSTS", "DEBUG", "RATE_LIMIT_SCALE",
]


class CannotStart(Exception):
    """One sentence for the person who starts Daylight; shown without a traceback."""


class DataFolder:
    def __init__(self, path):
        self.path = Path(path).absolute()
        self._lock = None

    def __truediv__(self, name):
        return self.path / name

    def open(self):
        """Make the folder and see that we can write in it."""
        try:
            if not self.path.exists():
                self.path.mkdir(parents=True)
                # Others may pass through (PostgreSQL runs as another user under root) but not look.
                self.path.chmod(0o711)
            probe = self.path / f".writable-{os.getpid()}"
            probe.touch()
            probe.unlink()
            for name in ("log", "files", "mail"):
                (self.path / name).mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise CannotStart(f"The data folder {self.path} cannot be written: {error.strerror}. "
                              "Choose another with DAYLIGHT_DATA=/path.") from None

    def lock(self):
        """Keep others out for as long as this process lives."""
        self._lock = open(self.path / "supervisor.lock", "a+")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.seek(0)
            holder = self._lock.read().strip() or "unknown"
            raise CannotStart(f"Daylight is already running on {self.path} (process {holder}).") from None
        self._lock.truncate(0)
        self._lock.write(f"{os.getpid()}\n")
        self._lock.flush()

    def secret_key(self):
        """The key made at the first start and kept, readable by its owner only."""
        path = self.path / "secret_key"
        try:
            return path.read_text().strip()
        except FileNotFoundError:
            key = secrets.token_urlsafe(48)
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(key + "\n")
            return key

    def keep_environment(self, env):
        """Leave what the parts of the site were told where `manage.py` finds it, readable by its owner only."""
        path = self.path / SITE
        path.unlink(missing_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump({name: env[name] for name in FOR_COMMANDS if env.get(name)}, file)

    def log_for(self, name):
        """The log file of one part; a large one is put aside first, replacing the one before it."""
        path = self.path / "log" / f"{name}.log"
        if path.exists() and path.stat().st_size > LARGEST_LOG:
            path.replace(path.with_suffix(".log.1"))
        return path

    def sign_in_note(self):
        """How to sign in, as the example data left it; empty if they did not."""
        try:
            return (self.path / "first_sign_in.txt").read_text().strip()
        except OSError:
            return ""


def environment_of_the_site(environ):
    """What a command lacks in its environment, as the site in its data folder was started with; empty if none was."""
    folder = environ.get("DAYLIGHT_DATA") or Path(__file__).resolve().parent.parent / "var"
    try:
        return json.loads((Path(folder) / SITE).read_text())
    except (OSError, ValueError):
        return {}
