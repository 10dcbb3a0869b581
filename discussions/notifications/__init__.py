"""Notifications: what people follow, what they are told of it, and the mail that tells them.

An act writes one small row beside its event; a worker tells the followers, a batch at a time.
Notices stand in the inbox; the same rows say when mail is due. Mail is written to the outbox of
`core.mail`, under headers by which every mail client puts a discussion together again.
"""
