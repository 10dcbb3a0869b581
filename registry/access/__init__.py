"""Access programmes: how somebody gets what a lab gives out on request, and what came of those who asked.

A programme is public; a request is read by whoever made it and by the lab, and by nobody else. What the public sees of
requests are counts and waiting times, never so small that somebody can be made out. `docs/access.md` says what both
sides can rely on.
"""
