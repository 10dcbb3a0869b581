"""People: who somebody is, how they sign in, and the tokens their scripts use.

Sign-in itself is django-allauth's; this slice wraps it in our words.
Affiliations are dated, since what somebody says is read beside where they stood.
"""
