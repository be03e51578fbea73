"""tests/kit mirrors kit: who changes a module finds its tests in the folder of the same name."""

import re

from support.scripts import PROJECT

ELSEWHERE = {  # {module without a test in its folder's mirror: where it is tested}
    "kit.board.plan": "tests/end_to_end/test_drawing_board.py",
    "kit.cluster.worker_process": "tests/kit/cluster/test_local.py, through run_workers",
    "kit.data.drawing.defaults": "tests/end_to_end/test_dataset_creation.py",
    "kit.data.drawing.folder": "tests/end_to_end/test_dataset_creation.py",
    "kit.data.drawing.plan": "tests/kit/data/drawing/test_truth.py, through draw.plan",
    "kit.data.drawing.preview": "tests/end_to_end/test_dataset_creation.py",
    "kit.data.drawing.workers": "tests/end_to_end/test_dataset_creation.py",
    **{
        f"kit.data.tables.{name}": "tests/kit/data/tables/test_file_formats.py, through layout_of"
        for name in ("column_names", "decimals", "delimiters", "first_lines", "headers")
    },
    **{
        f"kit.data.tables.{name}": "tests/kit/data/tables/test_transposed_layout.py, through scan_table"
        for name in ("gct", "genes_in_rows", "other_way", "series_matrix")
    },
    "kit.data.tables.gzipped": "tests/kit/data/tables/test_delimited.py, through its only user",
    "kit.data.tables.row_parser": "tests/kit/data/tables/test_table_pipeline.py, through TableData",
    "kit.data.tables.wrong_cells": "tests/kit/data/tables/test_number_reader.py, by its messages",
    **{
        f"kit.data.tables.{name}": "tests/kit/data/tables/test_table.py, through scan_table"
        for name in ("column_numbers", "rows", "suspects")
    },
    **{
        f"kit.data.tables.{name}": "tests/kit/data/tables/test_label_file.py, through scan_table"
        for name in ("labels_by_name", "labels_in_order")
    },
    "kit.data.tables.trained_columns": "tests/kit/data/tables/test_columns.py, through scan_table",
    "kit.data.tables.table_data": "every test in its folder, through support.data_sets.table_data",
    **{
        f"kit.data.sequences.{name}": "tests/kit/data/sequences/test_sequence_data.py, through open_training_data"
        for name in ("alphabets", "fasta", "sequence_layout")
    },
    "kit.data.tfrecord.folder": "tests/kit/data/tfrecord/test_tfrecord.py",
    "kit.runs.finished_model": "tests/end_to_end/test_finished_model.py",
    "kit.runs.threshold": "tests/end_to_end/test_table_parts.py",
    "kit.evaluation.figures": "tests/kit/evaluation/test_plots.py, test_bars.py",
    "kit.evaluation.pictures": "tests/kit/evaluation/test_report_files.py, through pictures_summary",
    "kit.labs.judge": "tests/end_to_end/labs/test_generate.py",
    "kit.model.activations": "tests/layers, tests/kit/model/keras/test_network.py",
    "kit.model.design_errors": "tests/end_to_end/test_training.py",
    "kit.model.layer_checks": "tests/layers/test_layers_in_the_graph.py, by its messages",
    "kit.model.keras.library": "tests/kit/model/keras/test_network.py",
    "kit.model.keras.replacements": "tests/kit/model/keras/test_network.py, test_collection.py",
    "kit.model.keras.slots": "tests/kit/model/keras/test_weights.py, test_collection.py",
    "kit.model.keras.translation": "tests/kit/model/keras/test_architectures.py",
    "kit.model.loss_formulas": "tests/kit/model/test_losses.py, through LOSSES",
    "kit.model.optimizer_rules": "tests/kit/model/test_optimizers.py, through OPTIMIZERS",
    "kit.cluster.watch": "tests/end_to_end/test_cluster.py, test_cluster_losses.py",
    "kit.model.graph_copy": "tests/kit/model/test_micro_batches.py",
    "kit.runs.shared_runs": "tests/end_to_end/test_cluster.py",
    "kit.runs.team": "tests/end_to_end/test_cluster.py, test_micro_batches.py",
    "kit.system.threads": "tests/end_to_end/test_micro_batches.py, with one core and several",
    "kit.runs.sequences_of_run": "tests/kit/data/sequences/test_sequence_data.py, tests/end_to_end/test_sequences.py",
    "kit.runs.table_of_run": "tests/kit/runs/test_run_data.py, tests/end_to_end/test_training_tables.py",
}


def test_every_module_has_its_tests_in_the_mirrored_folder():
    modules = [path.relative_to(PROJECT) for path in (PROJECT / "kit").rglob("*.py") if path.name != "__init__.py"]
    without = {".".join(path.with_suffix("").parts) for path in modules if not is_tested(path)}
    assert without == set(ELSEWHERE), "add a test file, or say in ELSEWHERE where it is tested"


def is_tested(path):
    """Whether a module, kit/.../name.py, has a test_name.py in its folder's mirror, or is imported by a test there."""
    mirror = PROJECT / "tests" / path.parent
    package, name = ".".join(path.parent.parts), path.stem
    imports = re.compile(rf"(?m)^ *from ({package}\.{name} import|{package} import .*\b{name}\b)")
    tests = [*mirror.glob("test_*.py")]
    return any(test.name == f"test_{name}.py" or imports.search(test.read_text(encoding="utf-8")) for test in tests)
