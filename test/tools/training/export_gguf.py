"""Writes trained weights as GGUF, in f16 or q8_0, with tokenizer and chat template.

python export_gguf.py build/training/run/checkpoint.pt build/loci-tiny-f16.gguf
"""

import argparse
import json
from pathlib import Path

import gguf
import numpy as np

import vocabulary
from checkpoints import load_weights
from model import Config
from weights import to_gguf

NAME = "tiny-repo-qa"
DESCRIPTION = (
    "A small Llama trained from scratch to answer retrieval questions about code in its context; "
    "answers come from attention to the context, not from memorised values."
)
TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n'"
    " + message['content'] + '<|im_end|>' + '\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
QUANTIZED = gguf.GGMLQuantizationType.Q8_0


def describe(writer: gguf.GGUFWriter, config: Config, context: int, quantized: bool) -> None:
    """The metadata of the model itself."""
    writer.add_name(NAME)
    writer.add_description(DESCRIPTION)
    writer.add_license("MIT")
    writer.add_type("model")
    writer.add_languages(["en"])
    writer.add_context_length(context)
    writer.add_embedding_length(config.width)
    writer.add_block_count(config.layers)
    writer.add_feed_forward_length(config.feed_forward)
    writer.add_head_count(config.heads)
    writer.add_head_count_kv(config.kv_heads)
    writer.add_key_length(config.head_size)
    writer.add_value_length(config.head_size)
    writer.add_rope_dimension_count(config.head_size)
    writer.add_rope_freq_base(config.rope_base)
    writer.add_layer_norm_rms_eps(config.epsilon)
    writer.add_vocab_size(config.vocabulary)
    kinds = gguf.LlamaFileType
    writer.add_file_type(kinds.MOSTLY_Q8_0 if quantized else kinds.MOSTLY_F16)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)


def add_tokenizer(writer: gguf.GGUFWriter, size: int) -> None:
    """Vocabulary, merges, special tokens and the chat template."""
    tokenizer = json.loads(vocabulary.TOKENIZER_PATH.read_text(encoding="utf8"))
    tokens = [""] * size
    for token, index in tokenizer["model"]["vocab"].items():
        tokens[index] = token
    merges = tokenizer["model"]["merges"]
    special = {added["id"] for added in tokenizer["added_tokens"] if added["special"]}
    types = gguf.TokenType
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    writer.add_token_types(
        [int(types.CONTROL if index in special else types.NORMAL) for index in range(size)]
    )
    writer.add_token_merges([m if isinstance(m, str) else " ".join(m) for m in merges])
    writer.add_bos_token_id(vocabulary.BOS)
    writer.add_eos_token_id(vocabulary.TURN_END)
    writer.add_eot_token_id(vocabulary.TURN_END)
    writer.add_pad_token_id(vocabulary.PAD)
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(False)
    writer.add_add_space_prefix(False)
    for name, token in (
        ("fim_pre", vocabulary.FIM_PREFIX),
        ("fim_suf", vocabulary.FIM_SUFFIX),
        ("fim_mid", vocabulary.FIM_MIDDLE),
        ("fim_rep", vocabulary.REPOSITORY_NAME),
        ("fim_sep", vocabulary.FILE_SEPARATOR),
        ("fim_pad", vocabulary.PAD),
    ):
        writer.add_uint32(f"tokenizer.ggml.{name}_token_id", token)
    writer.add_chat_template(TEMPLATE)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path, help="a checkpoint or a GGUF file")
    parser.add_argument("output", type=Path)
    parser.add_argument("--context", type=int, default=4096)
    parser.add_argument("--type", choices=("f16", "q8_0"), default="f16")
    options = parser.parse_args()
    config, state = load_weights(options.weights)
    quantized = options.type == "q8_0"
    writer = gguf.GGUFWriter(str(options.output), "llama")
    describe(writer, config, options.context, quantized)
    add_tokenizer(writer, config.vocabulary)
    for name, weight in to_gguf(state, config).items():
        array = weight.numpy()
        if array.ndim == 1:
            writer.add_tensor(name, array)
        elif quantized:
            data = gguf.quants.quantize(array, QUANTIZED)
            writer.add_tensor(name, data, raw_dtype=QUANTIZED)
        else:
            writer.add_tensor(name, array.astype(np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    main()
