"""Release entries: what a lab decided to release, at which level, when and why.

An entry's identity lasts; its content is a plain dict kept in immutable revisions. `vocabulary`, `dates`,
`shape`, `content`, `levels`, `summary`, `diff` and `timeline` speak of that dict alone and need no database;
models, actions and pages build on them.
"""
