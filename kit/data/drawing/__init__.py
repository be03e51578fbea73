"""The drawings of dataset_creation.py: shapes, images, PNG files."""
