"""Answers to this blank."""

FILTER = "if scope_of(variable) in may_learn"
LIST = "[variable for variable in tf.trainable_variables() if scope_of(variable) in may_learn]"
STEP = "optimizer.minimize(loss, global_step, var_list=last)"
MISTAKES = {
    "train_last moves fc1, too": (STEP, "optimizer.minimize(loss, global_step)"),
    "train_last leaves fc2 and logits as before": (FILTER, "if scope_of(variable) not in may_learn"),
    "train_last leaves fc2 as before": (LIST, "tf.trainable_variables()[-1:]"),
    "train_last leaves logits as before": (FILTER, "if scope_of(variable) == may_learn[0]"),
    "takes global_step from 0 to 0": (STEP, "optimizer.minimize(loss, var_list=last)"),
    "takes global_step from 0 to 2": (STEP, f"tf.group({STEP}, tf.assign_add(global_step, 1))"),
    "train_last leaves fc1 as before": (LIST, "tf.trainable_variables()[-2:]"),
    "train_last moves fc10, too": (FILTER, "if variable.name.startswith(tuple(may_learn))"),
    "No variables to optimize": (FILTER, "if variable.name in may_learn"),
    "as before: it is a list of 2": (STEP, "optimizer.compute_gradients(loss, last)"),
    "train_last is a function, not called": (STEP, "optimizer.minimize"),
    "so that the loss grows": (STEP, "optimizer.minimize(-loss, global_step, var_list=last)"),
    "moves fc2 2 times as far": (STEP, "optimizer.minimize(2 * loss, global_step, var_list=last)"),
    "moves fc2 0.02 times as far": (
        STEP,
        "tf.train.GradientDescentOptimizer(0.01).minimize(loss, global_step, var_list=last)",
    ),
    "there is no train_last": ("train_last =", "train_op ="),
}
VARIANTS = {
    "a list that grows": """
        chosen = []
        for variable in tf.trainable_variables():
            layer, _, _ = variable.op.name.rpartition("/")
            if layer in may_learn:
                chosen.append(variable)
        train_last = optimizer.minimize(loss, global_step=global_step, var_list=chosen)
    """,
    "a collection of each layer": """
        chosen = [tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, f"{name}/") for name in may_learn]
        train_last = optimizer.minimize(loss, global_step, var_list=sum(chosen, []))
    """,
    "gradients of some": """
        pairs = optimizer.compute_gradients(loss)
        pairs = [(gradient, variable) for gradient, variable in pairs if scope_of(variable) in may_learn]
        train_last = optimizer.apply_gradients(pairs, global_step)
    """,
}
