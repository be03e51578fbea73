"""A data set made of pictures that lie in folders, one for each class."""
