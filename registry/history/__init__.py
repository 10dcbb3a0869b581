"""What happened: one event for every act, written in the act's own transaction.

Activity pages and feeds read these rows; later slices listen to them
through the signal `recorded` and write rows of their own beside it.
Events are never changed or deleted.
"""
