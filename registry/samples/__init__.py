"""Files of samples on entries, to be read here: page by page, filtered, however many they hold.

How the samples were chosen is said in the entry's content (`samples`); a set there names its file by its digest. A
file is private until a revision that names it is published.
"""
