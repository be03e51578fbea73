"""Data opened as the scripts open it: with dlho2018.py as the lesson."""

import dlho2018
from kit.data.image_data import ImageData
from kit.data.tables.table import scan_table


def image_data(path, validation, *arguments, **options):
    """The images of a CSV; arguments as ImageData.scan has them."""
    return ImageData.scan(str(path), validation, *arguments, **options, lesson=dlho2018)


def table_data(*arguments, **options):
    """The rows of a table; arguments as scan_table has them."""
    return scan_table(*arguments, **options, lesson=dlho2018)
