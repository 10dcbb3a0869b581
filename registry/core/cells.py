"""Counts of people by class, so that nobody can be made out: small cells are put together, and cannot be found by
subtraction from a total that is public."""

FEWEST = 5  # people of a class for which it is shown by itself


def shown_apart(sizes):
    """`(shown, together)`: the names of the classes that stand by themselves, largest first, and of those put together.

    What is put together holds at least two classes and `FEWEST` people, if need be by giving up the smallest class
    that could stand by itself; where that is not possible, nothing is shown.
    """
    shown = sorted((name for name in sizes if sizes[name] >= FEWEST), key=lambda name: (-sizes[name], name))
    together = [name for name in sizes if sizes[name] < FEWEST]
    while shown and together and (len(together) < 2 or sum(sizes[name] for name in together) < FEWEST):
        together.append(shown.pop())
    return (shown, together) if shown else ([], [])
