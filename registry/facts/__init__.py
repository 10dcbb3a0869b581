"""Two-sided facts: what anybody says of a single fact of an entry, beside what the entry itself says.

A fact is something that a published entry states (`registry.releases.facts`). Its row here is made when somebody first
speaks about it and lasts; statements about it are checked, disputed, contradicted, sourced or taken back by whoever
made them. Neither the lab nor third parties can change or remove what the other side said.
"""
