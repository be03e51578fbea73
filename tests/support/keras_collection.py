"""Small models of every layer that a file may name, for Keras 3 and for tf_keras: `collection(keras)`.

It is run in Keras's own process: it imports nothing, and takes what it needs from its argument.
"""


def collection(keras, old=False):
    """{name: model}: each takes one input, [B, ...], and most end in three units."""
    layers, reg, con, ini = keras.layers, keras.regularizers, keras.constraints, keras.initializers
    sequential, models = keras.Sequential, {}

    def add(name, shape, *body, end=True):
        tail = [layers.Flatten(), layers.Dense(3, activation="softmax")] if end else []
        models[name] = sequential([layers.InputLayer(shape), *body, *tail], name=name)

    row, steps, image, volume = (6,), (8, 4), (8, 9, 2), (5, 6, 7, 2)
    add(
        "activations",
        row,
        *(
            layers.Dense(5, activation=name)
            for name in (
                "relu",
                "elu",
                "selu",
                "tanh",
                "sigmoid",
                "hard_sigmoid",
                "softplus",
                "softsign",
                "exponential",
                "linear",
                "gelu",
                "swish",
                "softmax",
            )
        ),
    )
    if not old:
        add(
            "activations_3",
            row,
            *(
                layers.Dense(5, activation=name)
                for name in (
                    "relu6",
                    "leaky_relu",
                    "mish",
                    "log_softmax",
                    "celu",
                    "hard_silu",
                    "log_sigmoid",
                    "hard_tanh",
                    "tanh_shrink",
                    "soft_shrink",
                    "hard_shrink",
                    "squareplus",
                    "sparse_plus",
                    "sparse_sigmoid",
                )
            ),
        )
    add(
        "activation_layers",
        row,
        layers.Dense(5),
        layers.LeakyReLU(),
        layers.Dense(5),
        layers.ReLU(4.0, 0.1, 0.2),
        layers.Dense(5),
        layers.ELU(0.5),
        layers.Dense(5),
        layers.PReLU(alpha_initializer="uniform"),
        layers.Dense(5),
        layers.Softmax(),
        layers.Dense(4),
        layers.Activation("tanh"),
    )
    if old:
        add("thresholded", row, layers.Dense(5), layers.ThresholdedReLU(0.1))
        add("locally_1d", steps, layers.LocallyConnected1D(3, 2, activation="relu"))
        add("locally_2d", image, layers.LocallyConnected2D(3, 2, strides=2))
    add(
        "shapes",
        row,
        layers.Reshape((3, 2)),
        layers.Permute((2, 1)),
        layers.Flatten(),
        layers.RepeatVector(3),
        layers.Conv1D(4, 2),
    )
    add(
        "regularised",
        row,
        layers.Dense(
            5,
            kernel_regularizer=reg.L1L2(0.01, 0.02),
            bias_regularizer="l2",
            activity_regularizer=reg.L1(0.01),
            kernel_constraint=con.MaxNorm(1.5),
            bias_constraint="non_neg",
        ),
        layers.ActivityRegularization(l2=0.01),
        layers.Dense(
            4,
            kernel_constraint=con.MinMaxNorm(0.1, 1.0),
            kernel_initializer=ini.VarianceScaling(2.0, "fan_out", "uniform"),
        ),
        layers.Dense(
            4,
            kernel_constraint="unit_norm",
            kernel_initializer=ini.Orthogonal(0.5),
            kernel_regularizer=reg.OrthogonalRegularizer(0.01),
        ),
    )
    add(
        "noise",
        row,
        layers.GaussianNoise(0.1),
        layers.Dense(8, "relu"),
        layers.Dropout(0.2, seed=3),
        layers.GaussianDropout(0.2),
        layers.Dense(8, "selu"),
        layers.AlphaDropout(0.1),
    )
    add(
        "spatial_dropout",
        steps,
        layers.SpatialDropout1D(0.2),
        layers.Reshape((4, 4, 2)),
        layers.SpatialDropout2D(0.2),
        layers.Reshape((2, 2, 4, 2)),
        layers.SpatialDropout3D(0.2),
    )
    add(
        "normalisation",
        image,
        layers.BatchNormalization(),
        layers.Conv2D(4, 3),
        layers.BatchNormalization(scale=False, momentum=0.9),
        layers.LayerNormalization(),
        layers.UnitNormalization(),
        layers.BatchNormalization(axis=1, center=False),
        layers.LayerNormalization(axis=[1, 2], scale=False),
    )
    add("group_norm", image, layers.Conv2D(4, 3), layers.GroupNormalization(2))
    add("row_norm", row, layers.Dense(8), layers.BatchNormalization(), layers.LayerNormalization(epsilon=0.01))
    add(
        "normalization_layer",
        row,
        layers.Normalization(mean=[1.0] * 6, variance=[2.0] * 6),
        layers.Rescaling(0.5, 1.0),
        layers.Dense(4, "relu"),
    )
    adapted = layers.Normalization()
    add("normalization_adapted", row, adapted, layers.Dense(4, "relu"))
    add(
        "conv1d",
        steps,
        layers.Conv1D(4, 3, activation="relu"),
        layers.Conv1D(4, 3, padding="causal", dilation_rate=2),
        layers.Conv1D(4, 2, strides=2, padding="same", use_bias=False),
        layers.MaxPooling1D(2),
    )
    add(
        "conv2d",
        image,
        layers.Conv2D(4, (3, 2), strides=(1, 2), activation="relu", padding="same"),
        layers.Conv2D(6, 3, dilation_rate=2, padding="same"),
        layers.MaxPooling2D(2),
        layers.Conv2D(4, 2, groups=2),
    )
    add("conv3d", volume, layers.Conv3D(3, 2, activation="relu"), layers.MaxPooling3D(2))
    add(
        "conv3d_pools",
        volume,
        layers.Conv3D(3, 3, padding="same", strides=2),
        layers.AveragePooling3D(2, padding="same"),
    )
    add("transposed", image, layers.Conv2DTranspose(3, 3, strides=2, padding="same"), layers.Conv2DTranspose(2, 2))
    add("transposed_1d", steps, layers.Conv1DTranspose(3, 3, strides=2), layers.GlobalMaxPooling1D())
    add("transposed_3d", (3, 4, 3, 2), layers.Conv3DTranspose(2, 2, strides=2), layers.GlobalAveragePooling3D())
    add(
        "depthwise",
        image,
        layers.DepthwiseConv2D(3, depth_multiplier=2, activation="relu"),
        layers.DepthwiseConv2D(2, strides=2, padding="same"),
    )
    add("depthwise_1d", steps, layers.DepthwiseConv1D(3, depth_multiplier=2))
    add(
        "separable",
        image,
        layers.SeparableConv2D(4, 3, activation="relu", depthwise_regularizer="l2"),
        layers.SeparableConv2D(4, 2, strides=2, depth_multiplier=2),
    )
    add("separable_1d", steps, layers.SeparableConv1D(4, 3, padding="same"))
    add("pooling_1d", steps, layers.AveragePooling1D(2, strides=1, padding="same"), layers.MaxPooling1D(3, 2))
    add("pooling_2d", image, layers.AveragePooling2D((2, 3), padding="same"), layers.MaxPooling2D(2, 1))
    add("global_max_1d", steps, layers.Conv1D(4, 2), layers.GlobalMaxPooling1D())
    add("global_avg_1d", steps, layers.Conv1D(4, 2), layers.GlobalAveragePooling1D())
    add("global_max_2d", image, layers.Conv2D(4, 2), layers.GlobalMaxPooling2D())
    add("global_avg_2d", image, layers.Conv2D(4, 2), layers.GlobalAveragePooling2D(keepdims=True))
    add("global_max_3d", volume, layers.Conv3D(3, 2), layers.GlobalMaxPooling3D())
    add("padding_1d", steps, layers.ZeroPadding1D(2), layers.Cropping1D((1, 2)), layers.UpSampling1D(2))
    add(
        "padding_2d",
        image,
        layers.ZeroPadding2D(((1, 2), (0, 1))),
        layers.Cropping2D(1),
        layers.UpSampling2D((2, 1)),
        layers.UpSampling2D(2, interpolation="bilinear"),
    )
    add(
        "padding_3d",
        volume,
        layers.ZeroPadding3D(1),
        layers.Cropping3D(((1, 1), (2, 1), (1, 2))),
        layers.UpSampling3D((2, 1, 1)),
    )
    add("simple_rnn", steps, layers.SimpleRNN(5, return_sequences=True), layers.SimpleRNN(4, dropout=0.1))
    add(
        "lstm",
        steps,
        layers.LSTM(5, return_sequences=True, dropout=0.1, recurrent_dropout=0.1),
        layers.LSTM(4, go_backwards=True, kernel_regularizer="l2"),
    )
    add("gru", steps, layers.GRU(5, return_sequences=True), layers.GRU(4, reset_after=False, recurrent_dropout=0.2))
    add(
        "lstm_hard",
        steps,
        layers.LSTM(
            5, recurrent_activation="hard_sigmoid", activation="softsign", unit_forget_bias=False, use_bias=True
        ),
    )
    add(
        "bidirectional",
        steps,
        layers.Bidirectional(layers.LSTM(4, return_sequences=True)),
        layers.Bidirectional(layers.GRU(3), merge_mode="sum"),
    )
    add(
        "time_distributed",
        steps,
        layers.TimeDistributed(layers.Dense(5, activation="relu")),
        layers.Masking(0.0),
        layers.LSTM(3),
    )
    add(
        "time_distributed_conv",
        (3, 6, 6, 2),
        layers.TimeDistributed(layers.Conv2D(3, 2, activation="relu")),
        layers.TimeDistributed(layers.MaxPooling2D(2)),
        layers.TimeDistributed(layers.Flatten()),
        layers.GRU(4),
    )
    add(
        "rnn_of_cells",
        steps,
        layers.RNN([layers.LSTMCell(4), layers.GRUCell(3)], return_sequences=True),
        layers.RNN(layers.SimpleRNNCell(3)),
    )
    add(
        "conv_lstm",
        (4, 6, 6, 2),
        layers.ConvLSTM2D(3, 3, padding="same", return_sequences=True),
        layers.ConvLSTM2D(2, 2),
    )
    add("embedding_pool", (7,), layers.Embedding(20, 5), layers.GlobalAveragePooling1D())
    add("embedding_masked", (7,), layers.Embedding(20, 5, mask_zero=True, embeddings_regularizer="l2"), layers.LSTM(4))
    add(
        "embedding_conv",
        (7,),
        layers.Embedding(20, 5),
        layers.Dropout(0.1),
        layers.Conv1D(6, 3, activation="relu"),
        layers.GlobalMaxPooling1D(),
        layers.Dense(4, activation="relu"),
    )
    add(
        "embedding_bidirectional",
        (7,),
        layers.Embedding(20, 5, mask_zero=True),
        layers.Bidirectional(layers.LSTM(4, return_sequences=True)),
        layers.Bidirectional(layers.GRU(3)),
    )
    add("one_unit", row, layers.Dense(4, "relu"), layers.Dense(1, activation="sigmoid"), end=False)
    add("value", row, layers.Dense(4, "relu"), layers.Dense(1), end=False)
    add("hard_end", row, layers.Dense(4, "relu"), layers.Dense(3, activation="hard_sigmoid"), end=False)
    add("activation_end", row, layers.Dense(3), layers.Activation("softmax"), end=False)
    add(
        "channels_first",
        (2, 8, 9),
        layers.ZeroPadding2D(1, data_format="channels_first"),
        layers.Conv2D(4, 3, data_format="channels_first", activation="relu"),
        layers.BatchNormalization(axis=1),
        layers.MaxPooling2D(2, data_format="channels_first"),
    )
    frozen = layers.Dense(4, "relu")
    frozen.trainable = False
    add("frozen", row, frozen, layers.BatchNormalization())
    models.update(functional(keras, old))
    return models


def functional(keras, old):
    """{name: model} of the functional form."""
    layers, models = keras.layers, {}

    def add(name, shape, build):
        inputs = keras.Input(shape)
        models[name] = keras.Model(inputs, layers.Dense(3, activation="softmax")(build(inputs)), name=name)

    def dense(*units):
        return [layers.Dense(each, activation="tanh") for each in units]

    add("chain", (6,), lambda x: layers.Dropout(0.2)(layers.Dense(4)(x)))
    add("residual", (6,), lambda x: layers.Add()([x, dense(6)[0](x)]))
    add(
        "merges",
        (6,),
        lambda x: layers.Concatenate()(
            [
                layers.Subtract()([a := dense(4)[0](x), b := dense(4)[0](x)]),
                layers.Multiply()([a, b]),
                layers.Average()([a, b]),
                layers.Maximum()([a, b]),
                layers.Minimum()([a, b]),
                layers.Dot(1)([a, b]),
                layers.Dot(1, normalize=True)([a, b]),
            ]
        ),
    )
    shared = layers.Dense(6, activation="tanh", kernel_regularizer="l2")
    add("shared", (6,), lambda x: layers.Concatenate()([shared(x), shared(shared(x))]))

    def inception(x):
        towers = [layers.Conv2D(3, size, padding="same", activation="relu")(x) for size in (1, 3)]
        towers.append(layers.MaxPooling2D(3, strides=1, padding="same")(x))
        return layers.GlobalAveragePooling2D()(layers.BatchNormalization()(layers.Concatenate(axis=-1)(towers)))

    add("inception", (8, 9, 2), inception)
    inner = keras.Sequential(
        [keras.Input((6,)), layers.Dense(4, activation="relu"), layers.BatchNormalization()], name="inner"
    )
    add("nested_sequential", (6,), lambda x: layers.Dropout(0.1)(inner(x)))
    branch = keras.Input((6,))
    inside = keras.Model(branch, layers.Add()([layers.Dense(4)(branch), layers.Dense(4)(branch)]), name="inside")
    add("nested_functional", (6,), lambda x: layers.Dense(4)(layers.LayerNormalization()(inside(x))))
    base = keras.Sequential(
        [keras.Input((6,)), layers.Dense(4, activation="relu"), layers.BatchNormalization()], name="base"
    )
    add("inference_mode", (6,), lambda x: base(x, training=False))
    models["sequential_of_models"] = keras.Sequential(
        [keras.Input((6,)), keras.Sequential([layers.Dense(5), layers.ELU()]), layers.Dense(3, activation="softmax")]
    )
    models["sequential_of_models"].build((None, 6))
    add("attention", (8, 4), lambda x: layers.GlobalAveragePooling1D()(layers.Attention()([x, x])))
    add(
        "text_towers",
        (7,),
        lambda x: layers.Concatenate()(
            [
                layers.GlobalMaxPooling1D()(layers.Conv1D(3, size)(e))
                for e in [layers.Embedding(20, 4)(x)]
                for size in (2, 3)
            ]
        ),
    )
    return models
