"""Answers to this blank."""

ANGLE = "symmetry * turn * np.pi / 180"
BOTH = "tf.cos(angle), tf.sin(angle)"
MISTAKES = {
    "the turn isn't multiplied by the symmetry": (ANGLE, "turn * np.pi / 180"),
    "the angle is in degrees": (ANGLE, "symmetry * turn"),
    "a square turned by 90 degrees has (0.92, 0.38)": (ANGLE, "turn / symmetry * np.pi / 180"),
    "a triangle turned by 120 degrees has (-0.50, 0.87)": (ANGLE, "4 * turn * np.pi / 180"),
    "a circle, whose symmetry is 0, has": (ANGLE, "tf.maximum(symmetry, 1.0) * turn * np.pi / 180"),
    "cosine holds the sine": (BOTH, "tf.sin(angle), tf.cos(angle)"),
    "that is turned by 45 degrees has (1.00, 0.00)": (
        ANGLE,
        "2 * symmetry * turn * np.pi / 180",
    ),
    "that is turned by 22.5 degrees has (0.00, -1.00)": (BOTH, "tf.cos(angle), -tf.sin(angle)"),
    "every shape has (1.00, 0.00)": (ANGLE, "0 * turn"),
    "cosine is a single number": (BOTH, "tf.reduce_mean(tf.cos(angle)), tf.sin(angle)"),
    "there is no sine": ("cosine, sine =", "cosine, sinus ="),
    "sine is a function, not called": (BOTH, "tf.cos(angle), tf.sin"),
    "sine holds float64": (BOTH, "tf.cos(angle), tf.cast(tf.sin(angle), tf.float64)"),
}
VARIANTS = {
    "degrees to radians first": """
        radians = turn * (np.pi / 180)
        cosine = tf.math.cos(radians * symmetry)
        sine = tf.math.sin(radians * symmetry)
    """,
    "shares of a round": """
        share = turn * symmetry / 360.0
        cosine, sine = tf.cos(2 * np.pi * share), tf.sin(2 * np.pi * share)
    """,
    "columns of the placeholder": """
        angle = facts_ph[:, 3] * facts_ph[:, 4] * (np.pi / 180)
        cosine, sine = tf.cos(angle), tf.sin(angle)
    """,
    "two lists taken apart": """
        cosine, sine = [function(symmetry * turn / 180.0 * np.pi) for function in (tf.cos, tf.sin)]
    """,
}
