"""Forms of release entries: filters of the list, beginning, the draft's sheets, publishing."""

from .entry import EntrySheet, NewEntryForm
from .filters import FilterForm
from .publication import PublicationForm, WithdrawalForm
from .stage import StageSheet

__all__ = ["EntrySheet", "FilterForm", "NewEntryForm", "PublicationForm", "StageSheet", "WithdrawalForm"]
