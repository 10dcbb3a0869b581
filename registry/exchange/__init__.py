"""What comes in from other formats, and what goes out into them.

`reading/` understands a file in a process of its own and says what it did not understand; `proposal` sets that beside
a draft. `formats/` writes a published revision; what a format could not say is read off the finished document (`said`).
"""
