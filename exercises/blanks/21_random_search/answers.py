"""Answers to this blank."""

SOLVED = "10 ** random.uniform(-4, -2)"

MISTAKES = {
    "% of the rates lie between 0.001 and 0.01": (SOLVED, "random.uniform(0.0001, 0.01)"),
    "a learning_rate of -4 comes": (SOLVED, "random.uniform(-4, -2)"),
    "a learning_rate of 0.14 comes": (SOLVED, "np.exp(random.uniform(-4, -2))"),
    "a learning_rate of 1e+04 comes": (SOLVED, "10 ** random.uniform(2, 4)"),
    "only 3 different rates come": (SOLVED, "random.choice([0.0001, 0.001, 0.01])"),
    "only 2 different rates come": (SOLVED, "10.0 ** random.integers(-4, -2)"),
    "learning_rate is 0.001 each time": (SOLVED, "0.001"),
    "each time": (SOLVED, "10 ** np.random.default_rng(0).uniform(-4, -2)"),
    "random doesn't draw learning_rate": (SOLVED, "10 ** np.random.uniform(-4, -2)"),
    "learning_rate is an array of 15 numbers": (SOLVED, "10 ** random.uniform(-4, -2, 15)"),
    "learning_rate is a tensor": (SOLVED, "10 ** tf.random.uniform([], -4, -2)"),
    "there is no learning_rate": ("learning_rate = ", "rate = "),
    "0% of the rates lie between 0.001 and 0.01": (SOLVED, "10 ** random.uniform(-4, -3)"),
    "100% of the rates lie between 0.001 and 0.01": (SOLVED, "10 ** random.uniform(-3, -2)"),
    "of the rates lie between 0.00032 and 0.0032": (SOLVED, "10 ** (random.uniform(-2, -1) + random.uniform(-2, -1))"),
}
VARIANTS = {
    "powers of e": "learning_rate = float(np.exp(random.uniform(np.log(0.0001), np.log(0.01))))",
    "times up to 100": "learning_rate = 0.0001 * 100 ** random.random()",
    "loguniform by a loop": """
        learning_rate = 0.0
        while not 0.0001 <= learning_rate <= 0.01:
            learning_rate = 10 ** random.uniform(-5, -1)
    """,
}
