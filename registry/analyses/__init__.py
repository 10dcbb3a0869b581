"""Runs of analyses over files: queued as rows, done by a worker, kept as evidence.

The engine owns rows, leases, limits and progress; each analysis is a folder
with a pure `run` that knows nothing of Django. The same inputs give the same result.
"""
