"""A BERT's weights -> an OpenVINO graph from input_ids, attention_mask and token_type_ids.

The graph is built operation by operation, so converting needs neither torch nor a trace. Query, key and
value are one matrix product instead of three, which saves a twentieth of the reader's time on ten
passages (``python -m benchmarks.number_types``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qa.models.bert import SPANS, Bert
from qa.models.glance import Glance
from qa.models.openvino_runtime import openvino_library

if TYPE_CHECKING:
    import openvino
    from openvino import Node

_MASKED = -1e4  # added to the score of padding; e to this power is 0 in every float type
_LEVELS = 255  # of 8 bits


def graph_of(bert: Bert, *, integers: bool) -> openvino.Model:
    """Return the graph; with ``integers`` its large matrices are 8-bit integers.

    Outputs: start and end logits, each ``(batch, length)``, or one vector ``(batch, width)`` that is not of
    length 1.
    """
    openvino_library()  # before anything of it is imported
    return _Drawing(bert, integers).model()


def stages_of(bert: Bert, glance: Glance, *, integers: bool) -> tuple[openvino.Model, openvino.Model]:
    """Return the graph of the lower layers and that of the upper ones.

    The first gives hidden states ``(batch, length, width)`` and the guessed start and end logits, the second
    takes ``hidden`` and ``attention_mask`` and gives the logits themselves, each ``(batch, length)``.
    """
    openvino_library()
    drawing = _Drawing(bert, integers)
    return drawing.lower(glance), drawing.upper(glance.layer)


class _Drawing:
    """The operations of one graph; a method for each part of the model."""

    def __init__(self, bert: Bert, integers: bool) -> None:
        from openvino import opset13

        self._op = opset13
        self._bert = bert
        self._integers = integers

    def model(self) -> openvino.Model:
        ids, mask, types = (self._tokens(name) for name in ("input_ids", "attention_mask", "token_type_ids"))
        seen = self._seen(mask)
        hidden = self._layers(self._embedded(ids, types), seen, range(self._bert.layers))
        return self._graph(self._outputs(hidden, seen), [ids, mask, types])

    def lower(self, glance: Glance) -> openvino.Model:
        ids, mask, types = (self._tokens(name) for name in ("input_ids", "attention_mask", "token_type_ids"))
        hidden = self._layers(self._embedded(ids, types), self._seen(mask), range(glance.layer))
        guessed = self._ends(hidden, glance.weight, glance.bias)
        return self._graph([hidden, *guessed], [ids, mask, types])

    def upper(self, first: int) -> openvino.Model:
        width = len(self._bert.weights["embeddings.LayerNorm.bias"])
        hidden = self._named(self._op.parameter([-1, -1, width], np.float32, name="hidden"), "hidden")
        mask = self._tokens("attention_mask")
        seen = self._seen(mask)
        read = self._layers(hidden, seen, range(first, self._bert.layers))
        return self._graph(self._outputs(read, seen), [hidden, mask])

    def _graph(self, outputs: list[Node], inputs: list[Node]) -> openvino.Model:
        graph: openvino.Model = openvino_library().Model(outputs, inputs, "bert")
        return graph

    def _tokens(self, name: str) -> Node:
        return self._named(self._op.parameter([-1, -1], np.int64, name=name), name)

    def _named(self, node: Node, name: str) -> Node:
        node.output(0).set_names({name})
        return node

    def _seen(self, mask: Node) -> Node:
        return self._op.convert(mask, np.float32)

    def _layers(self, hidden: Node, seen: Node, layers: range) -> Node:
        op = self._op
        added = op.multiply(op.subtract(self._value(1.0), seen), self._value(_MASKED))
        added = op.unsqueeze(added, self._shape(1, 2))  # (batch, 1, 1, length)
        for layer in layers:
            hidden = self._layer(f"encoder.layer.{layer}.", hidden, added)
        return hidden

    def _embedded(self, ids: Node, types: Node) -> Node:
        op = self._op
        first = self._value(0, np.int64)
        words = op.gather(self._matrix(self._float("embeddings.word_embeddings.weight")), ids, first)
        kinds = op.gather(self._constant("embeddings.token_type_embeddings.weight"), types, first)
        length = op.gather(op.shape_of(ids), self._shape(1), first)
        places = op.strided_slice(
            self._constant("embeddings.position_embeddings.weight"),
            self._shape(0), length, self._shape(1), [0], [0],
        )  # fmt: skip
        return self._normed("embeddings.LayerNorm", op.add(op.add(words, kinds), places))

    def _layer(self, at: str, hidden: Node, added: Node) -> Node:
        op = self._op
        attended = self._attention(f"{at}attention.self.", hidden, added)
        attended = self._linear(f"{at}attention.output.dense", attended)
        hidden = self._normed(f"{at}attention.output.LayerNorm", op.add(attended, hidden))
        inner = op.gelu(self._linear(f"{at}intermediate.dense", hidden), "ERF")
        return self._normed(f"{at}output.LayerNorm", op.add(self._linear(f"{at}output.dense", inner), hidden))

    def _attention(self, at: str, hidden: Node, added: Node) -> Node:
        op, heads = self._op, self._bert.heads
        names = [f"{at}{part}" for part in ("query", "key", "value")]
        weight = np.concatenate([self._float(f"{name}.weight") for name in names])
        bias = np.concatenate([self._float(f"{name}.bias") for name in names])
        width = len(bias) // 3
        parts = op.split(self._product(hidden, weight, bias), self._value(2, np.int64), 3).outputs()
        by_head = self._shape(0, 0, heads, width // heads)  # 0 keeps an axis as it is
        turned = self._shape(0, 2, 1, 3)
        query, key, value = (op.transpose(op.reshape(part, by_head, True), turned) for part in parts)
        mixed = op.transpose(op.scaled_dot_product_attention(query, key, value, added), turned)
        return op.reshape(mixed, self._shape(0, 0, width), True)

    def _outputs(self, hidden: Node, seen: Node) -> list[Node]:
        op = self._op
        if self._bert.output == "spans":
            return self._ends(hidden, self._float(f"{SPANS}.weight"), self._float(f"{SPANS}.bias"))
        if self._bert.output == "first":
            return [op.gather(hidden, self._value(0, np.int64), self._value(1, np.int64))]
        # The mean of the tokens that are there.
        total = op.reduce_sum(op.multiply(hidden, op.unsqueeze(seen, self._shape(2))), self._shape(1), False)
        return [op.divide(total, op.reduce_sum(seen, self._shape(1), True))]

    def _ends(self, hidden: Node, weight: np.ndarray, bias: np.ndarray) -> list[Node]:
        """Return start and end logits, each (batch, length)."""
        op = self._op
        logits = op.add(op.matmul(hidden, op.constant(weight), False, True), op.constant(bias))
        ends = op.split(logits, self._value(2, np.int64), 2).outputs()
        return [op.squeeze(end, self._shape(2)) for end in ends]

    def _normed(self, name: str, hidden: Node) -> Node:
        op = self._op
        flat = op.mvn(hidden, self._shape(-1), True, self._bert.epsilon, "INSIDE_SQRT")
        return op.add(op.multiply(flat, self._constant(f"{name}.weight")), self._constant(f"{name}.bias"))

    def _linear(self, name: str, hidden: Node) -> Node:
        return self._product(hidden, self._float(f"{name}.weight"), self._float(f"{name}.bias"))

    def _product(self, hidden: Node, weight: np.ndarray, bias: np.ndarray) -> Node:
        op = self._op
        return op.add(op.matmul(hidden, self._matrix(weight), False, True), op.constant(bias))

    def _matrix(self, weight: np.ndarray) -> Node:
        """Return a matrix, in integers with a scale and a zero point for each row where integers are wanted.

        Nothing is settled on examples: activations are rounded while the model runs.
        """
        op = self._op
        if not self._integers:
            return op.constant(weight)
        low = np.minimum(weight.min(axis=1, keepdims=True), 0.0)
        high = np.maximum(weight.max(axis=1, keepdims=True), 0.0)
        scale = np.maximum(high - low, np.finfo(np.float16).tiny) / np.float32(_LEVELS)
        zero = np.round(-low / scale)
        rounded = np.clip(np.round(weight / scale) + zero, 0, _LEVELS).astype(np.uint8)
        points = op.convert(op.constant(zero.astype(np.uint8)), np.float32)
        return op.multiply(
            op.subtract(op.convert(op.constant(rounded), np.float32), points), op.constant(scale)
        )

    def _float(self, name: str) -> np.ndarray:
        return self._bert.weights[name].astype(np.float32)

    def _constant(self, name: str) -> Node:
        return self._op.constant(self._float(name))

    def _value(self, value: float, kind: type[np.generic] = np.float32) -> Node:
        return self._op.constant(kind(value))

    def _shape(self, *sizes: int) -> Node:
        return self._op.constant(np.array(sizes, dtype=np.int64))
