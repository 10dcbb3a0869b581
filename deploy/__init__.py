"""Running Daylight: the supervisor behind `make run`, and what it embeds.

supervisor   starts, watches and stops the parts; prepare brings database and files up to date
postgres     a PostgreSQL server from pip on a private socket, to try out and test with; psql opens a prompt on it
broker       which message broker Celery uses; PGMQ inside PostgreSQL where none is named
processes    process groups, parents and children on Linux; folder is the data folder, $DAYLIGHT_DATA
Nothing here is needed where an operator runs the parts with tools of their own: see docs/running.md.
"""
