"""Drawing a data set: shapes, images, PNG files, their folder."""
