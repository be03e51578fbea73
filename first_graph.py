"""The first graph, y = 2x^2 + 3: built, looked at, and run.

python first_graph.py            y for x = 4
python first_graph.py --x 1.5    y for another x
"""

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.errors import run_script
from kit.cli.flags import read_command_line
from kit.cli.settings import FirstGraphSettings
from kit.system.files import make_folder

FOLDER = "graphs"  # for TensorBoard; apart from runs, where it would take the first run's colour


def main():
    settings, _ = read_command_line(FirstGraphSettings, __doc__)

    # 1 graph: nothing is computed yet
    with tf.Graph().as_default() as graph:
        # blank 0: the graph of 2x^2 + 3
        x = tf.placeholder(tf.float32, [], "x")
        y = 2 * x**2 + 3  # float32 []
        # end of blank 0
    console.say(f"x is {x}\ny is {y}\n")
    operations = [
        [operation.name, operation.type, ", ".join(tensor.op.name for tensor in operation.inputs)]
        for operation in graph.get_operations()
    ]
    console.say_table(["operation", "kind", "inputs"], operations)
    make_folder(FOLDER)
    tf.summary.FileWriter(FOLDER, graph).close()

    # 2 session: computes the numbers
    # blank 1: run it in a session
    with tf.Session(graph=graph) as session:
        value = session.run(y, feed_dict={x: settings.x})
    # end of blank 1
    console.say(f"\nFor x = {settings.x:g}, y = {value:g}.")

    # 3 next step
    console.say_next(console.tensorboard(FOLDER))


if __name__ == "__main__":
    run_script(main)
