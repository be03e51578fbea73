"""The door: the classes of Keras that a file may name. They are compared as text, before anything is built.

What isn't here is refused: Lambda and other code, classes of the file's own, layers with several outputs.
"""

import re

ACTIVATION_LAYERS = ("LeakyReLU", "ReLU", "ELU", "PReLU", "Softmax", "ThresholdedReLU")
CONVOLUTIONS = (
    *("Conv1D", "Conv2D", "Conv3D", "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"),
    *("SeparableConv1D", "SeparableConv2D", "DepthwiseConv1D", "DepthwiseConv2D"),
    *("LocallyConnected1D", "LocallyConnected2D"),
)
POOLING = tuple(
    f"{kind}Pooling{axes}D" for kind in ("Max", "Average", "GlobalMax", "GlobalAverage") for axes in (1, 2, 3)
)
RECURRENT = ("SimpleRNN", "LSTM", "GRU", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "RNN")
CELLS = ("SimpleRNNCell", "LSTMCell", "GRUCell", "StackedRNNCells")  # inside RNN
WRAPPERS = ("Bidirectional", "TimeDistributed")
RANDOM = (
    *("Dropout", "GaussianNoise", "GaussianDropout", "AlphaDropout"),
    *("SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"),
)
NORMALIZATION = ("BatchNormalization", "LayerNormalization", "UnitNormalization", "GroupNormalization", "Normalization")
MERGES = ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot")
ATTENTION = ("Attention", "AdditiveAttention")
LAYERS = (
    *("Dense", "EinsumDense", "Activation", *ACTIVATION_LAYERS),
    *("Flatten", "Reshape", "Permute", "RepeatVector", "Masking", "Identity", "Embedding"),
    *CONVOLUTIONS,
    *("ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D", "Cropping1D", "Cropping2D", "Cropping3D"),
    *("UpSampling1D", "UpSampling2D", "UpSampling3D"),
    *POOLING,
    *RECURRENT,
    *WRAPPERS,
    *NORMALIZATION,
    *RANDOM,
    *("ActivityRegularization", "Rescaling"),
    *MERGES,
    *ATTENTION,
)
MODELS = ("Sequential", "Functional", "Model")
INITIALIZERS = (
    *("Zeros", "Ones", "Constant", "RandomNormal", "TruncatedNormal", "RandomUniform", "VarianceScaling"),
    *("GlorotUniform", "GlorotNormal", "HeUniform", "HeNormal", "LecunUniform", "LecunNormal"),
    *("Orthogonal", "Identity"),
)
REGULARIZERS = ("L1", "L2", "L1L2", "OrthogonalRegularizer")
CONSTRAINTS = ("MaxNorm", "NonNeg", "UnitNorm", "MinMaxNorm", "RadialConstraint")

SAME = {  # other names of a class
    **{f"Convolution{axes}D": f"Conv{axes}D" for axes in (1, 2, 3)},
    **{f"Convolution{axes}DTranspose": f"Conv{axes}DTranspose" for axes in (2, 3)},
    **{f"AtrousConvolution{axes}D": f"Conv{axes}D" for axes in (1, 2)},
    **{f"AtrousConv{axes}D": f"Conv{axes}D" for axes in (1, 2)},
    **{f"SeparableConvolution{axes}D": f"SeparableConv{axes}D" for axes in (1, 2)},
    **{f"Deconvolution{axes}D": f"Conv{axes}DTranspose" for axes in (2, 3)},
    **{f"Deconv{axes}D": f"Conv{axes}DTranspose" for axes in (2, 3)},
    **{f"DepthwiseConvolution{axes}D": f"DepthwiseConv{axes}D" for axes in (1, 2)},
    **{f"{kind}Pool{axes}D": f"{kind}Pooling{axes}D" for kind in ("Max", "GlobalMax") for axes in (1, 2, 3)},
    **{f"{kind}AvgPool{axes}D": f"{kind}AveragePooling{axes}D" for kind in ("", "Global") for axes in (1, 2, 3)},
    "BatchNormalizationV1": "BatchNormalization",
    "BatchNormalizationV2": "BatchNormalization",
    "CuDNNLSTM": "LSTM",
    "CuDNNGRU": "GRU",
    "TimeDistributedDense": "TimeDistributed",
}
SAME_FUNCTIONS = {"l1_l2": "L1L2", "maxnorm": "MaxNorm", "unitnorm": "UnitNorm", "nonneg": "NonNeg"}
SAME_INITIALIZERS = {
    **{"normal": "RandomNormal", "uniform": "RandomUniform", "zero": "Zeros", "one": "Ones"},
    **{"glorotuniformv2": "GlorotUniform", "glorotnormalv2": "GlorotNormal", "henormalv2": "HeNormal"},
}

# Where a class may come from: Keras under its names, and Python's own wrapper of functions and tuples.
MODULES = ("keras", "tf_keras", "tensorflow.keras", "tensorflow.python.keras", "builtins")


def is_keras_module(module: object) -> bool:
    """Whether a class's module, as Keras 3 writes it, is Keras's own; operations such as x * 2 are no layers."""
    if module is None:
        return True
    text = str(module)
    is_keras = any(text == name or text.startswith(f"{name}.") for name in MODULES)
    return is_keras and ".ops" not in text


def bare(name: str) -> str:
    """glorot_uniform and GlorotUniform -> glorotuniform."""
    return name.replace("_", "").lower()


def snake_case(class_name: str) -> str:
    """Keras's default name for a layer of this class: BatchNormalization -> batch_normalization."""
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", class_name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()
