"""The rows of a table: read once, counted, checked to have the same number of cells; their labels or names kept."""

from kit.data.parts import SKIPPED, VALIDATION
from kit.data.tables.labels import Labels
from kit.data.tables.layouts import Layout
from kit.data.tables.row_names import Names, names_in


class Rows:
    """The rows of a table.

    Args:
      layout: of the table.
      labels: what the labels are added to, if they are in a column of the table.
      label_field: this column's place.
      name_field: the place of the column whose cells are kept as names; or None.
    Raises:
      UserError: a line is broken.
    """

    def __init__(self, layout: Layout, labels: Labels, label_field: int | None, name_field: int | None):
        self.layout = layout
        self.split_of_line = bytearray()  # SKIPPED, or VALIDATION for every row
        self.count = self.num_bytes = 0
        self.has_quotes = False  # in any row
        self.names: Names | None = None if name_field is None else names_in(layout, name_field, [])
        for number, line in layout.lines():
            self.split_of_line.append(VALIDATION if line else SKIPPED)
            if not line:
                continue
            self.count += 1
            self.num_bytes += len(line)
            if self.names and name_field is not None:
                self.names.cells.append(layout.texts(number, line)[name_field].strip())
            elif label_field is not None:
                labels.add(number, layout.cells(number, line)[label_field])
            else:
                layout.check(number, line)
            if b'"' in line:
                self.has_quotes = True

    @property
    def num_blank(self) -> int:
        """Blank lines, which aren't rows."""
        return len(self.split_of_line) - self.count - (self.layout.header_line > 0) - self.layout.num_comments
