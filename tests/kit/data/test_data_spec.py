"""What a network must know of its data, in words."""

from kit.data.data_spec import ImageSpec, TableSpec


def test_images_in_words():
    spec = ImageSpec((32, 48), ("square", "triangle"), 1000, 20)
    assert str(spec) == "1,000 training and 20 validation images of 32 x 48, classes square, triangle"
    assert spec.is_of_images


def test_one_column_in_words():
    spec = TableSpec(("a",), (0,), 2, True, None, (), 8, 0)
    assert str(spec) == "8 training and 0 validation rows of 1 column, labels that are values"


def test_tables_in_words():
    of_classes = TableSpec(("a", "b"), (0, 1), 3, True, "kind", ("ALL", "AML"), 8, 2)
    assert str(of_classes) == "8 training and 2 validation rows of 2 columns, classes ALL, AML"
    of_values = TableSpec(("a", "b"), (0, 1), 2, True, None, (), 8, 0)
    assert str(of_values) == "8 training and 0 validation rows of 2 columns, labels that are values"
    assert not of_values.is_of_images
