"""Of many rows a broken one keeps no other from its turn."""

import pytest

from coordination.common.apart import each_apart


def test_the_others_have_their_turn_and_the_failure_is_told():
    done = []

    def act(key):
        if key == 2:
            raise ValueError("broken")
        done.append(key)
        return 1

    with pytest.raises(ValueError, match="broken"):
        each_apart([1, 2, 3], act)
    assert done == [1, 3]


def test_what_they_return_is_added_up():
    assert each_apart(iter([1, 2, 3]), lambda key: key) == 6
