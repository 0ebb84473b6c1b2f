from hegui.readers.policy.table import Grid


def test_cells_pass_over_those_that_reach_down() -> None:
    grid = Grid()
    grid.next_row()
    assert [grid.place(2, 1), grid.place(1, 2), grid.place(3, 1)] == [0, 1, 3]
    grid.next_row()
    assert [grid.place(1, 1), grid.place(1, 1), grid.place(1, 1)] == [1, 2, 4]


def test_absurd_spans_are_bounded() -> None:
    grid = Grid()
    grid.next_row()
    grid.place(10**9, 10**9)
    assert grid.place(1, 1) == 1000
