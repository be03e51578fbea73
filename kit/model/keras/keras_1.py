"""Options of Keras 1 in the words of Keras 2, https://github.com/keras-team/keras/wiki/Keras-2.0-release-notes."""

from __future__ import annotations

from typing import Any

from kit.cli.errors import UserError

MARKS = (  # options that only Keras 1 wrote
    *("init", "border_mode", "nb_filter", "subsample", "subsample_length", "dim_ordering", "W_regularizer"),
    *("gamma_init", "inner_init", "pool_length"),
)
NEW_NAMES = {
    "init": "kernel_initializer",
    "inner_init": "recurrent_initializer",
    "inner_activation": "recurrent_activation",
    "W_regularizer": "kernel_regularizer",
    "U_regularizer": "recurrent_regularizer",
    "b_regularizer": "bias_regularizer",
    "W_constraint": "kernel_constraint",
    "b_constraint": "bias_constraint",
    "bias": "use_bias",
    "output_dim": "units",
    "nb_filter": "filters",
    "subsample": "strides",
    "subsample_length": "strides",
    "stride": "strides",
    "border_mode": "padding",
    "dim_ordering": "data_format",
    "atrous_rate": "dilation_rate",
    "filter_length": "kernel_size",
    "pool_length": "pool_size",
    "p": "rate",
    "sigma": "stddev",
    "dropout_W": "dropout",
    "dropout_U": "recurrent_dropout",
    "length": "size",
    "beta_init": "beta_initializer",
    "gamma_init": "gamma_initializer",
}
NEW_NAMES_OF = {
    "Embedding": {
        "init": "embeddings_initializer",
        "W_regularizer": "embeddings_regularizer",
        "W_constraint": "embeddings_constraint",
        "output_dim": "output_dim",  # not its units
    },
    "PReLU": {"init": "alpha_initializer"},
    **{f"SeparableConv{axes}D": {"init": "depthwise_initializer"} for axes in (1, 2)},
}
WITHOUT_EFFECT = ("consume_less", "input_dtype", "weights", "output_shape", "arguments", "output_mask", "node_indices")
KERNEL_SIZES = (("nb_row", "nb_col"), ("kernel_dim1", "kernel_dim2", "kernel_dim3"))
DATA_FORMATS = {"th": "channels_first", "tf": "channels_last", "default": "channels_last"}
MERGES = {"sum": "Add", "mul": "Multiply", "ave": "Average", "max": "Maximum", "concat": "Concatenate", "dot": "Dot"}
CONSTRAINT_OPTIONS = {"m": "max_value"}


def translated(class_name: str, old: dict, place: str) -> tuple[str, dict]:
    """(class name, options) in Keras 2's words.

    Args:
      class_name: with its new name already, apart from Merge.
      old: options of Keras 1.
      place: the start of errors: the file and the layer.
    Raises:
      UserError: what it does isn't in Keras 2.
    """
    old = {name: value for name, value in old.items() if name not in WITHOUT_EFFECT}
    if class_name == "Merge":
        return _merge(old, place)
    mode = old.pop("mode", 0)
    if mode not in (0, None):
        raise UserError(f"{place}: mode={mode!r} of Keras 1 is not in later versions.\n  Only mode 0 is supported.")
    for names in KERNEL_SIZES:
        missing = [name for name in names if name not in old]
        if not missing:
            old["kernel_size"] = [old.pop(name) for name in names]
        elif len(missing) < len(names):
            raise UserError(f"{place}: {missing[0]} is missing, expected all of {', '.join(names)}.")
    if class_name in ("LSTM", "GRU", "SimpleRNN") or class_name.startswith("ConvLSTM"):
        forget = old.pop("forget_bias_init", "one")
        if class_name == "LSTM":
            old["unit_forget_bias"] = forget in ("one", "ones")
    if class_name == "Embedding":
        old.pop("dropout", None)
    names = {**NEW_NAMES, **NEW_NAMES_OF.get(class_name, {})}
    new = {str(names.get(name, name)): value for name, value in old.items()}
    return class_name, {name: _value(name, value) for name, value in new.items()}


def _value(name: str, value: Any) -> Any:
    if name == "data_format" and isinstance(value, str):
        return DATA_FORMATS.get(value, value)
    if isinstance(value, dict) and "name" in value and "class_name" not in value:  # a regulariser or a constraint
        options = {CONSTRAINT_OPTIONS.get(key, key): each for key, each in value.items() if key != "name"}
        if "regularizer" in name:
            return {"class_name": "L1L2", "config": options}
        return {"class_name": value["name"], "config": options}
    return value


def _merge(old: dict, place: str) -> tuple[str, dict]:
    mode, name = old.get("mode"), {"name": old["name"]} if "name" in old else {}
    if mode == "cos":
        return "Dot", {**name, "axes": old.get("dot_axes", -1), "normalize": True}
    class_name = MERGES.get(mode) if isinstance(mode, str) else None
    if class_name is None or old.get("layers"):
        what = f"mode {mode!r}" if class_name is None else "several branches"
        raise UserError(
            f"{place}: a Merge of {what} is not supported.\n  Build the model again with Keras 2 or 3, with one input."
        )
    if mode == "concat":
        name["axis"] = old.get("concat_axis", -1)
    if mode == "dot":
        name["axes"] = old.get("dot_axes", -1)
    return class_name, name
