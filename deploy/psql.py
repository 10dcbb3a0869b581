"""A prompt on the running embedded database: `python -m deploy.psql`; arguments go to psql."""

import os
import sys
from pathlib import Path

from deploy.postgres import NAME, PORT, Postgres, installed_software


def main():
    server = Postgres(Path(os.environ.get("DAYLIGHT_DATA") or Path(__file__).parent.parent / "var") / "postgres")
    if server.url_if_running() is None:
        sys.exit("Daylight: the embedded PostgreSQL is not running; start it with make run.")
    where = {"PGHOST": str(server.socket_folder), "PGPORT": str(PORT), "PGUSER": NAME, "PGDATABASE": NAME}
    program = str(installed_software() / "bin" / "psql")
    os.execve(program, [program, *sys.argv[1:]], {**os.environ, **where})  # noqa: S606 (no shell is meant)


if __name__ == "__main__":
    main()
