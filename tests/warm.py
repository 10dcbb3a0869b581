"""Management commands of one site, each in a child of a process that has loaded the site's code already.

Run in the site's folder and environment. Reads one request a line, {"arguments", "input"}, and answers each with one
line, {"code", "stdout", "stderr"}.
"""

import json
import os
import signal
import sys
import tempfile
import traceback

PATIENCE = 120  # seconds that one command may take


def main():
    sys.path[0] = os.getcwd()
    import django

    django.setup()
    with os.fdopen(os.dup(1), "w") as answers:
        for line in sys.stdin:
            print(json.dumps(answer(**json.loads(line))), file=answers, flush=True)


def answer(arguments, input):
    """Run one command as `manage.py` does; a negative code is that of the signal which ended it."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        given.write(input.encode())
        given.flush()
        pid = os.fork()
        if not pid:
            os._exit(command(arguments, [given, out, errors]))
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        for file in (out, errors):
            file.seek(0)
        return {"code": code, "stdout": out.read().decode(), "stderr": errors.read().decode()}


def command(arguments, files):
    """In the child: everything but the memory is that of a process of its own."""
    signal.alarm(PATIENCE)
    for number, file in enumerate(files):
        os.lseek(file.fileno(), 0, os.SEEK_SET)
        os.dup2(file.fileno(), number)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(["manage.py", *arguments])
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1 if end.code else 0
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code


if __name__ == "__main__":
    main()
