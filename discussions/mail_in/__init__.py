"""Mail in: answers to mail become comments, mail to an entry's address starts a discussion or is a letter to its lab.

A mail is a row before its sender is told that it was taken; a worker reads it later, as often as it likes. Nothing
is posted in anybody's name unless the receiving mail server vouches for the sender, or they confirm it by a link.
What was cut from a mail, and why it was not posted, only its author sees.
"""
