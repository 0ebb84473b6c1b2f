"""Where the cells of a table lie once merged cells are resolved."""

# The bounds of the HTML standard, section 4.9.11, for the span of a cell.
MOST_COLUMNS = 1000
MOST_ROWS = 65534
# No table has more columns; those of cells past them are not kept free for the rows below.
_WIDEST = 10_000


class Grid:
    """Hands out the columns of a row from the left, passing over cells that reach down from rows above."""

    def __init__(self) -> None:
        self.row = -1
        self._col = 0
        # The first row in which a column is free again.
        self._free_at: dict[int, int] = {}

    def next_row(self) -> int:
        self.row += 1
        self._col = 0
        return self.row

    def place(self, rowspan: int, colspan: int) -> int:
        """The column of the next cell of this row."""
        while self._free_at.get(self._col, 0) > self.row:
            self._col += 1
        col = self._col
        until = self.row + min(max(rowspan, 1), MOST_ROWS)
        self._col = col + min(max(colspan, 1), MOST_COLUMNS)
        for each in range(col, min(self._col, _WIDEST)):
            self._free_at[each] = max(self._free_at.get(each, 0), until)
        return col
