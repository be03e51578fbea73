"""For teachers: what students handed in, found, read and graded. A students' copy of the kit doesn't have it."""
