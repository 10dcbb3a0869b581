"""What a process keeps: asked for again it is the same, and the oldest goes when there is no more room."""

from registry.core.shelf import Shelf


class Thing:
    def __init__(self, size):
        self.size = size


class ShelfTests:
    def test_makes_a_thing_once_for_each_key(self):
        shelf = Shelf(100)

        first = shelf.get(("t", 1), lambda: Thing(10))

        assert shelf.get(("t", 1), lambda: Thing(10)) is first
        assert shelf.get(("t", 2), lambda: Thing(10)) is not first

    def test_lets_go_of_what_was_not_asked_for_longest(self):
        shelf = Shelf(100)
        first, second = shelf.get(1, lambda: Thing(40)), shelf.get(2, lambda: Thing(40))
        shelf.get(1, lambda: Thing(40))
        shelf.get(3, lambda: Thing(40))

        assert shelf.get(1, lambda: Thing(40)) is first
        assert shelf.get(2, lambda: Thing(20)) is not second
        assert shelf.size <= 100

    def test_keeps_nothing_that_is_larger_than_all_its_room(self):
        shelf = Shelf(100)
        shelf.get(1, lambda: Thing(500))

        assert shelf.size == 0 and not shelf.kept
