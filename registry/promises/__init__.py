"""What labs promised and whether they kept it: one row for each promise of every published entry.

The content of a revision says what is promised (`registry.releases.promises`); the rows are read off it when it is
published, so that lists need no content. A promise that a later revision no longer mentions is not forgotten.
"""
